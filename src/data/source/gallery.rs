//! Pictures of any size, listed with their labels. Each is decoded once to know that it can be, and for the
//! hash; the chosen ones again.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::picture;
use crate::data::catalogue::{Catalogue, Group, Store, hexadecimal};
use crate::data::{DataError, PIXELS};

/// Pictures that are in memory at a time.
const CHUNK: usize = 256;
/// Pictures that may be unreadable.
const MOST_BROKEN: usize = 100;
/// Unreadable pictures that are named.
const NAMED: usize = 5;
/// Classes that there may be: labels are bytes.
const MOST_CLASSES: usize = 255;

/// A picture's file and its class.
pub(super) type Listed = (PathBuf, u8);

/// What is said of the pictures.
pub(super) struct About {
    pub source: &'static str,
    /// The folder or the table.
    pub place: PathBuf,
    pub class_names: Vec<String>,
    pub notices: Vec<String>,
}

/// A picture that can be read, and where it stands in its list.
type Kept = (PathBuf, u32);

struct Gallery {
    train: Vec<Kept>,
    test: Vec<Kept>,
}

/// The catalogue of the pictures of both groups; without `test` they have no split of their own.
pub(super) fn catalogue(
    about: About,
    train: Vec<Listed>,
    test: Option<Vec<Listed>>,
) -> Result<Catalogue, DataError> {
    let About { source, place, class_names, mut notices } = about;
    let mut hash = Sha256::new();
    let mut broken = Vec::new();
    let has_split = test.is_some();
    let (train, train_labels) = readable(train, &place, &mut hash, &mut broken)?;
    let (test, test_labels) = readable(test.unwrap_or_default(), &place, &mut hash, &mut broken)?;
    if !broken.is_empty() {
        let pictures = if broken.len() == 1 { "picture" } else { "pictures" };
        let named = broken[..broken.len().min(NAMED)].join("; ");
        let more = if broken.len() > NAMED { "; …" } else { "" };
        if train.is_empty() {
            return Err(DataError::Content {
                found: format!("{} {pictures}, none of which can be read: {named}{more}", broken.len()),
                path: place,
                expected: "PNG or JPEG files".into(),
            });
        }
        notices.push(format!("{} {pictures} left out, which cannot be read: {named}{more}", broken.len()));
    }
    Ok(Catalogue {
        name: place.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        source,
        place: place.display().to_string(),
        class_names,
        train: train_labels,
        test: test_labels,
        has_split,
        sha256: hexadecimal(hash),
        notices,
        store: Box::new(Gallery { train, test }),
    })
}

/// Those that can be read, with their places in the list, and their labels; hashes them and names the others.
fn readable(
    listed: Vec<Listed>,
    place: &Path,
    hash: &mut Sha256,
    broken: &mut Vec<String>,
) -> Result<(Vec<Kept>, Vec<u8>), DataError> {
    let (mut kept, mut labels) = (Vec::new(), Vec::new());
    for (chunk, first) in listed.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
        let decoded: Vec<_> = chunk.par_iter().map(|(path, _)| picture::read(path)).collect();
        for (at, ((path, label), decoded)) in chunk.iter().zip(decoded).enumerate() {
            match decoded {
                Ok(pixels) => {
                    hash.update([*label]);
                    hash.update(&pixels);
                    kept.push((path.clone(), (first + at) as u32));
                    labels.push(*label);
                }
                Err(problem) => broken.push(named(path, place, &problem)),
            }
        }
        if broken.len() > MOST_BROKEN {
            return Err(DataError::Content {
                path: place.to_owned(),
                found: format!(
                    "more than {MOST_BROKEN} pictures that cannot be read, such as {}",
                    broken[..NAMED].join("; ")
                ),
                expected: "PNG or JPEG files".into(),
            });
        }
    }
    Ok((kept, labels))
}

/// A picture by its name within the data, and what is wrong with it.
fn named(path: &Path, place: &Path, problem: &str) -> String {
    let folder = if place.is_dir() { place } else { place.parent().unwrap_or(place) };
    format!("{} ({problem})", path.strip_prefix(folder).unwrap_or(path).display())
}

impl Store for Gallery {
    fn images(&self, group: Group, positions: &[usize]) -> Result<(Vec<u8>, Vec<u32>), DataError> {
        let pictures = if group == Group::Training { &self.train } else { &self.test };
        let mut pixels = vec![0; positions.len() * PIXELS];
        pixels.par_chunks_exact_mut(PIXELS).zip(positions).try_for_each(|(pixels, &at)| {
            let path = &pictures[at].0;
            // It could be read a moment ago.
            let read = picture::read(path).map_err(|found| DataError::Content {
                path: path.clone(),
                found,
                expected: "the picture that was there".into(),
            })?;
            pixels.copy_from_slice(&read);
            Ok::<_, DataError>(())
        })?;
        Ok((pixels, positions.iter().map(|&at| pictures[at].1).collect()))
    }
}

/// The names of classes in order, each once: numbers by size, other names by letters.
pub(super) fn ordered(mut names: Vec<String>, place: &Path) -> Result<Vec<String>, DataError> {
    match names.iter().map(|name| name.parse::<u64>().ok()).collect::<Option<Vec<u64>>>() {
        // Equal numbers may be written in two ways.
        Some(_) => names.sort_by_key(|name| (name.parse::<u64>().ok(), name.clone())),
        None => names.sort(),
    }
    names.dedup();
    let wrong = |expected: &str| DataError::Content {
        path: place.to_owned(),
        found: format!("{} classes", names.len()),
        expected: expected.into(),
    };
    match names.len() {
        0 | 1 => Err(wrong("at least two")),
        2..=MOST_CLASSES => Ok(names),
        _ => Err(wrong("at most 255")),
    }
}
