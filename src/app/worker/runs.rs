//! The folders that the window keeps its runs in: one each, in the command line's own format.

use std::path::{Path, PathBuf};

use crate::files::{age, folders_in};
use crate::lab::{Config, holds_a_run};

/// Runs offered to be opened again.
const RECENT: usize = 8;
/// Classes that are named, at most.
const NAMED: usize = 3;

/// A run that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its folder.
    pub folder: PathBuf,
    /// What it is, in a few words.
    pub title: String,
    /// How long ago it was last written, in words.
    pub age: String,
}

/// A run in a few words: the classes that were chosen, or else the seed network; and the seed.
pub fn title(config: &Config, class_names: &[String]) -> String {
    match (&config.data.classes, class_names.len()) {
        (Some(_), 0..=NAMED) => {
            // A name becomes a folder's.
            let plain = |letter: char| if letter.is_alphanumeric() || letter == ' ' { letter } else { '_' };
            let names: Vec<String> =
                class_names.iter().map(|name| name.chars().map(plain).collect()).collect();
            format!("{} - seed {}", names.join(", "), config.seed)
        }
        _ => format!("{} seed {}", config.preset, config.seed),
    }
}

/// A folder for a new run, not made yet: numbered on, with its title in its name.
pub fn next_folder(home: &Path, config: &Config, class_names: &[String]) -> PathBuf {
    let number = folders_in(home).iter().filter_map(|folder| number(folder)).max().unwrap_or(0) + 1;
    home.join(format!("{number:04} {}", title(config, class_names)))
}

/// The latest runs, the newest first.
pub fn recent(home: &Path) -> Vec<Kept> {
    let mut found: Vec<(f64, PathBuf)> = folders_in(home)
        .into_iter()
        .filter(|folder| holds_a_run(folder))
        .filter_map(|folder| Some((age(&folder.join("run.json"))?, folder)))
        .collect();
    found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
    let kept = |(age, folder): (f64, PathBuf)| {
        let name = folder.file_name()?.to_str()?;
        let (number, title) = name.split_once(' ')?;
        let title = format!("Run {}: {title}", number.trim_start_matches('0'));
        let age = ago(age as u64);
        Some(Kept { folder, title, age })
    };
    found.into_iter().filter_map(kept).take(RECENT).collect()
}

fn number(folder: &Path) -> Option<u32> {
    folder.file_name()?.to_str()?.split(' ').next()?.parse().ok()
}

fn ago(secs: u64) -> String {
    let count = |number: u64, unit: &str| match number {
        1 => format!("1 {unit} ago"),
        _ => format!("{number} {unit}s ago"),
    };
    match secs {
        0..60 => "just now".into(),
        60..3_600 => count(secs / 60, "minute"),
        3_600..86_400 => count(secs / 3_600, "hour"),
        _ => count(secs / 86_400, "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_numbered_on_and_only_runs_are_offered() {
        let home = tempfile::tempdir().unwrap();
        let config = Config::default();
        let first = next_folder(home.path(), &config, &[]);
        assert_eq!(first.file_name().unwrap(), "0001 tiny seed 7");
        std::fs::create_dir(&first).unwrap();
        assert_eq!(recent(home.path()), [], "an empty folder is no run");
        std::fs::write(first.join("run.json"), "{}").unwrap();
        assert_eq!(next_folder(home.path(), &config, &[]).file_name().unwrap(), "0002 tiny seed 7");
        let kept = recent(home.path());
        assert_eq!((kept.len(), kept[0].title.as_str()), (1, "Run 1: tiny seed 7"));
        assert_eq!(recent(&home.path().join("nowhere")), []);
    }

    #[test]
    fn a_run_is_called_after_its_classes_where_they_are_few() {
        let mut config = Config::default();
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(title(&config, &names(&["cat", "dog"])), "tiny seed 7", "all there are");
        config.data.classes = Some(crate::data::Class::numbers(&[3, 5]));
        assert_eq!(title(&config, &names(&["cat", "do/g"])), "cat, do_g - seed 7");
        assert_eq!(title(&config, &names(&["a", "b", "c", "d"])), "tiny seed 7");
    }

    #[test]
    fn ages_are_said_in_one_unit() {
        for (secs, said) in
            [(0, "just now"), (60, "1 minute ago"), (7_199, "1 hour ago"), (200_000, "2 days ago")]
        {
            assert_eq!(ago(secs), said);
        }
    }
}
