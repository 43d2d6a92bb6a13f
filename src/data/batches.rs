//! Augmentation, and batches of normalised pixels.

use rayon::prelude::*;

use super::{Images, Normalization, PIXELS, PLANE, SIDE};
use crate::random::Stream;

/// How far a crop may shift, in pixels.
const SHIFT: usize = 4;

/// Random flips and crops of one epoch: what an example gets depends on this and its position in its part
/// alone, not on batches or threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Augmentation {
    /// The run's seed.
    pub seed: u64,
    /// Number of the stretch of training.
    pub phase: u64,
    /// The pass over the examples within it.
    pub epoch: u64,
}

/// What is done to one image: the pixel at row y, column x becomes the one at row y + dy, column x′ + dx,
/// x′ = 31 − x if flipped, else x; outside the image it is 0 after normalisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Draw {
    /// Whether left and right are swapped.
    pub flip: bool,
    /// Shift of the crop to the right, −4 to 4.
    pub dx: i32,
    /// Shift of the crop downwards, −4 to 4.
    pub dy: i32,
}

impl Augmentation {
    /// What the example at position `example` of its part gets: a flip with probability ½, each shift alike.
    pub fn draw(&self, example: usize) -> Draw {
        let Self { seed, phase, epoch } = self;
        let purpose = format!("augmentation of phase {phase}, epoch {epoch}");
        let mut stream = Stream::new(*seed, &purpose, example as u64);
        let flip = stream.below(2) == 1;
        let mut shift = || stream.below(2 * SHIFT + 1) as i32 - SHIFT as i32;
        Draw { flip, dx: shift(), dy: shift() }
    }
}

impl Images {
    /// The images at `indices` (positions in this part, each below [`Images::len`]) as numbers
    /// `[indices.len(), 3, 32, 32]`: (pixel / 255 − mean) / std of its channel, augmented if asked.
    ///
    /// # Panics
    /// If an index is not below [`Images::len`].
    pub fn gather(
        &self,
        indices: &[usize],
        normalization: &Normalization,
        augmentation: Option<&Augmentation>,
    ) -> Vec<f32> {
        let table = table(normalization);
        let mut batch = vec![0.0; indices.len() * PIXELS];
        batch.par_chunks_mut(PIXELS).with_min_len(8).zip(indices).for_each(|(out, &index)| {
            let image = &self.pixels[index * PIXELS..][..PIXELS];
            let draw = augmentation.map(|augmentation| augmentation.draw(index)).unwrap_or_default();
            let planes = out.chunks_exact_mut(PLANE).zip(image.chunks_exact(PLANE)).zip(&table);
            for ((out, plane), values) in planes {
                if draw == Draw::default() {
                    translate(out, plane, values);
                } else {
                    transform(out, plane, values, draw);
                }
            }
        });
        batch
    }
}

/// What each of the 256 pixel values becomes, for each channel.
fn table(normalization: &Normalization) -> [[f32; 256]; 3] {
    std::array::from_fn(|channel| {
        let (mean, std) = (normalization.mean[channel], normalization.std[channel]);
        std::array::from_fn(|pixel| (pixel as f32 / 255.0 - mean) / std)
    })
}

fn translate(out: &mut [f32], pixels: &[u8], values: &[f32; 256]) {
    for (out, &pixel) in out.iter_mut().zip(pixels) {
        *out = values[usize::from(pixel)];
    }
}

/// Writes one plane as `draw` transforms it into `out`, which must be zero.
fn transform(out: &mut [f32], plane: &[u8], values: &[f32; 256], draw: Draw) {
    let (left, columns) = overlap(draw.dx);
    let (top, rows) = overlap(draw.dy);
    let (from_left, from_top) = (source(left, draw.dx), source(top, draw.dy));
    for row in 0..rows {
        let line = &mut out[(top + row) * SIDE..][..SIDE];
        let pixels = &plane[(from_top + row) * SIDE + from_left..][..columns];
        translate(&mut line[left..left + columns], pixels, values);
        if draw.flip {
            line.reverse();
        }
    }
}

/// Where an image shifted by `shift` begins to have pixels, and how many.
fn overlap(shift: i32) -> (usize, usize) {
    ((-shift).max(0) as usize, SIDE - shift.unsigned_abs() as usize)
}

fn source(at: usize, shift: i32) -> usize {
    (at as i32 + shift) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(count: usize) -> Images {
        let mut stream = Stream::new(5, "test images", 0);
        Images {
            pixels: (0..count * PIXELS).map(|_| stream.below(256) as u8).collect(),
            labels: vec![0; count],
            indices: (0..count as u32).collect(),
        }
    }

    fn normalization() -> Normalization {
        Normalization { mean: [0.5, 0.4, 0.3], std: [0.25, 0.2, 0.3] }
    }

    #[test]
    fn batches_follow_the_definition_pixel_by_pixel() {
        let (images, normalization) = (images(40), normalization());
        let augmentation = Augmentation { seed: 3, phase: 1, epoch: 2 };
        let indices: Vec<usize> = (0..40).rev().chain([7, 7]).collect();
        for augmentation in [None, Some(&augmentation)] {
            let batch = images.gather(&indices, &normalization, augmentation);
            let mut expected = Vec::new();
            for &index in &indices {
                let Draw { flip, dx, dy } = augmentation.map(|a| a.draw(index)).unwrap_or_default();
                for channel in 0..3 {
                    for (y, x) in (0..32).flat_map(|y| (0..32).map(move |x| (y, x))) {
                        let (row, column) = (y + dy, if flip { 31 - x } else { x } + dx);
                        let inside = (0..32).contains(&row) && (0..32).contains(&column);
                        expected.push(if inside {
                            let at = index * PIXELS + channel * 1024 + (row * 32 + column) as usize;
                            (f32::from(images.pixels[at]) / 255.0 - normalization.mean[channel])
                                / normalization.std[channel]
                        } else {
                            0.0
                        });
                    }
                }
            }
            assert!(batch == expected);
        }
    }

    #[test]
    fn augmentation_does_not_depend_on_the_batch_or_the_threads() {
        let (images, normalization) = (images(64), normalization());
        let augmentation = Augmentation { seed: 3, phase: 0, epoch: 0 };
        let all: Vec<usize> = (0..64).collect();
        let whole = images.gather(&all, &normalization, Some(&augmentation));
        let pieces = all.chunks(7).flat_map(|part| images.gather(part, &normalization, Some(&augmentation)));
        assert!(whole == pieces.collect::<Vec<_>>());
        let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert!(whole == single.install(|| images.gather(&all, &normalization, Some(&augmentation))));
    }

    #[test]
    fn draws_are_uniform_and_change_with_everything_they_depend_on() {
        let augmentation = Augmentation { seed: 1, phase: 2, epoch: 3 };
        let draws: Vec<Draw> = (0..9000).map(|example| augmentation.draw(example)).collect();
        let flips = draws.iter().filter(|draw| draw.flip).count();
        // Five standard deviations of a fair coin and of a fair nine-sided die.
        assert!(flips.abs_diff(4500) < 240, "{flips}");
        for shift in -4..=4 {
            let (dx, dy) = (|d: &&Draw| d.dx == shift, |d: &&Draw| d.dy == shift);
            assert!(draws.iter().filter(dx).count().abs_diff(1000) < 150);
            assert!(draws.iter().filter(dy).count().abs_diff(1000) < 150);
        }
        let others = [
            Augmentation { seed: 2, ..augmentation },
            Augmentation { phase: 3, ..augmentation },
            Augmentation { epoch: 2, ..augmentation },
        ];
        for other in others {
            assert!((0..9000).any(|example| other.draw(example) != draws[example]));
        }
    }
}
