//! One picture of any size, as a PNG or JPEG file, as an image of 32×32 pixels.

use std::io::{BufRead, BufReader, Cursor, Seek};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use image::imageops::{FilterType, crop_imm, resize};
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

use super::container::open;
use crate::data::{PIXELS, PLANE, SIDE};
use crate::files::{self, Kind};

/// Ends of the names of pictures, in lower case.
const ENDS: [&str; 3] = ["png", "jpg", "jpeg"];
/// Pixels that a picture may have: more than cameras make.
const MOST_PIXELS: u64 = 64_000_000;
/// Bytes that decoding one may take.
const MOST_MEMORY: u64 = 1 << 29;
/// Bytes of its file.
const MOST_FILE: u64 = 1 << 28;
/// Pixels above which pictures are decoded one at a time, whatever the threads, so that memory stays bounded.
const LARGE: u64 = 16_000_000;

static ONE_LARGE: Mutex<()> = Mutex::new(());

/// Whether a file is called as pictures are.
pub fn is_picture(path: &Path) -> bool {
    let end = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    ENDS.contains(&end.as_str())
}

/// The middle square of a picture, made 32×32, in three planes; gray becomes RGB, transparency is dropped. A
/// camera's note of how it was held is followed. The text of an error has no name in it.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let file = open(path).map_err(|error| error.to_string())?.ok_or("there is no such file")?;
    if matches!(files::kind(path), Ok(Kind::File(bytes)) if bytes > MOST_FILE) {
        return Err(format!("a file of more than {} MB", MOST_FILE >> 20));
    }
    let small = square(BufReader::new(file))?;
    let mut pixels = vec![0; PIXELS];
    for (at, colour) in small.pixels().enumerate() {
        for (channel, value) in colour.0.into_iter().enumerate() {
            pixels[channel * PLANE + at] = value;
        }
    }
    Ok(pixels)
}

/// A picture's file as a small one of what `read` takes of it, so that a page need not keep all of it; none where it
/// cannot be read.
pub fn shrunk(file: &[u8]) -> Option<Vec<u8>> {
    let mut small = Cursor::new(Vec::new());
    square(Cursor::new(file)).ok()?.write_to(&mut small, ImageFormat::Png).ok()?;
    Some(small.into_inner())
}

/// The middle square of a picture, 32×32.
fn square(file: impl BufRead + Seek) -> Result<RgbImage, String> {
    let (picture, _one_large) = decode(file)?;
    let (width, height) = picture.dimensions();
    let side = width.min(height);
    let square =
        crop_imm(&picture.into_rgb8(), (width - side) / 2, (height - side) / 2, side, side).to_image();
    Ok(match side as usize {
        SIDE => square,
        // Each pixel is a weighted mean of all that it covers.
        _ => resize(&square, SIDE as u32, SIDE as u32, FilterType::Triangle),
    })
}

/// The picture upright, unless it is too large, which is known before it is decoded; if it is large, with the
/// right to have one.
fn decode(file: impl BufRead + Seek) -> Result<(DynamicImage, Option<MutexGuard<'static, ()>>), String> {
    let mut reader = ImageReader::new(file).with_guessed_format().map_err(|error| error.to_string())?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
        return Err("neither PNG nor JPEG".into());
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| error.to_string())?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(format!("{width}×{height} pixels, more than {} million", MOST_PIXELS / 1_000_000));
    }
    let one_large = (pixels > LARGE).then(|| ONE_LARGE.lock().unwrap_or_else(PoisonError::into_inner));
    let orientation = decoder.orientation().map_err(|error| error.to_string())?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| error.to_string())?;
    picture.apply_orientation(orientation);
    Ok((picture, one_large))
}
