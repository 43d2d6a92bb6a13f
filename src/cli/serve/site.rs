//! The page's files, read once before anything is served: what is not among them cannot be asked for.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::error::ServeError;
use crate::files::{exists, files_in, folders_in, read};

/// The files without which a folder is no built page.
const NEEDED: [&str; 4] = ["index.html", "page.js", "seedling.js", "seedling_bg.wasm"];
/// The page's folder on a stick, beside the program.
pub const BESIDE: &str = "page";
/// Where `web/build` makes the page, from the folder of the sources.
const BUILT: &str = "web/dist";
/// The most bytes of a folder that are held in memory: enough for the page and a few dozen runs beside it.
const MOST: u64 = 1 << 30;

/// A file as it is sent.
pub struct File {
    /// Its MIME type.
    pub kind: &'static str,
    /// Its bytes.
    pub plain: Vec<u8>,
    /// The same compressed by gzip, where that is smaller by a tenth.
    pub squeezed: Option<Vec<u8>>,
    /// What browsers know this version by (an ETag).
    pub tag: String,
}

/// The files of a folder by their paths, as an address has them: `/page.js`.
pub struct Site {
    /// Where they come from.
    pub folder: PathBuf,
    files: BTreeMap<String, File>,
}

impl Site {
    /// Reads the built page: from `given`, or else from beside the program or from the folder of the sources.
    ///
    /// # Errors
    ///
    /// Where there is no page, with every place that was looked at; where a file cannot be read.
    pub fn find(given: Option<&Path>) -> Result<Self, ServeError> {
        let places = match given {
            Some(folder) => vec![folder.to_owned()],
            None => usual_places(),
        };
        match places.iter().find(|place| is_page(place)) {
            Some(folder) => Self::read(folder),
            None => Err(ServeError::NoPage { places, needed: NEEDED[3] }),
        }
    }

    /// Reads a folder with the folders in it. Hidden files and links are left out.
    fn read(folder: &Path) -> Result<Self, ServeError> {
        let mut files = BTreeMap::new();
        let mut bytes = 0;
        let mut left = vec![(folder.to_owned(), String::from("/"))];
        while let Some((place, path)) = left.pop() {
            for inner in folders_in(&place) {
                if let Some(name) = plain_name(&inner) {
                    left.push((inner.clone(), format!("{path}{name}/")));
                }
            }
            for name in files_in(&place)? {
                let file = place.join(&name);
                if plain_name(&file).is_none() {
                    continue;
                }
                bytes += file.metadata().map_or(0, |about| about.len());
                if bytes > MOST {
                    return Err(ServeError::TooLarge { folder: folder.to_owned(), most: MOST });
                }
                files.insert(format!("{path}{name}"), File::new(&name, read(&file)?));
            }
        }
        Ok(Self { folder: folder.to_owned(), files })
    }

    /// The file that an address's path means; a folder means the `index.html` in it.
    pub fn get(&self, path: &str) -> Option<&File> {
        match path.ends_with('/') {
            true => self.files.get(&format!("{path}index.html")),
            false => self.files.get(path),
        }
    }

    /// Every file by its path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }
}

impl File {
    fn new(name: &str, plain: Vec<u8>) -> Self {
        let (kind, squeeze) = kind(name);
        let squeezed = if squeeze { gzip(&plain) } else { None };
        let squeezed = squeezed.filter(|squeezed| squeezed.len() < plain.len() / 10 * 9);
        let hash = Sha256::digest(&plain);
        let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        // Weak: the compressed file is another sequence of bytes.
        Self { kind, plain, squeezed, tag: format!("W/\"{hex}\"") }
    }
}

/// The MIME type by a file's ending, and whether such files get smaller by compressing.
fn kind(name: &str) -> (&'static str, bool) {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "html" => ("text/html; charset=utf-8", true),
        "js" | "mjs" => ("text/javascript; charset=utf-8", true),
        // Browsers compile a program while it arrives only if it is called so.
        "wasm" => ("application/wasm", true),
        "css" => ("text/css; charset=utf-8", true),
        "json" => ("application/json", true),
        "svg" => ("image/svg+xml", true),
        "txt" | "md" | "toml" | "csv" | "ftl" => ("text/plain; charset=utf-8", true),
        "ttf" => ("font/ttf", true),
        "png" => ("image/png", false),
        "zip" => ("application/zip", false),
        _ => ("application/octet-stream", false),
    }
}

fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

/// A file's or folder's name, unless it is hidden, a link, or no text.
fn plain_name(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    (!name.starts_with('.') && !path.is_symlink()).then_some(name)
}

fn is_page(folder: &Path) -> bool {
    NEEDED.iter().all(|name| exists(&folder.join(name)))
}

/// Beside the program, and where the sources have the page: from the folder that the program was started in, or from
/// `target/release` or `target/debug`, where Cargo makes the program.
fn usual_places() -> Vec<PathBuf> {
    let program = std::env::current_exe().ok();
    let beside = program.as_deref().and_then(Path::parent);
    let mut places: Vec<PathBuf> = beside.map(|folder| folder.join(BESIDE)).into_iter().collect();
    places.push(PathBuf::from(BUILT));
    places.extend(beside.and_then(|folder| Some(folder.parent()?.parent()?.join(BUILT))));
    places
}
