//! Images and batches: every kind of files that people have, the embedded subset, the three disjoint parts, seeded
//! shuffling and augmentation.

mod batches;
mod catalogue;
mod class;
mod config;
#[cfg(not(target_arch = "wasm32"))]
mod embedded;
#[cfg(target_arch = "wasm32")]
pub mod embedded;
mod error;
#[cfg(all(any(feature = "app", feature = "cli"), not(target_arch = "wasm32")))]
pub mod fetch;
mod in_memory;
mod load;
mod names;
mod normalize;
mod select;
mod source;
mod split;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use batches::{Augmentation, Draw};
pub use class::Class;
pub use config::{DataConfig, Labels};
pub use error::DataError;
pub use in_memory::Given;
pub use load::load;
#[cfg(not(target_arch = "wasm32"))]
pub use source::unpack;
pub use source::{Seen, is_picture, look, shrunk};

/// Width and height of one image.
pub const SIDE: usize = 32;

/// Pixels of one colour plane.
pub const PLANE: usize = SIDE * SIDE;

/// Pixels of one image: three planes of 32×32 (red, green, blue), row by row.
pub const PIXELS: usize = 3 * PLANE;

/// Images with labels.
#[derive(Clone, Debug, Default)]
pub struct Images {
    /// [`PIXELS`] bytes an image.
    pub pixels: Vec<u8>,
    /// Labels 0, 1, … in the order of the chosen classes.
    pub labels: Vec<u8>,
    /// Where each image stands in the data set's own files (training files counted through; test file).
    pub indices: Vec<u32>,
}

impl Images {
    /// How many images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}

/// What pixels in 0…1 are shifted and divided by, for each channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Normalization {
    /// Means.
    pub mean: [f32; 3],
    /// Standard deviations.
    pub std: [f32; 3],
}

/// A data set in its three disjoint parts.
#[derive(Clone, Debug)]
pub struct Data {
    /// `cifar10`, `cifar100`, `mnist`, `fashion-mnist`, or else the name of their folder or table.
    pub name: String,
    /// `embedded`; `folder` (CIFAR's binary files), `archive` (packed), `pickle` (the Python version), `idx` (MNIST's
    /// files), `images` (class folders), `table`, or `memory` (given by a program).
    pub source: String,
    /// The chosen classes by their numbers in the files; label i means `classes[i]`.
    pub classes: Vec<u8>,
    /// Their names.
    pub class_names: Vec<String>,
    /// What weights and φ are learned from.
    pub train: Arc<Images>,
    /// What scales and choices are made on.
    pub validation: Arc<Images>,
    /// What is reported on; from the test images.
    pub held_out: Arc<Images>,
    /// From the training part.
    pub normalization: Normalization,
    /// SHA-256, in lower-case hexadecimal, of every record of the source before any choice: the label byte
    /// (CIFAR-100: the coarse one, then the fine one) and the pixels, all training records in the order of
    /// the files, then all test records. For the official files it is the hash of the concatenated files, and the same
    /// however they are packed; of pictures of other sizes it is that of their 32×32 pixels.
    pub sha256: String,
    /// What was decided for the user, in plain sentences.
    pub notices: Vec<String>,
}
