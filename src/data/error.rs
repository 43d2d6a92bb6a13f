//! What can be wrong with data. Each message says what was found and what was expected.

use std::path::PathBuf;

use crate::files::FileError;

/// Data that could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A file or folder that the system would not read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The given path is a file of no known kind.
    #[error("{}: found {found}", dir.display())]
    NotAFolder {
        dir: PathBuf,
        /// What it is, and what to give instead.
        found: String,
    },
    /// The folder holds nothing known.
    #[error(
        "{}: found {found}. Expected CIFAR-10 or CIFAR-100 (data_batch_1.bin or train.bin and the others, the Python \
         version, or the archive), MNIST's four files, a folder of pictures for each class, or a table of them",
        dir.display()
    )]
    Unrecognised {
        dir: PathBuf,
        /// What is there instead, and what to do about it.
        found: String,
    },
    /// The folder holds several data sets.
    #[error("{}: found {sets}; expected one: name a folder that holds only one", dir.display())]
    Ambiguous {
        dir: PathBuf,
        /// Which.
        sets: String,
    },
    /// One of the files is not there.
    #[error("{}: not found; {set} needs it", path.display())]
    Missing {
        path: PathBuf,
        /// The data set's name.
        set: &'static str,
    },
    /// A file whose content is something else, or broken.
    #[error("{}: found {found}, expected {expected}", path.display())]
    Content { path: PathBuf, found: String, expected: String },
    /// A folder or a device where a file should be.
    #[error("{}: found a folder or a device; expected a file", path.display())]
    NotAFile { path: PathBuf },
    /// A file without records.
    #[error("{}: offset 0: found an empty file; expected at least one record of {expected} bytes", path.display())]
    EmptyFile {
        path: PathBuf,
        /// Bytes of a record.
        expected: usize,
    },
    /// A file that ends inside a record: cut off, or of another layout.
    #[error(
        "{}: record {record} at offset {offset}: found {found} bytes, expected {expected}: \
         the file is cut off or of another layout",
        path.display()
    )]
    Truncated {
        path: PathBuf,
        /// The record's number in the file, from 0.
        record: usize,
        /// Where the record begins, in bytes.
        offset: u64,
        /// Its bytes.
        found: usize,
        /// Bytes of a whole record.
        expected: usize,
    },
    /// A label that the data set does not have.
    #[error(
        "{}: record {record}, label at offset {offset}: found {found}, expected 0 to {}",
        path.display(),
        classes - 1
    )]
    Label {
        path: PathBuf,
        /// The record's number in the file, from 0.
        record: usize,
        /// Where the label stands, in bytes.
        offset: u64,
        found: u8,
        /// How many classes there are.
        classes: usize,
    },
    /// A list of class names of the wrong length.
    #[error("{}: found {found} class names, expected {expected}", path.display())]
    Names {
        path: PathBuf,
        /// Names in it.
        found: usize,
        /// Classes of the data set.
        expected: usize,
    },
    /// A list of class names that is no text.
    #[error("{}: offset {offset}: found a byte that is not UTF-8, expected class names, one a line", path.display())]
    NamesEncoding {
        path: PathBuf,
        /// Where the text ends, in bytes.
        offset: usize,
    },
    /// The embedded images cannot be decoded: the build is broken.
    #[error("embedded {file}: {problem}")]
    Embedded {
        /// Which asset.
        file: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// Coarse labels of a data set without them.
    #[error("labels: found coarse, expected fine: only CIFAR-100 has two labels an image")]
    NoCoarseLabels,
    /// Classes that the data set does not have, or that do not make a choice.
    #[error("classes: found {found}, expected {expected}")]
    Classes {
        /// What was asked for.
        found: String,
        /// What is allowed.
        expected: String,
    },
    /// A class without images.
    #[error(
        "{place}: class {class} ({name}): found 0 {part} images, expected at least one; \
         choose only classes that the files hold"
    )]
    EmptyClass {
        /// The folder, or `embedded`.
        place: String,
        /// The class's number in the files.
        class: u8,
        name: String,
        /// `training` or `test`.
        part: &'static str,
    },
    /// Images of a program that do not fit together.
    #[error("{part}, {what}: found {found}, expected {expected}")]
    Given {
        /// `train`, `validation` or `held-out`.
        part: &'static str,
        /// `pixels` or `labels`.
        what: &'static str,
        found: String,
        expected: String,
    },
    /// A part of no images.
    #[error("{part}: found 0 images, expected at least one")]
    EmptyPart {
        /// `train`, `validation` or `held-out`.
        part: &'static str,
    },
    /// More images than there are.
    #[error("{part}: {asked} images asked for, {available} available in the chosen classes")]
    TooMany {
        /// Which sizes, as options name them.
        part: &'static str,
        /// How many were asked for.
        asked: usize,
        /// How many there are.
        available: usize,
    },
}
