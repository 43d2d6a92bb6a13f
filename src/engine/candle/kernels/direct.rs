//! "Same" convolution in f32 without unfolding: vector registers hold a tile of several output channels by
//! several positions, and every input vector that is loaded serves all of the tile's channels.
//!
//! A block of examples is laid out channel by channel in one long line (`line`), so one loop over the line computes
//! every row; what falls on the zeros between rows is computed too and left out afterwards. On narrow networks this is two
//! to three times as fast as a matrix product over unfolded images, whose unfolding costs as much as its product.

use std::mem::MaybeUninit;

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::fresh::written;
use super::line::{Line, Lines, VECTORS};
use super::sizes::Sizes;
use super::sum::total;
use super::tile::{products, tiles};
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

/// The widest tile for vectors of `lanes` numbers: 24 accumulators need 32 registers.
fn widest_tile(lanes: usize) -> usize {
    if lanes == 16 { 8 } else { 4 }
}

/// The same for the weight gradient, whose tiles hold three columns whatever [`VECTORS`] is.
fn widest_gradient_tile(lanes: usize) -> usize {
    if cfg!(target_arch = "wasm32") { 2 } else { widest_tile(lanes) }
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
            false => packed(sizes, weights, vectorised(Lanes)),
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
        vectorised(Forward { line, lines, kernel: self, taps: &taps, out });
        line.take_out(out, self.outputs, y);
    }
}

/// Weights as `[tile][input][tap][channel of the tile]`, for vectors of `lanes` numbers.
fn packed(sizes: &Sizes, weights: &[f32], lanes: usize) -> Vec<f32> {
    let row = sizes.taps();
    let mut packed = Vec::with_capacity(weights.len());
    for (first, size) in tiles(sizes.outputs, widest_tile(lanes)) {
        for tap in 0..row {
            packed.extend((first..first + size).map(|output| weights[output * row + tap]));
        }
    }
    packed
}

struct Forward<'a> {
    line: &'a Line,
    lines: &'a [f32],
    kernel: &'a PackedWeights,
    taps: &'a [usize],
    out: &'a mut [f32],
}

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let row = self.kernel.packed.len() / self.kernel.outputs;
        for (first, size) in tiles(self.kernel.outputs, widest_tile(S::F32_LANES)) {
            let weights = &self.kernel.packed[first * row..][..size * row];
            match size {
                8 if S::F32_LANES == 16 => self.tile::<S, 8>(simd, first, weights),
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
                std::array::from_fn(|o| [simd.splat_f32s(self.kernel.bias[first + o]); VECTORS]);
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
            None => vectorised(WeightGradient { line: &line, lines, d_lines, sum: weights }),
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
        for (first, size) in tiles(self.line.sizes.outputs, widest_gradient_tile(S::F32_LANES)) {
            match size {
                8 if S::F32_LANES == 16 => self.tile::<S, 8>(simd, first),
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
        let Line { sizes, room, lead, .. } = *self.line;
        let (length, tap) = (self.line.length(), self.line.tap(ky, kx));
        let x = &self.lines[input * length + tap..][..room + COLUMNS - 1];
        let dy: [&[f32]; TILE] =
            std::array::from_fn(|o| &self.d_lines[(first + o) * length + lead..][..room]);
        let sums = products::<S, TILE, COLUMNS>(simd, x, dy);
        for (o, sums) in sums.iter().enumerate() {
            let row = ((first + o) * sizes.inputs + input) * sizes.kernel * sizes.kernel;
            for (column, sum) in sums.iter().enumerate() {
                self.sum[row + ky * sizes.kernel + kx + column] += sum;
            }
        }
    }
}
