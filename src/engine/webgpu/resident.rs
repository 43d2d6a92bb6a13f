//! The data on the device: bytes, as they come, in ranges under the baseline limit of a binding.

use super::arena::{LARGEST_SLICE, Slice};
use super::commands::Context;
use super::interface::{buffers, words};
use super::ops::flat;
use super::record::{Recording, Span};
use super::{GpuError, shaders};
use crate::data::{Draw, Images, Normalization, PIXELS, SIDE};

/// Words an example has in a schedule.
pub const ENTRY: usize = 4;

/// One part of the data.
pub struct Resident {
    low: Slice,
    high: Slice,
    split: usize,
    /// Labels, in order.
    pub labels: Vec<u8>,
}

impl Resident {
    /// Uploads a part.
    pub async fn new(context: &Context, images: &Images) -> Result<Self, GpuError> {
        Self::split_at(context, images, LARGEST_SLICE as usize / PIXELS).await
    }

    /// Uploads a part in ranges of at most `most` images.
    async fn split_at(context: &Context, images: &Images, most: usize) -> Result<Self, GpuError> {
        let split = images.len().min(most);
        let (low, high) = images.pixels.split_at(split * PIXELS);
        let wanted = [(low, "images"), (high, "more images")];
        let [low, high] = context.upload_all(wanted).await?;
        Ok(Self { low, high, split, labels: images.labels.clone() })
    }

    /// The schedule's words for example `index`; `uniform` draws its sampled label.
    pub fn entry(&self, index: usize, draw: Draw, uniform: f64) -> [u32; ENTRY] {
        let shift = |by: i32| (by + 128) as u32;
        let transform = u32::from(draw.flip) | shift(draw.dy) << 8 | shift(draw.dx) << 16;
        [index as u32, u32::from(self.labels[index]), transform, (uniform as f32).to_bits()]
    }

    /// Records the gathering of `images` examples, from the step's `start`-th on, into a batch.
    pub fn gather(
        &self,
        recording: &mut Recording,
        normalization: &Normalization,
        [images, start, stride]: [usize; 3],
        [schedule, control, y]: [&Span; 3],
    ) -> Result<(), GpuError> {
        let quads = SIDE / 4;
        let total = images * 3 * SIDE * quads;
        let four = |[red, green, blue]: [f32; 3]| [red, green, blue, 0.0];
        let words = words! {
            split: self.split,
            stride,
            height: SIDE,
            width: SIDE,
            channels: 3usize,
            quads,
            total,
            start,
            mean: four(normalization.mean),
            scale: four(normalization.std.map(|std| 1.0 / std)),
        };
        let [low, high] = [&self.low, &self.high].map(Span::from);
        let buffers = buffers! { low, high, schedule, clock: control, y };
        recording.run(shaders::GATHER, &[], &words, &buffers, flat(total), 40 * total as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::webgpu::testing::{context, run};

    const NORMALIZATION: Normalization = Normalization { mean: [0.5, 0.4, 0.3], std: [0.3, 0.2, 0.1] };

    fn images(count: usize) -> Images {
        let byte = |at: usize| (at.wrapping_mul(2_654_435_761) >> 9) as u8;
        Images {
            pixels: (0..count * PIXELS).map(byte).collect(),
            labels: vec![0; count],
            indices: Vec::new(),
        }
    }

    /// The images `chosen`, gathered on the device; and by the formula.
    fn both_ways(images: &Images, most: usize, chosen: &[usize]) -> (Vec<f32>, Vec<f32>) {
        let mut context = context();
        let part = pollster::block_on(Resident::split_at(&context, images, most)).unwrap();
        let words: Vec<u32> =
            chosen.iter().flat_map(|index| part.entry(*index, Draw::default(), 0.0)).collect();
        let found = run(&mut context, chosen.len() * PIXELS, |recording| {
            let schedule = recording.constant(&words, "schedule");
            let control = recording.constant(&[0u32; 4], "control");
            let y = recording.scratch(chosen.len() * PIXELS, "batch");
            let counts = [chosen.len(), 0, chosen.len()];
            part.gather(recording, &NORMALIZATION, counts, [&schedule, &control, &y])?;
            Ok(y)
        });
        let number = |(index, at): (usize, usize)| {
            let channel = at / (SIDE * SIDE);
            let pixel = f32::from(images.pixels[index * PIXELS + at]) / 255.0;
            (pixel - NORMALIZATION.mean[channel]) / NORMALIZATION.std[channel]
        };
        let expected =
            chosen.iter().flat_map(|index| (0..PIXELS).map(move |at| (*index, at))).map(number).collect();
        (found, expected)
    }

    fn agree((found, expected): (Vec<f32>, Vec<f32>)) {
        assert_eq!(found.len(), expected.len());
        for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert!((found - expected).abs() < 1e-5 * (1.0 + expected.abs()), "{at}: {found} {expected}");
        }
    }

    #[test]
    fn images_come_alike_from_one_range_and_from_two() {
        let images = images(7);
        for most in [7, 3, 1] {
            agree(both_ways(&images, most, &[6, 0, 3, 2, 4]));
        }
    }

    #[test]
    fn data_beyond_the_largest_binding_lies_in_two_ranges() {
        let first = LARGEST_SLICE as usize / PIXELS;
        let images = images(first + 5);
        assert!(images.pixels.len() as u64 > LARGEST_SLICE);
        agree(both_ways(&images, first, &[0, first - 1, first, first + 4]));
    }
}
