//! Files on disk.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::FileError;

/// Writes `bytes` to `path` through a temporary file in the same folder, so that a crash or a full disk leaves the
/// old file or the new one, never half of one.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let error = |action| move |source| FileError { path: path.to_owned(), action, source };
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".part");
    let temporary = PathBuf::from(temporary);
    let mut file = std::fs::File::create(&temporary).map_err(error("create"))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(error("write"))?;
    std::fs::rename(&temporary, path).map_err(error("rename into place"))
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(|source| FileError { path: path.to_owned(), action: "read", source })
}

/// Makes a folder and those around it, where they are missing.
pub fn create_folder(path: &Path) -> Result<(), FileError> {
    let error = |source| FileError { path: path.to_owned(), action: "create", source };
    std::fs::create_dir_all(path).map_err(error)
}

/// Whether there is a file or folder of this name.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether there is a folder of this name.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// The names of a folder's files, in order.
pub fn files_in(folder: &Path) -> Result<Vec<String>, FileError> {
    let error = |source| FileError { path: folder.to_owned(), action: "read", source };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(error)? {
        let entry = entry.map_err(error)?;
        if entry.path().is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// The folders in a folder; none if it cannot be read.
pub fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).map(|entries| entries.filter_map(Result::ok));
    entries.into_iter().flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// Seconds since a file was written, where that is known.
pub fn age(path: &Path) -> Option<f64> {
    let written = path.metadata().ok()?.modified().ok()?;
    Some(written.elapsed().map_or(0.0, |elapsed| elapsed.as_secs_f64()))
}
