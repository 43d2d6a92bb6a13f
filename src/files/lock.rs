//! A folder with one writer: a lock on a file in it, held as long as the process lives and released by the system even
//! after a crash. So a run is never written by two programs at once, and a dead one never blocks the next.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read, Seek};
use std::path::{Path, PathBuf};

use super::{FileError, calls};

/// The file that is locked; it contains the name of the process that holds it.
pub const LOCK_FILE: &str = ".lock";

/// Why a folder cannot be written to.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process writes there.
    #[error("{} is being written by {holder}; wait until it ends, or stop it, or choose another folder", folder.display())]
    Held {
        /// The folder.
        folder: PathBuf,
        /// The process, as it called itself.
        holder: String,
    },
    /// The lock's file cannot be made: the folder is not to be written in.
    #[error(transparent)]
    File(#[from] FileError),
}

/// The right to write to a folder, until it is dropped.
#[derive(Debug)]
pub struct FolderLock {
    path: PathBuf,
    file: File,
}

/// Takes the lock of a folder that is there.
///
/// On a file system that knows no locks the folder is used without one.
pub fn lock_folder(folder: &Path) -> Result<FolderLock, LockError> {
    let path = folder.join(LOCK_FILE);
    let error = |source| FileError { path: path.clone(), action: "write", source };
    loop {
        let mut file = calls::open(&path).map_err(error)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let known = file.read_to_string(&mut holder).is_ok() && !holder.trim().is_empty();
                let holder = if known { holder.trim().to_owned() } else { "another process".to_owned() };
                return Err(LockError::Held { folder: folder.to_owned(), holder });
            }
            Err(TryLockError::Error(source)) if source.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(source)) => return Err(error(source).into()),
        }
        // The last holder may have removed the file between our opening and our locking it.
        if is_at(&file, &path) {
            file.set_len(0).and_then(|()| file.rewind()).map_err(error)?;
            calls::write(&mut file, myself().as_bytes()).map_err(error)?;
            return Ok(FolderLock { path, file });
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // While it is still locked, so that only our own lock is removed. A file that cannot be removed does no harm.
        if cfg!(unix) && is_at(&self.file, &self.path) {
            let _ = std::fs::remove_file(&self.path);
        }
        let _ = self.file.unlock();
    }
}

/// Whether `path` still names this open file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(ours), Ok(there)) => (ours.dev(), ours.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Elsewhere the file is never removed.
#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

/// How this process is named to others.
fn myself() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let host = host.or_else(|| std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME")).ok());
    let process = std::process::id();
    match host.as_deref().map(str::trim) {
        Some(host) if !host.is_empty() => format!("process {process} on {host}"),
        _ => format!("process {process}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_who_the_first_is_and_follows_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = lock_folder(folder.path()).unwrap();
        let message = lock_folder(folder.path()).unwrap_err().to_string();
        assert!(message.contains(&format!("process {}", std::process::id())), "{message}");
        drop(first);
        assert!(!cfg!(unix) || !folder.path().join(LOCK_FILE).exists());
        lock_folder(folder.path()).unwrap();
    }

    #[test]
    fn what_a_dead_writer_left_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(LOCK_FILE), "process 1 on a machine that crashed").unwrap();
        lock_folder(folder.path()).unwrap();
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let message = lock_folder(Path::new("/no such folder")).unwrap_err().to_string();
        assert!(message.contains("/no such folder/.lock: cannot write"), "{message}");
    }
}
