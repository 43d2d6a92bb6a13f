//! The folders that the window keeps its runs in: one each, in the command line's own format.

use std::path::{Path, PathBuf};

use crate::files::{age, folders_in};
use crate::lab::{Config, holds_a_run};
use crate::words::{in_english, say};

/// Runs offered to be opened again.
const RECENT: usize = 8;
/// Classes that are named, at most.
const NAMED: usize = 3;

/// A run that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its folder.
    pub folder: PathBuf,
    /// Its number, as its folder's name has it.
    number: String,
    /// What it is, as its folder's name has it.
    name: String,
    /// Seconds since it was last written.
    seconds: u64,
}

impl Kept {
    /// What it is, in a few words.
    pub fn title(&self) -> String {
        say!("runs-run", number = self.number.trim_start_matches('0'), title = &self.name)
    }

    /// How long ago it was last written, in words.
    pub fn age(&self) -> String {
        ago(self.seconds)
    }
}

/// A run in a few words: the classes that were chosen, or else the seed network; and the seed.
pub fn title(config: &Config, class_names: &[String]) -> String {
    match (&config.data.classes, class_names.len()) {
        (Some(_), 0..=NAMED) => {
            // A name becomes a folder's.
            let plain = |letter: char| if letter.is_alphanumeric() || letter == ' ' { letter } else { '_' };
            let names: Vec<String> =
                class_names.iter().map(|name| name.chars().map(plain).collect()).collect();
            say!("runs-of-classes", classes = names.join(", "), seed = config.seed.to_string())
        }
        _ => say!("runs-of-preset", preset = &config.preset, seed = config.seed.to_string()),
    }
}

/// A folder for a new run, not made yet: numbered on, with its title in its name.
pub fn next_folder(home: &Path, config: &Config, class_names: &[String]) -> PathBuf {
    let number = folders_in(home).iter().filter_map(|folder| number(folder)).max().unwrap_or(0) + 1;
    home.join(format!("{number:04} {}", in_english(|| title(config, class_names))))
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
        let (number, name) =
            name.split_once(' ').map(|(number, name)| (number.to_owned(), name.to_owned()))?;
        Some(Kept { folder, number, name, seconds: age as u64 })
    };
    found.into_iter().filter_map(kept).take(RECENT).collect()
}

fn number(folder: &Path) -> Option<u32> {
    folder.file_name()?.to_str()?.split(' ').next()?.parse().ok()
}

fn ago(secs: u64) -> String {
    match secs {
        0..60 => say!("runs-just-now").into(),
        60..3_600 => say!("runs-minutes-ago", count = secs / 60),
        3_600..86_400 => say!("runs-hours-ago", count = secs / 3_600),
        _ => say!("runs-days-ago", count = secs / 86_400),
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
        assert_eq!((kept.len(), kept[0].title().as_str()), (1, "Run 1: tiny seed 7"));
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
