//! What lies at a place where no images were recognised, and what to do about it: one sentence for each thing
//! that people give instead.

use std::path::{Path, PathBuf};

use super::idx::spellings;
use super::layout::{Layout, layouts};
use super::picture::is_picture;
use crate::files;

/// Folders within a folder that are looked into, at most.
const MOST: usize = 1_000;
/// Names of strange files that a sentence lists.
const LISTED: usize = 3;

/// What was found at `place`, which is no folder.
pub(super) fn beside(place: &Path) -> String {
    let name = name(place);
    let folder = place.parent().unwrap_or(place).display();
    if name.to_lowercase().ends_with(".zip") {
        return format!("the archive {name}; unpack it (unzip {name}) and give the folder that comes out");
    }
    if let Some(layout) = of_cifar(&name) {
        return format!("one of {}'s files; give the folder that holds them all: {folder}", layout.set);
    }
    if of_mnist(&name) {
        return format!("one of MNIST's files; give the folder that holds all four: {folder}");
    }
    if is_picture(place) {
        return format!("a single picture; give a folder of class folders with pictures in them, not {name}");
    }
    "a file; expected a folder of images, an archive of CIFAR (.tar.gz) or a table (.csv)".into()
}

/// Whether a file is called as one of several that make a data set.
pub(super) fn is_one_of_several(file: &Path) -> bool {
    let name = name(file);
    of_cifar(&name).is_some() || of_mnist(&name)
}

/// The version of CIFAR that has a file of that name.
fn of_cifar(name: &str) -> Option<&'static Layout> {
    layouts().find(|layout| [&layout.binary, &layout.pickled].iter().any(|form| form.files().contains(&name)))
}

fn of_mnist(name: &str) -> bool {
    spellings().any(|spelling| spelling == name)
}

/// What was found in `dir`, in which nothing was recognised.
pub(super) fn inside(dir: &Path) -> String {
    let names = names(dir);
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let spelt = |wanted: &str| names.iter().find(|name| name.eq_ignore_ascii_case(wanted));
    if names.is_empty() {
        return "an empty folder".into();
    }
    if let Some(archive) = names.iter().find(|name| name.to_lowercase().ends_with(".zip")) {
        return format!("the archive {archive}, still packed; unpack it there: unzip {archive}");
    }
    for known in layouts().flat_map(|layout| layout.binary.files()) {
        if has(&format!("{known}.gz")) {
            return format!("{known}.gz, still compressed; decompress all of them: gunzip *.gz");
        }
        if let Some(other) = spelt(known).filter(|name| *name != known) {
            return format!("{other}, whose name must be in lower case; rename it and the others: {known}");
        }
    }
    let elsewhere = dir.parent().into_iter().map(Path::to_owned).chain(below(dir));
    for place in elsewhere {
        if let Some(layout) =
            layouts().find(|layout| layout.binary.is_in(&place) || layout.pickled.is_in(&place))
        {
            return format!(
                "nothing of CIFAR there, but {} in {}; give that folder",
                layout.set,
                place.display()
            );
        }
    }
    let pictures = names.iter().filter(|name| is_picture(&dir.join(name))).count();
    if pictures > 0 {
        return format!(
            "{pictures} pictures without classes; put those of each class into a folder named after it, or list \
             them in a table"
        );
    }
    let with_pictures = |folder: &&PathBuf| {
        files::files_in(folder).is_ok_and(|names| names.iter().any(|name| is_picture(&folder.join(name))))
    };
    if let Some(folder) = below(dir).iter().find(with_pictures) {
        return format!(
            "only one folder with pictures, or pictures that lie deeper, as in {}; give the folder whose folders are \
             the classes, two at least",
            folder.display()
        );
    }
    let listed = names[..names.len().min(LISTED)].join(", ");
    match names.len() {
        0..=LISTED => format!("only {listed}"),
        more => format!("{more} files and folders of other names, such as {listed}"),
    }
}

/// The folders in `dir`, in order, and those in them.
fn below(dir: &Path) -> Vec<PathBuf> {
    let folders = |dir: &Path| {
        let mut folders = files::folders_in(dir);
        folders.truncate(MOST);
        folders.sort_unstable();
        folders
    };
    folders(dir).into_iter().flat_map(|folder| [vec![folder.clone()], folders(&folder)].concat()).collect()
}

/// The names in a folder in order, without hidden ones; none if it cannot be read.
fn names(folder: &Path) -> Vec<String> {
    let mut names = files::files_in(folder).unwrap_or_default();
    names.extend(files::folders_in(folder).iter().map(|path| name(path)));
    names.retain(|name| !name.starts_with('.'));
    names.sort_unstable();
    names
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
