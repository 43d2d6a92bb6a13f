//! Files in memory, which is all that a page has. If the browser offers storage, the files of runs are kept there too,
//! and their content need not stay in memory.

use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use web_time::SystemTime;

use super::FileError;

/// Files by their paths.
#[derive(Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, File>,
}

#[derive(Debug)]
struct File {
    /// None while they are in the browser's storage alone.
    bytes: Option<Vec<u8>>,
    written: SystemTime,
}

impl Memory {
    /// With no file.
    pub const fn new() -> Self {
        Self { files: BTreeMap::new() }
    }

    /// Writes a file, in place of one that is there.
    pub fn write(&mut self, path: &Path, bytes: &[u8]) {
        self.files.insert(path.to_owned(), File { bytes: Some(bytes.to_vec()), written: SystemTime::now() });
    }

    /// Lists a file that the browser's storage has.
    pub fn list(&mut self, path: &Path, written: SystemTime) {
        self.files.insert(path.to_owned(), File { bytes: None, written });
    }

    /// Drops a file's content from memory; the browser's storage has it.
    pub fn set_aside(&mut self, path: &Path) {
        if let Some(file) = self.files.get_mut(path) {
            file.bytes = None;
        }
    }

    /// The files in such a folder whose content is elsewhere.
    pub fn aside_in(&self, folder: &Path) -> Vec<PathBuf> {
        let aside = self.files.iter().filter(|(path, file)| path.starts_with(folder) && file.bytes.is_none());
        aside.map(|(path, _)| path.clone()).collect()
    }

    /// Takes a file's content back.
    pub fn bring_back(&mut self, path: &Path, bytes: Vec<u8>) {
        if let Some(file) = self.files.get_mut(path) {
            file.bytes = Some(bytes);
        }
    }

    /// Removes a file, or all files in a folder.
    pub fn forget(&mut self, path: &Path) {
        self.files.retain(|file, _| !file.starts_with(path));
    }

    /// A file's content.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        self.content(path).map(<[u8]>::to_vec)
    }

    /// A file's bytes.
    pub fn size(&self, path: &Path) -> Result<u64, FileError> {
        Ok(self.content(path)?.len() as u64)
    }

    fn content(&self, path: &Path) -> Result<&[u8], FileError> {
        let missing = |what| FileError {
            path: path.to_owned(),
            action: "read",
            source: Error::new(ErrorKind::NotFound, what),
        };
        let file = self.files.get(path).ok_or_else(|| missing("there is no such file in this page"))?;
        file.bytes.as_deref().ok_or_else(|| missing("this browser no longer has it"))
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
        // If the clock was set back since, the file counts as new.
        self.files.get(path).map(|file| file.written.elapsed().map_or(0.0, |age| age.as_secs_f64()))
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
        memory.list(Path::new("/runs/old"), hour);
        assert!(memory.age(Path::new("/runs/2/x")).unwrap() < 60.0);
        assert!(memory.age(Path::new("/runs/old")).unwrap() > 3599.0);
        assert_eq!(memory.folders_in(runs), [runs.join("1 a"), runs.join("2")]);
        assert_eq!(memory.files_in(&runs.join("1 a")), ["a.json", "b.csv"]);
        assert_eq!(memory.read(Path::new("/runs/2/x")).unwrap(), b"5");
        assert_eq!(memory.size(&runs.join("1 a/a.json")).unwrap(), 1);
        assert!(memory.size(&runs.join("z")).is_err());
        assert!(memory.exists(&runs.join("1 a")) && memory.exists(&runs.join("y")));
        assert!(memory.is_folder(&runs.join("2")) && !memory.is_folder(&runs.join("y")));
        assert!(!memory.exists(&runs.join("1")) && memory.age(&runs.join("z")).is_none());
        assert!(memory.read(&runs.join("z")).unwrap_err().to_string().contains("/runs/z"));
    }

    #[test]
    fn what_is_set_aside_is_there_but_read_only_once_it_is_back() {
        let mut memory = Memory::new();
        let [kept, written] = ["/runs/1/a", "/runs/2/b"].map(Path::new);
        memory.list(kept, SystemTime::now());
        memory.write(written, b"2");
        assert_eq!(memory.aside_in(Path::new("/runs")), [kept]);
        assert!(memory.read(kept).unwrap_err().to_string().contains("/runs/1/a: cannot read: this browser"));
        memory.bring_back(kept, vec![1]);
        memory.set_aside(written);
        assert_eq!(memory.read(kept).unwrap(), [1]);
        assert_eq!(memory.aside_in(Path::new("/runs")), [written]);
        assert!(memory.read(written).is_err() && memory.exists(written));
        memory.write(written, b"3");
        assert_eq!(memory.read(written).unwrap(), b"3");
        memory.forget(Path::new("/runs/1"));
        assert!(!memory.exists(kept) && memory.exists(written));
        // What is not there is neither set aside nor brought back.
        memory.set_aside(kept);
        memory.bring_back(kept, vec![1]);
        assert!(!memory.exists(kept));
    }
}
