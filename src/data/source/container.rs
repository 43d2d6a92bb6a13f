//! Files that belong together: in a folder, or packed in an archive. Either way they are read from beginning
//! to end.

use std::io::{BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::tar::Tar;
use crate::data::DataError;
use crate::files::{self, FileError, Kind, Opened};

/// Bytes that one read of a file asks for.
const BUFFER: usize = 1 << 20;
/// Bytes that a list of names may have.
const MOST_TEXT: u64 = 1 << 20;

/// A folder, or an archive (`.tar.gz` or `.tar`), with files known by their names.
#[derive(Clone)]
pub(super) enum Container {
    Folder(PathBuf),
    Archive(PathBuf),
}

/// Takes a file: its place among the wanted ones, and its content.
pub(super) type Visit<'a> = &'a mut dyn FnMut(usize, &mut dyn Read) -> Result<(), DataError>;

impl Container {
    /// The folder or the archive.
    pub fn place(&self) -> &Path {
        match self {
            Container::Folder(place) | Container::Archive(place) => place,
        }
    }

    /// A file in it, for messages.
    pub fn path(&self, file: &str) -> PathBuf {
        self.place().join(file)
    }

    /// Hands out `files`, which `set` needs all, in their order. An archive is read again for files that come
    /// too early.
    pub fn in_order(&self, files: &[&str], set: &'static str, visit: Visit) -> Result<(), DataError> {
        let mut next = 0;
        while next < files.len() {
            let before = next;
            self.pass(files, set, &mut |at, content| {
                if at == next {
                    visit(at, content)?;
                    next += 1;
                }
                Ok(())
            })?;
            if next == before {
                return Err(DataError::Missing { path: self.path(files[next]), set });
            }
        }
        Ok(())
    }

    /// Hands out `files`, which `set` needs all, as they come.
    pub fn as_they_come(&self, files: &[&str], set: &'static str, visit: Visit) -> Result<(), DataError> {
        let seen = self.pass(files, set, visit)?;
        match seen.iter().position(|seen| !seen) {
            Some(missing) => Err(DataError::Missing { path: self.path(files[missing]), set }),
            None => Ok(()),
        }
    }

    /// Hands out those of `files` that are there, as they come, and says which they were. A folder's must all
    /// be there.
    fn pass(&self, files: &[&str], set: &'static str, visit: Visit) -> Result<Vec<bool>, DataError> {
        let mut seen = vec![false; files.len()];
        match self {
            Container::Folder(dir) => {
                for (at, file) in files.iter().enumerate() {
                    let path = dir.join(file);
                    let file = open(&path)?.ok_or(DataError::Missing { path, set })?;
                    visit(at, &mut BufReader::with_capacity(BUFFER, file))?;
                    seen[at] = true;
                }
            }
            Container::Archive(path) => {
                entries(path, &mut |name, content| {
                    let Some(at) = files.iter().position(|file| *file == name) else { return Ok(true) };
                    if std::mem::replace(&mut seen[at], true) {
                        let found = format!("two files called {name}");
                        return Err(DataError::Content {
                            path: path.clone(),
                            found,
                            expected: "each file once".into(),
                        });
                    }
                    visit(at, content)?;
                    Ok(true)
                })?;
            }
        }
        Ok(seen)
    }

    /// A short file, if it is there.
    pub fn short(&self, file: &str) -> Result<Option<Vec<u8>>, DataError> {
        let path = self.path(file);
        let read = |content: &mut dyn Read| -> Result<Vec<u8>, DataError> {
            let mut bytes = Vec::new();
            let read = content.take(MOST_TEXT + 1).read_to_end(&mut bytes);
            read.map_err(|source| FileError { path: path.clone(), action: "read", source })?;
            match bytes.len() as u64 > MOST_TEXT {
                true => Err(DataError::Content {
                    path: path.clone(),
                    found: format!("more than {MOST_TEXT} bytes"),
                    expected: "a list of class names".into(),
                }),
                false => Ok(bytes),
            }
        };
        match self {
            Container::Folder(_) => match open(&path)? {
                Some(mut content) => read(&mut content).map(Some),
                None => Ok(None),
            },
            Container::Archive(archive) => {
                let mut found = None;
                entries(archive, &mut |name, content| {
                    if name == file {
                        found = Some(read(content)?);
                    }
                    Ok(found.is_none())
                })?;
                Ok(found)
            }
        }
    }
}

/// Opens a file; none if there is none.
pub(super) fn open(path: &Path) -> Result<Option<Opened>, DataError> {
    // Checked before it is opened: opening a pipe would block for ever.
    match files::kind(path) {
        Ok(Kind::File(_)) => Ok(Some(files::open(path)?)),
        Ok(_) => Err(DataError::NotAFile { path: path.to_owned() }),
        Err(error) if error.source.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Opens a file, decompressed if it is compressed with gzip; none if there is none.
pub(super) fn open_unzipped(path: &Path) -> Result<Option<Box<dyn Read>>, DataError> {
    let Some(file) = open(path)? else { return Ok(None) };
    let mut file = BufReader::with_capacity(BUFFER, file);
    let begin = std::io::BufRead::fill_buf(&mut file);
    let begin = begin.map_err(|source| FileError { path: path.to_owned(), action: "read", source })?;
    let is_gzip = begin.starts_with(&[0x1f, 0x8b]);
    Ok(Some(if is_gzip { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) }))
}

/// Hands out every file in an archive, by its name without folders, as long as `visit` asks for more.
pub(super) fn entries(
    path: &Path,
    visit: &mut dyn FnMut(&str, &mut dyn Read) -> Result<bool, DataError>,
) -> Result<(), DataError> {
    let content = open_unzipped(path)?.ok_or_else(|| FileError {
        path: path.to_owned(),
        action: "open",
        source: ErrorKind::NotFound.into(),
    })?;
    let mut tar = Tar::new(path, content);
    while let Some(name) = tar.next()? {
        let name = name.rsplit('/').next().unwrap_or_default();
        // Macs pack a companion with every file, called ._ and its name.
        if !name.starts_with("._") && !visit(name, &mut tar)? {
            return Ok(());
        }
    }
    tar.finish()
}

/// Fills `record` with record `number` of the file; false at the end of the file.
pub(super) fn fill(
    reader: &mut dyn Read,
    record: &mut [u8],
    path: &Path,
    number: usize,
) -> Result<bool, DataError> {
    let mut found = 0;
    while found < record.len() {
        match reader.read(&mut record[found..]) {
            Ok(0) if found == 0 => return Ok(false),
            Ok(0) => return Err(truncated(path, number, found, record.len())),
            Ok(more) => found += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(source) => return Err(FileError { path: path.to_owned(), action: "read", source }.into()),
        }
    }
    Ok(true)
}

/// The error of a file that ends inside record `record`.
pub(super) fn truncated(path: &Path, record: usize, found: usize, expected: usize) -> DataError {
    let offset = (record * expected) as u64;
    DataError::Truncated { path: path.to_owned(), record, offset, found, expected }
}
