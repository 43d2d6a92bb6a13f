//! MNIST's four files (IDX), compressed or not, and those of data sets in the same form: Fashion-MNIST,
//! KMNIST. (<https://en.wikipedia.org/wiki/MNIST_database>; a header of big-endian numbers, then bytes.) Gray
//! images, of 28×28 pixels as a rule, get black borders up to 32×32, and three equal planes.

use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::container::{fill, open_unzipped, truncated};
use super::found::Found;
use crate::data::catalogue::{Catalogue, Group, Store, hexadecimal};
use crate::data::{DataError, Labels, PIXELS, PLANE, SIDE, names};
use crate::files::{self, Kind};

/// Where torchvision and others put the files.
const FOLDERS: [&str; 4] = ["", "raw", "MNIST/raw", "FashionMNIST/raw"];
/// The files of each group: images and labels.
const TRAIN: [&str; 2] = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"];
const TEST: [&str; 2] = ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
/// First number of a file of bytes in three dimensions, and in one.
const MAGIC: [u32; 2] = [0x803, 0x801];
/// Images that a file may have.
const MOST: u32 = 10_000_000;
/// The first training labels of the data sets that are told apart by them.
const MNIST: [u8; 10] = [5, 0, 4, 1, 9, 2, 1, 3, 1, 4];
const FASHION: [u8; 10] = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5];

/// A folder with such files.
struct Idx {
    place: PathBuf,
    dir: PathBuf,
}

/// The images of a file, once it was read.
#[derive(Clone)]
struct Images {
    path: PathBuf,
    count: usize,
    rows: usize,
    columns: usize,
}

struct Scanned {
    train: Images,
    test: Images,
}

/// Those in the folder `place` or its usual subfolders.
pub(super) fn find(place: &Path) -> Result<Vec<Box<dyn Found>>, DataError> {
    let has = |dir: &PathBuf| TRAIN.iter().chain(&TEST).any(|file| in_any_spelling(dir, file).is_some());
    let found = FOLDERS.iter().map(|folder| place.join(folder)).filter(has);
    Ok(found.map(|dir| Box::new(Idx { place: place.to_owned(), dir }) as Box<dyn Found>).collect())
}

/// The names that a file may have.
pub(super) fn spellings() -> impl Iterator<Item = String> {
    let spell = |name: &str| {
        let dotted = name.replace("-idx", ".idx");
        [format!("{name}.gz"), format!("{dotted}.gz"), name.to_owned(), dotted]
    };
    TRAIN.into_iter().chain(TEST).flat_map(spell)
}

/// The file of that name, compressed or not, with a dot in the name or a hyphen.
fn in_any_spelling(dir: &Path, name: &str) -> Option<PathBuf> {
    let dotted = name.replace("-idx", ".idx");
    let names = [name.to_owned(), format!("{name}.gz"), dotted.clone(), format!("{dotted}.gz")];
    names.into_iter().map(|name| dir.join(name)).find(|path| matches!(files::kind(path), Ok(Kind::File(_))))
}

impl Idx {
    fn file(&self, name: &str) -> Result<PathBuf, DataError> {
        in_any_spelling(&self.dir, name)
            .ok_or_else(|| DataError::Missing { path: self.dir.join(name), set: "MNIST's form" })
    }

    /// Name and class names, by the labels.
    fn told(&self, train: &[u8], test: &[u8]) -> (String, Vec<String>) {
        if train.starts_with(&MNIST) {
            return ("mnist".into(), names::owned(&names::DIGITS));
        }
        if train.starts_with(&FASHION) {
            return ("fashion-mnist".into(), names::owned(&names::FASHION));
        }
        let most = train.iter().chain(test).max().copied().unwrap_or_default();
        let name = self.place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, (0..=most).map(|label| label.to_string()).collect())
    }
}

impl Found for Idx {
    fn set(&self) -> String {
        format!("MNIST's files in {}", self.dir.display())
    }

    fn class_names(&self, labels: Labels) -> Result<Vec<String>, DataError> {
        labels.only_fine()?;
        let [train, test] = [TRAIN[1], TEST[1]].map(|name| read_labels(&self.file(name)?));
        Ok(self.told(&train?, &test?).1)
    }

    fn catalogue(&self, labels: Labels) -> Result<Catalogue, DataError> {
        labels.only_fine()?;
        let mut hash = Sha256::new();
        let mut group = |[images, labels]: [&str; 2]| -> Result<(Images, Vec<u8>), DataError> {
            let labels = read_labels(&self.file(labels)?)?;
            Ok((scan(&self.file(images)?, &labels, &mut hash)?, labels))
        };
        let ((train, train_labels), (test, test_labels)) = (group(TRAIN)?, group(TEST)?);
        let (name, class_names) = self.told(&train_labels, &test_labels);
        Ok(Catalogue {
            name,
            source: "idx",
            place: self.place.display().to_string(),
            class_names,
            train: train_labels,
            test: test_labels,
            has_split: true,
            sha256: hexadecimal(hash),
            notices: Vec::new(),
            store: Box::new(Scanned { train, test }),
        })
    }
}

/// Opens a file and reads its header: how many items, and of how many rows and columns.
fn open_idx<const N: usize>(path: &Path, magic: u32) -> Result<(Box<dyn Read>, [u32; N]), DataError> {
    let missing = || DataError::Missing { path: path.to_owned(), set: "MNIST's form" };
    let mut content = open_unzipped(path)?.ok_or_else(missing)?;
    let mut number = || -> Result<u32, DataError> {
        let mut bytes = [0; 4];
        match fill(&mut *content, &mut bytes, path, 0)? {
            true => Ok(u32::from_be_bytes(bytes)),
            false => Err(truncated(path, 0, 0, 4)),
        }
    };
    let found = number()?;
    if found != magic {
        return Err(wrong(
            path,
            format!("{found} as the first number"),
            format!("{magic}: bytes in MNIST's form"),
        ));
    }
    let mut sizes = [0; N];
    for size in &mut sizes {
        *size = number()?;
    }
    if sizes[0] == 0 || sizes[0] > MOST {
        return Err(wrong(path, format!("{} images or labels", sizes[0]), format!("1 to {MOST}")));
    }
    Ok((content, sizes))
}

/// The labels in a file.
fn read_labels(path: &Path) -> Result<Vec<u8>, DataError> {
    let (mut content, [count]) = open_idx(path, MAGIC[1])?;
    let mut labels = Vec::new();
    let mut label = [0];
    while fill(&mut *content, &mut label, path, labels.len())? {
        if labels.len() == count as usize || label[0] == u8::MAX {
            let found = format!("more labels than {count}, or the label {}", label[0]);
            return Err(wrong(path, found, "as many as its header says, up to 254".into()));
        }
        labels.push(label[0]);
    }
    match labels.len() == count as usize {
        true => Ok(labels),
        false => Err(wrong(path, format!("{} labels", labels.len()), format!("{count}, as its header says"))),
    }
}

/// Reads all images of a file for the hash, each after its label.
fn scan(path: &Path, labels: &[u8], hash: &mut Sha256) -> Result<Images, DataError> {
    let (mut content, [count, rows, columns]) = open_idx(path, MAGIC[0])?;
    let fits = |size: u32| (1..=SIDE as u32).contains(&size);
    if !fits(rows) || !fits(columns) {
        return Err(wrong(
            path,
            format!("images of {rows}×{columns} pixels"),
            format!("at most {SIDE}×{SIDE}"),
        ));
    }
    if count as usize != labels.len() {
        return Err(wrong(path, format!("{count} images"), format!("{}, one a label", labels.len())));
    }
    let images = Images {
        path: path.to_owned(),
        count: count as usize,
        rows: rows as usize,
        columns: columns as usize,
    };
    let mut gray = vec![0; images.rows * images.columns];
    let mut number = 0;
    while fill(&mut *content, &mut gray, path, number)? {
        let Some(label) = labels.get(number) else {
            return Err(wrong(
                path,
                format!("more than {count} images"),
                "as many as its header says".into(),
            ));
        };
        hash.update([*label]);
        hash.update(images.padded(&gray));
        number += 1;
    }
    match number == images.count {
        true => Ok(images),
        false => Err(wrong(path, format!("{number} images"), format!("{count}, as its header says"))),
    }
}

fn wrong(path: &Path, found: String, expected: String) -> DataError {
    DataError::Content { path: path.to_owned(), found, expected }
}

impl Images {
    /// A gray image in the middle of a black one, in three equal planes.
    fn padded(&self, gray: &[u8]) -> Vec<u8> {
        let (top, left) = ((SIDE - self.rows) / 2, (SIDE - self.columns) / 2);
        let mut pixels = vec![0; PIXELS];
        for plane in pixels.chunks_exact_mut(PLANE) {
            for (row, line) in gray.chunks_exact(self.columns).enumerate() {
                plane[(top + row) * SIDE + left..][..self.columns].copy_from_slice(line);
            }
        }
        pixels
    }
}

impl Store for Scanned {
    fn images(&self, group: Group, positions: &[usize]) -> Result<(Vec<u8>, Vec<u32>), DataError> {
        let images = if group == Group::Training { &self.train } else { &self.test };
        let (mut content, _) = open_idx::<3>(&images.path, MAGIC[0])?;
        let mut gray = vec![0; images.rows * images.columns];
        let mut pixels = Vec::with_capacity(positions.len() * PIXELS);
        let mut next = 0;
        for &at in positions {
            while next <= at {
                // The scan saw these: where one is gone, the file has shrunk since.
                if !fill(&mut *content, &mut gray, &images.path, next)? {
                    return Err(truncated(&images.path, next, 0, gray.len()));
                }
                next += 1;
            }
            pixels.extend(images.padded(&gray));
        }
        Ok((pixels, positions.iter().map(|&at| at as u32).collect()))
    }
}
