//! A page's files. They are in memory; those of runs are also in the browser's storage, and of these only the open
//! run's are in memory.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_time::{Duration, SystemTime, UNIX_EPOCH};

use super::memory::Memory;
use super::{FileError, Kind};

/// A file that is being read.
pub type Opened = std::io::Cursor<Vec<u8>>;

/// The folder of the runs, which the browser keeps.
pub const KEPT: &str = "/runs";

/// Functions of web/page.js.
#[wasm_bindgen(js_namespace = ["globalThis", "seedling"])]
extern "C" {
    /// Keeps a file in the browser's storage.
    fn keep(path: &str, bytes: &[u8], written: f64);
    /// What earlier visits kept, `[path, seconds since 1970]` each.
    async fn restore() -> Array;
    /// The paths of all files that are stored by now.
    async fn kept() -> Array;
    /// The bytes of a file that was kept, or undefined.
    async fn recall(path: &str) -> JsValue;
}

fn page() -> MutexGuard<'static, Memory> {
    static FILES: Mutex<Memory> = Mutex::new(Memory::new());
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lists what earlier visits kept; what cannot be understood stays where it is.
pub async fn restore_kept() {
    for file in restore().await.iter() {
        let file: Array = file.unchecked_into();
        if let (Some(path), Some(written)) = (file.get(0).as_string(), file.get(1).as_f64()) {
            page().list(Path::new(&path), UNIX_EPOCH + Duration::from_secs_f64(written.max(0.0)));
        }
    }
}

/// Removes from memory the files of every run but the open one; the browser's storage still has them. What is known of
/// lessons is small, and read at any time: it stays.
pub async fn hold_only(open: Option<&Path>) {
    let lessons = Path::new(KEPT).join("lessons");
    for path in kept().await.iter().filter_map(|path| path.as_string()) {
        let path = Path::new(&path);
        if !path.starts_with(&lessons) && !open.is_some_and(|open| path.starts_with(open)) {
            page().set_aside(path);
        }
    }
}

/// Brings the files of a folder that are `wanted` back from the browser's storage.
pub async fn bring_back(folder: &Path, wanted: impl Fn(&Path) -> bool) {
    let paths = page().aside_in(folder);
    for path in paths.into_iter().filter(|path| wanted(path)) {
        let bytes = recall(&path.to_string_lossy()).await.dyn_into::<Uint8Array>();
        if let Ok(bytes) = bytes {
            page().bring_back(&path, bytes.to_vec());
        }
    }
}

/// Removes a file, or all files in a folder, from memory.
pub fn forget(path: &Path) {
    page().forget(path);
}

/// Writes `bytes` to `path`.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    page().write(path, bytes);
    if path.starts_with(KEPT)
        && let (Some(path), Ok(now)) = (path.to_str(), SystemTime::now().duration_since(UNIX_EPOCH))
    {
        keep(path, bytes, now.as_secs_f64());
    }
    Ok(())
}

/// A page's files belong to it alone; web/storage.js makes sure that two tabs do not store the same run.
#[derive(Debug)]
pub struct FolderLock;

/// Why a folder cannot be written to.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another writer.
    #[error("{} is being written by another program", folder.display())]
    Held {
        /// The folder.
        folder: PathBuf,
    },
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Takes the lock of a folder.
pub fn lock_folder(_folder: &Path) -> Result<FolderLock, LockError> {
    Ok(FolderLock)
}

/// Nothing is ever unfinished here.
pub fn remove_unfinished(_folder: &Path) -> Result<(), FileError> {
    Ok(())
}

/// A page has no folders that paths could be relative to.
pub fn resolve(path: &Path, _base: &Path) -> PathBuf {
    path.to_owned()
}

/// Nothing lies beside anything here.
pub fn along(way: &Path, _from: &Path) -> PathBuf {
    way.to_owned()
}

/// A page has no folders that lie in a common one.
pub fn relative(_to: &Path, _from: &Path) -> Option<PathBuf> {
    None
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    page().read(path)
}

/// Reads a whole file that has so many bytes at most.
pub fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, FileError> {
    if matches!(kind(path)?, Kind::File(bytes) if bytes > most) {
        let text = format!("found more than the {most} bytes it may have");
        let source = std::io::Error::new(std::io::ErrorKind::FileTooLarge, text);
        return Err(FileError { path: path.to_owned(), action: "read", source });
    }
    read(path)
}

/// What is at a path.
pub fn kind(path: &Path) -> Result<Kind, FileError> {
    let page = page();
    match page.is_folder(path) {
        true => Ok(Kind::Folder),
        false => Ok(Kind::File(page.size(path)?)),
    }
}

/// Opens a file to read it.
pub fn open(path: &Path) -> Result<Opened, FileError> {
    read(path).map(Opened::new)
}

/// A folder is there as soon as a file is in it.
pub fn create_folder(_path: &Path) -> Result<(), FileError> {
    Ok(())
}

/// Whether there is a file or folder of this name.
pub fn exists(path: &Path) -> bool {
    page().exists(path)
}

/// Whether there is a folder of this name.
pub fn is_folder(path: &Path) -> bool {
    page().is_folder(path)
}

/// The names of a folder's files, in order.
pub fn files_in(folder: &Path) -> Result<Vec<String>, FileError> {
    Ok(page().files_in(folder))
}

/// The folders in a folder.
pub fn folders_in(folder: &Path) -> Vec<PathBuf> {
    page().folders_in(folder)
}

/// Seconds since a file was written, where that is known.
pub fn age(path: &Path) -> Option<f64> {
    page().age(path)
}
