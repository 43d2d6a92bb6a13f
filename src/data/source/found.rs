//! What every kind of files offers once it was found, before an image is read.

use std::path::Path;

use crate::data::catalogue::Catalogue;
use crate::data::{DataError, Labels};

/// Images of one kind.
pub(super) trait Found {
    /// What they are, for messages: `CIFAR-10`.
    fn set(&self) -> String;

    /// The names of their classes.
    fn class_names(&self, labels: Labels) -> Result<Vec<String>, DataError>;

    /// Reads every label and hashes every image; keeps no pixels.
    fn catalogue(&self, labels: Labels) -> Result<Catalogue, DataError>;
}

/// Looks for images of one kind at a place, a file or a folder: all that there are.
pub(super) type Find = fn(&Path) -> Result<Vec<Box<dyn Found>>, DataError>;
