//! CIFAR's two data sets in their two official forms: which files, with which labels.

use std::path::{Path, PathBuf};

use crate::data::{DataError, Labels, PIXELS, names};
use crate::files::{self, Kind};

/// What tells the two data sets apart.
pub(super) struct Layout {
    pub name: &'static str,
    pub set: &'static str,
    /// For each label of an image, in the order of the binary records: how many classes it distinguishes.
    pub labels: &'static [usize],
    /// The binary version.
    pub binary: Form,
    /// The Python version.
    pub pickled: Form,
    /// The keys of the labels in the Python version, in the order of `labels`.
    pub keys: &'static [&'static str],
}

/// The files of one version.
pub(super) struct Form {
    /// The name of its folder in the official archive.
    pub folder: &'static str,
    pub training: &'static [&'static str],
    pub test: &'static str,
    /// The files that list the names of classes.
    pub lists: &'static [&'static str],
    /// How many of its files tell that a folder holds it.
    telling: usize,
}

pub(super) const CIFAR10: Layout = Layout {
    name: "cifar10",
    set: "CIFAR-10",
    labels: &[10],
    binary: Form {
        folder: "cifar-10-batches-bin",
        training: &[
            "data_batch_1.bin",
            "data_batch_2.bin",
            "data_batch_3.bin",
            "data_batch_4.bin",
            "data_batch_5.bin",
        ],
        test: "test_batch.bin",
        lists: &["batches.meta.txt"],
        telling: 1,
    },
    pickled: Form {
        folder: "cifar-10-batches-py",
        training: &["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"],
        test: "test_batch",
        lists: &["batches.meta"],
        telling: 1,
    },
    keys: &["labels"],
};

pub(super) const CIFAR100: Layout = Layout {
    name: "cifar100",
    set: "CIFAR-100",
    labels: &[20, 100],
    binary: Form {
        folder: "cifar-100-binary",
        training: &["train.bin"],
        test: "test.bin",
        lists: &["coarse_label_names.txt", "fine_label_names.txt"],
        telling: 1,
    },
    pickled: Form {
        folder: "cifar-100-python",
        training: &["train"],
        test: "test",
        lists: &["meta"],
        // Other things are called `train` too.
        telling: 2,
    },
    keys: &["coarse_labels", "fine_labels"],
};

/// Both.
pub(super) fn layouts() -> impl Iterator<Item = &'static Layout> {
    [&CIFAR10, &CIFAR100].into_iter()
}

/// The folders with files of a version: `dir` itself, else its usual subfolders.
pub(super) fn places(dir: &Path, form: fn(&Layout) -> &Form) -> Vec<(PathBuf, &'static Layout)> {
    let direct = layouts().map(|layout| (dir.to_owned(), layout));
    let nested = layouts().map(|layout| (dir.join(form(layout).folder), layout));
    let is_in = |(dir, layout): &(PathBuf, &'static Layout)| form(layout).is_in(dir);
    let found: Vec<_> = direct.filter(is_in).collect();
    if found.is_empty() { nested.filter(is_in).collect() } else { found }
}

impl Layout {
    /// Bytes of an image with its labels in the binary version.
    pub fn record(&self) -> usize {
        self.labels.len() + PIXELS
    }

    /// How its classes are named.
    pub fn naming(&self, labels: Labels) -> Result<Naming, DataError> {
        let (byte, known): (_, &[&str]) = match (self.labels.len(), labels) {
            (1, Labels::Fine) => (0, &names::CIFAR10),
            (1, Labels::Coarse) => return Err(DataError::NoCoarseLabels),
            (_, Labels::Coarse) => (0, &names::COARSE),
            (_, Labels::Fine) => (1, &names::FINE),
        };
        Ok(Naming { byte, known })
    }
}

impl Form {
    /// The names of its files, training files first.
    pub fn files(&self) -> Vec<&'static str> {
        self.training.iter().copied().chain([self.test]).collect()
    }

    /// Whether `dir` has enough of its files to tell.
    pub fn is_in(&self, dir: &Path) -> bool {
        // A folder called `train` is something else.
        let there = |file: &&str| match self.telling {
            1 => files::exists(&dir.join(file)),
            _ => matches!(files::kind(&dir.join(file)), Ok(Kind::File(_))),
        };
        // A list alone holds no images.
        let lists: &[&str] = if self.telling > 1 { self.lists } else { &[] };
        self.files().iter().chain(lists).filter(|file| there(file)).count() >= self.telling
    }
}

/// One of the labels of an image.
pub(super) struct Naming {
    /// Its place among the labels.
    pub byte: usize,
    /// The names of its classes, where the files do not list them.
    pub known: &'static [&'static str],
}
