//! Images as people have them: what lies at a place is recognised by names alone, one file for each kind.
//!
//! Files of images are read twice: once for labels and hash, once for the chosen pixels, so that no more than the
//! chosen images is ever in memory. Pictures, which take longer to decode, are read once.

mod archive;
mod binary;
mod class_folders;
mod container;
mod csv;
mod found;
mod gallery;
mod idx;
mod layout;
mod lies;
mod pickled;
mod picture;
mod table;
mod tar;
#[cfg(not(target_arch = "wasm32"))]
mod unpack;
mod unpickle;

use std::path::{Path, PathBuf};

use self::found::{Find, Found};
use super::catalogue::Catalogue;
use super::{DataError, Labels};
use crate::files::{self, Kind};

pub use picture::{is_picture, shrunk};
#[cfg(not(target_arch = "wasm32"))]
pub use unpack::unpack;

/// The kinds, by rank: where several ranks have something, the first counts; within a rank two data sets are
/// ambiguous.
const KINDS: [&[Find]; 4] =
    [&[binary::find, pickled::find, idx::find], &[archive::find], &[class_folders::find], &[table::find]];

/// Finds out what `place` holds and reads all its labels.
pub(super) fn catalogue(place: &Path, labels: Labels) -> Result<Catalogue, DataError> {
    recognise(place)?.catalogue(labels)
}

/// The names of the classes of what `place` holds.
pub(super) fn class_names(place: &Path, labels: Labels) -> Result<Vec<String>, DataError> {
    recognise(place)?.class_names(labels)
}

/// Images that were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where they are, for [`super::DataConfig::dir`].
    pub place: PathBuf,
    /// What they are: `CIFAR-10`, `class folders`.
    pub set: String,
    /// The names of their classes.
    pub class_names: Vec<String>,
}

/// What images lie at a path, without reading them. A file that is one of several of a data set, such as MNIST's, stands
/// for the folder with all of them.
///
/// # Errors
/// Where there are none, with what is there instead; and lists of names that cannot be read.
pub fn look(path: &Path) -> Result<Seen, DataError> {
    let folder = path.parent().filter(|_| !files::is_folder(path) && lies::is_one_of_several(path));
    let place = folder.unwrap_or(path);
    let found = recognise(place)?;
    let class_names = found.class_names(Labels::Fine)?;
    Ok(Seen { place: place.to_owned(), set: found.set(), class_names })
}

fn recognise(place: &Path) -> Result<Box<dyn Found>, DataError> {
    let kind = files::kind(place)?;
    for rank in KINDS {
        let mut found = Vec::new();
        for find in rank {
            found.extend(find(place)?);
        }
        let mut sets: Vec<String> = found.iter().map(|found| found.set()).collect();
        sets.dedup();
        if sets.len() > 1 {
            return Err(DataError::Ambiguous { dir: place.to_owned(), sets: sets.join(" and ") });
        }
        if let Some(first) = found.into_iter().next() {
            return Ok(first);
        }
    }
    match kind {
        Kind::Folder => Err(DataError::Unrecognised { dir: place.to_owned(), found: lies::inside(place) }),
        _ => Err(DataError::NotAFolder { dir: place.to_owned(), found: lies::beside(place) }),
    }
}

#[cfg(test)]
mod tests;
