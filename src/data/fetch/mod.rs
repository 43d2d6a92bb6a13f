//! Official archives, fetched once into the user's cache, checked, and unpacked there: reading plain files is
//! several times as fast as decompressing them for every run.

mod download;
mod error;
mod sets;
mod watch;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use md5::Md5;
use sha2::{Digest, Sha256};

use download::{Wanted, download};

pub use download::Patience;
pub use error::FetchError;
pub use sets::{LICENCE, SETS, Set};
pub use watch::Watch;

use crate::data::unpack;
use crate::files::{self, FileError, create_folder, lock_folder};

/// What an unfinished file or folder is called.
const UNFINISHED: &str = ".part";

/// The folder that fetched data is kept in.
pub fn cache() -> Result<PathBuf, FetchError> {
    Ok(dirs::cache_dir().ok_or(FetchError::NoCache)?.join("seedling").join("data"))
}

/// The folder of a data set in `cache`, if it was fetched.
pub fn fetched(set: &Set, cache: &Path) -> Option<PathBuf> {
    Some(cache.join(set.folder)).filter(|folder| files::is_folder(folder))
}

/// Fetches a data set into `cache`, from its authors' address or `from` (another address, or a file), unless
/// it is there; the folder with its files.
pub fn fetch(
    set: &Set,
    from: Option<&str>,
    cache: &Path,
    patience: &Patience,
    watch: &dyn Watch,
) -> Result<PathBuf, FetchError> {
    if let Some(folder) = fetched(set, cache) {
        return Ok(folder);
    }
    create_folder(cache)?;
    let _lock = lock_folder(cache)?;
    // Another process may just have done it.
    if let Some(folder) = fetched(set, cache) {
        return Ok(folder);
    }
    let way_on = watch.way_on(set);
    let from = from.unwrap_or(set.url);
    if !from.starts_with("http://") && !from.starts_with("https://") {
        let archive = files::resolve(Path::new(from), Path::new(""));
        let archive = if archive.is_dir() { archive.join(set.archive) } else { archive };
        if !archive.is_file() {
            return Err(FetchError::NoFile { path: archive });
        }
        check(&archive, set, &way_on)?;
        return install(&archive, set, cache, watch);
    }
    let part = cache.join(format!("{}{UNFINISHED}", set.archive));
    let had = part.exists();
    let wanted = Wanted { url: from, bytes: set.bytes, way_on: &way_on };
    watch.say(&format!("Fetching {} from {from} into {}", set.title, cache.display()));
    download(&wanted, &part, patience, watch)?;
    let mut checked = check(&part, set, &way_on);
    if had && checked.is_err() {
        watch.say("What was there from an earlier time does not fit; fetching all of it");
        remove(&part)?;
        download(&wanted, &part, patience, watch)?;
        checked = check(&part, set, &way_on);
    }
    if let Err(error) = checked {
        remove(&part)?;
        return Err(error);
    }
    let folder = install(&part, set, cache, watch)?;
    remove(&part)?;
    Ok(folder)
}

/// Whether a file is the official archive.
fn check(archive: &Path, set: &Set, way_on: &str) -> Result<(), FetchError> {
    let error = |source| FileError { path: archive.to_owned(), action: "read", source };
    let file = File::open(archive).map_err(error)?;
    let place = archive.display().to_string();
    let found = file.metadata().map_err(error)?.len();
    if found != set.bytes {
        return Err(FetchError::Size { place, found, expected: set.bytes, way_on: way_on.to_owned() });
    }
    let (mut md5, mut sha256) = (Md5::new(), Sha256::new());
    let mut reader = BufReader::new(file);
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer).map_err(error)? {
            0 => break,
            read => {
                md5.update(&buffer[..read]);
                sha256.update(&buffer[..read]);
            }
        }
    }
    let sums = [
        ("MD5", hexadecimal(&md5.finalize()), set.md5),
        ("SHA-256", hexadecimal(&sha256.finalize()), set.sha256),
    ];
    match sums.into_iter().find(|(_, found, expected)| found != expected) {
        None => Ok(()),
        Some((kind, found, expected)) => {
            Err(FetchError::Checksum { place, kind, found, expected, way_on: way_on.to_owned() })
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Unpacks a checked archive beside its place and gives the folder its name when it is whole.
fn install(archive: &Path, set: &Set, cache: &Path, watch: &dyn Watch) -> Result<PathBuf, FetchError> {
    watch.say(&format!("{} is whole (MD5 {}, SHA-256 {}); unpacking it", set.archive, set.md5, set.sha256));
    let folder = cache.join(set.folder);
    let part = cache.join(format!("{}{UNFINISHED}", set.folder));
    if part.exists() {
        std::fs::remove_dir_all(&part).map_err(|source| FileError {
            path: part.clone(),
            action: "remove",
            source,
        })?;
    }
    unpack(archive, set.name, &part)?;
    std::fs::rename(&part, &folder).map_err(|source| FileError {
        path: folder.clone(),
        action: "rename into place",
        source,
    })?;
    Ok(folder)
}

fn remove(path: &Path) -> Result<(), FileError> {
    std::fs::remove_file(path).map_err(|source| FileError { path: path.to_owned(), action: "remove", source })
}

#[cfg(test)]
mod tests;
