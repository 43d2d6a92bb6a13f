//! The calls that change the disk, in one place: tests make each of them fail.

use std::fs::{File, OpenOptions};
use std::io::{Result, Write};
use std::path::Path;

/// Makes a file, or empties the one that is there.
pub fn create(path: &Path) -> Result<File> {
    fault()?;
    File::create(path)
}

/// Opens a file to read and write it, and makes it where it is missing.
pub fn open(path: &Path) -> Result<File> {
    fault()?;
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Opens a file to write behind its end, and makes it where it is missing.
pub fn open_to_append(path: &Path) -> Result<File> {
    fault()?;
    OpenOptions::new().append(true).create(true).open(path)
}

/// Writes all of `bytes`. A write that is made to fail has written a half before.
pub fn write(file: &mut File, bytes: &[u8]) -> Result<()> {
    if let Err(error) = fault() {
        file.write_all(&bytes[..bytes.len() / 2])?;
        return Err(error);
    }
    file.write_all(bytes)
}

/// Waits until what was written is on the disk.
pub fn sync(file: &File) -> Result<()> {
    fault()?;
    file.sync_all()
}

/// Waits until the names in a folder are on the disk, where the system can do that: after a power cut a renamed file has
/// its name only then.
pub fn sync_names(folder: &Path) {
    #[cfg(unix)]
    // Some file systems refuse, and then do without.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    #[cfg(not(unix))]
    let _ = folder;
}

/// Gives a file its name, in place of one that had it.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    fault()?;
    std::fs::rename(from, to)
}

/// Removes a file.
pub fn remove(path: &Path) -> Result<()> {
    fault()?;
    std::fs::remove_file(path)
}

/// Makes a folder and those around it, where they are missing.
pub fn create_folder(path: &Path) -> Result<()> {
    fault()?;
    std::fs::create_dir_all(path)
}

#[cfg(not(test))]
fn fault() -> Result<()> {
    Ok(())
}

#[cfg(test)]
use faults::fault;

/// Failures on order, on this thread.
#[cfg(test)]
pub mod faults {
    use std::cell::Cell;
    use std::io::{Error, Result};

    thread_local! {
        /// Calls so far.
        static CALLS: Cell<u64> = const { Cell::new(0) };
        /// The number of the call that fails, and the system's number of its error.
        static FAILING: Cell<Option<(u64, i32)>> = const { Cell::new(None) };
    }

    /// Counts calls from 0 again; the one with the number in `failing`, if given, fails once with that error.
    pub fn order(failing: Option<(u64, i32)>) {
        CALLS.set(0);
        FAILING.set(failing);
    }

    /// How many calls there were since.
    pub fn calls() -> u64 {
        CALLS.get()
    }

    pub(super) fn fault() -> Result<()> {
        let call = CALLS.get();
        CALLS.set(call + 1);
        match FAILING.get() {
            Some((failing, error)) if failing == call => Err(Error::from_raw_os_error(error)),
            _ => Ok(()),
        }
    }
}
