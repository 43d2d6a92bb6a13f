//! A file of events, to which records are added while TensorBoard reads it.
//!
//! A record is its length (8 bytes, the lowest first), the masked checksum of that, the message, and the masked checksum of
//! the message (`tensorflow/core/lib/io/record_writer.h`).

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crc::{CRC_32_ISCSI, Crc};
use prost::Message;

use super::proto::{Event, Summary, Value, What};
use crate::files::{FileError, append, create_folder, files_in, remove};

/// CRC-32C.
static CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);
/// What TensorBoard finds files by.
const BEGIN: &str = "events.out.tfevents.";
/// What tells that a file is ours.
const END: &str = ".seedling";

/// A file of events.
#[derive(Debug)]
pub struct EventFile {
    path: PathBuf,
    /// Records that are not in the file yet.
    waiting: Vec<u8>,
}

impl EventFile {
    /// A new file in `folder`, in place of those that Seedling wrote there.
    pub fn create(folder: &Path) -> Result<Self, FileError> {
        create_folder(folder)?;
        for name in own_files(folder)? {
            remove(&folder.join(name))?;
        }
        let path = folder.join(format!("{BEGIN}{:010}{END}", now() as u64));
        let mut file = Self { path, waiting: Vec::new() };
        file.push(0, What::FileVersion("brain.Event:2".into()));
        Ok(file)
    }

    /// Adds the values of a step.
    pub fn add(&mut self, step: u64, value: Vec<Value>) {
        self.push(step, What::Summary(Summary { value }));
    }

    fn push(&mut self, step: u64, what: What) {
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        let event = Event { wall_time: now(), step, what: Some(what) };
        frame(&event.encode_to_vec(), &mut self.waiting);
    }

    /// Puts what was added into the file.
    pub fn flush(&mut self) -> Result<(), FileError> {
        if !self.waiting.is_empty() {
            append(&self.path, &self.waiting)?;
            self.waiting.clear();
        }
        Ok(())
    }
}

/// Names of the event files in a folder that Seedling wrote.
pub fn own_files(folder: &Path) -> Result<Vec<String>, FileError> {
    let mut names = files_in(folder)?;
    names.retain(|name| name.starts_with(BEGIN) && name.ends_with(END));
    Ok(names)
}

/// Seconds since 1970.
pub fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |elapsed| elapsed.as_secs_f64())
}

/// Adds a record to `bytes`.
fn frame(message: &[u8], bytes: &mut Vec<u8>) {
    let length = (message.len() as u64).to_le_bytes();
    for part in [&length[..], message] {
        bytes.extend(part);
        bytes.extend(masked(CHECKSUM.checksum(part)).to_le_bytes());
    }
}

/// A checksum as records have it, so that a record within a record is not taken for one.
fn masked(checksum: u32) -> u32 {
    checksum.rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_framed_as_tensorflow_frames_it() {
        // The check value of CRC-32C in the catalogue of checksums.
        assert_eq!(CHECKSUM.checksum(b"123456789"), 0xe306_9283);
        let mut bytes = Vec::new();
        frame(b"abc", &mut bytes);
        assert_eq!(bytes.len(), 8 + 4 + 3 + 4);
        assert_eq!((&bytes[..8], &bytes[12..15]), (&[3, 0, 0, 0, 0, 0, 0, 0][..], &b"abc"[..]));
        // CRC-32C of "abc" is 364b3fb7; rotated by 15 bits and added to a282ead8:
        assert_eq!(bytes[15..], 0x21f1_576e_u32.to_le_bytes());
    }

    #[test]
    fn a_new_file_takes_the_place_of_older_ones_of_ours_only() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["events.out.tfevents.0000000001.seedling", "events.out.tfevents.1.host"] {
            std::fs::write(folder.path().join(name), b"1").unwrap();
        }
        let mut file = EventFile::create(folder.path()).unwrap();
        file.flush().unwrap();
        let before = std::fs::read(&file.path).unwrap();
        file.add(3, vec![]);
        file.flush().unwrap();
        let after = std::fs::read(&file.path).unwrap();
        assert!(after.len() > before.len() && after.starts_with(&before));
        assert_eq!(files_in(folder.path()).unwrap().len(), 2);
        assert!(folder.path().join("events.out.tfevents.1.host").exists());
    }
}
