//! Images as people have them: what lies at a place is recognised by names alone, one file for each kind.
//!
//! Files are read twice: once for labels and hash, once for the chosen pixels, so that no more than the
//! chosen images is ever in memory.

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
mod unpack;
mod unpickle;

use std::path::Path;

use self::found::{Find, Found};
use super::catalogue::Catalogue;
use super::{DataError, Labels};
use crate::files::FileError;

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

fn recognise(place: &Path) -> Result<Box<dyn Found>, DataError> {
    let kind = std::fs::metadata(place).map_err(|source| FileError {
        path: place.to_owned(),
        action: "open",
        source,
    })?;
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
    match kind.is_dir() {
        true => Err(DataError::Unrecognised { dir: place.to_owned(), found: lies::inside(place) }),
        false => Err(DataError::NotAFolder { dir: place.to_owned(), found: lies::beside(place) }),
    }
}

#[cfg(test)]
mod tests;
