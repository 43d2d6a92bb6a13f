//! The transforms: of a kernel, of a block's lines, of their gradient, and back.

use std::mem::MaybeUninit;

use pulp::Simd;

use super::super::line::Line;
use super::super::sizes::Sizes;

/// Output channels of a tile: 8 sums, and 16 registers.
pub const WIDEST: usize = 4;
/// Rows of a band: what one transform gives.
pub const BAND: usize = 4;
/// Points of the transform, and rows that a band is computed from.
pub const POINTS: usize = BAND + 2;

/// `G g`.
pub fn points([a, b, c]: [f32; 3]) -> [f32; POINTS] {
    let (even, odd) = (a + c, a + 4.0 * c);
    [a / 4.0, -(even + b) / 6.0, (b - even) / 6.0, (odd + 2.0 * b) / 24.0, (odd - 2.0 * b) / 24.0, c]
}

/// `Gᵀ s`.
pub fn taps([a, b, c, d, e, f]: [f32; POINTS]) -> [f32; 3] {
    [
        a / 4.0 - (b + c) / 6.0 + (d + e) / 24.0,
        (c - b) / 6.0 + (d - e) / 12.0,
        (d + e) / 6.0 - (b + c) / 6.0 + f,
    ]
}

/// `Bᵀ d`. Of equal rows all but one are exactly zero, so that where a band sees one colour its rows are exactly equal.
#[inline(always)]
fn sources<S: Simd>(simd: S, [a, b, c, d, e, f]: [S::f32s; POINTS]) -> [S::f32s; POINTS] {
    let [two, four] = [2.0, 4.0].map(|number| simd.splat_f32s(number));
    let even = simd.sub_f32s(e, simd.mul_f32s(four, c));
    let odd = simd.sub_f32s(d, simd.mul_f32s(four, b));
    let outer = simd.sub_f32s(e, c);
    let inner = simd.mul_f32s(two, simd.sub_f32s(d, b));
    let end = |a, c, e| simd.add_f32s(simd.mul_f32s(four, simd.sub_f32s(a, c)), simd.sub_f32s(e, c));
    [
        end(a, c, e),
        simd.add_f32s(even, odd),
        simd.sub_f32s(even, odd),
        simd.add_f32s(outer, inner),
        simd.sub_f32s(outer, inner),
        end(b, d, f),
    ]
}

/// `Aᵀ m`.
#[inline(always)]
fn outputs<S: Simd>(simd: S, [a, b, c, d, e, f]: [S::f32s; POINTS]) -> [S::f32s; BAND] {
    let [two, four, eight] = [2.0, 4.0, 8.0].map(|number| simd.splat_f32s(number));
    let (even, odd) = (simd.add_f32s(b, c), simd.sub_f32s(b, c));
    let (far, apart) = (simd.add_f32s(d, e), simd.sub_f32s(d, e));
    [
        simd.add_f32s(simd.add_f32s(even, a), far),
        simd.add_f32s(odd, simd.mul_f32s(two, apart)),
        simd.add_f32s(even, simd.mul_f32s(four, far)),
        simd.add_f32s(simd.add_f32s(odd, f), simd.mul_f32s(eight, apart)),
    ]
}

/// `A dy`.
#[inline(always)]
fn gradients<S: Simd>(simd: S, [a, b, c, d]: [S::f32s; BAND]) -> [S::f32s; POINTS] {
    let [two, four] = [2.0, 4.0].map(|number| simd.splat_f32s(number));
    let (even, odd) = (simd.add_f32s(a, c), simd.add_f32s(b, d));
    let far = simd.add_f32s(a, simd.mul_f32s(four, c));
    let apart = simd.mul_f32s(two, simd.add_f32s(b, simd.mul_f32s(four, d)));
    [
        a,
        simd.add_f32s(even, odd),
        simd.sub_f32s(even, odd),
        simd.add_f32s(far, apart),
        simd.sub_f32s(far, apart),
        d,
    ]
}

/// A block's bands: how the transforms of its lines lie.
#[derive(Clone, Copy)]
pub struct Bands<'a> {
    /// How it is laid out.
    pub line: &'a Line,
    /// Examples of it.
    pub examples: usize,
}

impl Bands<'_> {
    fn count(&self) -> usize {
        self.examples * self.line.sizes.height / BAND
    }

    /// From one band's numbers to the next: a column on either side, as the kernel reaches.
    fn pitch(&self) -> usize {
        self.line.sizes.width + 2
    }

    /// Numbers of a channel at a point, in whole vectors.
    pub fn numbers(&self) -> usize {
        (self.count() * self.pitch()).next_multiple_of(4)
    }

    /// The same with what is loaded or stored beyond them.
    pub fn length(&self) -> usize {
        self.numbers() + 4
    }

    /// Where each band's first row begins in a line, and where its numbers do.
    pub fn starts(self) -> impl Iterator<Item = (usize, usize)> {
        let each = self.line.sizes.height / BAND;
        let Line { stride, pitch, .. } = *self.line;
        (0..self.count())
            .map(move |band| (band / each * stride + band % each * BAND * pitch, band * self.pitch()))
    }
}

/// Rows of `width` numbers, one below the other.
#[inline(always)]
fn rows<S: Simd, const ROWS: usize>(line: &[f32], pitch: usize, width: usize) -> [&[S::f32s]; ROWS] {
    std::array::from_fn(|row| S::as_simd_f32s(&line[row * pitch..][..width]).0)
}

/// The same place of each point's part of `out`.
#[inline(always)]
fn places<S: Simd>(out: &mut [f32], at: usize, width: usize) -> [&mut [S::f32s]; POINTS] {
    let mut parts = out.chunks_exact_mut(out.len() / POINTS);
    std::array::from_fn(|_| {
        let part = parts.next().expect("a part for each point");
        S::as_mut_simd_f32s(&mut part[at..][..width]).0
    })
}

/// `Bᵀ d` of every band, as `[point][channel][band][column]`.
#[inline(always)]
pub fn sources_of<S: Simd>(simd: S, bands: Bands, lines: &[f32], out: &mut [f32]) {
    // A column on either side, in whole vectors; what is beyond is written over by the next band.
    let (origin, width) = (bands.line.tap(0, 0), bands.line.sizes.width + 4);
    transform(simd, bands, lines, (origin, width), sources, out);
}

/// `A dy` of every band, as `[point][channel][band][column]`; what is between rows stays.
#[inline(always)]
pub fn gradients_of<S: Simd>(simd: S, bands: Bands, lines: &[f32], out: &mut [f32]) {
    let (origin, width) = (bands.line.tap(1, 1), bands.line.sizes.width);
    transform(simd, bands, lines, (origin, width), gradients, out);
}

/// `by` of each band's rows, so many columns from `origin` on.
#[inline(always)]
fn transform<S: Simd, const ROWS: usize>(
    simd: S,
    bands: Bands,
    lines: &[f32],
    (origin, width): (usize, usize),
    by: impl Fn(S, [S::f32s; ROWS]) -> [S::f32s; POINTS],
    out: &mut [f32],
) {
    for (channel, line) in lines.chunks_exact(bands.line.length()).enumerate() {
        for (from, to) in bands.starts() {
            let rows = rows::<S, ROWS>(&line[origin + from..], bands.line.pitch, width);
            let points = places::<S>(out, channel * bands.length() + to, width);
            for at in 0..width / 4 {
                let transformed = by(simd, std::array::from_fn(|row| rows[row][at]));
                for point in 0..POINTS {
                    points[point][at] = transformed[point];
                }
            }
        }
    }
}

/// The sizes of all that each position sees, added up, as `[examples][positions]`; `all` is room for a line.
#[inline(always)]
pub fn sizes_seen<S: Simd>(simd: S, bands: Bands, lines: &[f32], all: &mut [f32], seen: &mut [f32]) {
    let Line { sizes: Sizes { width, height, .. }, pitch, stride, .. } = *bands.line;
    all.fill(0.0);
    for line in lines.chunks_exact(bands.line.length()) {
        let line = S::as_simd_f32s(line).0;
        for (all, number) in S::as_mut_simd_f32s(all).0.iter_mut().zip(line) {
            *all = simd.add_f32s(*all, simd.abs_f32s(*number));
        }
    }
    for (row, seen) in seen.chunks_exact_mut(width).enumerate() {
        let from = bands.line.tap(0, 0) + row / height * stride + row % height * pitch;
        let columns: [[&[S::f32s]; 3]; 3] =
            std::array::from_fn(|column| rows::<S, 3>(&all[from + column..], pitch, width));
        for (at, seen) in S::as_mut_simd_f32s(seen).0.iter_mut().enumerate() {
            let sums =
                columns.map(|rows| simd.add_f32s(simd.add_f32s(rows[0][at], rows[1][at]), rows[2][at]));
            *seen = simd.add_f32s(simd.add_f32s(sums[0], sums[1]), sums[2]);
        }
    }
}

/// `Aᵀ m + bias` of a channel's sums, into its rows of `y`: only the bias where nothing is seen.
#[inline(always)]
pub fn put_together<S: Simd>(
    simd: S,
    bands: Bands,
    sums: &[f32],
    seen: &[f32],
    (channel, bias): (usize, f32),
    y: &mut [MaybeUninit<f32>],
) {
    let Sizes { width, height, .. } = bands.line.sizes;
    let stride = y.len() / bands.examples;
    let (each, part) = (height / BAND, WIDEST * bands.numbers());
    let (bias, zero) = (simd.splat_f32s(bias), simd.splat_f32s(0.0));
    for ((band, (_, start)), seen) in bands.starts().enumerate().zip(seen.chunks_exact(BAND * width)) {
        let sums = rows::<S, POINTS>(&sums[start..], part, width);
        let seen = rows::<S, BAND>(seen, width, width);
        let first = band / each * stride + (channel * each + band % each) * BAND * width;
        let mut to = y[first..][..BAND * width].chunks_exact_mut(width);
        let to: [&mut [MaybeUninit<S::f32s>]; BAND] =
            std::array::from_fn(|_| S::as_uninit_mut_simd_f32s(to.next().expect("a band's rows")).0);
        for at in 0..width / 4 {
            let outputs = outputs(simd, std::array::from_fn(|point| sums[point][at]));
            for row in 0..BAND {
                // NaN and infinity must reach the output.
                let nothing = simd.equal_f32s(seen[row][at], zero);
                to[row][at].write(simd.add_f32s(simd.select_f32s(nothing, zero, outputs[row]), bias));
            }
        }
    }
}
