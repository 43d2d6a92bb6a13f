//! The CIFAR-10 subset that comes with the program: two PNG sheets and their labels (assets/cifar10/README.md). A
//! page fetches the sheets from the folder of its program.

use std::io::Cursor;

use sha2::{Digest, Sha256};

use super::catalogue::{Catalogue, Memory, hexadecimal};
use super::{DataError, Images, PIXELS, PLANE, SIDE, names};

/// Images side by side on a sheet.
const COLUMNS: usize = 50;

macro_rules! asset {
    ($file:literal) => {
        ($file, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/cifar10/", $file)))
    };
}

/// A file and its content.
type Asset = (&'static str, &'static [u8]);

/// The sheets, of the training and of the test images.
#[cfg(not(target_arch = "wasm32"))]
fn sheets() -> Result<[Asset; 2], DataError> {
    Ok([asset!("train.png"), asset!("test.png")])
}

/// The sheets as they were fetched.
#[cfg(target_arch = "wasm32")]
fn sheets() -> Result<[Asset; 2], DataError> {
    let fetched = FETCHED.get().ok_or_else(|| DataError::Embedded {
        file: SHEETS[0],
        problem: "it has not been fetched; reload the page when there is a connection".into(),
    })?;
    Ok([(SHEETS[0], &fetched[0]), (SHEETS[1], &fetched[1])])
}

#[cfg(target_arch = "wasm32")]
static FETCHED: std::sync::OnceLock<[Vec<u8>; 2]> = std::sync::OnceLock::new();

/// The sheets' file names, in the folder of the page's program.
#[cfg(target_arch = "wasm32")]
pub const SHEETS: [&str; 2] = ["train.png", "test.png"];

/// Whether the sheets are there.
#[cfg(target_arch = "wasm32")]
pub fn provided() -> bool {
    FETCHED.get().is_some()
}

/// Takes the fetched sheets, in the order of [`SHEETS`]. Only the first call counts.
#[cfg(target_arch = "wasm32")]
pub fn provide(sheets: [Vec<u8>; 2]) {
    let _ = FETCHED.set(sheets);
}

/// Decodes the embedded subset.
pub(super) fn catalogue() -> Result<Catalogue, DataError> {
    let [train_sheet, test_sheet] = sheets()?;
    let train = decode(asset!("train.csv"), train_sheet)?;
    let test = decode(asset!("test.csv"), test_sheet)?;
    let mut hash = Sha256::new();
    for images in [&train, &test] {
        for (label, pixels) in images.labels.iter().zip(images.pixels.chunks_exact(PIXELS)) {
            hash.update([*label]);
            hash.update(pixels);
        }
    }
    Ok(Catalogue {
        name: "cifar10".into(),
        source: "embedded",
        place: "embedded".into(),
        class_names: names::owned(&names::CIFAR10),
        train: train.labels.clone(),
        test: test.labels.clone(),
        has_split: true,
        sha256: hexadecimal(hash),
        notices: Vec::new(),
        store: Box::new(Memory { train, test }),
    })
}

/// Images from a table of `index,label` rows and the sheet that shows them in the same order, row by row.
fn decode(table: (&'static str, &[u8]), sheet: (&'static str, &[u8])) -> Result<Images, DataError> {
    let mut images = rows(table)?;
    let (file, bytes) = sheet;
    let error = |problem: String| DataError::Embedded { file, problem };
    let (width, height) = ((COLUMNS * SIDE) as u32, (images.len().div_ceil(COLUMNS) * SIDE) as u32);
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(width);
    limits.max_image_height = Some(height);
    limits.max_alloc = Some(u64::from(width) * u64::from(height) * 8);
    let mut reader = image::ImageReader::with_format(Cursor::new(bytes), image::ImageFormat::Png);
    reader.limits(limits);
    let pixels = reader.decode().map_err(|problem| error(problem.to_string()))?.into_rgb8();
    if pixels.dimensions() != (width, height) {
        let (w, h) = pixels.dimensions();
        return Err(error(format!("found {w}×{h} pixels, expected {width}×{height}")));
    }
    let pixels = pixels.as_raw();
    images.pixels = vec![0; images.len() * PIXELS];
    for (at, planes) in images.pixels.chunks_exact_mut(PIXELS).enumerate() {
        let (left, top) = (at % COLUMNS * SIDE, at / COLUMNS * SIDE);
        for y in 0..SIDE {
            let row = &pixels[((top + y) * COLUMNS * SIDE + left) * 3..][..SIDE * 3];
            for (x, colour) in row.chunks_exact(3).enumerate() {
                for (channel, value) in colour.iter().enumerate() {
                    planes[channel * PLANE + y * SIDE + x] = *value;
                }
            }
        }
    }
    Ok(images)
}

/// Labels and indices of the table; pixels stay empty.
fn rows((file, bytes): (&'static str, &[u8])) -> Result<Images, DataError> {
    let error = |line: usize, found: &str, expected: &str| DataError::Embedded {
        file,
        problem: format!("line {}: found {found:?}, expected {expected}", line + 1),
    };
    let text = std::str::from_utf8(bytes)
        .map_err(|problem| DataError::Embedded { file, problem: problem.to_string() })?;
    let mut images = Images::default();
    for (line, row) in text.lines().enumerate() {
        if line == 0 {
            if row != "index,label" {
                return Err(error(line, row, "index,label"));
            }
            continue;
        }
        let parsed = row
            .split_once(',')
            .and_then(|(index, label)| Some((index.parse::<u32>().ok()?, label.parse::<u8>().ok()?)))
            .filter(|&(index, label)| {
                usize::from(label) < names::CIFAR10.len() && images.indices.last().is_none_or(|&l| l < index)
            });
        let (index, label) =
            parsed.ok_or_else(|| error(line, row, "an index above the last and a label of 0 to 9"))?;
        images.indices.push(index);
        images.labels.push(label);
    }
    Ok(images)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_hold_the_records_that_their_maker_hashed() {
        let catalogue = catalogue().unwrap();
        // Printed by scripts/make-assets, which hashes the records of the official files.
        assert_eq!(catalogue.sha256, "2b80184f357cbebf2bbc5d4d0ce984ee925b3248bd0e29b7734ab9165fbdf99f");
        assert_eq!((catalogue.train.len(), catalogue.test.len()), (2000, 1000));
        for class in 0..10 {
            let count = |labels: &[u8]| labels.iter().filter(|&&label| label == class).count();
            assert_eq!((count(&catalogue.train), count(&catalogue.test)), (200, 100));
        }
    }

    #[test]
    fn broken_assets_are_errors() {
        let (_, sheet) = asset!("test.png");
        let (_, table) = asset!("test.csv");
        let problem = |table: &[u8], sheet: &[u8]| {
            decode(("test.csv", table), ("test.png", sheet)).unwrap_err().to_string()
        };
        assert!(problem(table, &sheet[..5000]).starts_with("embedded test.png: "));
        assert!(problem(b"index,label\n3,1\n", sheet).starts_with("embedded test.png: "));
        assert!(problem(b"index,label\n3,1\n3,2\n", sheet).contains("line 3: found \"3,2\""));
        assert!(problem(b"index,label\n3,10\n", sheet).contains("line 2"));
        assert!(problem(b"3,1\n", sheet).contains("line 1"));
    }
}
