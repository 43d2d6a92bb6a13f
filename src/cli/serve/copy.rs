//! A folder to carry to another computer: the page, this program to serve it with, and a few words.

use std::path::{Path, PathBuf};

use super::error::ServeError;
use super::site::{BESIDE, Site};
use crate::files::{create_folder, read, write_atomically};

/// What the reader of the folder needs to know.
const WORDS: &str = "Seedling for a class without the internet

In this folder are Seedling itself and its page (the folder \"page\"). On a computer like the one that made this copy,
open a terminal in this folder and type

    PROGRAM serve            (on Linux and macOS: ./PROGRAM serve)

It prints the address that the others of the class open in their browsers, and a QR code of it. With --https they get
WebGPU too, which is faster: the browser then warns of a certificate that it does not know, which is this program's own
(choose \"Advanced\", then \"Proceed\" or \"Accept the risk\"). On this computer itself http://localhost:8080/ needs no
certificate. Without \"serve\" the program opens its window.

On other computers any web server will do, such as Python's: python3 -m http.server --directory page 8080
A page opened as a file, without a server, does not start: browsers forbid it.
";

/// Writes the folder; files of the same names are replaced. The files that were written.
pub fn copy(site: &Site, to: &Path) -> Result<Vec<PathBuf>, ServeError> {
    let page = to.join(BESIDE);
    create_folder(&page)?;
    let same = |one: &Path, other: &Path| matches!((one.canonicalize(), other.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if same(&page, &site.folder) || same(to, &site.folder) {
        return Err(ServeError::Onto { folder: to.to_owned() });
    }
    let mut written = Vec::new();
    for (path, file) in site.files() {
        let target = page.join(path.trim_start_matches('/'));
        if let Some(folder) = target.parent() {
            create_folder(folder)?;
        }
        write_atomically(&target, &file.plain)?;
        written.push(target);
    }
    let program = std::env::current_exe().map_err(ServeError::Program)?;
    let name = program.file_name().unwrap_or_default();
    let target = to.join(name);
    if !same(&program, &target) {
        write_atomically(&target, &read(&program)?)?;
        let rights = program.metadata().map_err(ServeError::Program)?.permissions();
        // A stick's file system may know no rights, and then everything may be run from it.
        let _ = std::fs::set_permissions(&target, rights);
    }
    written.push(target);
    let words = to.join("READ ME.txt");
    write_atomically(&words, WORDS.replace("PROGRAM", &name.to_string_lossy()).as_bytes())?;
    written.push(words);
    Ok(written)
}
