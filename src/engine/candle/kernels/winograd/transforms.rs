//! The transforms: of a kernel, of a block's lines, of their gradient, and back.

use std::mem::MaybeUninit;

use pulp::Simd;

use super::super::conv::Sizes;
use super::super::direct::Line;
use super::WIDEST;

/// Rows of a band: what one transform gives.
pub const BAND: usize = 4;
/// Rows that a band is computed from.
const REACH: usize = BAND + 2;
/// Points of the transform.
pub const POINTS: usize = 6;
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

    /// From one band's row to the next: a column on either side, as the kernel reaches.
    fn pitch(&self) -> usize {
        self.line.sizes.width + 2
    }

    /// Numbers of a channel's rows, in whole vectors.
    pub fn numbers(&self) -> usize {
        (self.count() * self.pitch()).next_multiple_of(4)
    }

    /// The same with what is loaded or stored beyond them.
    pub fn length(&self) -> usize {
        self.numbers() + 4
    }

    /// Where a band's first row begins in a line, and its own row in the transform's.
    pub fn starts(self) -> impl Iterator<Item = (usize, usize)> {
        let each = self.line.sizes.height / BAND;
        let pitch = self.line.pitch;
        (0..self.count()).map(move |band| {
            let row = band / each * self.line.stride + band % each * BAND * pitch;
            (row, band * self.pitch())
        })
    }
}

/// `Bᵀ d` of every band, as `[point][channel][band][column]`.
#[inline(always)]
pub fn transform_lines<S: Simd>(simd: S, bands: Bands, lines: &[f32], out: &mut [f32]) {
    let (pitch, length) = (bands.line.pitch, bands.length());
    let origin = bands.line.tap(0, 0);
    let width = bands.line.sizes.width + 4;
    let each = out.len() / POINTS;
    let [two, four, five] = [2.0, 4.0, 5.0].map(|number| simd.splat_f32s(number));
    for (channel, line) in lines.chunks_exact(bands.line.length()).enumerate() {
        for (from, to) in bands.starts() {
            let rows: [&[S::f32s]; REACH] =
                std::array::from_fn(|row| S::as_simd_f32s(&line[origin + from + row * pitch..][..width]).0);
            let mut points = out.chunks_exact_mut(each);
            let points: [&mut [S::f32s]; POINTS] = std::array::from_fn(|_| {
                let point = points.next().expect("a part for each point");
                S::as_mut_simd_f32s(&mut point[channel * length + to..][..width]).0
            });
            for at in 0..width / 4 {
                let [a, b, c, d, e, f] = std::array::from_fn(|row| rows[row][at]);
                let (even, odd) =
                    (simd.sub_f32s(e, simd.mul_f32s(four, c)), simd.sub_f32s(d, simd.mul_f32s(four, b)));
                let (outer, inner) = (simd.sub_f32s(e, c), simd.mul_f32s(two, simd.sub_f32s(d, b)));
                let ends =
                    |a, c, e| simd.add_f32s(simd.sub_f32s(simd.mul_f32s(four, a), simd.mul_f32s(five, c)), e);
                points[0][at] = ends(a, c, e);
                points[1][at] = simd.add_f32s(even, odd);
                points[2][at] = simd.sub_f32s(even, odd);
                points[3][at] = simd.add_f32s(outer, inner);
                points[4][at] = simd.sub_f32s(outer, inner);
                points[5][at] = ends(b, d, f);
            }
        }
    }
}

/// `Aᵀ m + bias` of a channel's sums, into its rows of `y`.
#[inline(always)]
pub fn put_together<S: Simd>(
    simd: S,
    bands: Bands,
    sums: &[f32],
    bias: S::f32s,
    channel: usize,
    y: &mut [MaybeUninit<f32>],
) {
    let Sizes { width, height, .. } = bands.line.sizes;
    let stride = y.len() / bands.examples;
    let (each, apart) = (height / BAND, WIDEST * bands.numbers());
    let [two, four, eight] = [2.0, 4.0, 8.0].map(|number| simd.splat_f32s(number));
    for (band, (_, start)) in bands.starts().enumerate() {
        let m: [&[S::f32s]; POINTS] =
            std::array::from_fn(|point| S::as_simd_f32s(&sums[point * apart + start..][..width]).0);
        let y =
            &mut y[band / each * stride + (channel * each + band % each) * BAND * width..][..BAND * width];
        let mut rows = y.chunks_exact_mut(width);
        let rows: [&mut [MaybeUninit<S::f32s>]; BAND] =
            std::array::from_fn(|_| S::as_uninit_mut_simd_f32s(rows.next().expect("a band's rows")).0);
        for at in 0..width / 4 {
            let [a, b, c, d, e, f] = std::array::from_fn(|point| m[point][at]);
            let (even, odd) = (simd.add_f32s(b, c), simd.sub_f32s(b, c));
            let (far, apart) = (simd.add_f32s(d, e), simd.sub_f32s(d, e));
            let (even, odd) = (simd.add_f32s(even, bias), simd.add_f32s(odd, bias));
            rows[0][at].write(simd.add_f32s(simd.add_f32s(even, a), far));
            rows[1][at].write(simd.add_f32s(odd, simd.mul_f32s(two, apart)));
            rows[2][at].write(simd.add_f32s(even, simd.mul_f32s(four, far)));
            rows[3][at].write(simd.add_f32s(simd.add_f32s(odd, f), simd.mul_f32s(eight, apart)));
        }
    }
}

/// `A dy` of every band, as `[point][channel][band][column]`.
#[inline(always)]
pub fn transform_gradient<S: Simd>(simd: S, bands: Bands, lines: &[f32], out: &mut [f32]) {
    let (pitch, length, width) = (bands.line.pitch, bands.length(), bands.line.sizes.width);
    let origin = bands.line.tap(1, 1);
    let each = out.len() / POINTS;
    let [two, four] = [2.0, 4.0].map(|number| simd.splat_f32s(number));
    for (channel, line) in lines.chunks_exact(bands.line.length()).enumerate() {
        for (from, to) in bands.starts() {
            let rows: [&[S::f32s]; BAND] =
                std::array::from_fn(|row| S::as_simd_f32s(&line[origin + from + row * pitch..][..width]).0);
            let mut points = out.chunks_exact_mut(each);
            let points: [&mut [S::f32s]; POINTS] = std::array::from_fn(|_| {
                let point = points.next().expect("a part for each point");
                S::as_mut_simd_f32s(&mut point[channel * length + to..][..width]).0
            });
            for at in 0..width / 4 {
                let [a, b, c, d] = std::array::from_fn(|row| rows[row][at]);
                let (even, odd) = (simd.add_f32s(a, c), simd.add_f32s(b, d));
                let far = simd.add_f32s(a, simd.mul_f32s(four, c));
                let apart = simd.mul_f32s(two, simd.add_f32s(b, simd.mul_f32s(four, d)));
                points[0][at] = a;
                points[1][at] = simd.add_f32s(even, odd);
                points[2][at] = simd.sub_f32s(even, odd);
                points[3][at] = simd.add_f32s(far, apart);
                points[4][at] = simd.sub_f32s(far, apart);
                points[5][at] = d;
            }
        }
    }
}
