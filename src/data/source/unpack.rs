//! An official archive's files, taken out of it once so that later runs need not decompress it again.

use std::fs::File;
use std::path::Path;

use super::container::{Container, entries};
use super::layout::layouts;
use crate::data::DataError;
use crate::files::{FileError, create_folder};

/// Writes the binary files of the data set called `name` (`cifar10` or `cifar100`) and its lists of class
/// names from `archive` to `folder`, which is made. Only those are written, whatever else the archive holds,
/// by their known names.
///
/// # Errors
/// An archive that cannot be read or lacks a file; a folder that cannot be written to.
pub fn unpack(archive: &Path, name: &str, folder: &Path) -> Result<(), DataError> {
    let layout = layouts().find(|layout| layout.name == name).ok_or_else(|| DataError::Content {
        path: archive.to_owned(),
        found: format!("the data set \"{name}\" asked for"),
        expected: "cifar10 or cifar100".into(),
    })?;
    create_folder(folder)?;
    let (files, lists) = (layout.binary.files(), layout.binary.lists);
    let mut written: Vec<String> = Vec::new();
    entries(archive, &mut |name, content| {
        if (files.contains(&name) || lists.contains(&name)) && !written.iter().any(|other| other == name) {
            let path = folder.join(name);
            let error = |source| FileError { path: path.clone(), action: "write", source };
            let mut file = File::create(&path).map_err(error)?;
            std::io::copy(content, &mut file).and_then(|_| file.sync_all()).map_err(error)?;
            written.push(name.to_owned());
        }
        Ok(true)
    })?;
    match files.iter().find(|file| !written.iter().any(|written| written == *file)) {
        Some(missing) => Err(DataError::Missing {
            path: Container::Archive(archive.to_owned()).path(missing),
            set: layout.set,
        }),
        None => Ok(()),
    }
}
