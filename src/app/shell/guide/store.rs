//! Progress in lessons, kept beside the runs: a TOML file for each lesson.

use std::path::{Path, PathBuf};

use crate::files::{read, write_atomically};
use crate::lesson::Progress;

/// The folder of the files, in the place of the runs.
pub const LESSONS: &str = "lessons";

fn file(home: &Path, lesson: &str) -> PathBuf {
    home.join(LESSONS).join(format!("{lesson}.toml"))
}

/// How far somebody was in the lesson of this name; none where nothing can be read, and the lesson begins anew.
pub fn load(home: &Path, lesson: &str) -> Option<Progress> {
    let text = String::from_utf8(read(&file(home, lesson)).ok()?).ok()?;
    toml::from_str(&text).ok()
}

/// Keeps progress; the error is for people.
pub fn save(home: &Path, progress: &Progress) -> Result<(), String> {
    let text = toml::to_string(progress).map_err(|error| error.to_string())?;
    crate::files::create_folder(&home.join(LESSONS)).map_err(|error| error.to_string())?;
    write_atomically(&file(home, &progress.lesson), text.as_bytes()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_comes_back_and_a_broken_file_begins_anew() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(load(home.path(), "first"), None);
        let progress = Progress { lesson: "first".into(), step: 3, ..Progress::default() };
        save(home.path(), &progress).unwrap();
        assert_eq!(load(home.path(), "first"), Some(progress));
        assert_eq!(load(home.path(), "other"), None);
        std::fs::write(file(home.path(), "first"), "step = \"three\"").unwrap();
        assert_eq!(load(home.path(), "first"), None);
    }
}
