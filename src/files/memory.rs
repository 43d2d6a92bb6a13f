//! Files in memory: a page's runs, until it is closed. They are handed over as downloads.

use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
#[cfg(target_arch = "wasm32")]
use std::sync::{Mutex, MutexGuard, PoisonError};

use web_time::Instant;

use super::FileError;

/// Files by their paths.
#[derive(Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, (Vec<u8>, Instant)>,
}

impl Memory {
    /// With no file.
    pub const fn new() -> Self {
        Self { files: BTreeMap::new() }
    }

    /// Writes a file, in place of one that is there.
    pub fn write(&mut self, path: &Path, bytes: &[u8]) {
        self.files.insert(path.to_owned(), (bytes.to_vec(), Instant::now()));
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
        self.files.get(path).map(|(_, written)| written.elapsed().as_secs_f64())
    }
}

#[cfg(target_arch = "wasm32")]
fn page() -> MutexGuard<'static, Memory> {
    static FILES: Mutex<Memory> = Mutex::new(Memory::new());
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes `bytes` to `path`.
#[cfg(target_arch = "wasm32")]
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    page().write(path, bytes);
    Ok(())
}

/// Reads a whole file.
#[cfg(target_arch = "wasm32")]
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    page().read(path)
}

/// A folder is there as soon as a file is in it.
#[cfg(target_arch = "wasm32")]
pub fn create_folder(_path: &Path) -> Result<(), FileError> {
    Ok(())
}

/// Whether there is a file or folder of this name.
#[cfg(target_arch = "wasm32")]
pub fn exists(path: &Path) -> bool {
    page().exists(path)
}

/// Whether there is a folder of this name.
#[cfg(target_arch = "wasm32")]
pub fn is_folder(path: &Path) -> bool {
    page().is_folder(path)
}

/// The names of a folder's files, in order.
#[cfg(target_arch = "wasm32")]
pub fn files_in(folder: &Path) -> Result<Vec<String>, FileError> {
    Ok(page().files_in(folder))
}

/// The folders in a folder.
#[cfg(target_arch = "wasm32")]
pub fn folders_in(folder: &Path) -> Vec<PathBuf> {
    page().folders_in(folder)
}

/// Seconds since a file was written, where that is known.
#[cfg(target_arch = "wasm32")]
pub fn age(path: &Path) -> Option<f64> {
    page().age(path)
}

#[cfg(test)]
mod tests {
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
        assert_eq!(memory.folders_in(runs), [runs.join("1 a"), runs.join("2")]);
        assert_eq!(memory.files_in(&runs.join("1 a")), ["a.json", "b.csv"]);
        assert_eq!(memory.read(Path::new("/runs/2/x")).unwrap(), b"5");
        assert!(memory.exists(&runs.join("1 a")) && memory.exists(&runs.join("y")));
        assert!(memory.is_folder(&runs.join("2")) && !memory.is_folder(&runs.join("y")));
        assert!(!memory.exists(&runs.join("1")) && memory.age(&runs.join("z")).is_none());
        assert!(memory.read(&runs.join("z")).unwrap_err().to_string().contains("/runs/z"));
    }
}
