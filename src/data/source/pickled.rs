//! The Python version of CIFAR-10 and CIFAR-100: a pickled dictionary a file, with the labels in lists and
//! the pixels, in the order of the binary version, in an array of a row an image.
//! (<https://www.cs.toronto.edu/~kriz/cifar.html>)

use std::io::{BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::container::{Container, fill, truncated};
use super::found::Found;
use super::layout::{Layout, Naming, places};
use super::unpickle::{Array, Fault, Value, unpickle};
use crate::data::catalogue::{Catalogue, Group, Store, hexadecimal};
use crate::data::{DataError, Labels, PIXELS, names};
use crate::files::FileError;

/// Images of a file by columns whose pixels are put in order at a time, for the hash.
const BLOCK: usize = 10_000;

/// Such files in a folder or an archive.
pub(super) struct Pickled {
    pub files: Container,
    pub layout: &'static Layout,
}

/// Such files once they were read.
struct Scanned {
    files: Container,
    layout: &'static Layout,
    /// Where the pixels of each file are, training files first.
    arrays: Vec<Array>,
}

/// Those in the folder `place` or its usual subfolders.
pub(super) fn find(place: &Path) -> Result<Vec<Box<dyn Found>>, DataError> {
    let found = places(place, |layout| &layout.pickled).into_iter();
    Ok(found
        .map(|(dir, layout)| Box::new(Pickled { files: Container::Folder(dir), layout }) as Box<dyn Found>)
        .collect())
}

impl Found for Pickled {
    fn set(&self) -> String {
        self.layout.set.into()
    }

    fn class_names(&self, labels: Labels) -> Result<Vec<String>, DataError> {
        let Naming { byte, known } = self.layout.naming(labels)?;
        let list = self.layout.pickled.lists[0];
        let Some(bytes) = self.files.short(list)? else { return Ok(names::owned(known)) };
        let path = self.files.path(list);
        let entries = unpickle(&mut &bytes[..]).map_err(|fault| said(&path, fault))?;
        let key = match (self.layout.keys.len(), byte) {
            (1, _) => "label_names",
            (_, 0) => "coarse_label_names",
            _ => "fine_label_names",
        };
        let names: Vec<String> = list_of(&entries, key, &path, |value| match value {
            Value::Text(name) => Some(String::from_utf8_lossy(name).into_owned()),
            _ => None,
        })?;
        if names.len() != known.len() {
            return Err(DataError::Names { path, found: names.len(), expected: known.len() });
        }
        Ok(names)
    }

    fn catalogue(&self, labels: Labels) -> Result<Catalogue, DataError> {
        let layout = self.layout;
        let byte = layout.naming(labels)?.byte;
        let class_names = self.class_names(labels)?;
        let names = layout.pickled.files();
        // By file: its labels of each kind.
        let mut all_labels: Vec<Vec<Vec<u8>>> = Vec::new();
        let mut arrays = Vec::new();
        self.files.in_order(&names, layout.set, &mut |at, content| {
            let (labels, array) = contents(content, layout, &self.files.path(names[at]))?;
            all_labels.push(labels);
            arrays.push(array);
            Ok(())
        })?;
        let mut hash = Sha256::new();
        let scanned = Scanned { files: self.files.clone(), layout, arrays };
        scanned.in_order(&mut |file, image, pixels| {
            hash.update(all_labels[file].iter().map(|labels| labels[image]).collect::<Vec<u8>>());
            hash.update(pixels);
        })?;
        let training = layout.pickled.training.len();
        let of = |files: &[Vec<Vec<u8>>]| files.iter().flat_map(|labels| labels[byte].clone()).collect();
        Ok(Catalogue {
            name: layout.name.into(),
            source: match self.files {
                Container::Folder(_) => "pickle",
                Container::Archive(_) => "archive",
            },
            place: self.files.place().display().to_string(),
            class_names,
            train: of(&all_labels[..training]),
            test: of(&all_labels[training..]),
            has_split: true,
            sha256: hexadecimal(hash),
            notices: Vec::new(),
            store: Box::new(scanned),
        })
    }
}

/// The labels of each kind and the place of the pixels.
fn contents(
    content: &mut dyn Read,
    layout: &Layout,
    path: &Path,
) -> Result<(Vec<Vec<u8>>, Array), DataError> {
    let wrong =
        |found: String, expected: String| DataError::Content { path: path.to_owned(), found, expected };
    let entries = unpickle(&mut BufReader::new(content)).map_err(|fault| said(path, fault))?;
    let array = match value(&entries, "data") {
        Some(Value::Array(array)) => *array,
        _ => return Err(wrong("no array of bytes called \"data\"".into(), "the pixels".into())),
    };
    if array.columns != PIXELS || array.rows == 0 {
        let found = format!("{} images of {} bytes", array.rows, array.columns);
        return Err(wrong(found, format!("images of {PIXELS} bytes")));
    }
    let mut labels = Vec::new();
    for (key, &classes) in layout.keys.iter().zip(layout.labels) {
        let found: Vec<i64> = list_of(&entries, key, path, |value| match value {
            Value::Int(label) => Some(*label),
            _ => None,
        })?;
        if found.len() != array.rows {
            let found = format!("{} \"{key}\"", found.len());
            return Err(wrong(found, format!("{}, one an image", array.rows)));
        }
        if let Some(at) = found.iter().position(|label| !(0..classes as i64).contains(label)) {
            let found = format!("{} as number {at} of \"{key}\"", found[at]);
            return Err(wrong(found, format!("0 to {}", classes - 1)));
        }
        labels.push(found.iter().map(|label| *label as u8).collect());
    }
    Ok((labels, array))
}

/// The value of a key.
fn value<'a>(entries: &'a [(Value, Value)], key: &str) -> Option<&'a Value> {
    let is_key = |name: &Value| matches!(name, Value::Text(name) if name[..] == *key.as_bytes());
    entries.iter().find(|(name, _)| is_key(name)).map(|(_, value)| value)
}

/// The list of a key, each of its values as `read` takes it.
fn list_of<T>(
    entries: &[(Value, Value)],
    key: &str,
    path: &Path,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, DataError> {
    let list = match value(entries, key) {
        Some(Value::List(list)) => list.iter().map(read).collect(),
        _ => None,
    };
    list.ok_or_else(|| DataError::Content {
        path: path.to_owned(),
        found: format!("no list called \"{key}\", or other values in it"),
        expected: "that of the official files".into(),
    })
}

/// A fault of a pickle as an error.
fn said(path: &Path, fault: Fault) -> DataError {
    match fault {
        Fault::File(source) => FileError { path: path.to_owned(), action: "read", source }.into(),
        Fault::Other { at, found, expected } => DataError::Content {
            path: path.to_owned(),
            found: format!("at offset {at} {found}"),
            expected: expected.into(),
        },
    }
}

impl Scanned {
    /// Hands out the pixels of every image in order, with its file and its number there.
    fn in_order(&self, take: &mut dyn FnMut(usize, usize, &[u8])) -> Result<(), DataError> {
        let (names, set) = (self.layout.pickled.files(), self.layout.set);
        if self.arrays.iter().all(|array| !array.by_column) {
            return self.files.in_order(&names, set, &mut |file, content| {
                let (array, path) = (&self.arrays[file], self.files.path(names[file]));
                skip(content, array.content.at, &path)?;
                let mut row = vec![0; PIXELS];
                for image in 0..array.rows {
                    whole(content, &mut row, &path, image)?;
                    take(file, image, &row);
                }
                Ok(())
            });
        }
        // Images that are in columns come a block at a time, each in a pass of its own.
        for (file, array) in self.arrays.iter().enumerate() {
            for first in (0..array.rows).step_by(BLOCK) {
                let block: Vec<usize> = (first..array.rows.min(first + BLOCK)).collect();
                let mut pixels = vec![0; block.len() * PIXELS];
                self.files.as_they_come(&names[file..=file], set, &mut |_, content| {
                    gather(content, array, &self.files.path(names[file]), &block, &mut pixels)
                })?;
                for (image, pixels) in block.iter().zip(pixels.chunks_exact(PIXELS)) {
                    take(file, *image, pixels);
                }
            }
        }
        Ok(())
    }
}

impl Store for Scanned {
    fn images(&self, group: Group, positions: &[usize]) -> Result<(Vec<u8>, Vec<u32>), DataError> {
        let training = self.layout.pickled.training.len();
        let files = if group == Group::Training { 0..training } else { training..self.arrays.len() };
        let names = self.layout.pickled.files();
        let mut wanted = Vec::new();
        let mut first = 0;
        for file in files {
            let rows = self.arrays[file].rows;
            let here = positions.partition_point(|&at| at < first)
                ..positions.partition_point(|&at| at < first + rows);
            if !here.is_empty() {
                let inside: Vec<usize> = positions[here.clone()].iter().map(|at| at - first).collect();
                wanted.push((file, here, inside));
            }
            first += rows;
        }
        let mut pixels = vec![0; positions.len() * PIXELS];
        let wanted_names: Vec<&str> = wanted.iter().map(|(file, ..)| names[*file]).collect();
        self.files.as_they_come(&wanted_names, self.layout.set, &mut |at, content| {
            let (file, here, inside) = &wanted[at];
            let pixels = &mut pixels[here.start * PIXELS..here.end * PIXELS];
            gather(content, &self.arrays[*file], &self.files.path(names[*file]), inside, pixels)
        })?;
        Ok((pixels, positions.iter().map(|&at| at as u32).collect()))
    }
}

/// Writes the pixels of the images at the ascending `wanted` places of a file to `pixels`.
fn gather(
    content: &mut dyn Read,
    array: &Array,
    path: &Path,
    wanted: &[usize],
    pixels: &mut [u8],
) -> Result<(), DataError> {
    skip(content, array.content.at, path)?;
    if array.by_column {
        let mut column = vec![0; array.rows];
        for pixel in 0..PIXELS {
            whole(content, &mut column, path, pixel)?;
            for (image, &at) in pixels.chunks_exact_mut(PIXELS).zip(wanted) {
                image[pixel] = column[at];
            }
        }
        return Ok(());
    }
    let mut row = vec![0; PIXELS];
    let mut next = 0;
    for (image, &at) in pixels.chunks_exact_mut(PIXELS).zip(wanted) {
        while next <= at {
            whole(content, &mut row, path, next)?;
            next += 1;
        }
        image.copy_from_slice(&row);
    }
    Ok(())
}

fn skip(content: &mut dyn Read, bytes: u64, path: &Path) -> Result<(), DataError> {
    let skipped = std::io::copy(&mut content.take(bytes), &mut std::io::sink());
    skipped.map_err(|source| FileError { path: path.to_owned(), action: "read", source })?;
    Ok(())
}

/// Fills `row`, which was there when the file was read before.
fn whole(content: &mut dyn Read, row: &mut [u8], path: &Path, number: usize) -> Result<(), DataError> {
    let length = row.len();
    match fill(content, row, path, number)? {
        true => Ok(()),
        false => Err(truncated(path, number, 0, length)),
    }
}
