//! Files of images where there are none: in a page.

use std::path::Path;

use super::catalogue::Catalogue;
use super::{DataError, Labels};

/// Says so.
pub(super) fn catalogue(dir: &Path, _labels: Labels) -> Result<Catalogue, DataError> {
    Err(DataError::NoFolders { dir: dir.to_owned() })
}

/// Says so.
pub(super) fn class_names(dir: &Path, _labels: Labels) -> Result<Vec<String>, DataError> {
    Err(DataError::NoFolders { dir: dir.to_owned() })
}
