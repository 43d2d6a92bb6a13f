//! A run's folder as one zip file, for downloads from a page and uploads to it.

use std::io::{Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Bytes that an archive may unpack to.
const MOST: u64 = 512 << 20;
/// Files that it may have: a run of the most rounds has 200.
const MOST_FILES: usize = 1000;

/// An archive that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Not a zip file, or a broken one.
    #[error("not a zip file that can be read: {0}")]
    Zip(#[from] ZipError),
    /// A file in it that cannot be read.
    #[error("the zip file is broken: {0}")]
    Broken(#[from] std::io::Error),
    /// More than a page should hold.
    #[error("the zip file unpacks to more than {} MB", MOST >> 20)]
    TooLarge,
    /// More than a run can have.
    #[error("the zip file has {found} files, expected at most {MOST_FILES}, as a run has")]
    TooMany {
        /// How many.
        found: usize,
    },
    /// Two files of one name, of which only one could be kept.
    #[error("the zip file has two files called \"{name}\", expected one run")]
    Twice {
        /// The name.
        name: String,
    },
}

/// Files with their names as a zip file. They are stored as they are: weights do not get smaller.
pub fn pack(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ArchiveError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in files {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// The files of a zip file by their plain names: a run's folder has no folders in it, so that no name leads elsewhere.
/// What is no plain file, such as a symbolic link, is left out.
pub fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    unpack_within(bytes, MOST)
}

fn unpack_within(bytes: &[u8], most: u64) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    if archive.len() > MOST_FILES {
        return Err(ArchiveError::TooMany { found: archive.len() });
    }
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut left = most;
    for index in 0..archive.len() {
        let file = archive.by_index(index)?;
        let name = file.name()?.rsplit(['/', '\\', ':']).next().unwrap_or_default().to_owned();
        if !file.is_file() || name.is_empty() || name.starts_with('.') {
            continue;
        }
        if files.iter().any(|(other, _)| *other == name) {
            return Err(ArchiveError::Twice { name });
        }
        let mut content = Vec::new();
        // The sizes stated in the archive are not trusted.
        let read = file.take(left + 1).read_to_end(&mut content)? as u64;
        left = left.checked_sub(read).ok_or(ArchiveError::TooLarge)?;
        files.push((name, content));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_and_what_is_broken_is_refused() {
        let files = vec![("run.json".to_owned(), b"{}".to_vec()), ("a b.csv".to_owned(), vec![7; 5000])];
        let bytes = pack(&files).unwrap();
        assert_eq!(unpack(&bytes).unwrap(), files);
        assert!(matches!(unpack(b"no zip"), Err(ArchiveError::Zip(_))));
        let mut damaged = bytes.clone();
        // Inside the second file's content.
        damaged[3000] ^= 1;
        assert!(matches!(unpack(&damaged), Err(ArchiveError::Broken(_))));
    }

    #[test]
    fn no_name_leads_out_of_the_run() {
        let names = ["../../etc/a", "/b", "..\\..\\c", "C:d", "x/../e", "..", ".", ".hidden", "x/.."];
        let files = names.map(|name| (name.to_owned(), b"1".to_vec()));
        let found = unpack(&pack(&files).unwrap()).unwrap();
        assert_eq!(
            found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["a", "b", "c", "d", "e"]
        );
        let two =
            [("a/run.json", "1"), ("b/run.json", "2")].map(|(name, text)| (name.to_owned(), text.into()));
        assert!(
            unpack(&pack(&two).unwrap()).unwrap_err().to_string().contains("two files called \"run.json\"")
        );
    }

    #[test]
    fn links_in_an_archive_are_not_followed() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.add_symlink("run.json", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        writer.add_directory("folder", SimpleFileOptions::default()).unwrap();
        assert_eq!(unpack(&writer.finish().unwrap().into_inner()).unwrap(), []);
    }

    #[test]
    fn absurd_sizes_are_refused() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let squeezed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for name in ["a", "b"] {
            writer.start_file(name, squeezed).unwrap();
            writer.write_all(&vec![0; 1 << 20]).unwrap();
        }
        let bomb = writer.finish().unwrap().into_inner();
        assert!(bomb.len() < 5000);
        assert!(matches!(unpack_within(&bomb, (2 << 20) - 1), Err(ArchiveError::TooLarge)));
        assert_eq!(unpack_within(&bomb, 2 << 20).unwrap().len(), 2);
        let many: Vec<(String, Vec<u8>)> = (0..1001).map(|file| (file.to_string(), Vec::new())).collect();
        assert!(matches!(unpack(&pack(&many).unwrap()), Err(ArchiveError::TooMany { found: 1001 })));
    }

    #[test]
    fn folders_in_an_archive_are_left_out() {
        let bytes = pack(&[("my run/run.json".to_owned(), b"1".to_vec())]).unwrap();
        assert_eq!(unpack(&bytes).unwrap(), [("run.json".to_owned(), b"1".to_vec())]);
    }
}
