//! CIFAR's official archives, or ones with the same files, as they are: `.tar.gz`, or `.tar`.

use std::path::{Path, PathBuf};

use super::binary::Binary;
use super::container::{Container, entries};
use super::found::Found;
use super::layout::{Layout, layouts};
use super::pickled::Pickled;
use crate::data::DataError;
use crate::files;

/// Ends of the names of archives.
const ENDS: [&str; 3] = [".tar.gz", ".tgz", ".tar"];

/// The archive at `place`, or those of CIFAR in that folder.
pub(super) fn find(place: &Path) -> Result<Vec<Box<dyn Found>>, DataError> {
    let archives: Vec<PathBuf> = match files::is_folder(place) {
        false => Vec::from_iter(is_archive(place).then(|| place.to_owned())),
        true => {
            let names = files::files_in(place).unwrap_or_default();
            let of_cifar = names.iter().filter(|name| name.starts_with("cifar"));
            of_cifar.map(|name| place.join(name)).filter(|path| is_archive(path)).collect()
        }
    };
    archives.into_iter().map(|path| inside(&path)).collect()
}

/// Whether a file is called as archives are.
pub(super) fn is_archive(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    ENDS.iter().any(|end| name.ends_with(end))
}

/// What an archive holds, by the first of its files that tells.
fn inside(path: &Path) -> Result<Box<dyn Found>, DataError> {
    type Names = fn(&Layout) -> Vec<&'static str>;
    type Make = fn(Container, &'static Layout) -> Box<dyn Found>;
    let versions: [(Names, Make); 2] = [
        (|layout| layout.binary.files(), |files, layout| Box::new(Binary { files, layout })),
        (|layout| layout.pickled.files(), |files, layout| Box::new(Pickled { files, layout })),
    ];
    let mut found = None;
    let mut others = Vec::new();
    entries(path, &mut |name, _| {
        for (files, make) in &versions {
            if let Some(layout) = layouts().find(|layout| files(layout).contains(&name)) {
                found = Some(make(Container::Archive(path.to_owned()), layout));
            }
        }
        if others.len() < 3 {
            others.push(name.to_owned());
        }
        Ok(found.is_none())
    })?;
    found.ok_or_else(|| DataError::Content {
        path: path.to_owned(),
        found: match others.len() {
            0 => "no files".into(),
            _ => format!("other files, such as {}", others.join(", ")),
        },
        expected: "CIFAR-10 or CIFAR-100; images of your own are read unpacked, from their folder".into(),
    })
}
