//! The official binary files of CIFAR-10 and CIFAR-100.
//!
//! A file is a sequence of records of one size: one label byte (CIFAR-100: coarse, then fine) and [`PIXELS`]
//! bytes. Files are read twice, record by record: once for labels and hash, once for the chosen pixels, so
//! that no more than the chosen images is ever in memory. Any whole number of records is taken, so that
//! small samples of the data work as well.

mod layout;
mod lies;

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use self::layout::{CIFAR10, CIFAR100, Layout, Naming};
use super::catalogue::{Catalogue, Group, Store, hexadecimal};
use super::{DataError, Labels, PIXELS, names};
use crate::files::{self, FileError};

/// Bytes that one read asks for.
const BUFFER: usize = 1 << 20;

/// The files of a scanned folder.
pub(super) struct Folder {
    layout: &'static Layout,
    /// Training files and how many records each has.
    training: Vec<(PathBuf, usize)>,
    test: Vec<(PathBuf, usize)>,
}

/// Finds out what `dir` holds and reads all its labels.
pub(super) fn catalogue(dir: &Path, labels: Labels) -> Result<Catalogue, DataError> {
    let (dir, layout) = recognise(dir)?;
    let Naming { byte, list, known } = layout.naming(labels)?;
    let class_names = listed_names(&dir.join(list), known)?;
    let mut hash = Sha256::new();
    let mut scan_all = |files: &[&str]| -> Result<_, DataError> {
        let mut labels = Vec::new();
        let mut counted = Vec::new();
        for file in files {
            let path = dir.join(file);
            let before = labels.len();
            scan(&path, layout, byte, &mut labels, &mut hash)?;
            counted.push((path, labels.len() - before));
        }
        Ok((labels, counted))
    };
    let (train, training) = scan_all(layout.training)?;
    let (test, test_files) = scan_all(&[layout.test])?;
    Ok(Catalogue {
        name: layout.name,
        source: "folder",
        place: dir.display().to_string(),
        class_names,
        train,
        test,
        sha256: hexadecimal(hash),
        store: Box::new(Folder { layout, training, test: test_files }),
    })
}

/// The names of the classes of what `dir` holds.
pub(super) fn class_names(dir: &Path, labels: Labels) -> Result<Vec<String>, DataError> {
    let (dir, layout) = recognise(dir)?;
    let Naming { list, known, .. } = layout.naming(labels)?;
    listed_names(&dir.join(list), known)
}

/// The folder that holds the files, `dir` or its usual subfolder, and their layout.
fn recognise(dir: &Path) -> Result<(PathBuf, &'static Layout), DataError> {
    let found = std::fs::metadata(dir).map_err(|source| FileError {
        path: dir.to_owned(),
        action: "open",
        source,
    })?;
    if !found.is_dir() {
        return Err(DataError::NotAFolder { dir: dir.to_owned(), found: lies::beside(dir) });
    }
    let layouts = [&CIFAR10, &CIFAR100];
    let direct = layouts.map(|layout| (dir.to_owned(), layout));
    let nested = layouts.map(|layout| (dir.join(layout.folder), layout));
    for places in [direct, nested] {
        let mut places = places.into_iter().filter(|(dir, layout)| layout.is_in(dir));
        match (places.next(), places.next()) {
            (Some(place), None) => return Ok(place),
            (Some(_), Some(_)) => return Err(DataError::Ambiguous { dir: dir.to_owned() }),
            _ => {}
        }
    }
    Err(DataError::Unrecognised { dir: dir.to_owned(), found: lies::inside(dir) })
}

/// The names in the list at `path`, one a line, or the `known` ones where there is no such file.
fn listed_names(path: &Path, known: &[&str]) -> Result<Vec<String>, DataError> {
    if !path.exists() {
        return Ok(names::owned(known));
    }
    let text = String::from_utf8(files::read(path)?).map_err(|error| DataError::NamesEncoding {
        path: path.to_owned(),
        offset: error.utf8_error().valid_up_to(),
    })?;
    let found: Vec<String> =
        text.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if found.len() != known.len() {
        return Err(DataError::Names { path: path.to_owned(), found: found.len(), expected: known.len() });
    }
    Ok(found)
}

/// Reads a whole file: appends each record's label number `byte`, checks all its labels, hashes everything.
fn scan(
    path: &Path,
    layout: &'static Layout,
    byte: usize,
    labels: &mut Vec<u8>,
    hash: &mut Sha256,
) -> Result<(), DataError> {
    let mut reader = open(path, layout)?;
    let mut record = vec![0; layout.record()];
    let mut number = 0;
    while fill(&mut reader, &mut record, path, number)? {
        for (at, (&found, &classes)) in record.iter().zip(layout.labels).enumerate() {
            if usize::from(found) >= classes {
                let offset = (number * record.len() + at) as u64;
                return Err(DataError::Label {
                    path: path.to_owned(),
                    record: number,
                    offset,
                    found,
                    classes,
                });
            }
        }
        labels.push(record[byte]);
        hash.update(&record);
        number += 1;
    }
    if number == 0 {
        return Err(DataError::EmptyFile { path: path.to_owned(), expected: record.len() });
    }
    Ok(())
}

fn open(path: &Path, layout: &Layout) -> Result<BufReader<File>, DataError> {
    let error = |source| FileError { path: path.to_owned(), action: "open", source };
    // Checked before it is opened: opening a pipe would block for ever.
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() => return Err(DataError::NotAFile { path: path.to_owned() }),
        Err(source) if source.kind() == ErrorKind::NotFound => {
            return Err(DataError::Missing { path: path.to_owned(), set: layout.set });
        }
        Err(source) => return Err(error(source).into()),
        Ok(_) => {}
    }
    Ok(BufReader::with_capacity(BUFFER, File::open(path).map_err(error)?))
}

/// Fills `record` with record `number` of the file; false at the end of the file.
fn fill(reader: &mut impl Read, record: &mut [u8], path: &Path, number: usize) -> Result<bool, DataError> {
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

fn truncated(path: &Path, record: usize, found: usize, expected: usize) -> DataError {
    let offset = (record * expected) as u64;
    DataError::Truncated { path: path.to_owned(), record, offset, found, expected }
}

impl Store for Folder {
    fn images(&self, group: Group, positions: &[usize]) -> Result<(Vec<u8>, Vec<u32>), DataError> {
        Ok((self.pixels(group, positions)?, positions.iter().map(|&at| at as u32).collect()))
    }
}

impl Folder {
    /// Pixels of the images at the ascending `positions` of a group.
    fn pixels(&self, group: Group, positions: &[usize]) -> Result<Vec<u8>, DataError> {
        let files = if group == Group::Training { &self.training } else { &self.test };
        let labels = self.layout.labels.len();
        let mut record = vec![0; self.layout.record()];
        let mut pixels = Vec::with_capacity(positions.len() * PIXELS);
        let (mut first, mut positions) = (0, positions);
        for (path, count) in files {
            let (here, later) = positions.split_at(positions.partition_point(|&at| at < first + count));
            if !here.is_empty() {
                let mut reader = open(path, self.layout)?;
                let mut next = 0;
                for number in here.iter().map(|at| at - first) {
                    let skipped = (number - next) * record.len();
                    reader.seek_relative(skipped as i64).map_err(|source| FileError {
                        path: path.clone(),
                        action: "read",
                        source,
                    })?;
                    // The scan saw this record: where it is gone, the file has shrunk since.
                    if !fill(&mut reader, &mut record, path, number)? {
                        return Err(truncated(path, number, 0, record.len()));
                    }
                    pixels.extend_from_slice(&record[labels..]);
                    next = number + 1;
                }
            }
            (first, positions) = (first + count, later);
        }
        Ok(pixels)
    }
}

#[cfg(test)]
mod tests;
