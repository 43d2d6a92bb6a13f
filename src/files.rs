//! Files written whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

/// A file that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot {action}: {source}", path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What was tried, as a verb.
    pub action: &'static str,
    /// What the system answered.
    pub source: std::io::Error,
}

/// Writes `bytes` to `path` through a temporary name beside it, so that a crash or a full disk leaves the
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
