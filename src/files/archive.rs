//! Zip files, as a page downloads and takes them: a run's folder, or images.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Bytes that an archive may unpack to.
const MOST: u64 = 512 << 20;
/// Files that it may have: a run of the most rounds has 200, images are more.
const MOST_FILES: usize = 100_000;
/// Files by which a run's folder is known.
const OF_A_RUN: [&str; 2] = ["run.json", "session.safetensors"];

/// An archive that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Not a zip file, or a broken one.
    #[error("not a zip file that can be read: {0}")]
    Zip(#[from] ZipError),
    /// A file in it that cannot be read.
    #[error("the zip file is broken at \"{name}\": {source}")]
    Broken {
        /// The file.
        name: String,
        /// What is wrong.
        source: std::io::Error,
    },
    /// More than a page should hold.
    #[error("the zip file unpacks to more than {} MB, up to \"{name}\"", MOST >> 20)]
    TooLarge {
        /// The file that is too much.
        name: String,
    },
    /// More than images can be.
    #[error("the zip file has {found} files, expected at most {MOST_FILES}")]
    TooMany {
        /// How many.
        found: usize,
    },
    /// Two files of one name, of which only one could be kept.
    #[error("the zip file has two files called \"{name}\", expected each once")]
    Twice {
        /// The name.
        name: String,
    },
    /// A name that leads out of where the archive is unpacked.
    #[error("the zip file has the name \"{name}\", expected names that do not lead out of it")]
    Outside {
        /// The name.
        name: String,
    },
    /// A link, which could lead anywhere.
    #[error("the zip file has the link \"{name}\", expected only files and folders")]
    Link {
        /// Its name.
        name: String,
    },
}

/// Files with their names as a zip file. They are stored as they are: weights do not get smaller.
pub fn pack(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ArchiveError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in files {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes).map_err(|source| ArchiveError::Broken { name: name.clone(), source })?;
    }
    Ok(writer.finish()?.into_inner())
}

/// A zip file that is being unpacked, file by file.
pub struct Archive<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// The number of the next file.
    next: usize,
    /// Bytes that may still be unpacked.
    left: u64,
    is_run: bool,
    /// The names so far.
    seen: BTreeSet<String>,
}

impl<'a> Archive<'a> {
    /// Reads the list of files.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ArchiveError> {
        let archive = ZipArchive::new(Cursor::new(bytes))?;
        let of_a_run = |name: &str| OF_A_RUN.contains(&plain(name));
        let is_run = archive.file_names().flatten().any(|name| of_a_run(&name));
        Ok(Self { archive, next: 0, left: MOST, is_run, seen: BTreeSet::new() })
    }

    /// The next file, by its path with `/` between folders. Of a run, which has no folders, the plain name is taken and
    /// links are left out; elsewhere names that lead out of the archive and links are refused. Hidden files, and those
    /// that a Mac packs with every other, are left out.
    pub fn next_file(&mut self) -> Result<Option<(String, Vec<u8>)>, ArchiveError> {
        if self.archive.len() > MOST_FILES {
            return Err(ArchiveError::TooMany { found: self.archive.len() });
        }
        while self.next < self.archive.len() {
            let file = self.archive.by_index(self.next)?;
            self.next += 1;
            let whole = file.name()?.replace('\\', "/");
            if whole.ends_with('/') || self.is_run && (!file.is_file() || plain(&whole).starts_with('.')) {
                continue;
            }
            let name = if self.is_run { plain(&whole).to_owned() } else { whole };
            if file.is_symlink() {
                return Err(ArchiveError::Link { name });
            }
            let mut parts = name.split('/');
            if name.contains(':') || parts.clone().any(|part| part.is_empty() || part == "..") {
                return Err(ArchiveError::Outside { name });
            }
            if parts.any(|part| part.starts_with('.') || part == "__MACOSX") {
                continue;
            }
            if !self.seen.insert(name.clone()) {
                return Err(ArchiveError::Twice { name });
            }
            // A file that claims to be too large is not begun. Whatever it claims, no more is taken.
            if file.size() > self.left {
                return Err(ArchiveError::TooLarge { name });
            }
            let mut content = Vec::new();
            let read = file.take(self.left + 1).read_to_end(&mut content);
            let read = read.map_err(|source| ArchiveError::Broken { name: name.clone(), source })? as u64;
            let Some(left) = self.left.checked_sub(read) else { return Err(ArchiveError::TooLarge { name }) };
            self.left = left;
            return Ok(Some((name, content)));
        }
        Ok(None)
    }
}

/// A name without the folders before it.
fn plain(name: &str) -> &str {
    name.rsplit(['/', '\\', ':']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All files of an archive of which so many bytes are taken.
    fn unpack_within(bytes: &[u8], most: u64) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
        let mut archive = Archive { left: most, ..Archive::open(bytes)? };
        let mut files = Vec::new();
        while let Some(file) = archive.next_file()? {
            files.push(file);
        }
        Ok(files)
    }

    fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
        unpack_within(bytes, MOST)
    }

    /// Files of these names.
    fn named(names: &[&str]) -> Vec<u8> {
        pack(&names.iter().map(|name| ((*name).to_owned(), b"1".to_vec())).collect::<Vec<_>>()).unwrap()
    }

    fn names(bytes: &[u8]) -> Vec<String> {
        unpack(bytes).unwrap().into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn what_is_packed_comes_back_and_what_is_broken_is_refused() {
        let files = vec![("run.json".to_owned(), b"{}".to_vec()), ("a b.csv".to_owned(), vec![7; 5000])];
        let bytes = pack(&files).unwrap();
        assert_eq!(unpack(&bytes).unwrap(), files);
        assert!(matches!(unpack(b"no zip"), Err(ArchiveError::Zip(_))));
        let mut damaged = bytes.clone();
        // Inside the second file's content.
        damaged[3000] ^= 1;
        assert!(matches!(unpack(&damaged), Err(ArchiveError::Broken { name, .. }) if name == "a b.csv"));
    }

    #[test]
    fn a_run_is_one_folder_whatever_its_names_say() {
        let bytes =
            named(&["my run/run.json", "../../etc/a", "/b", "..\\..\\c", "C:d", "x/../e", "..", ".hidden"]);
        assert_eq!(names(&bytes), ["run.json", "a", "b", "c", "d", "e"]);
        let two = unpack(&named(&["a/run.json", "b/run.json"])).unwrap_err().to_string();
        assert!(two.contains("two files called \"run.json\""), "{two}");
    }

    #[test]
    fn images_keep_their_folders_and_no_name_leads_out_of_them() {
        let bytes =
            named(&["pets/cats/1.png", "pets\\dogs\\1.png", "__MACOSX/pets/cats/._1.png", "pets/.DS_Store"]);
        assert_eq!(names(&bytes), ["pets/cats/1.png", "pets/dogs/1.png"]);
        for name in
            ["../cats/1.png", "cats/../../1.png", "/etc/1.png", "cats\\..\\..\\1.png", "C:1.png", "a//b"]
        {
            let error = unpack(&named(&["cats/1.png", name])).unwrap_err();
            let said = error.to_string();
            assert!(matches!(error, ArchiveError::Outside { .. }), "{said}");
            assert!(said.contains(&name.replace('\\', "/")), "{said}");
        }
        let twice = unpack(&named(&["cats/1.png", "cats\\1.png"])).unwrap_err().to_string();
        assert!(twice.contains("two files called \"cats/1.png\""), "{twice}");
    }

    #[test]
    fn links_in_an_archive_are_not_followed() {
        let linked = |others: &[&str]| {
            let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
            writer.add_symlink("a/1.png", "/etc/passwd", SimpleFileOptions::default()).unwrap();
            writer.add_directory("folder", SimpleFileOptions::default()).unwrap();
            for name in others {
                writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            }
            writer.finish().unwrap().into_inner()
        };
        assert_eq!(names(&linked(&["run.json"])), ["run.json"]);
        let said = unpack(&linked(&[])).unwrap_err().to_string();
        assert!(said.contains("the link \"a/1.png\""), "{said}");
    }

    #[test]
    fn absurd_sizes_are_refused_by_name() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let squeezed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for name in ["a", "b"] {
            writer.start_file(name, squeezed).unwrap();
            writer.write_all(&vec![0; 1 << 20]).unwrap();
        }
        let mut bomb = writer.finish().unwrap().into_inner();
        assert!(bomb.len() < 5000);
        let said = unpack_within(&bomb, (2 << 20) - 1).unwrap_err().to_string();
        assert!(said.contains("unpacks to more than 512 MB, up to \"b\""), "{said}");
        assert_eq!(unpack_within(&bomb, 2 << 20).unwrap().len(), 2);
        // One that claims to be small.
        let size = (1u32 << 20).to_le_bytes();
        while let Some(at) = bomb.windows(4).position(|bytes| bytes == size) {
            bomb[at..at + 4].copy_from_slice(&7u32.to_le_bytes());
        }
        assert!(unpack_within(&bomb, (2 << 20) - 1).is_err());
        let many: Vec<(String, Vec<u8>)> =
            (0..=MOST_FILES).map(|file| (file.to_string(), Vec::new())).collect();
        assert!(matches!(unpack(&pack(&many).unwrap()), Err(ArchiveError::TooMany { found: 100_001 })));
    }
}
