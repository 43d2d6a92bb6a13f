//! The data on the device: bytes, as they come, in ranges under the baseline limit of a binding.

use super::arena::{LARGEST_SLICE, Slice};
use super::commands::{Context, Recorder};
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
        let split = images.len().min(LARGEST_SLICE as usize / PIXELS);
        let (low, high) = images.pixels.split_at(split * PIXELS);
        let low = context.upload(if low.is_empty() { &[0; 4] } else { low }, "images").await?;
        let high = context.upload(if high.is_empty() { &[0; 4] } else { high }, "more images").await?;
        Ok(Self { low, high, split, labels: images.labels.clone() })
    }

    /// The schedule's words for example `index`; `uniform` draws its sampled label.
    pub fn entry(&self, index: usize, draw: Draw, uniform: f64) -> [u32; ENTRY] {
        let shift = |by: i32| (by + 128) as u32;
        let transform = u32::from(draw.flip) | shift(draw.dy) << 8 | shift(draw.dx) << 16;
        [index as u32, u32::from(self.labels[index]), transform, (uniform as f32).to_bits()]
    }

    /// Records the gathering of `images` examples, from the step's `start`-th on, into a batch.
    pub async fn gather(
        &self,
        recorder: &mut Recorder<'_>,
        normalization: &Normalization,
        [images, start, stride]: [usize; 3],
        [schedule, control, y]: [&Slice; 3],
    ) -> Result<(), GpuError> {
        let quads = SIDE / 4;
        let total = images * 3 * SIDE * quads;
        let mut words = [self.split, stride, SIDE, SIDE, 3, quads, total, start].map(|n| n as u32).to_vec();
        words.extend(normalization.mean.map(f32::to_bits));
        words.push(0);
        words.extend(normalization.std.map(|std| (1.0 / std).to_bits()));
        let groups = total.div_ceil(64) as u64;
        let rows = groups.div_ceil(u64::from(super::commands::GRID_LIMIT));
        let grid = [groups.div_ceil(rows) as u32, rows as u32, 1];
        let bindings = [&self.low, &self.high, schedule, control, y];
        recorder.run(shaders::GATHER, &[], &words, &bindings, grid, 40 * total as u64).await
    }
}
