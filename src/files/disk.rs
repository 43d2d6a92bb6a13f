//! Files on disk.

use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use super::{FileError, Kind, calls};

/// A file that is being read.
pub type Opened = File;

/// What an unfinished file is called.
const UNFINISHED: &str = ".part";

/// A name beside `path` that no other writer has: not this program's other threads, nor other programs here or on
/// another machine that sees the folder, where process numbers may be the same.
fn unfinished_name(path: &Path) -> PathBuf {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let count = WRITTEN.fetch_add(1, Ordering::Relaxed);
    // A clock before 1970 is as good as another: the name still has the rest.
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{:x}-{time:x}-{count:x}{UNFINISHED}", std::process::id()));
    name.into()
}

/// Writes `bytes` to `path` through a temporary file in the same folder, so that a crash or a full disk leaves the
/// old file or the new one, never half of one; of several writers at once the last one's. After an error nothing
/// unfinished is left.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let error = |action| move |source| FileError { path: path.to_owned(), action, source };
    let temporary = unfinished_name(path);
    let written = || {
        let mut file = calls::create(&temporary).map_err(error("create"))?;
        calls::write(&mut file, bytes).and_then(|()| calls::sync(&file)).map_err(error("write"))?;
        drop(file);
        calls::rename(&temporary, path).map_err(error("rename into place"))?;
        calls::sync_names(path.parent().unwrap_or(Path::new(".")));
        Ok(())
    };
    written().inspect_err(|_| {
        // The first error is the one to report.
        let _ = std::fs::remove_file(&temporary);
    })
}

/// Adds `bytes` to the end of a file, which is made if it is missing: for files that others read while they grow.
pub fn append(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let error = |action| move |source| FileError { path: path.to_owned(), action, source };
    let mut file = calls::open_to_append(path).map_err(error("open"))?;
    calls::write(&mut file, bytes).map_err(error("write"))
}

/// Removes a file.
pub fn remove(path: &Path) -> Result<(), FileError> {
    calls::remove(path).map_err(|source| FileError { path: path.to_owned(), action: "remove", source })
}

/// Removes what writers that were killed left unfinished in a folder.
pub fn remove_unfinished(folder: &Path) -> Result<(), FileError> {
    for name in files_in(folder)?.iter().filter(|name| name.ends_with(UNFINISHED)) {
        remove(&folder.join(name))?;
    }
    Ok(())
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(|source| FileError { path: path.to_owned(), action: "read", source })
}

/// Reads a whole file that has so many bytes at most, also one without an end such as a device.
pub fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, FileError> {
    let error = |source| FileError { path: path.to_owned(), action: "read", source };
    let large = || {
        error(Error::new(ErrorKind::FileTooLarge, format!("found more than the {most} bytes it may have")))
    };
    if matches!(kind(path)?, Kind::File(bytes) if bytes > most) {
        return Err(large());
    }
    let mut bytes = Vec::new();
    let read = open(path)?.take(most + 1).read_to_end(&mut bytes).map_err(error)?;
    if read as u64 > most {
        return Err(large());
    }
    Ok(bytes)
}

/// What is at a path.
pub fn kind(path: &Path) -> Result<Kind, FileError> {
    let about =
        path.metadata().map_err(|source| FileError { path: path.to_owned(), action: "open", source })?;
    Ok(match (about.is_dir(), about.is_file()) {
        (true, _) => Kind::Folder,
        (_, true) => Kind::File(about.len()),
        _ => Kind::Other,
    })
}

/// Opens a file to read it.
pub fn open(path: &Path) -> Result<Opened, FileError> {
    File::open(path).map_err(|source| FileError { path: path.to_owned(), action: "open", source })
}

/// Makes a folder and those around it, where they are missing.
pub fn create_folder(path: &Path) -> Result<(), FileError> {
    let error = |source| FileError { path: path.to_owned(), action: "create", source };
    calls::create_folder(path).map_err(error)
}

/// Whether there is a file or folder of this name.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether there is a folder of this name.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// The names of a folder's files, in order, without hidden ones.
pub fn files_in(folder: &Path) -> Result<Vec<String>, FileError> {
    let error = |source| FileError { path: folder.to_owned(), action: "read", source };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(error)? {
        let entry = entry.map_err(error)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_file() && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort_unstable();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_leaves_the_old_file_and_nothing_unfinished() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers");
        write_atomically(&path, b"old").unwrap();
        // A folder in the place of the file: everything works but the last step.
        let taken = folder.path().join("taken");
        create_folder(&taken.join("inside")).unwrap();
        let message = write_atomically(&taken, b"new").unwrap_err().to_string();
        assert!(message.contains("taken: cannot rename into place"), "{message}");
        assert_eq!(files_in(folder.path()).unwrap(), ["numbers"]);
        assert_eq!(read(&path).unwrap(), b"old");
    }

    #[test]
    fn writers_of_one_file_at_once_all_succeed_and_leave_one_of_theirs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("study.toml");
        std::thread::scope(|scope| {
            for writer in b'a'..b'i' {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..50 {
                        write_atomically(path, &[writer; 5000]).unwrap();
                    }
                });
            }
        });
        let left = read(&path).unwrap();
        assert!(left.len() == 5000 && left.iter().all(|&byte| byte == left[0]), "{} bytes", left.len());
        assert_eq!(files_in(folder.path()).unwrap(), ["study.toml"]);
    }

    #[test]
    fn files_that_are_too_long_or_have_no_end_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers");
        write_atomically(&path, b"1234").unwrap();
        assert_eq!(read_at_most(&path, 4).unwrap(), b"1234");
        let message = read_at_most(&path, 3).unwrap_err().to_string();
        assert!(message.contains("numbers: cannot read") && message.contains("the 3 bytes"), "{message}");
        #[cfg(unix)]
        assert!(read_at_most(Path::new("/dev/zero"), 1000).unwrap_err().to_string().contains("/dev/zero"));
    }

    #[test]
    fn what_killed_writers_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["run.json", "run.json.part", "session.safetensors.part"] {
            write_atomically(&folder.path().join(name), b"1").unwrap();
        }
        remove_unfinished(folder.path()).unwrap();
        assert_eq!(files_in(folder.path()).unwrap(), ["run.json"]);
    }
}
