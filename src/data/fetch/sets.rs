//! The data sets that are known by name.

/// An official archive.
#[derive(Clone, Debug)]
pub struct Set {
    /// What people call it, and what the library calls its data.
    pub name: &'static str,
    pub title: &'static str,
    /// Images for training, and for the test.
    pub images: [u64; 2],
    /// Where its authors offer it.
    pub url: &'static str,
    /// The archive's name.
    pub archive: &'static str,
    /// Its bytes.
    pub bytes: u64,
    /// As its authors publish it.
    pub md5: &'static str,
    /// As TensorFlow Datasets lists it, who downloaded it too: github.com/tensorflow/datasets,
    /// tensorflow_datasets/url_checksums/. The authors publish none, and MD5 alone guards against accidents
    /// only.
    pub sha256: &'static str,
    /// The folder in it.
    pub folder: &'static str,
}

/// All of them.
pub static SETS: [Set; 2] = [
    Set {
        name: "cifar10",
        title: "CIFAR-10",
        images: [50_000, 10_000],
        url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        archive: "cifar-10-binary.tar.gz",
        bytes: 170_052_171,
        md5: "c32a1d4ab5d03f1284b67883e8d87530",
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        folder: "cifar-10-batches-bin",
    },
    Set {
        name: "cifar100",
        title: "CIFAR-100",
        images: [50_000, 10_000],
        url: "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
        archive: "cifar-100-binary.tar.gz",
        bytes: 168_513_733,
        md5: "03b5dce01913d631647c71ecec9e9cb8",
        sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
        folder: "cifar-100-binary",
    },
];

/// What their authors say of their use.
pub const LICENCE: &str = "\
CIFAR-10 and CIFAR-100 were collected from the web by Alex Krizhevsky, Vinod Nair and Geoffrey Hinton. They are offered
without a stated licence; the rights in single photographs remain with their owners. Their authors ask to be cited:
Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, technical report, University of Toronto, 2009.
https://www.cs.toronto.edu/~kriz/cifar.html";

impl Set {
    /// The one of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SETS.iter().find(|set| set.name == name)
    }
}
