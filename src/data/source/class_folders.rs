//! A folder of class folders with pictures in them. Where there is a `train` folder of class folders, one
//! called `test` (or `val`, `valid`, `validation`) beside it is held out; else the run's seed holds pictures
//! out.

use std::path::{Path, PathBuf};

use super::found::Found;
use super::gallery::{About, Listed, catalogue, ordered};
use super::picture::is_picture;
use crate::data::catalogue::Catalogue;
use crate::data::{DataError, Labels};
use crate::files;

/// What folders of pictures to train on are called, in lower case.
const TRAIN: [&str; 2] = ["train", "training"];
/// What folders of held-out pictures are called; the first that is there is taken.
const TEST: [&str; 5] = ["test", "testing", "val", "valid", "validation"];

struct ClassFolders {
    place: PathBuf,
    train: PathBuf,
    test: Option<PathBuf>,
}

/// That in the folder `place`.
pub(super) fn find(place: &Path) -> Result<Vec<Box<dyn Found>>, DataError> {
    let called = |names: &[&str]| {
        let mut folders = files::folders_in(place);
        folders.sort_unstable();
        let found = |name: &&str| folders.iter().find(|folder| name_of(folder).eq_ignore_ascii_case(name));
        names.iter().filter_map(found).find(|folder| classes_in(folder).len() > 1).cloned()
    };
    let (train, test) = match called(&TRAIN) {
        Some(train) => (train, called(&TEST)),
        None if classes_in(place).len() > 1 => (place.to_owned(), None),
        None => return Ok(Vec::new()),
    };
    Ok(vec![Box::new(ClassFolders { place: place.to_owned(), train, test })])
}

/// The folders in `folder` that have pictures in them, in order.
fn classes_in(folder: &Path) -> Vec<PathBuf> {
    let mut folders = files::folders_in(folder);
    folders.retain(|folder| {
        let name = name_of(folder);
        let is_part = TRAIN.iter().chain(&TEST).any(|part| name.eq_ignore_ascii_case(part));
        !is_part && !name.starts_with('.') && has_pictures(folder)
    });
    folders.sort_unstable();
    folders
}

fn has_pictures(folder: &Path) -> bool {
    files::files_in(folder).is_ok_and(|names| names.iter().any(|name| is_picture(Path::new(name))))
}

fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl Found for ClassFolders {
    fn set(&self) -> String {
        "class folders".into()
    }

    fn class_names(&self, labels: Labels) -> Result<Vec<String>, DataError> {
        labels.only_fine()?;
        let folders = [Some(&self.train), self.test.as_ref()].into_iter().flatten();
        ordered(
            folders.flat_map(|folder| classes_in(folder)).map(|class| name_of(&class)).collect(),
            &self.place,
        )
    }

    fn catalogue(&self, labels: Labels) -> Result<Catalogue, DataError> {
        let class_names = self.class_names(labels)?;
        let mut others = Vec::new();
        let mut list = |folder: &Path| -> Result<Vec<Listed>, DataError> {
            let mut listed = Vec::new();
            for (label, name) in class_names.iter().enumerate() {
                let class = folder.join(name);
                if !files::is_folder(&class) {
                    continue;
                }
                for file in files::files_in(&class)? {
                    let path = class.join(file);
                    match is_picture(&path) {
                        true => listed.push((path, label as u8)),
                        false => others.push(path),
                    }
                }
            }
            Ok(listed)
        };
        let train = list(&self.train)?;
        let test = self.test.as_deref().map(&mut list).transpose()?;
        let notices = Vec::from_iter(others.first().map(|first| {
            let (files, first) = (if others.len() == 1 { "file" } else { "files" }, name_of(first));
            format!("{} {files} left out, neither PNG nor JPEG by the name, such as {first}", others.len())
        }));
        let about = About { source: "images", place: self.place.clone(), class_names, notices };
        catalogue(about, train, test)
    }
}
