use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::data::{Class, Data, DataConfig, DataError, Labels, PIXELS, load, look, shrunk};

mod archives;
mod binary;
mod idx;
mod pickles;
mod pictures;
mod tables;

const BATCHES: [&str; 5] =
    ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];

/// `count` records whose label bytes are `labels(number)` and whose pixels all depend on `first + number`.
fn records<const N: usize>(first: usize, count: usize, labels: impl Fn(usize) -> [u8; N]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in first..first + count {
        bytes.extend(labels(number));
        bytes.extend((0..PIXELS).map(|pixel| (number * 7 + pixel) as u8));
    }
    bytes
}

/// A CIFAR-10 folder of 20 images a file, labels 0 to 9 in turn.
fn cifar10(dir: &Path) {
    for (at, file) in BATCHES.iter().enumerate() {
        fs::write(dir.join(file), records(at * 20, 20, |number| [(number % 10) as u8])).unwrap();
    }
    fs::write(dir.join("test_batch.bin"), records(500, 30, |number| [(number % 10) as u8])).unwrap();
}

/// A CIFAR-100 folder: 200 and 100 images; fine label = number mod 100, coarse = number mod 20.
fn cifar100(dir: &Path) {
    let labels = |number| [(number % 20) as u8, (number % 100) as u8];
    fs::write(dir.join("train.bin"), records(0, 200, labels)).unwrap();
    fs::write(dir.join("test.bin"), records(300, 100, labels)).unwrap();
}

fn config(dir: &Path) -> DataConfig {
    DataConfig { dir: Some(dir.to_owned()), ..DataConfig::default() }
}

fn folder(fill: impl Fn(&Path)) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path());
    dir
}

/// The message of loading `dir`, with the folder's own path cut out.
fn problem(dir: &Path) -> String {
    let error = load(&config(dir), 1).unwrap_err().to_string();
    error.replace(&dir.display().to_string(), "DIR").replace('\\', "/")
}

/// Every image must carry the label and pixels of the record its index names.
fn check(data: &Data, first_test: usize, label: impl Fn(usize) -> u8) {
    for (part, first) in [(&data.train, 0), (&data.validation, 0), (&data.held_out, first_test)] {
        assert!(part.indices.is_sorted_by(|a, b| a < b));
        for (at, &index) in part.indices.iter().enumerate() {
            let number = first + index as usize;
            assert_eq!(data.classes[usize::from(part.labels[at])], label(number));
            let pixels = &part.pixels[at * PIXELS..][..PIXELS];
            assert!(pixels.iter().enumerate().all(|(pixel, &found)| found == (number * 7 + pixel) as u8));
        }
    }
}

/// A small file as other software writes it (tests/images/README.md).
fn foreign(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images").join(name)).unwrap()
}

/// Compressed with gzip.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The header of an entry of a tar archive: its kind is `0` for a file.
fn header(name: &str, kind: u8, size: &str) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..124 + size.len()].copy_from_slice(size.as_bytes());
    header[148..156].fill(b' ');
    header[156] = kind;
    header[257..263].copy_from_slice(b"ustar\0");
    let sum: u64 = header.iter().map(|&byte| u64::from(byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    header
}

/// An entry of a tar archive.
fn entry(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
    let mut entry = header(name, kind, &format!("{:011o}", content.len()));
    entry.extend(content);
    entry.resize(entry.len().next_multiple_of(512), 0);
    entry
}

/// A compressed tar archive.
fn tar_gz(entries: &[Vec<u8>]) -> Vec<u8> {
    gzip(&[entries.concat(), vec![0; 1024]].concat())
}

/// The hash of what a folder or file holds.
fn hash_of(place: &Path) -> String {
    load(&config(place), 1).unwrap().sha256
}

#[test]
fn what_lies_at_a_path_is_seen_without_reading_it_and_a_file_of_many_stands_for_all() {
    let dir = folder(cifar10);
    // No image of it can be read.
    fs::write(dir.path().join("data_batch_2.bin"), "cut off").unwrap();
    for path in [dir.path().to_owned(), dir.path().join("data_batch_2.bin")] {
        let seen = look(&path).unwrap();
        assert_eq!(
            (seen.place.as_path(), seen.set.as_str(), seen.class_names.len()),
            (dir.path(), "CIFAR-10", 10)
        );
    }
    let coarse = folder(cifar100);
    let seen = look(&coarse.path().join("test.bin")).unwrap();
    assert_eq!((seen.set.as_str(), seen.class_names.len()), ("CIFAR-100", 100));
    fs::write(dir.path().join("notes.txt"), "nice").unwrap();
    let message = look(&dir.path().join("notes.txt")).unwrap_err().to_string();
    assert!(message.contains("notes.txt: found a file; expected a folder of images"), "{message}");
}
