//! Files written whole or not at all: on disk, or in a page's memory, where there is no disk.

#[cfg(any(test, target_arch = "wasm32"))]
pub mod archive;
#[cfg(not(target_arch = "wasm32"))]
mod calls;
#[cfg(not(target_arch = "wasm32"))]
mod disk;
#[cfg(not(target_arch = "wasm32"))]
mod lock;
#[cfg(any(test, target_arch = "wasm32"))]
mod memory;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(not(target_arch = "wasm32"))]
mod paths;

use std::path::PathBuf;

#[cfg(test)]
pub use calls::faults;
#[cfg(not(target_arch = "wasm32"))]
pub use disk::{
    Opened, age, append, create_folder, exists, files_in, folders_in, is_folder, kind, open, read,
    read_at_most, remove, remove_unfinished, write_atomically,
};
#[cfg(not(target_arch = "wasm32"))]
pub use lock::{FolderLock, LockError, lock_folder};
#[cfg(target_arch = "wasm32")]
pub use page::{
    FolderLock, KEPT, LockError, Opened, age, along, bring_back, create_folder, exists, files_in, folders_in,
    forget, hold_only, is_folder, kind, lock_folder, open, read, read_at_most, relative, remove_unfinished,
    resolve, restore_kept, write_atomically,
};
#[cfg(not(target_arch = "wasm32"))]
pub use paths::{along, relative, resolve};

/// Bytes that a file of settings or a plan may have.
pub const MOST_TEXT: u64 = 16 << 20;

/// What can be at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A file of so many bytes.
    File(u64),
    /// Something else, such as a device: opening it might wait for ever.
    Other,
}

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

/// A path whose name has this ending: it is put behind a name that has another one or none.
pub fn with_ending(path: PathBuf, ending: &str) -> PathBuf {
    let has = path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending));
    match (has, path.file_name()) {
        (false, Some(name)) => {
            let mut name = name.to_owned();
            name.push(".");
            name.push(ending);
            path.with_file_name(name)
        }
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_is_added_where_it_is_missing_or_another() {
        for (path, expected) in [
            ("a/plot", "a/plot.svg"),
            ("plot.svg", "plot.svg"),
            ("plot.SVG", "plot.SVG"),
            ("win.png", "win.png.svg"),
            ("scale 1.5", "scale 1.5.svg"),
            ("a.svg/plot", "a.svg/plot.svg"),
            ("/", "/"),
        ] {
            assert_eq!(with_ending(path.into(), "svg"), PathBuf::from(expected), "{path}");
        }
    }
}
