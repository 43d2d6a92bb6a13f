//! Pictures of any size, listed with their labels. Each is decoded once, on all cores, to know that it can be and for
//! the hash; of each only its 32×32 pixels are kept.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::picture;
use crate::data::catalogue::{Catalogue, Group, Store, hexadecimal};
use crate::data::{DataError, PIXELS};
use crate::files;

/// Pictures that are in memory at a time.
const CHUNK: usize = 256;
/// Pictures whose pixels are kept in memory, at most: 1.5 GB. More are decoded again where they are chosen.
const MOST_KEPT: usize = 500_000;
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

/// A picture that can be read.
struct Kept {
    path: PathBuf,
    /// Where it stands in its list.
    place: u32,
    /// As [`picture::read`] gave them, unless there are too many pictures.
    pixels: Option<Vec<u8>>,
}

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
    let (train, train_labels) = readable(train, &place, MOST_KEPT, &mut hash, &mut broken)?;
    let left = MOST_KEPT.saturating_sub(train.len());
    let (test, test_labels) = readable(test.unwrap_or_default(), &place, left, &mut hash, &mut broken)?;
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
    most_kept: usize,
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
                    let pixels = (kept.len() < most_kept).then_some(pixels);
                    kept.push(Kept { path: path.clone(), place: (first + at) as u32, pixels });
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
    let folder = if files::is_folder(place) { place } else { place.parent().unwrap_or(place) };
    format!("{} ({problem})", path.strip_prefix(folder).unwrap_or(path).display())
}

impl Kept {
    fn pixels(&self) -> Result<Cow<'_, [u8]>, DataError> {
        match &self.pixels {
            Some(pixels) => Ok(Cow::Borrowed(pixels)),
            // It could be read a moment ago.
            None => picture::read(&self.path).map(Cow::Owned).map_err(|found| DataError::Content {
                path: self.path.clone(),
                found,
                expected: "the picture that was there".into(),
            }),
        }
    }
}

impl Store for Gallery {
    fn images(&self, group: Group, positions: &[usize]) -> Result<(Vec<u8>, Vec<u32>), DataError> {
        let pictures = if group == Group::Training { &self.train } else { &self.test };
        let mut pixels = vec![0; positions.len() * PIXELS];
        pixels.par_chunks_exact_mut(PIXELS).zip(positions).try_for_each(|(pixels, &at)| {
            pixels.copy_from_slice(&pictures[at].pixels()?);
            Ok::<_, DataError>(())
        })?;
        Ok((pixels, positions.iter().map(|&at| pictures[at].place).collect()))
    }
}

/// The names of classes in order, each once: numbers by size, other names by letters.
pub(super) fn ordered(mut names: Vec<String>, place: &Path) -> Result<Vec<String>, DataError> {
    match names.iter().map(|name| name.parse::<u64>().ok()).collect::<Option<Vec<u64>>>() {
        // Equal numbers may be written in two ways.
        Some(_) => names.sort_by_key(|name| (name.parse::<u64>().ok(), name.clone())),
        None => names.sort_unstable(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_beyond_those_kept_are_decoded_again_to_the_same_pixels() {
        let folder = tempfile::tempdir().unwrap();
        let listed: Vec<Listed> = (0..5u8)
            .map(|number| {
                let path = folder.path().join(format!("{number}.png"));
                image::RgbImage::from_pixel(40, 50, image::Rgb([10 * number; 3])).save(&path).unwrap();
                (path, number)
            })
            .collect();
        let images = |most_kept| {
            let read =
                readable(listed.clone(), folder.path(), most_kept, &mut Sha256::new(), &mut Vec::new());
            let train = read.unwrap().0;
            assert_eq!(train.iter().filter(|kept| kept.pixels.is_some()).count(), most_kept.min(5));
            Gallery { train, test: Vec::new() }.images(Group::Training, &[1, 3, 4]).unwrap()
        };
        let all = images(9);
        assert_eq!(all.1, [1, 3, 4]);
        assert!(all.0[PIXELS..2 * PIXELS].iter().all(|&pixel| pixel == 30));
        assert_eq!(images(2), all);
    }
}
