//! Files in memory: all that a page has. Runs are also kept in the browser's storage, where it can be had, and come back
//! from there when the page is opened again.

use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use web_time::SystemTime;

use super::FileError;

/// Files by their paths.
#[derive(Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, (Vec<u8>, SystemTime)>,
}

impl Memory {
    /// With no file.
    pub const fn new() -> Self {
        Self { files: BTreeMap::new() }
    }

    /// Writes a file, in place of one that is there.
    pub fn write(&mut self, path: &Path, bytes: &[u8]) {
        self.restore(path, bytes.to_vec(), SystemTime::now());
    }

    /// Puts a file back that was written at another time.
    pub fn restore(&mut self, path: &Path, bytes: Vec<u8>, written: SystemTime) {
        self.files.insert(path.to_owned(), (bytes, written));
    }

    /// A file's content.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        let missing = || FileError {
            path: path.to_owned(),
            action: "read",
            source: Error::new(ErrorKind::NotFound, "there is no such file in this page"),
        };
        self.files.get(path).map(|(bytes, _)| bytes.clone()).ok_or_else(missing)
    }

    /// Whether there is such a file, or any in such a folder.
    pub fn exists(&self, path: &Path) -> bool {
        self.files.keys().any(|file| file.starts_with(path))
    }

    /// Whether any file is in such a folder.
    pub fn is_folder(&self, path: &Path) -> bool {
        self.exists(path) && !self.files.contains_key(path)
    }

    /// The names of a folder's files, in order.
    pub fn files_in(&self, folder: &Path) -> Vec<String> {
        let inside = self.files.keys().filter(|file| file.parent() == Some(folder));
        inside.filter_map(|file| Some(file.file_name()?.to_str()?.to_owned())).collect()
    }

    /// The folders in a folder that hold anything.
    pub fn folders_in(&self, folder: &Path) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = Vec::new();
        for file in self.files.keys() {
            let mut parts = file.strip_prefix(folder).into_iter().flat_map(Path::components);
            if let (Some(first), Some(_)) = (parts.next(), parts.next()) {
                found.push(folder.join(first));
            }
        }
        found.dedup();
        found
    }

    /// Seconds since a file was written.
    pub fn age(&self, path: &Path) -> Option<f64> {
        // A clock set back makes a file new, not old.
        self.files.get(path).map(|(_, written)| written.elapsed().map_or(0.0, |age| age.as_secs_f64()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn folders_are_where_files_are() {
        let mut memory = Memory::new();
        let runs = Path::new("/runs");
        for (path, bytes) in
            [("/runs/1 a/b.csv", "1"), ("/runs/1 a/a.json", "2"), ("/runs/2/x", "3"), ("/runs/y", "4")]
        {
            memory.write(Path::new(path), bytes.as_bytes());
        }
        memory.write(Path::new("/runs/2/x"), b"5");
        let hour = SystemTime::now() - Duration::from_secs(3600);
        memory.restore(Path::new("/runs/old"), vec![6], hour);
        assert!(memory.age(Path::new("/runs/2/x")).unwrap() < 60.0);
        assert!(memory.age(Path::new("/runs/old")).unwrap() > 3599.0);
        assert_eq!(memory.folders_in(runs), [runs.join("1 a"), runs.join("2")]);
        assert_eq!(memory.files_in(&runs.join("1 a")), ["a.json", "b.csv"]);
        assert_eq!(memory.read(Path::new("/runs/2/x")).unwrap(), b"5");
        assert!(memory.exists(&runs.join("1 a")) && memory.exists(&runs.join("y")));
        assert!(memory.is_folder(&runs.join("2")) && !memory.is_folder(&runs.join("y")));
        assert!(!memory.exists(&runs.join("1")) && memory.age(&runs.join("z")).is_none());
        assert!(memory.read(&runs.join("z")).unwrap_err().to_string().contains("/runs/z"));
    }
}
