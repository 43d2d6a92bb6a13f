//! What lies in a folder without CIFAR's binary files, and what to do about it: one sentence for each thing that people
//! give instead.

use std::path::{Path, PathBuf};

use super::layout::{CIFAR10, CIFAR100, Layout};
use crate::files;

/// Folders within a folder that are looked into, at most.
const MOST: usize = 1_000;
/// Names of strange files that a sentence lists.
const LISTED: usize = 3;
/// Where the official files are.
const SOURCE: &str = "https://www.cs.toronto.edu/~kriz/cifar.html";

/// What was found at `place`, which is no folder.
pub(super) fn beside(place: &Path) -> String {
    let name = name(place);
    if is_archive(&name) {
        return format!("the archive {name}; unpack it (tar -xf {name}) and give the folder that comes out");
    }
    if layouts().flat_map(Layout::files).any(|known| known == name) {
        let folder = place.parent().unwrap_or(place).display();
        return format!("one of CIFAR's files; give the folder that holds them all: {folder}");
    }
    "a file; expected a folder with CIFAR's binary files".into()
}

/// What was found in `dir`, in which no layout was recognised.
pub(super) fn inside(dir: &Path) -> String {
    let names = names(dir);
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let spelt = |wanted: &str| names.iter().find(|name| name.eq_ignore_ascii_case(wanted));
    if names.is_empty() {
        return "an empty folder".into();
    }
    if let Some(archive) = names.iter().find(|name| name.starts_with("cifar") && is_archive(name)) {
        return match archive.contains("binary") {
            true => format!("the archive {archive}, still packed; unpack it there: tar -xf {archive}"),
            false => {
                format!("the archive {archive}, which is not the binary version; get that: {SOURCE}")
            }
        };
    }
    let python = |set: &str| {
        format!("the Python version of {set}; get the binary version, or write its images as such: {SOURCE}")
    };
    if has("cifar-10-batches-py") || (has("batches.meta") && has("data_batch_1")) {
        return python(CIFAR10.set);
    }
    if has("cifar-100-python") || (has("meta") && has("train") && has("test")) {
        return python(CIFAR100.set);
    }
    for known in layouts().flat_map(Layout::files) {
        if has(&format!("{known}.gz")) {
            return format!("{known}.gz, still compressed; decompress all of them: gunzip *.gz");
        }
        if let Some(other) = spelt(known).filter(|name| *name != known) {
            return format!("{other}, whose name must be in lower case; rename it and the others: {known}");
        }
    }
    let elsewhere = dir.parent().into_iter().map(Path::to_owned).chain(below(dir));
    for place in elsewhere {
        if let Some(layout) = layouts().find(|layout| layout.is_in(&place)) {
            return format!(
                "nothing of CIFAR there, but {} in {}; give that folder",
                layout.set,
                place.display()
            );
        }
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
        folders.sort();
        folders
    };
    folders(dir).into_iter().flat_map(|folder| [vec![folder.clone()], folders(&folder)].concat()).collect()
}

fn layouts() -> impl Iterator<Item = &'static Layout> {
    [&CIFAR10, &CIFAR100].into_iter()
}

/// The names in a folder in order, without hidden ones; none if it cannot be read.
fn names(folder: &Path) -> Vec<String> {
    let mut names = files::files_in(folder).unwrap_or_default();
    names.extend(files::folders_in(folder).iter().map(|path| name(path)));
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn is_archive(name: &str) -> bool {
    let name = name.to_lowercase();
    [".tar.gz", ".tgz", ".tar", ".zip"].iter().any(|end| name.ends_with(end))
}
