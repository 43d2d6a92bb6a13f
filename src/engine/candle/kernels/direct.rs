//! "Same" convolution in f32 without unfolding: vector registers hold a tile of several output channels by
//! several positions, and every input vector that is loaded serves all of the tile's channels.
//!
//! A block of examples is laid out channel by channel in one long line (`line`), so one loop over the line computes
//! every row; what falls on the zeros between rows is computed too and left out afterwards. On narrow networks this is two
//! to three times as fast as a matrix product over unfolded images, whose unfolding costs as much as its product.

use std::mem::MaybeUninit;

use rayon::prelude::*;

use super::fresh::written;
use super::line::{Line, Lines};
use super::multiply::{Convolve, Finish, WeightGradient, packed};
use super::sizes::Sizes;
use super::sum::total;
use super::{Lanes, vectorised, winograd};

/// Positions that a block should have at least. In a browser, whose loads are narrow, more of it is to stay in the
/// first-level cache.
const BLOCK_POSITIONS: usize = if cfg!(target_arch = "wasm32") { 512 } else { 1024 };

/// Most parts that a weight gradient is summed in, and most numbers that all of them may hold.
const PARTS: usize = 16;
const PART_NUMBERS: usize = 4 << 20;

fn block(sizes: &Sizes) -> usize {
    BLOCK_POSITIONS.div_ceil(sizes.height * sizes.width).clamp(1, sizes.examples.max(1))
}

/// `y[n, o, ·] = Σ_c w[o, c] ∗ x[n, c] + bias[o]`.
pub fn forward(sizes: &Sizes, x: &[f32], weights: &[f32], bias: Option<&[f32]>) -> Vec<f32> {
    let Sizes { inputs, outputs, .. } = *sizes;
    let positions = sizes.positions();
    let block = block(sizes);
    let kernel = PackedWeights::new(true, sizes, weights, bias);
    assert_eq!(x.len(), sizes.examples * inputs * positions, "numbers of x");
    let count = sizes.examples * outputs * positions;
    let task = block * inputs * positions;
    let write = |index: usize, y: &mut [MaybeUninit<f32>], (lines, out): &mut (Lines, Vec<f32>)| {
        let x = &x[index * task..x.len().min((index + 1) * task)];
        let line = Line::new(sizes, x.len() / (inputs * positions));
        line.lay_out(x, inputs, lines);
        kernel.convolve(&line, lines.as_slice(), out, y);
    };
    // SAFETY: `convolve` writes all of the block's y.
    unsafe { written(count, block * outputs * positions, Default::default, write) }.0
}

/// Weights and bias, ready to be convolved with.
struct PackedWeights {
    /// Channels written.
    outputs: usize,
    /// Whether sums of nothing but zeros must be exactly zero.
    exact: bool,
    /// By [`packed`], or by [`winograd::packed`] where that suits.
    packed: Vec<f32>,
    /// One number a channel.
    bias: Vec<f32>,
}

impl PackedWeights {
    fn new(exact: bool, sizes: &Sizes, weights: &[f32], bias: Option<&[f32]>) -> Self {
        let packed = match winograd::suits(sizes) {
            true => winograd::packed(sizes, weights),
            false => packed(sizes.outputs, weights, vectorised(Lanes)),
        };
        let bias = bias.map_or_else(|| vec![0.0; sizes.outputs], <[f32]>::to_vec);
        Self { outputs: sizes.outputs, exact, packed, bias }
    }

    /// Convolves what is laid out in `lines`, by way of `out` where it must; writes all of `y`.
    fn convolve(&self, line: &Line, lines: &[f32], out: &mut Vec<f32>, y: &mut [MaybeUninit<f32>]) {
        if winograd::suits(&line.sizes) {
            let Self { exact, packed, bias, .. } = self;
            return winograd::Forward { exact: *exact, line, lines, packed, bias, room: out, y }.run();
        }
        out.resize(self.outputs * line.room, 0.0);
        let taps = line.taps();
        let (packed, bias, y_lies) = (&self.packed, &self.bias, (line.room, 0));
        vectorised(Convolve {
            line,
            x: lines,
            taps: &taps,
            packed,
            bias,
            finish: Finish::NONE,
            y: out,
            y_lies,
        });
        line.take_out(out, self.outputs, y);
    }
}

/// Gradients with respect to the weights and the bias, summed over examples in a fixed order: the examples
/// are cut into parts by the sizes alone, and the parts are added up one after the other.
pub fn weight_gradient(sizes: &Sizes, x: &[f32], dy: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let part = part(sizes);
    let positions = sizes.positions();
    let sums = x
        .par_chunks(part * sizes.inputs * positions)
        .zip(dy.par_chunks(part * sizes.outputs * positions))
        .map(|(x, dy)| part_gradient(sizes, x, dy, |_, _| ()))
        .collect();
    sum_of_parts(sizes, sums)
}

/// Gradients with respect to x, the weights and the bias, in one go: dy is laid out once for all three. `turned`
/// are the weights with channels swapped and kernels rotated by 180°.
pub fn gradients(sizes: &Sizes, x: &[f32], dy: &[f32], turned: &[f32]) -> (Vec<f32>, Vec<f32>, Vec<f32>) {
    let (part, block) = (part(sizes), block(sizes));
    let positions = sizes.positions();
    assert_eq!(x.len(), sizes.examples * sizes.inputs * positions, "numbers of x");
    assert_eq!(dy.len(), sizes.examples * sizes.outputs * positions, "numbers of dy");
    let back = Sizes { inputs: sizes.outputs, outputs: sizes.inputs, ..*sizes };
    let kernel = PackedWeights::new(false, &back, turned, None);
    let piece = |index: usize, channels: usize| {
        let task = part * channels * positions;
        index * task..(sizes.examples * channels * positions).min((index + 1) * task)
    };
    let write = |index: usize, dx: &mut [MaybeUninit<f32>], out: &mut Vec<f32>| {
        let (x, dy) = (&x[piece(index, sizes.inputs)], &dy[piece(index, sizes.outputs)]);
        let mut dx = dx.chunks_mut(block * sizes.inputs * positions);
        part_gradient(sizes, x, dy, |line, d_lines| {
            let dx = dx.next().expect("dx has the blocks of x");
            kernel.convolve(line, d_lines, out, dx);
        })
    };
    // SAFETY: the part's blocks cover its dx, and `convolve` writes all of each.
    let (dx, sums) = unsafe { written(x.len(), part * sizes.inputs * positions, Vec::new, write) };
    let (weights, bias) = sum_of_parts(sizes, sums);
    (dx, weights, bias)
}

/// One part's gradients, those of the weights and then those of the bias; hands each block's dy, laid out, to
/// `visit`.
fn part_gradient(sizes: &Sizes, x: &[f32], dy: &[f32], mut visit: impl FnMut(&Line, &[f32])) -> Vec<f32> {
    let Sizes { inputs, outputs, .. } = *sizes;
    let (positions, block, numbers) = (sizes.positions(), block(sizes), outputs * sizes.taps());
    let mut sum = vec![0.0; numbers + outputs];
    let (mut lines, mut d_lines) = (Lines::default(), Lines::default());
    let mut bands = winograd::suits(sizes).then(|| winograd::WeightGradient::new(sizes));
    let blocks = x.chunks(block * inputs * positions).zip(dy.chunks(block * outputs * positions));
    for (x, dy) in blocks {
        let examples = x.len() / (inputs * positions);
        let line = Line::new(sizes, examples);
        line.lay_out(x, inputs, &mut lines);
        line.lay_out(dy, outputs, &mut d_lines);
        let (lines, d_lines) = (lines.as_slice(), d_lines.as_slice());
        let (weights, bias) = sum.split_at_mut(numbers);
        match &mut bands {
            Some(bands) => bands.add(&line, examples, lines, d_lines),
            None => vectorised(WeightGradient { line: &line, x: lines, dy: d_lines, sum: weights }),
        }
        for (sum, line) in bias.iter_mut().zip(d_lines.chunks_exact(line.length())) {
            *sum += total(line);
        }
        visit(&line, d_lines);
    }
    if let Some(bands) = bands {
        bands.write(&mut sum[..numbers]);
    }
    sum
}

/// Adds up the parts' gradients in their order.
fn sum_of_parts(sizes: &Sizes, parts: Vec<Vec<f32>>) -> (Vec<f32>, Vec<f32>) {
    let numbers = sizes.outputs * sizes.taps();
    let mut parts = parts.into_iter();
    let mut weights = parts.next().unwrap_or(vec![0.0; numbers + sizes.outputs]);
    for more in parts {
        weights.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
    }
    let bias = weights.split_off(numbers);
    (weights, bias)
}

/// Examples in each part that the weight gradient is summed in.
fn part(sizes: &Sizes) -> usize {
    let block = block(sizes);
    let blocks = sizes.examples.div_ceil(block);
    let parts = PARTS.min(PART_NUMBERS / (sizes.outputs * sizes.taps())).clamp(1, blocks.max(1));
    blocks.div_ceil(parts) * block
}
