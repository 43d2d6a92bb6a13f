//! A table of pictures and their classes (CSV): a column of paths, relative to the table, one of labels, and
//! perhaps one that says `train` or `test`. In a folder `train.csv` and `test.csv` are a split too.

use std::path::{Path, PathBuf};

use super::container::open;
use super::csv::{Row, rows};
use super::found::Found;
use super::gallery::{About, Listed, catalogue, ordered};
use crate::data::catalogue::Catalogue;
use crate::data::{DataError, Labels};
use crate::files::{self, Kind};

/// What the columns are called, in lower case.
const PATHS: [&str; 8] =
    ["path", "file", "filename", "file_name", "filepath", "file_path", "image", "image_path"];
const LABELS: [&str; 5] = ["label", "class", "classid", "class_name", "category"];
const PARTS: [&str; 4] = ["split", "part", "set", "subset"];
/// Bytes that a table may have.
const MOST: u64 = 1 << 26;
/// What may be between cells.
const BETWEEN: [char; 3] = [',', ';', '\t'];

/// One table, or one of each part.
struct Tables {
    place: PathBuf,
    train: PathBuf,
    test: Option<PathBuf>,
}

/// A row of a table: path, label, and whether it is held out, if the table says so.
type Entry = (PathBuf, String, Option<bool>);

/// The table at `place`, or those in that folder.
pub(super) fn find(place: &Path) -> Result<Vec<Box<dyn Found>>, DataError> {
    let is_table = |path: &Path| {
        let end = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        end == "csv" || end == "tsv"
    };
    let is_folder = files::is_folder(place);
    let (train, test) = if is_folder {
        let names = files::files_in(place).unwrap_or_default();
        let mut tables: Vec<PathBuf> =
            names.iter().map(|name| place.join(name)).filter(|path| is_table(path)).collect();
        let called = |stem: &str| {
            let is_it =
                |path: &&PathBuf| path.file_stem().is_some_and(|name| name.eq_ignore_ascii_case(stem));
            tables.iter().find(is_it).cloned()
        };
        match (called("train"), called("test")) {
            (Some(train), test) => (train, test),
            _ if tables.len() == 1 => (tables.remove(0), None),
            _ => return Ok(Vec::new()),
        }
    } else if is_table(place) {
        (place.to_owned(), None)
    } else {
        return Ok(Vec::new());
    };
    // A folder may hold tables of other things.
    if is_folder && read(&train).is_err() {
        return Ok(Vec::new());
    }
    Ok(vec![Box::new(Tables { place: place.to_owned(), train, test })])
}

impl Found for Tables {
    fn set(&self) -> String {
        "a table".into()
    }

    fn class_names(&self, labels: Labels) -> Result<Vec<String>, DataError> {
        labels.only_fine()?;
        let mut names = Vec::new();
        for table in [Some(&self.train), self.test.as_ref()].into_iter().flatten() {
            names.extend(read(table)?.into_iter().map(|(_, label, _)| label));
        }
        ordered(names, &self.place)
    }

    fn catalogue(&self, labels: Labels) -> Result<Catalogue, DataError> {
        let class_names = self.class_names(labels)?;
        let listed = |rows: Vec<Entry>| -> Vec<Listed> {
            let label = |name: &String| class_names.iter().position(|known| known == name);
            rows.into_iter().filter_map(|(path, name, _)| Some((path, label(&name)? as u8))).collect()
        };
        let mut train = read(&self.train)?;
        let test = match &self.test {
            Some(table) => Some(read(table)?),
            None if train.iter().any(|(.., held_out)| *held_out == Some(true)) => {
                Some(train.extract_if(.., |(.., held_out)| *held_out == Some(true)).collect())
            }
            None => None,
        };
        let (train, test) = (listed(train), test.map(listed));
        let about = About { source: "table", place: self.place.clone(), class_names, notices: Vec::new() };
        catalogue(about, train, test)
    }
}

/// Reads a table.
fn read(path: &Path) -> Result<Vec<Entry>, DataError> {
    let wrong =
        |found: String, expected: String| DataError::Content { path: path.to_owned(), found, expected };
    let missing = || DataError::Missing { path: path.to_owned(), set: "the data set" };
    open(path)?.ok_or_else(missing)?;
    if matches!(files::kind(path)?, Kind::File(bytes) if bytes > MOST) {
        return Err(wrong(format!("more than {} MB", MOST >> 20), "a table of paths and labels".into()));
    }
    let text = String::from_utf8(files::read(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        wrong(format!("a byte that is not UTF-8 at offset {at}"), "a table saved as CSV in UTF-8".into())
    })?;
    let heading = text.lines().next().unwrap_or_default();
    // Whatever is most often in the heading is between the cells.
    let between =
        BETWEEN.into_iter().rev().max_by_key(|letter| heading.matches(*letter).count()).unwrap_or(',');
    let rows = rows(&text, between)
        .map_err(|line| wrong(format!("line {line}: a quote that is never closed"), "two".into()))?;
    let Some((head, body)) = rows.split_first() else {
        return Err(wrong("an empty table".into(), "paths and labels".into()));
    };
    let column = |names: &[&str]| {
        names.iter().find_map(|name| head.1.iter().position(|cell| cell.eq_ignore_ascii_case(name)))
    };
    let (Some(path_column), Some(label_column)) = (column(&PATHS), column(&LABELS)) else {
        let found = format!("the columns {}", head.1.join(", "));
        let expected = format!("one of {} and one of {}", PATHS.join(", "), LABELS.join(", "));
        return Err(wrong(found, expected));
    };
    let part_column = column(&PARTS);
    let folder = path.parent().unwrap_or(Path::new(""));
    let entry = |(line, cells): &Row| {
        let cell = |column: usize| cells.get(column).map(String::as_str).unwrap_or_default();
        let (file, label) = (cell(path_column), cell(label_column));
        if file.is_empty() || label.is_empty() {
            return Err(wrong(format!("line {line}: no path or no label"), "both".into()));
        }
        let held_out = match part_column.map(|column| cell(column).to_lowercase()).as_deref() {
            None => None,
            Some("train" | "training") => Some(false),
            Some("test" | "testing") => Some(true),
            Some(other) => {
                return Err(wrong(format!("line {line}: the part \"{other}\""), "train or test".into()));
            }
        };
        Ok((folder.join(file), label.to_owned(), held_out))
    };
    body.iter().map(entry).collect()
}
