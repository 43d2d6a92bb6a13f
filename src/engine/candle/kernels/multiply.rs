//! The two inner loops of the direct convolution, over images that are laid out in lines ([`super::line`]): lines from
//! lines and weights, and weights' gradients from two kinds of lines.

use pulp::{Simd, WithSimd};

use super::line::{Line, VECTORS};
use super::tile::{products, tiles};

/// Positions whose products with a weight gradient's tile stay in the first-level cache: about an image of 32 × 32.
const SEGMENT: usize = 23 * 48;

/// The widest tile of output channels for vectors of `lanes` numbers: 24 accumulators need 32 registers.
pub fn widest_tile(lanes: usize) -> usize {
    if lanes == 16 { 8 } else { 4 }
}

/// The same for the weight gradient, whose tiles hold the kernel's three columns, for two inputs where there are 32
/// registers.
fn widest_gradient_tile() -> usize {
    if cfg!(target_arch = "wasm32") { 2 } else { 4 }
}

/// Weights as `[tile][input][tap][channel of the tile]`, for vectors of `lanes` numbers. `weights` are
/// `[outputs][inputs · taps]`.
pub fn packed(outputs: usize, weights: &[f32], lanes: usize) -> Vec<f32> {
    let row = weights.len() / outputs;
    let mut packed = Vec::with_capacity(weights.len());
    for (first, size) in tiles(outputs, widest_tile(lanes)) {
        for tap in 0..row {
            packed.extend((first..first + size).map(|output| weights[output * row + tap]));
        }
    }
    packed
}

/// Where a sum is written: as it is, or zero.
#[derive(Clone, Copy)]
pub enum Gate<'a> {
    /// Everywhere.
    Open,
    /// Where the number that it replaces is positive.
    Replaced,
    /// Where this line is positive, for every channel.
    Line(&'a [f32]),
    /// Where these lines are positive, which lie as those that are written.
    Lines(&'a [f32]),
}

/// What becomes of a sum.
#[derive(Clone, Copy)]
pub struct Finish<'a> {
    /// Whether negative sums become zero.
    pub relu: bool,
    /// Where it becomes zero.
    pub gate: Gate<'a>,
    /// Whether it is added to what is there.
    pub add: bool,
}

impl Finish<'_> {
    /// Sums as they are.
    pub const NONE: Finish<'static> = Finish { relu: false, gate: Gate::Open, add: false };
}

/// A convolution of lines.
pub struct Convolve<'a> {
    /// How they are laid out, and the kernel.
    pub line: &'a Line,
    /// A line for each channel that is read.
    pub x: &'a [f32],
    /// Where each tap's neighbour lies ([`Line::taps`]).
    pub taps: &'a [usize],
    /// The weights, [`packed`].
    pub packed: &'a [f32],
    /// One number for each channel that is written.
    pub bias: &'a [f32],
    /// What becomes of the sums.
    pub finish: Finish<'a>,
    /// A line for each channel that is written.
    pub y: &'a mut [f32],
    /// Numbers from one of these lines to the next, and before the first position of each.
    pub y_lies: (usize, usize),
}

impl WithSimd for Convolve<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (packed, outputs) = (self.packed, self.bias.len());
        let row = packed.len() / outputs;
        for (first, size) in tiles(outputs, widest_tile(S::F32_LANES)) {
            let weights = &packed[first * row..][..size * row];
            match size {
                8 if S::F32_LANES == 16 => self.tile::<S, 8>(simd, first, weights),
                7 if S::F32_LANES == 16 => self.tile::<S, 7>(simd, first, weights),
                6 if S::F32_LANES == 16 => self.tile::<S, 6>(simd, first, weights),
                5 if S::F32_LANES == 16 => self.tile::<S, 5>(simd, first, weights),
                4 => self.tile::<S, 4>(simd, first, weights),
                3 => self.tile::<S, 3>(simd, first, weights),
                2 => self.tile::<S, 2>(simd, first, weights),
                _ => self.tile::<S, 1>(simd, first, weights),
            }
        }
    }
}

impl Convolve<'_> {
    /// Computes `TILE` output channels from `first` on.
    #[inline(always)]
    fn tile<S: Simd, const TILE: usize>(&mut self, simd: S, first: usize, weights: &[f32]) {
        let step = VECTORS * S::F32_LANES;
        for at in (0..self.line.room).step_by(step) {
            let mut sums: [[S::f32s; VECTORS]; TILE] =
                std::array::from_fn(|o| [simd.splat_f32s(self.bias[first + o]); VECTORS]);
            let mut weights = weights.as_chunks::<TILE>().0.iter();
            for line in self.x.chunks_exact(self.line.length()) {
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
            // By way of memory: what is done to them there must not keep them from their registers in the loop above.
            let mut found = [[simd.splat_f32s(0.0); VECTORS]; TILE];
            for (found, sums) in found.iter_mut().zip(&sums) {
                for (found, sum) in found.iter_mut().zip(sums) {
                    *found = *sum;
                }
            }
            for (o, sums) in found.iter().enumerate() {
                self.write(simd, first + o, at, sums);
            }
        }
    }

    #[inline(always)]
    fn write<S: Simd>(&mut self, simd: S, output: usize, at: usize, sums: &[S::f32s; VECTORS]) {
        let (step, zero) = (VECTORS * S::F32_LANES, simd.splat_f32s(0.0));
        let (length, lead) = self.y_lies;
        let lies = output * length + lead + at;
        let out = S::as_mut_simd_f32s(&mut self.y[lies..][..step]).0;
        let positive = |simd: S, gate: S::f32s| simd.greater_than_f32s(gate, zero);
        for (v, (out, sum)) in out.iter_mut().zip(sums).enumerate() {
            let mut sum = *sum;
            if self.finish.relu {
                sum = simd.select_f32s(positive(simd, sum), sum, zero);
            }
            let gate = match self.finish.gate {
                Gate::Open => None,
                Gate::Replaced => Some(*out),
                Gate::Line(line) => Some(S::as_simd_f32s(&line[at..][..step]).0[v]),
                Gate::Lines(lines) => Some(S::as_simd_f32s(&lines[lies..][..step]).0[v]),
            };
            if let Some(gate) = gate {
                sum = simd.select_f32s(positive(simd, gate), sum, zero);
            }
            *out = if self.finish.add { simd.add_f32s(*out, sum) } else { sum };
        }
    }
}

/// The gradient with respect to the weights, added to `sum`.
pub struct WeightGradient<'a> {
    /// How the lines are laid out, and the kernel.
    pub line: &'a Line,
    /// A line for each channel that was read.
    pub x: &'a [f32],
    /// A line for each channel that was written, zero wherever no position of an image lies.
    pub dy: &'a [f32],
    /// `[outputs][inputs][taps]`.
    pub sum: &'a mut [f32],
}

impl WithSimd for WeightGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (room, outputs) = (self.line.room, self.line.sizes.outputs);
        for at in (0..room).step_by(SEGMENT) {
            let segment = (at, SEGMENT.min(room - at));
            for (first, size) in tiles(outputs, widest_gradient_tile()) {
                match size {
                    4 if !cfg!(target_arch = "wasm32") => self.tile::<S, 4>(simd, first, segment),
                    3 if !cfg!(target_arch = "wasm32") => self.tile::<S, 3>(simd, first, segment),
                    2 => self.tile::<S, 2>(simd, first, segment),
                    _ => self.tile::<S, 1>(simd, first, segment),
                }
            }
        }
    }
}

impl WeightGradient<'_> {
    #[inline(always)]
    fn tile<S: Simd, const TILE: usize>(&mut self, simd: S, first: usize, segment: (usize, usize)) {
        let inputs = self.line.sizes.inputs;
        let mut input = 0;
        if S::F32_LANES == 16 {
            while input + 2 <= inputs {
                self.inputs::<S, TILE, 2>(simd, first, input, segment);
                input += 2;
            }
        }
        for input in input..inputs {
            self.inputs::<S, TILE, 1>(simd, first, input, segment);
        }
    }

    #[inline(always)]
    fn inputs<S: Simd, const TILE: usize, const INPUTS: usize>(
        &mut self,
        simd: S,
        first: usize,
        input: usize,
        segment: (usize, usize),
    ) {
        let kernel = self.line.sizes.kernel;
        for ky in 0..kernel {
            // Three columns of the kernel share the loads of dy; other kernels' columns go one by one.
            for kx in (0..kernel).step_by(if kernel == 3 { 3 } else { 1 }) {
                match kernel {
                    3 => self.columns::<S, TILE, INPUTS, 3>(simd, (first, input), (ky, kx), segment),
                    _ => self.columns::<S, TILE, INPUTS, 1>(simd, (first, input), (ky, kx), segment),
                }
            }
        }
    }

    #[inline(always)]
    fn columns<S: Simd, const TILE: usize, const INPUTS: usize, const COLUMNS: usize>(
        &mut self,
        simd: S,
        (first, input): (usize, usize),
        (ky, kx): (usize, usize),
        (at, numbers): (usize, usize),
    ) {
        let Line { sizes, lead, .. } = *self.line;
        let (length, tap) = (self.line.length(), self.line.tap(ky, kx));
        let x: [&[f32]; INPUTS] =
            std::array::from_fn(|i| &self.x[(input + i) * length + tap + at..][..numbers + COLUMNS - 1]);
        let dy: [&[f32]; TILE] =
            std::array::from_fn(|o| &self.dy[(first + o) * length + lead + at..][..numbers]);
        let sums = products::<S, TILE, INPUTS, COLUMNS>(simd, x, dy);
        for (o, sums) in sums.iter().enumerate() {
            for (i, sums) in sums.iter().enumerate() {
                let row = ((first + o) * sizes.inputs + input + i) * sizes.kernel * sizes.kernel;
                for (sum, more) in self.sum[row + ky * sizes.kernel + kx..].iter_mut().zip(sums) {
                    *sum += more;
                }
            }
        }
    }
}
