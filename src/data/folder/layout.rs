//! The two layouts: which files, with which labels in their records.

use std::path::Path;

use crate::data::{DataError, Labels, PIXELS, names};

/// What tells the two layouts apart.
pub(super) struct Layout {
    pub name: &'static str,
    pub set: &'static str,
    /// The name of its folder in the official archive.
    pub folder: &'static str,
    pub training: &'static [&'static str],
    pub test: &'static str,
    /// For each label byte of a record, in order: how many classes it distinguishes.
    pub labels: &'static [usize],
}

pub(super) const CIFAR10: Layout = Layout {
    name: "cifar10",
    set: "CIFAR-10",
    folder: "cifar-10-batches-bin",
    training: &[
        "data_batch_1.bin",
        "data_batch_2.bin",
        "data_batch_3.bin",
        "data_batch_4.bin",
        "data_batch_5.bin",
    ],
    test: "test_batch.bin",
    labels: &[10],
};

pub(super) const CIFAR100: Layout = Layout {
    name: "cifar100",
    set: "CIFAR-100",
    folder: "cifar-100-binary",
    training: &["train.bin"],
    test: "test.bin",
    labels: &[20, 100],
};

impl Layout {
    pub fn record(&self) -> usize {
        self.labels.len() + PIXELS
    }

    /// How its classes are named.
    pub fn naming(&self, labels: Labels) -> Result<Naming, DataError> {
        let (byte, list, known): (_, _, &[&str]) = match (self.labels.len(), labels) {
            (1, Labels::Fine) => (0, "batches.meta.txt", &names::CIFAR10),
            (1, Labels::Coarse) => return Err(DataError::NoCoarseLabels),
            (_, Labels::Coarse) => (0, "coarse_label_names.txt", &names::COARSE),
            (_, Labels::Fine) => (1, "fine_label_names.txt", &names::FINE),
        };
        Ok(Naming { byte, list, known })
    }

    /// The names of its files.
    pub fn files(&self) -> impl Iterator<Item = &'static str> {
        self.training.iter().copied().chain([self.test])
    }

    /// Whether `dir` has one of its files.
    pub fn is_in(&self, dir: &Path) -> bool {
        self.files().any(|file| dir.join(file).exists())
    }
}

/// One of the labels of a record.
pub(super) struct Naming {
    /// Its place among the record's label bytes.
    pub byte: usize,
    /// The file that lists the names of its classes.
    pub list: &'static str,
    /// The names, where there is no such file.
    pub known: &'static [&'static str],
}
