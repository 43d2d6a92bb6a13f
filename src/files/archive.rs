//! A run's folder as one zip file, for downloads from a page and uploads to it.

use std::io::{Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Bytes that an archive may unpack to.
const MOST: u64 = 512 << 20;

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

/// The files of a zip file by their plain names: a run's folder has no folders in it.
pub fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut files = Vec::new();
    let mut left = MOST;
    for index in 0..archive.len() {
        let file = archive.by_index(index)?;
        let name = file.name()?.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        if name.is_empty() {
            continue;
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
    fn folders_in_an_archive_are_left_out() {
        let bytes = pack(&[("my run/run.json".to_owned(), b"1".to_vec())]).unwrap();
        assert_eq!(unpack(&bytes).unwrap(), [("run.json".to_owned(), b"1".to_vec())]);
    }
}
