//! The official binary files of CIFAR-10 and CIFAR-100.
//!
//! A file is a sequence of records of one size: one label byte (CIFAR-100: coarse, then fine) and [`PIXELS`]
//! bytes. Any whole number of records is taken, so that small samples of the data work as well.

use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::container::{Container, fill, truncated};
use super::found::Found;
use super::layout::{Layout, Naming, places};
use crate::data::catalogue::{Catalogue, Group, Store, hexadecimal};
use crate::data::{DataError, Labels, PIXELS, names};

/// Such files in a folder or an archive.
pub(super) struct Binary {
    pub files: Container,
    pub layout: &'static Layout,
}

/// Such files once they were read.
struct Scanned {
    files: Container,
    layout: &'static Layout,
    /// How many records each file has, training files first.
    counts: Vec<usize>,
}

/// Those in the folder `place` or its usual subfolders.
pub(super) fn find(place: &Path) -> Result<Vec<Box<dyn Found>>, DataError> {
    let found = places(place, |layout| &layout.binary).into_iter();
    Ok(found
        .map(|(dir, layout)| Box::new(Binary { files: Container::Folder(dir), layout }) as Box<dyn Found>)
        .collect())
}

impl Found for Binary {
    fn set(&self) -> String {
        self.layout.set.into()
    }

    /// The names in the list, one a line, or the known ones where there is no such file.
    fn class_names(&self, labels: Labels) -> Result<Vec<String>, DataError> {
        let Naming { byte, known } = self.layout.naming(labels)?;
        let list = self.layout.binary.lists[byte];
        let Some(bytes) = self.files.short(list)? else { return Ok(names::owned(known)) };
        let path = self.files.path(list);
        let text = String::from_utf8(bytes).map_err(|error| DataError::NamesEncoding {
            path: path.clone(),
            offset: error.utf8_error().valid_up_to(),
        })?;
        let found: Vec<String> =
            text.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        if found.len() != known.len() {
            return Err(DataError::Names { path, found: found.len(), expected: known.len() });
        }
        Ok(found)
    }

    fn catalogue(&self, labels: Labels) -> Result<Catalogue, DataError> {
        let layout = self.layout;
        let byte = layout.naming(labels)?.byte;
        let class_names = self.class_names(labels)?;
        let names = layout.binary.files();
        let (mut train, mut counts, mut hash) = (Vec::new(), Vec::new(), Sha256::new());
        self.files.in_order(&names, layout.set, &mut |at, content| {
            let before = train.len();
            scan(content, &self.files.path(names[at]), layout, byte, &mut train, &mut hash)?;
            counts.push(train.len() - before);
            Ok(())
        })?;
        let test = train.split_off(counts[..layout.binary.training.len()].iter().sum());
        Ok(Catalogue {
            name: layout.name.into(),
            source: match self.files {
                Container::Folder(_) => "folder",
                Container::Archive(_) => "archive",
            },
            place: self.files.place().display().to_string(),
            class_names,
            train,
            test,
            has_split: true,
            sha256: hexadecimal(hash),
            notices: Vec::new(),
            store: Box::new(Scanned { files: self.files.clone(), layout, counts }),
        })
    }
}

/// Reads a whole file: appends each record's label number `byte`, checks all its labels, hashes everything.
fn scan(
    content: &mut dyn Read,
    path: &Path,
    layout: &'static Layout,
    byte: usize,
    labels: &mut Vec<u8>,
    hash: &mut Sha256,
) -> Result<(), DataError> {
    let mut record = vec![0; layout.record()];
    let mut number = 0;
    while fill(content, &mut record, path, number)? {
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

impl Store for Scanned {
    fn images(&self, group: Group, positions: &[usize]) -> Result<(Vec<u8>, Vec<u32>), DataError> {
        let training = self.layout.binary.training.len();
        let files = if group == Group::Training { 0..training } else { training..self.counts.len() };
        // Where each file's images begin in the group, for those files of which some are wanted.
        let mut wanted = Vec::new();
        let mut first = 0;
        let names = self.layout.binary.files();
        for file in files {
            let here = positions.partition_point(|&at| at < first)
                ..positions.partition_point(|&at| at < first + self.counts[file]);
            if !here.is_empty() {
                wanted.push((names[file], first, here));
            }
            first += self.counts[file];
        }
        let labels = self.layout.labels.len();
        let mut record = vec![0; self.layout.record()];
        let mut pixels = vec![0; positions.len() * PIXELS];
        let wanted_names: Vec<&str> = wanted.iter().map(|(name, ..)| *name).collect();
        self.files.as_they_come(&wanted_names, self.layout.set, &mut |at, content| {
            let (name, first, here) = &wanted[at];
            let path = self.files.path(name);
            let mut next = 0;
            for chosen in here.clone() {
                // The scan saw these records: where one is gone, the file has shrunk since.
                while next <= positions[chosen] - first {
                    if !fill(content, &mut record, &path, next)? {
                        return Err(truncated(&path, next, 0, record.len()));
                    }
                    next += 1;
                }
                pixels[chosen * PIXELS..][..PIXELS].copy_from_slice(&record[labels..]);
            }
            Ok(())
        })?;
        Ok((pixels, positions.iter().map(|&at| at as u32).collect()))
    }
}
