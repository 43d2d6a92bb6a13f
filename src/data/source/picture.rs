//! One picture of any size, as a PNG or JPEG file, as an image of 32×32 pixels.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use image::imageops::{FilterType, crop_imm, resize};
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::container::open;
use crate::data::{PIXELS, PLANE, SIDE};

/// Ends of the names of pictures, in lower case.
pub(super) const ENDS: [&str; 3] = ["png", "jpg", "jpeg"];
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
pub(super) fn is_picture(path: &Path) -> bool {
    let end = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    ENDS.contains(&end.as_str())
}

/// The middle square of a picture, made 32×32, in three planes; gray becomes RGB, transparency is dropped. A
/// camera's note of how it was held is followed. The text of an error has no name in it.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let file = open(path).map_err(|error| error.to_string())?.ok_or("there is no such file")?;
    let (picture, _one_large) = decode(file)?;
    let (width, height) = picture.dimensions();
    let side = width.min(height);
    let square =
        crop_imm(&picture.into_rgb8(), (width - side) / 2, (height - side) / 2, side, side).to_image();
    let small = match side as usize {
        SIDE => square,
        // Each pixel is a weighted mean of all that it covers.
        _ => resize(&square, SIDE as u32, SIDE as u32, FilterType::Triangle),
    };
    let mut pixels = vec![0; PIXELS];
    for (at, colour) in small.pixels().enumerate() {
        for (channel, value) in colour.0.into_iter().enumerate() {
            pixels[channel * PLANE + at] = value;
        }
    }
    Ok(pixels)
}

/// The picture upright, unless it is too large, which is known before it is decoded; if it is large, with the
/// right to have one.
fn decode(file: File) -> Result<(DynamicImage, Option<MutexGuard<'static, ()>>), String> {
    if file.metadata().is_ok_and(|about| about.len() > MOST_FILE) {
        return Err(format!("a file of more than {} MB", MOST_FILE >> 20));
    }
    let mut reader =
        ImageReader::new(BufReader::new(file)).with_guessed_format().map_err(|error| error.to_string())?;
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
