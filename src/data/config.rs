//! The settings of a run that concern its data.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::DataError;
use super::class::{Class, read_list};

/// Which of CIFAR-100's two labels to learn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Labels {
    /// 100 classes; CIFAR-10 has only these (ten).
    #[default]
    Fine,
    /// 20 superclasses.
    Coarse,
}

impl Labels {
    /// Of images with one label each: that the coarse ones are not asked for.
    pub(super) fn only_fine(self) -> Result<(), DataError> {
        match self {
            Labels::Fine => Ok(()),
            Labels::Coarse => Err(DataError::NoCoarseLabels),
        }
    }
}

/// Which images, of which classes, and how many.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct DataConfig {
    /// Where the images are: a folder with the files of CIFAR-10 or CIFAR-100 (binary or Python version) or
    /// of MNIST, or the folder around it; their archive; a folder of class folders with pictures; a table of
    /// paths and labels. Without it, the embedded subset of CIFAR-10.
    pub dir: Option<PathBuf>,
    /// Which labels (CIFAR-100 only).
    pub labels: Labels,
    /// Classes to keep, by their names or their numbers in the files; the i-th becomes label i. All without
    /// it.
    #[serde(deserialize_with = "read_list")]
    pub classes: Option<Vec<Class>>,
    /// Images to train on. Without it, all that validation leaves.
    pub train: Option<usize>,
    /// Images to choose scales on, from the training images. Without it, a quarter of `train`; without
    /// either, a fifth of the training images.
    pub validation: Option<usize>,
    /// Images to report on, from the test images; where there are none, from all, by the seed. Without it,
    /// 1,000 or all there are, if fewer.
    pub held_out: Option<usize>,
}
