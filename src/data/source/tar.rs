//! The files in a tar archive, one after the other. (POSIX ustar and pax, and GNU's long names:
//! <https://www.gnu.org/software/tar/manual/html_node/Standard.html>.)
//!
//! Nothing is ever written where a name of the archive says, and yet names that lead out of it, links and
//! absurd sizes are refused: no honest data set has them.

use std::io::{Error, ErrorKind, Read, Result as IoResult};
use std::path::{Path, PathBuf};

use crate::data::DataError;
use crate::files::FileError;

/// Bytes of a header; contents are padded to a multiple of it.
const BLOCK: usize = 512;
/// Bytes that all files may have: five times CIFAR's.
const MOST: u64 = 1 << 30;
/// Files and folders that there may be.
const MOST_ENTRIES: usize = 10_000;
/// Bytes of a long name with its frills.
const MOST_NAME: u64 = 1 << 16;

/// A tar archive under way. Reading it reads the file that [`Tar::next`] named last.
pub(super) struct Tar<R> {
    path: PathBuf,
    reader: R,
    /// Bytes of the file that are still to be read.
    left: u64,
    /// Zeros that follow it.
    padding: u64,
    total: u64,
    entries: usize,
}

impl<R: Read> Tar<R> {
    /// An archive, called `path` in messages.
    pub fn new(path: &Path, reader: R) -> Self {
        Self { path: path.to_owned(), reader, left: 0, padding: 0, total: 0, entries: 0 }
    }

    /// The name of the next file; none at the end.
    pub fn next(&mut self) -> Result<Option<String>, DataError> {
        let mut long = None;
        loop {
            self.skip()?;
            let mut header = [0; BLOCK];
            if !self.block(&mut header)? || header == [0; BLOCK] {
                return Ok(None);
            }
            self.entries += 1;
            if self.entries > MOST_ENTRIES {
                return Err(self.refused(
                    format!("more than {MOST_ENTRIES} files and folders"),
                    "the files of one data set",
                ));
            }
            let said = octal(&header[148..156]);
            let sum = header.iter().enumerate();
            let sum: u64 =
                sum.map(|(at, &b)| u64::from(if (148..156).contains(&at) { b' ' } else { b })).sum();
            if said != Some(sum) {
                return Err(self.refused("something else, or broken".into(), "a tar archive"));
            }
            let name = long.take().unwrap_or_else(|| plain_name(&header));
            let size = octal(&header[124..136]).filter(|size| *size <= MOST);
            let Some(size) = size.filter(|size| self.total + size <= MOST) else {
                let found = format!("files of more than {} MB in all, up to {name}", MOST >> 20);
                return Err(self.refused(found, "the files of one data set"));
            };
            self.total += size;
            self.left = size;
            self.padding = size.next_multiple_of(BLOCK as u64) - size;
            match header[156] {
                b'0' | 0 | b'7' => {
                    self.check_name(&name)?;
                    return Ok(Some(name));
                }
                b'5' => self.check_name(&name)?,
                b'L' | b'x' => long = self.long_name(header[156], size)?.or(long),
                b'g' => {}
                b'1' | b'2' => return Err(self.refused(format!("the link {name}"), "only files and folders")),
                _ => return Err(self.refused(format!("{name}, which is no file"), "only files and folders")),
            }
        }
    }

    /// Reads what follows the last file: the checksum of a compressed archive is at its end.
    pub fn finish(mut self) -> Result<(), DataError> {
        let rest = std::io::copy(&mut self.reader.by_ref().take(MOST), &mut std::io::sink());
        rest.map(drop).map_err(|error| self.broken(error))
    }

    /// Skips the rest of a file.
    fn skip(&mut self) -> Result<(), DataError> {
        let wanted = self.left + self.padding;
        let skipped = std::io::copy(&mut self.reader.by_ref().take(wanted), &mut std::io::sink());
        match skipped {
            Ok(skipped) if skipped == wanted => {
                (self.left, self.padding) = (0, 0);
                Ok(())
            }
            Ok(_) => Err(self.refused("an archive that is cut off".into(), "all of it")),
            Err(error) => Err(self.broken(error)),
        }
    }

    /// Fills a block; false at the end.
    fn block(&mut self, block: &mut [u8; BLOCK]) -> Result<bool, DataError> {
        let mut found = Vec::with_capacity(BLOCK);
        let read = self.reader.by_ref().take(BLOCK as u64).read_to_end(&mut found);
        match read {
            Ok(0) => Ok(false),
            Ok(BLOCK) => {
                block.copy_from_slice(&found);
                Ok(true)
            }
            Ok(_) => Err(self.refused("something else, or cut off".into(), "a tar archive")),
            Err(error) => Err(self.broken(error)),
        }
    }

    /// The name that an entry of its own gives the next file, if it does.
    fn long_name(&mut self, kind: u8, size: u64) -> Result<Option<String>, DataError> {
        if size > MOST_NAME {
            return Err(self.refused(format!("a name of {size} bytes"), "names as files have them"));
        }
        let mut text = vec![0; size as usize];
        self.read_exact(&mut text).map_err(|error| self.broken(error))?;
        let text = String::from_utf8_lossy(&text);
        if kind == b'L' {
            return Ok(Some(text.trim_end_matches('\0').to_owned()));
        }
        // Lines of "LENGTH KEY=VALUE".
        let values = text.lines().filter_map(|line| line.split_once(' ')?.1.split_once('='));
        Ok(values.filter(|(key, _)| *key == "path").map(|(_, path)| path.to_owned()).next())
    }

    fn check_name(&self, name: &str) -> Result<(), DataError> {
        match name.starts_with('/') || name.split('/').any(|part| part == "..") {
            true => Err(self.refused(format!("the name {name}"), "names that do not lead out of it")),
            false => Ok(()),
        }
    }

    fn refused(&self, found: String, expected: &str) -> DataError {
        DataError::Content { path: self.path.clone(), found, expected: expected.into() }
    }

    fn broken(&self, source: Error) -> DataError {
        FileError { path: self.path.clone(), action: "unpack", source }.into()
    }
}

impl<R: Read> Read for Tar<R> {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let read = self.reader.read(&mut buffer[..most])?;
        if read == 0 {
            return Err(Error::new(ErrorKind::UnexpectedEof, "the archive is cut off"));
        }
        self.left -= read as u64;
        Ok(read)
    }
}

/// The name in a header, with the folders that ustar keeps apart.
fn plain_name(header: &[u8; BLOCK]) -> String {
    let text = |field: &[u8]| {
        let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
        String::from_utf8_lossy(&field[..end]).into_owned()
    };
    let (name, prefix) = (text(&header[..100]), text(&header[345..500]));
    match header[257..263] == *b"ustar\0" && !prefix.is_empty() {
        true => format!("{prefix}/{name}"),
        false => name,
    }
}

/// A number in octal digits, between blanks and zeros.
fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches([' ', '\0']), 8).ok()
}
