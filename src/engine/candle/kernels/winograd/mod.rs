//! The direct convolution of 3 × 3 kernels with half the multiplications: Winograd's F(4, 3) along columns.
//!
//! Four rows of an output's column need six rows of the input, and each of the kernel's three columns then takes six
//! multiplications instead of twelve: `y = Aᵀ (G g ⊙ Bᵀ d)` (Winograd 1980; Lavin and Gray, arXiv 1509.09308, with the
//! points 0, ±1, ±2, ∞). The weights' gradient is the same turned round, `Gᵀ Σ (A dy ⊙ Bᵀ d)`. Along rows everything stays
//! as it was, so that vectors lie along rows and nothing need be put in another order. In a browser, whose vectors have four
//! numbers and no multiply-add, this pays.
//!
//! Sums differ from those of the direct way by some 1e-6 of the largest, but where a position sees nothing but zeros the
//! sum is exactly zero too: a band's other rows would leave their rounding errors there, which open ReLUs (of a new
//! network, whose biases are zero, so many that a percent of the first step's gradient changes).

mod transforms;

use std::mem::MaybeUninit;

use pulp::{Simd, WithSimd};

use super::line::Line;
use super::sizes::Sizes;
use super::tile::{products, tiles};
use transforms::{
    BAND, Bands, POINTS, WIDEST, gradients_of, points, put_together, sizes_seen, sources_of, taps,
};

/// Columns computed together: two vectors of four.
const COLUMNS: usize = 8;
/// Output channels of a gradient's tile, which holds three columns.
const WIDEST_GRADIENT: usize = 2;

/// Whether a convolution is computed so here.
pub fn suits(sizes: &Sizes) -> bool {
    cfg!(all(target_arch = "wasm32", target_feature = "simd128")) && fits(sizes)
}

/// Whether bands and tiles fill the images.
fn fits(sizes: &Sizes) -> bool {
    sizes.kernel == 3 && sizes.height.is_multiple_of(BAND) && sizes.width.is_multiple_of(COLUMNS)
}

/// Runs `work` with vectors of four numbers.
fn in_fours<W: WithSimd>(work: W) -> W::Output {
    #[cfg(target_arch = "wasm32")]
    return super::vectorised(work);
    // Only tests run this.
    #[cfg(not(target_arch = "wasm32"))]
    pulp::Scalar128b.vectorize(work)
}

/// Weights as `[tile][point][input][column][channel of the tile]`, each column of a kernel by `G`.
pub fn packed(sizes: &Sizes, weights: &[f32]) -> Vec<f32> {
    let Sizes { inputs, outputs, .. } = *sizes;
    let kernels = weights.as_chunks::<9>().0;
    let mut packed = Vec::with_capacity(outputs * inputs * 3 * POINTS);
    for (first, size) in tiles(outputs, WIDEST) {
        for point in 0..POINTS {
            for (input, column) in (0..3 * inputs).map(|i| (i / 3, i % 3)) {
                packed.extend((first..first + size).map(|output| {
                    let kernel = &kernels[output * inputs + input];
                    points([kernel[column], kernel[3 + column], kernel[6 + column]])[point]
                }));
            }
        }
    }
    packed
}

/// A block that is laid out, convolved into all of `y`.
pub struct Forward<'a> {
    /// Whether sums of nothing but zeros must be exactly zero.
    pub exact: bool,
    /// How the block is laid out.
    pub line: &'a Line,
    /// A line for each channel that is read.
    pub lines: &'a [f32],
    /// What it is convolved with, [`packed`].
    pub packed: &'a [f32],
    /// One number for each channel that is written.
    pub bias: &'a [f32],
    /// Scratch memory.
    pub room: &'a mut Vec<f32>,
    /// `[examples][outputs][positions]`.
    pub y: &'a mut [MaybeUninit<f32>],
}

impl Forward<'_> {
    /// Computes it.
    pub fn run(self) {
        in_fours(self);
    }
}

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { exact, line, lines, packed, bias, room, y } = self;
        let (inputs, outputs) = (lines.len() / line.length(), bias.len());
        let examples = y.len() / (outputs * line.sizes.positions());
        let bands = Bands { line, examples };
        let (sources, sums) = (POINTS * inputs * bands.length(), POINTS * WIDEST * bands.numbers());
        room.resize(sources + sums + examples * line.sizes.positions() + line.length(), 0.0);
        let (sources, rest) = room.split_at_mut(sources);
        let (sums, rest) = rest.split_at_mut(sums);
        let (all, seen) = rest.split_at_mut(line.length());
        sources_of(simd, bands, lines, sources);
        match exact {
            true => sizes_seen(simd, bands, lines, all, seen),
            false => seen.fill(1.0),
        }
        let taps = 3 * POINTS * inputs;
        for (first, size) in tiles(outputs, WIDEST) {
            let weights = &packed[first * taps..][..size * taps];
            let parts =
                sources.chunks_exact(inputs * bands.length()).zip(weights.chunks_exact(size * 3 * inputs));
            for ((sources, weights), sums) in parts.zip(sums.chunks_exact_mut(WIDEST * bands.numbers())) {
                match size {
                    4 => multiply::<S, 4>(simd, bands, sources, weights, sums),
                    3 => multiply::<S, 3>(simd, bands, sources, weights, sums),
                    2 => multiply::<S, 2>(simd, bands, sources, weights, sums),
                    _ => multiply::<S, 1>(simd, bands, sources, weights, sums),
                }
            }
            for channel in 0..size {
                let (sums, channel) = (&sums[channel * bands.numbers()..], first + channel);
                put_together(simd, bands, sums, seen, (channel, bias[channel]), y);
            }
        }
    }
}

/// One point's sums over inputs and columns, as `[channel of the tile][band][column]`.
#[inline(always)]
fn multiply<S: Simd, const TILE: usize>(
    simd: S,
    bands: Bands,
    sources: &[f32],
    weights: &[f32],
    out: &mut [f32],
) {
    let (numbers, width) = (bands.numbers(), bands.line.sizes.width);
    let weights = weights.as_chunks::<TILE>().0.as_chunks::<3>().0;
    for (_, start) in bands.starts() {
        for at in (start..start + width).step_by(COLUMNS) {
            let mut sums = [[simd.splat_f32s(0.0); 2]; TILE];
            for (source, weights) in sources.chunks_exact(bands.length()).zip(weights) {
                let source = &source[at..][..COLUMNS + 2];
                for (column, weights) in weights.iter().enumerate() {
                    let x = [one::<S>(&source[column..]), one::<S>(&source[column + 4..])];
                    for (sums, weight) in sums.iter_mut().zip(weights) {
                        let weight = simd.splat_f32s(*weight);
                        for (sum, x) in sums.iter_mut().zip(x) {
                            *sum = simd.mul_add_e_f32s(weight, x, *sum);
                        }
                    }
                }
            }
            for (sums, out) in sums.iter().zip(out.chunks_exact_mut(numbers)) {
                S::as_mut_simd_f32s(&mut out[at..][..COLUMNS]).0.copy_from_slice(sums);
            }
        }
    }
}

/// The gradient with respect to the weights, added up block by block.
pub struct WeightGradient {
    sizes: Sizes,
    /// `[outputs][inputs][columns][points]`.
    sums: Vec<f32>,
    room: Vec<f32>,
}

impl WeightGradient {
    /// Of no block yet.
    pub fn new(sizes: &Sizes) -> Self {
        let sums = vec![0.0; sizes.outputs * sizes.inputs * 3 * POINTS];
        Self { sizes: *sizes, sums, room: Vec::new() }
    }

    /// Adds what a block of `examples` gives: `lines` of what was read, and `d_lines` of the gradient with respect to
    /// what was written, laid out alike.
    pub fn add(&mut self, line: &Line, examples: usize, lines: &[f32], d_lines: &[f32]) {
        let bands = Bands { line, examples };
        let sources = POINTS * self.sizes.inputs * bands.length();
        let numbers = sources + POINTS * self.sizes.outputs * bands.length();
        if self.room.len() != numbers {
            // Between rows there must be zeros, which nothing changes.
            self.room.clear();
            self.room.resize(numbers, 0.0);
        }
        let (sources, gradients) = self.room.split_at_mut(sources);
        in_fours(Block { bands, lines, d_lines, sources, gradients, sums: &mut self.sums });
    }

    /// Writes all of `weights`, `[outputs][inputs][taps]`.
    pub fn write(&self, weights: &mut [f32]) {
        let sums = self.sums.as_chunks::<POINTS>().0.as_chunks::<3>().0;
        for (weights, columns) in weights.as_chunks_mut::<9>().0.iter_mut().zip(sums) {
            for (column, sums) in columns.iter().enumerate() {
                for (row, tap) in taps(*sums).into_iter().enumerate() {
                    weights[3 * row + column] = tap;
                }
            }
        }
    }
}

struct Block<'a> {
    bands: Bands<'a>,
    lines: &'a [f32],
    d_lines: &'a [f32],
    /// Room for the transforms.
    sources: &'a mut [f32],
    gradients: &'a mut [f32],
    sums: &'a mut [f32],
}

impl WithSimd for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        sources_of(simd, self.bands, self.lines, self.sources);
        gradients_of(simd, self.bands, self.d_lines, self.gradients);
        // Point by point: what one point needs fits the first-level cache.
        for point in 0..POINTS {
            for (first, size) in tiles(self.bands.line.sizes.outputs, WIDEST_GRADIENT) {
                match size {
                    2 => self.tile::<S, 2>(simd, point, first),
                    _ => self.tile::<S, 1>(simd, point, first),
                }
            }
        }
    }
}

impl Block<'_> {
    #[inline(always)]
    fn tile<S: Simd, const TILE: usize>(&mut self, simd: S, point: usize, first: usize) {
        let Sizes { inputs, outputs, .. } = self.bands.line.sizes;
        let (numbers, length) = (self.bands.numbers(), self.bands.length());
        for input in 0..inputs {
            let x = &self.sources[(point * inputs + input) * length..][..numbers + 2];
            let dy: [&[f32]; TILE] =
                std::array::from_fn(|o| &self.gradients[(point * outputs + first + o) * length..][..numbers]);
            for (o, [found]) in products::<S, TILE, 1, 3>(simd, [x], dy).into_iter().enumerate() {
                let sums = &mut self.sums[((first + o) * inputs + input) * 3 * POINTS..][..3 * POINTS];
                for (sums, found) in sums.as_chunks_mut::<POINTS>().0.iter_mut().zip(found) {
                    sums[point] += found;
                }
            }
        }
    }
}

/// The vector that a slice begins with.
#[inline(always)]
fn one<S: Simd>(numbers: &[f32]) -> S::f32s {
    S::as_simd_f32s(&numbers[..4]).0[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::candle::kernels::{line::Lines, unfold};
    use crate::random::Stream;

    const SIZES: [(usize, usize, usize, usize, usize); 6] = [
        // Examples, inputs, outputs, rows, columns.
        (1, 3, 8, 32, 32),
        (3, 2, 7, 16, 16),
        (5, 4, 3, 8, 8),
        (2, 1, 1, 4, 8),
        (3, 8, 5, 4, 24),
        (4, 5, 6, 12, 8),
    ];

    fn sizes((examples, inputs, outputs, height, width): (usize, usize, usize, usize, usize)) -> Sizes {
        let sizes = Sizes { examples, inputs, outputs, height, width, kernel: 3 };
        assert!(fits(&sizes));
        sizes
    }

    /// All within this share of the largest.
    fn assert_close(found: &[f32], expected: &[f64], what: &str) {
        assert_eq!(found.len(), expected.len());
        let largest = expected.iter().fold(0.0f64, |most, number| most.max(number.abs()));
        for (found, expected) in found.iter().zip(expected) {
            let error = (f64::from(*found) - expected).abs() / largest;
            assert!(error < 3e-6, "{what}: found {found}, expected {expected}");
        }
    }

    fn doubles(numbers: &[f32]) -> Vec<f64> {
        numbers.iter().map(|number| f64::from(*number)).collect()
    }

    /// A block laid out, one line a channel.
    fn laid_out(line: &Line, x: &[f32], channels: usize) -> Vec<f32> {
        let mut lines = Lines::default();
        line.lay_out(x, channels, &mut lines);
        lines.as_slice()[..channels * line.length()].to_vec()
    }

    #[test]
    fn the_convolution_is_that_of_the_unfolded_images() {
        for (index, sizes) in SIZES.map(sizes).into_iter().enumerate() {
            let mut stream = Stream::new(1, "winograd", index as u64);
            let x = stream.normals(sizes.examples * sizes.inputs * sizes.positions(), 1.0);
            let weights = stream.normals(sizes.outputs * sizes.taps(), 1.0);
            let bias = stream.normals(sizes.outputs, 1.0);
            let expected = unfold::forward(&sizes, &doubles(&x), &doubles(&weights), Some(&doubles(&bias)));

            for exact in [true, false] {
                let y = convolved(exact, &sizes, &x, &weights, &bias);
                assert_close(&y, &expected, &format!("{sizes:?}"));
            }
        }
    }

    #[test]
    fn zeros_give_exact_zeros_and_one_colour_exactly_equal_numbers() {
        let sizes = Sizes { examples: 2, inputs: 3, outputs: 4, height: 32, width: 16, kernel: 3 };
        let mut stream = Stream::new(3, "winograd", 0);
        let weights = stream.normals(sizes.outputs * sizes.taps(), 1.0);
        let bias = stream.normals(sizes.outputs, 1.0);
        // Nothing in the upper third, noise, and one colour in the lower third.
        let mut x = stream.normals(sizes.examples * sizes.inputs * sizes.positions(), 1.0);
        for (channel, x) in x.chunks_mut(sizes.positions()).enumerate() {
            x[..11 * sizes.width].fill(0.0);
            x[19 * sizes.width..].fill(0.3 + channel as f32 / 7.0);
        }
        let y = convolved(true, &sizes, &x, &weights, &bias);
        for (channel, y) in y.chunks(sizes.positions()).enumerate() {
            let bias = bias[channel % sizes.outputs];
            let rows: Vec<&[f32]> = y.chunks(sizes.width).map(|row| &row[1..sizes.width - 1]).collect();
            assert!(rows[..10].iter().all(|row| row.iter().all(|y| *y == bias)), "{:?}, {bias}", rows[9]);
            let colour = rows[20][0];
            assert!(rows[20..28].iter().all(|row| row.iter().all(|y| *y == colour)), "{:?}", rows[27]);
            assert!(rows[10][0] != bias && rows[18][0] != colour);
        }
    }

    #[test]
    fn nan_and_infinity_are_not_hidden() {
        let sizes = Sizes { examples: 1, inputs: 2, outputs: 3, height: 8, width: 8, kernel: 3 };
        let weights = Stream::new(4, "winograd", 0).normals(sizes.outputs * sizes.taps(), 1.0);
        for bad in [f32::NAN, f32::INFINITY] {
            let mut x = vec![0.0; sizes.inputs * sizes.positions()];
            x[sizes.positions() + 3 * sizes.width + 5] = bad;
            let y = convolved(true, &sizes, &x, &weights, &[0.0; 3]);
            for y in y.chunks(sizes.positions()) {
                let sees =
                    |at: usize| (2..5).contains(&(at / sizes.width)) && (4..7).contains(&(at % sizes.width));
                assert!((0..y.len()).all(|at| y[at].is_finite() != sees(at)), "{bad}: {y:?}");
            }
        }
    }

    /// The whole of it in one block.
    fn convolved(exact: bool, sizes: &Sizes, x: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
        // As where the gradient is computed, laid out for the convolution of which this is the way back.
        let other = Sizes { inputs: sizes.outputs, outputs: sizes.inputs, ..*sizes };
        let line = &Line::new(&other, sizes.examples);
        let (lines, packed) = (&laid_out(line, x, sizes.inputs), &packed(sizes, weights));
        // What an earlier block left does not matter.
        let (mut room, mut y) = (
            vec![f32::NAN; 7],
            vec![MaybeUninit::new(f32::NAN); sizes.examples * sizes.outputs * sizes.positions()],
        );
        for _ in 0..2 {
            let (room, y) = (&mut room, &mut y);
            Forward { exact, line, lines, packed, bias, room, y }.run();
        }
        // SAFETY: every number was initialised above.
        y.iter().map(|y| unsafe { y.assume_init() }).collect()
    }

    #[test]
    fn the_gradient_is_that_of_the_unfolded_images() {
        for (index, sizes) in SIZES.map(sizes).into_iter().enumerate() {
            let mut stream = Stream::new(2, "winograd", index as u64);
            let x = stream.normals(sizes.examples * sizes.inputs * sizes.positions(), 1.0);
            let dy = stream.normals(sizes.examples * sizes.outputs * sizes.positions(), 1.0);
            let (expected, _) = unfold::weight_gradient(&sizes, &doubles(&x), &doubles(&dy));

            let mut gradient = WeightGradient::new(&sizes);
            // The last block is smaller.
            let block = sizes.examples.div_ceil(2);
            let (each_x, each_dy) = (sizes.inputs * sizes.positions(), sizes.outputs * sizes.positions());
            for (x, dy) in x.chunks(block * each_x).zip(dy.chunks(block * each_dy)) {
                let examples = x.len() / each_x;
                let line = Line::new(&sizes, examples);
                let (lines, d_lines) = (laid_out(&line, x, sizes.inputs), laid_out(&line, dy, sizes.outputs));
                gradient.add(&line, examples, &lines, &d_lines);
            }
            let mut weights = vec![f32::NAN; sizes.outputs * sizes.taps()];
            gradient.write(&mut weights);
            assert_close(&weights, &expected, &format!("{sizes:?}"));
        }
    }

    #[test]
    fn only_what_bands_and_tiles_fill_suits() {
        let whole = sizes(SIZES[0]);
        assert!(!fits(&Sizes { width: 12, ..whole }));
        assert!(!fits(&Sizes { height: 6, ..whole }));
        assert!(!fits(&Sizes { kernel: 5, ..whole }));
    }
}
