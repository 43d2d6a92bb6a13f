//! "Same" convolution in f32 without unfolding: vector registers hold a tile of several output channels by
//! several positions, and every input vector that is loaded serves all of the tile's channels.
//!
//! A block of examples is laid out channel by channel in one long line: rows follow each other with as many
//! zeros between them as the kernel reaches, examples likewise with rows of zeros. One position's neighbours are
//! then at fixed distances along the line, whatever the image's size, so one loop over the line computes every
//! row; what falls on the zeros is computed too and left out afterwards. On narrow networks this is two to three
//! times as fast as a matrix product over unfolded images, whose unfolding costs as much as its product.

use std::mem::MaybeUninit;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::conv::Sizes;

/// Vectors of positions in a tile.
const VECTORS: usize = 3;

/// Lines are padded to a multiple of this: [`VECTORS`] vectors of the widest kind.
const ROUND: usize = VECTORS * 16;

/// Positions that a block should have at least.
const BLOCK_POSITIONS: usize = 1024;

/// Most parts that a weight gradient is summed in, and most numbers that all of them may hold.
const PARTS: usize = 16;
const PART_NUMBERS: usize = 4 << 20;

/// How a block of examples is laid out along a line.
#[derive(Clone, Copy)]
struct Line {
    sizes: Sizes,
    /// From one row to the next.
    pitch: usize,
    /// From one example to the next.
    stride: usize,
    /// Zeros before the first number (as many, at least, follow the last).
    lead: usize,
    /// Positions computed, rounded up.
    room: usize,
}

/// A block laid out, one line a channel.
#[derive(Default)]
struct Lines {
    numbers: Vec<f32>,
    examples: usize,
}

impl Line {
    fn new(sizes: &Sizes, examples: usize) -> Self {
        let reach = sizes.kernel / 2;
        let pitch = sizes.width + reach;
        let stride = (sizes.height + reach) * pitch;
        let room = (examples * stride).next_multiple_of(ROUND);
        Self { sizes: *sizes, pitch, stride, lead: reach * pitch + reach, room }
    }

    /// Length of one channel's line.
    fn length(&self) -> usize {
        self.room + 2 * self.lead
    }

    /// Where each tap's neighbour lies, from a position's own index in the line without its lead.
    fn taps(&self) -> Vec<usize> {
        let kernel = self.sizes.kernel;
        (0..kernel * kernel).map(|tap| tap / kernel * self.pitch + tap % kernel).collect()
    }

    /// Lays `[examples][channels][positions]` out as one line a channel, each starting with `lead` zeros and
    /// `length` long. `lines` must be new or of an earlier block of the same convolution: if that had as many
    /// examples, its rows lie where these do, and what is between them is zero already.
    fn lay_out(&self, x: &[f32], channels: usize, lead: usize, length: usize, lines: &mut Lines) {
        let Sizes { height, width, .. } = self.sizes;
        let examples = x.len() / (channels * height * width);
        if lines.examples != examples {
            lines.examples = examples;
            lines.numbers.clear();
            lines.numbers.resize(channels * length, 0.0);
        }
        let lines = &mut lines.numbers;
        for (example, x) in x.chunks(channels * height * width).enumerate() {
            for (line, plane) in lines.chunks_mut(length).zip(x.chunks(height * width)) {
                let start = lead + example * self.stride;
                for (row, from) in line[start..].chunks_mut(self.pitch).zip(plane.chunks(width)) {
                    row[..width].copy_from_slice(from);
                }
            }
        }
    }

    /// Takes the examples out of lines of `room` numbers.
    fn take_out(&self, lines: &[f32], channels: usize, y: &mut [MaybeUninit<f32>]) {
        let Sizes { height, width, .. } = self.sizes;
        for (example, y) in y.chunks_mut(channels * height * width).enumerate() {
            for (line, plane) in lines.chunks(self.room).zip(y.chunks_mut(height * width)) {
                let rows = line[example * self.stride..].chunks(self.pitch);
                for (to, row) in plane.chunks_mut(width).zip(rows) {
                    to.write_copy_of_slice(&row[..width]);
                }
            }
        }
    }
}

fn block(sizes: &Sizes) -> usize {
    BLOCK_POSITIONS.div_ceil(sizes.height * sizes.width).clamp(1, sizes.examples.max(1))
}

/// Output channels of the tiles that cover `outputs`, largest first: as the accumulators fit the registers.
fn tiles(outputs: usize, widest: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let size = [8, 4, 2, 1].into_iter().find(|size| *size <= widest && done + size <= outputs)?;
        done += size;
        Some((done - size, size))
    })
}

/// The widest tile for vectors of `lanes` numbers: 24 accumulators need 32 registers.
fn widest_tile(lanes: usize) -> usize {
    if lanes == 16 { 8 } else { 4 }
}

/// `y[n, o, ·] = Σ_c w[o, c] ∗ x[n, c] + bias[o]`.
pub fn forward(sizes: &Sizes, x: &[f32], weights: &[f32], bias: Option<&[f32]>) -> Vec<f32> {
    let Sizes { inputs, outputs, height, width, .. } = *sizes;
    let positions = height * width;
    let block = block(sizes);
    let arch = Arch::new();
    let none = vec![0.0; outputs];
    let packed = arch.dispatch(Pack { sizes, weights });
    let count = sizes.examples * outputs * positions;
    let mut y: Vec<f32> = Vec::with_capacity(count);
    let room = &mut y.spare_capacity_mut()[..count];
    room.par_chunks_mut(block * outputs * positions)
        .zip(x.par_chunks(block * inputs * positions))
        .for_each_init(Default::default, |(lines, out): &mut (Lines, Vec<f32>), (y, x)| {
            let line = Line::new(sizes, x.len() / (inputs * positions));
            line.lay_out(x, inputs, line.lead, line.length(), lines);
            out.resize(outputs * line.room, 0.0);
            let taps = line.taps();
            let bias = bias.unwrap_or(&none);
            arch.dispatch(Forward {
                line: &line,
                lines: &lines.numbers,
                packed: &packed,
                bias,
                taps: &taps,
                out,
            });
            line.take_out(out, outputs, y);
        });
    // SAFETY: `take_out` wrote every number of every block, and the blocks cover all `count`.
    unsafe { y.set_len(count) };
    y
}

/// Weights in the order in which the tiles read them: `[tile][input][tap][channel of the tile]`.
struct Pack<'a> {
    sizes: &'a Sizes,
    weights: &'a [f32],
}

impl WithSimd for Pack<'_> {
    type Output = Vec<f32>;

    fn with_simd<S: Simd>(self, _simd: S) -> Vec<f32> {
        let Sizes { inputs, outputs, kernel, .. } = *self.sizes;
        let row = inputs * kernel * kernel;
        let mut packed = Vec::with_capacity(self.weights.len());
        for (first, size) in tiles(outputs, widest_tile(S::F32_LANES)) {
            for tap in 0..row {
                packed.extend((first..first + size).map(|output| self.weights[output * row + tap]));
            }
        }
        packed
    }
}

struct Forward<'a> {
    line: &'a Line,
    lines: &'a [f32],
    packed: &'a [f32],
    bias: &'a [f32],
    taps: &'a [usize],
    out: &'a mut [f32],
}

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let row = self.line.sizes.inputs * self.taps.len();
        for (first, size) in tiles(self.line.sizes.outputs, widest_tile(S::F32_LANES)) {
            let weights = &self.packed[first * row..][..size * row];
            match size {
                8 => self.tile::<S, 8>(simd, first, weights),
                4 => self.tile::<S, 4>(simd, first, weights),
                2 => self.tile::<S, 2>(simd, first, weights),
                _ => self.tile::<S, 1>(simd, first, weights),
            }
        }
    }
}

impl Forward<'_> {
    /// Computes `TILE` output channels from `first` on.
    #[inline(always)]
    fn tile<S: Simd, const TILE: usize>(&mut self, simd: S, first: usize, weights: &[f32]) {
        let step = VECTORS * S::F32_LANES;
        for at in (0..self.line.room).step_by(step) {
            let mut sums: [[S::f32s; VECTORS]; TILE] =
                std::array::from_fn(|o| [simd.splat_f32s(self.bias[first + o]); VECTORS]);
            let mut weights = weights.chunks_exact(TILE);
            for line in self.lines.chunks_exact(self.line.length()) {
                for (tap, weights) in self.taps.iter().zip(&mut weights) {
                    let x = S::as_simd_f32s(&line[at + tap..at + tap + step]).0;
                    let x: [S::f32s; VECTORS] = std::array::from_fn(|v| x[v]);
                    for (sums, weight) in sums.iter_mut().zip(weights) {
                        let weight = simd.splat_f32s(*weight);
                        for (sum, x) in sums.iter_mut().zip(x) {
                            *sum = simd.mul_add_e_f32s(weight, x, *sum);
                        }
                    }
                }
            }
            for (o, sums) in sums.iter().enumerate() {
                let out = &mut self.out[(first + o) * self.line.room + at..][..step];
                S::as_mut_simd_f32s(out).0.copy_from_slice(sums);
            }
        }
    }
}

/// Gradients with respect to the weights and the bias, summed over examples in a fixed order: the examples
/// are cut into parts by the sizes alone, and the parts are added up one after the other.
pub fn weight_gradient(sizes: &Sizes, x: &[f32], dy: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let Sizes { inputs, outputs, height, width, kernel, .. } = *sizes;
    let (positions, numbers) = (height * width, outputs * inputs * kernel * kernel);
    let block = block(sizes);
    let blocks = sizes.examples.div_ceil(block);
    let parts = PARTS.min(PART_NUMBERS / numbers).clamp(1, blocks.max(1));
    let part = blocks.div_ceil(parts) * block;
    let arch = Arch::new();
    let sums: Vec<Vec<f32>> = x
        .par_chunks(part * inputs * positions)
        .zip(dy.par_chunks(part * outputs * positions))
        .map(|(x, dy)| {
            let mut sum = vec![0.0; numbers + outputs];
            let (mut lines, mut d_lines) = (Lines::default(), Lines::default());
            let blocks = x.chunks(block * inputs * positions).zip(dy.chunks(block * outputs * positions));
            for (x, dy) in blocks {
                let line = Line::new(sizes, x.len() / (inputs * positions));
                line.lay_out(x, inputs, line.lead, line.length(), &mut lines);
                line.lay_out(dy, outputs, 0, line.room, &mut d_lines);
                let (weights, bias) = sum.split_at_mut(numbers);
                arch.dispatch(WeightGradient {
                    line: &line,
                    lines: &lines.numbers,
                    d_lines: &d_lines.numbers,
                    sum: weights,
                });
                for (sum, line) in bias.iter_mut().zip(d_lines.numbers.chunks(line.room)) {
                    *sum += super::conv::total(line);
                }
            }
            sum
        })
        .collect();
    let mut sums = sums.into_iter();
    let mut weights = sums.next().unwrap_or(vec![0.0; numbers + outputs]);
    for more in sums {
        weights.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
    }
    let bias = weights.split_off(numbers);
    (weights, bias)
}

struct WeightGradient<'a> {
    line: &'a Line,
    lines: &'a [f32],
    d_lines: &'a [f32],
    /// `[outputs][inputs][taps]`.
    sum: &'a mut [f32],
}

impl WithSimd for WeightGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (first, size) in tiles(self.line.sizes.outputs, widest_tile(S::F32_LANES)) {
            match size {
                8 => self.tile::<S, 8>(simd, first),
                4 => self.tile::<S, 4>(simd, first),
                2 => self.tile::<S, 2>(simd, first),
                _ => self.tile::<S, 1>(simd, first),
            }
        }
    }
}

impl WeightGradient<'_> {
    #[inline(always)]
    fn tile<S: Simd, const TILE: usize>(&mut self, simd: S, first: usize) {
        let kernel = self.line.sizes.kernel;
        for input in 0..self.line.sizes.inputs {
            for ky in 0..kernel {
                // Three columns of the kernel share the loads of dy; other kernels' columns go one by one.
                for kx in (0..kernel).step_by(if kernel == 3 { 3 } else { 1 }) {
                    match kernel {
                        3 => self.columns::<S, TILE, 3>(simd, first, input, (ky, kx)),
                        _ => self.columns::<S, TILE, 1>(simd, first, input, (ky, kx)),
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn columns<S: Simd, const TILE: usize, const COLUMNS: usize>(
        &mut self,
        simd: S,
        first: usize,
        input: usize,
        (ky, kx): (usize, usize),
    ) {
        let Line { sizes, pitch, room, .. } = *self.line;
        let (lanes, tap) = (S::F32_LANES, ky * pitch + kx);
        let line = &self.lines[input * self.line.length()..][..self.line.length()];
        let x: [&[S::f32s]; COLUMNS] =
            std::array::from_fn(|column| S::as_simd_f32s(&line[tap + column..tap + column + room]).0);
        let dy: [&[S::f32s]; TILE] =
            std::array::from_fn(|o| S::as_simd_f32s(&self.d_lines[(first + o) * room..][..room]).0);
        let mut sums = [[simd.splat_f32s(0.0); COLUMNS]; TILE];
        for at in 0..room / lanes {
            let x: [S::f32s; COLUMNS] = std::array::from_fn(|column| x[column][at]);
            for (sums, dy) in sums.iter_mut().zip(&dy) {
                for (sum, x) in sums.iter_mut().zip(x) {
                    *sum = simd.mul_add_e_f32s(dy[at], x, *sum);
                }
            }
        }
        for (o, sums) in sums.iter().enumerate() {
            let row = ((first + o) * sizes.inputs + input) * sizes.kernel * sizes.kernel;
            for (column, sum) in sums.iter().enumerate() {
                self.sum[row + ky * sizes.kernel + kx + column] += simd.reduce_sum_f32s(*sum);
            }
        }
    }
}
