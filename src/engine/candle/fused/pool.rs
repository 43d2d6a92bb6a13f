//! Pools over lines.

use pulp::{Simd, WithSimd};

use super::memory::Grid;
use crate::engine::candle::kernels::{Lanes, in_vectors, vectorised};
use crate::morphism::Pool;

/// A pool of one channel: where its lines' rows lie, before and after.
pub struct Pooling<'a> {
    /// Which.
    pub pool: Pool,
    /// Before.
    pub from: &'a Grid,
    /// After.
    pub to: &'a Grid,
    /// Examples that are there.
    pub examples: usize,
}

impl Pooling<'_> {
    /// Each row after the pool: where it begins, and where the first of those that it is made of begins.
    fn rows(&self) -> impl Iterator<Item = (usize, usize)> {
        let (height, _) = self.to.size;
        let (from, to) = (&self.from.line, &self.to.line);
        let size = side(self.pool);
        (0..self.examples * height).map(move |row| {
            let (example, row) = (row / height, row % height);
            let to = to.lead + example * to.stride + row * to.pitch;
            (to, from.lead + example * from.stride + size * row * from.pitch)
        })
    }

    /// Writes the rows of `z`, a channel's line, from its line `u`. `room` is scratch memory.
    pub fn forward(&self, u: &[f32], z: &mut [f32], room: &mut Vec<f32>) {
        let (pitch, columns) = (self.from.line.pitch, self.to.size.1);
        if side(self.pool) == 2 {
            room.resize(u.len(), 0.0);
            in_vectors(
                #[inline(always)]
                || match self.pool {
                    Pool::Average(_) => self.by_twos(u, z, room, |a, b| a + b, 0.25),
                    _ => self.by_twos(u, z, room, larger, 1.0),
                },
            );
            return;
        }
        for (to, from) in self.rows() {
            for (column, z) in z[to..][..columns].iter_mut().enumerate() {
                *z = self.of_window(u, from + column * side(self.pool), pitch);
            }
        }
    }

    /// First rows by twos, all along the line, then columns.
    #[inline(always)]
    fn by_twos(
        &self,
        u: &[f32],
        z: &mut [f32],
        room: &mut [f32],
        merge: impl Fn(f32, f32) -> f32,
        share: f32,
    ) {
        let (pitch, columns) = (self.from.line.pitch, self.to.size.1);
        for ((room, top), bottom) in room.iter_mut().zip(u).zip(&u[pitch..]) {
            *room = merge(*top, *bottom);
        }
        for (to, from) in self.rows() {
            let pairs = room[from..][..2 * columns].as_chunks::<2>().0;
            for (z, [left, right]) in z[to..][..columns].iter_mut().zip(pairs) {
                *z = merge(*left, *right) * share;
            }
        }
    }

    fn of_window(&self, u: &[f32], from: usize, pitch: usize) -> f32 {
        let size = side(self.pool);
        let window = (0..size * size).map(|i| u[from + i / size * pitch + i % size]);
        match self.pool {
            Pool::Average(_) => window.sum::<f32>() / (size * size) as f32,
            _ => window.reduce(larger).expect("windows are not empty"),
        }
    }

    /// Replaces a channel's line `u` by the gradient with respect to it, from `dz`. A maximum's goes to the first of equals;
    /// `relu`: only positive numbers have one.
    pub fn gradient(&self, relu: bool, u: &mut [f32], dz: &[f32]) {
        let (pitch, columns, size) = (self.from.line.pitch, self.to.size.1, side(self.pool));
        let average = matches!(self.pool, Pool::Average(_));
        let threshold = if relu { 0.0 } else { f32::NEG_INFINITY };
        if size == 2
            && !average
            && 2 * columns == self.from.size.1
            && columns.is_multiple_of(vectorised(Lanes) / 2)
        {
            let given = vec![0.0; 2 * columns];
            let odd = [0.0, 1.0].repeat(columns);
            return vectorised(Maxima { pooling: self, threshold, u, dz, given, odd });
        }
        if size == 2 {
            in_vectors(
                #[inline(always)]
                || match average {
                    true => self.gradient_by_twos(u, dz, |[a, b, c, d], dz| {
                        [a, b, c, d].map(|u| if u > threshold { dz * 0.25 } else { 0.0 })
                    }),
                    false => self.gradient_by_twos(u, dz, |[a, b, c, d], dz| {
                        let most = larger(larger(a, b), larger(c, d));
                        let given = if most > threshold { dz } else { 0.0 };
                        let (to_a, to_b, to_c) = (a == most, b == most, c == most);
                        [
                            if to_a { given } else { 0.0 },
                            if to_b & !to_a { given } else { 0.0 },
                            if to_c & !(to_a | to_b) { given } else { 0.0 },
                            if to_a | to_b | to_c { 0.0 } else { given },
                        ]
                    }),
                },
            );
            self.clear_beyond(u);
            return;
        }
        for (to, from) in self.rows() {
            for (column, dz) in dz[to..][..columns].iter().enumerate() {
                let from = from + column * size;
                let most = self.of_window(u, from, pitch);
                let mut given = *dz;
                for index in (0..size * size).map(|i| from + i / size * pitch + i % size) {
                    let passes = u[index] > threshold;
                    u[index] = match average {
                        true if passes => *dz / (size * size) as f32,
                        false if passes && u[index] == most => std::mem::take(&mut given),
                        _ => 0.0,
                    };
                }
            }
        }
        self.clear_beyond(u);
    }

    #[inline(always)]
    fn gradient_by_twos(&self, u: &mut [f32], dz: &[f32], window: impl Fn([f32; 4], f32) -> [f32; 4]) {
        let (pitch, columns) = (self.from.line.pitch, self.to.size.1);
        for (to, from) in self.rows() {
            let (top, bottom) = u[from..].split_at_mut(pitch);
            let top = top[..2 * columns].as_chunks_mut::<2>().0;
            let bottom = bottom[..2 * columns].as_chunks_mut::<2>().0;
            for ((top, bottom), dz) in top.iter_mut().zip(bottom).zip(&dz[to..][..columns]) {
                let [a, b, c, d] = window([top[0], top[1], bottom[0], bottom[1]], *dz);
                (*top, *bottom) = ([a, b], [c, d]);
            }
        }
    }

    /// Clears the rows and columns that no window covers.
    fn clear_beyond(&self, u: &mut [f32]) {
        let ((height, width), (rows, columns)) = (self.from.size, self.to.size);
        let (rows, columns) = (rows * side(self.pool), columns * side(self.pool));
        let line = &self.from.line;
        for row in (0..self.examples * height).filter(|_| (rows, columns) != (height, width)) {
            let covered = if row % height < rows { columns } else { 0 };
            let start = line.lead + row / height * line.stride + row % height * line.pitch;
            u[start + covered..start + width].fill(0.0);
        }
    }
}

/// The gradient of maxima of 2 × 2 in whole vectors: what stands in a window's other column is loaded from the place beside.
struct Maxima<'a> {
    pooling: &'a Pooling<'a>,
    /// Only maxima above it have a gradient.
    threshold: f32,
    /// A channel's line, which becomes the gradient with respect to it.
    u: &'a mut [f32],
    dz: &'a [f32],
    /// Room for a row.
    given: Vec<f32>,
    /// One in every second column.
    odd: Vec<f32>,
}

impl WithSimd for Maxima<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { pooling, threshold, u, dz, mut given, odd } = self;
        let (threshold, zero) = (simd.splat_f32s(threshold), simd.splat_f32s(0.0));
        let (pitch, width) = (pooling.from.line.pitch, pooling.from.size.1);
        let load = |numbers: &[f32], at: usize| S::as_simd_f32s(&numbers[at..][..S::F32_LANES]).0[0];
        let either = |a, b| simd.or_m32s(a, b);
        for (to, from) in pooling.rows() {
            for (given, dz) in given.as_chunks_mut::<2>().0.iter_mut().zip(&dz[to..]) {
                *given = [*dz, *dz];
            }
            for at in (0..width).step_by(S::F32_LANES) {
                let (top, bottom) = (from + at, from + pitch + at);
                let odd = simd.greater_than_f32s(load(&odd, at), zero);
                // The numbers before an even column are not used: they may be gradients already.
                let beside = |here: usize| simd.select_f32s(odd, load(u, here - 1), load(u, here + 1));
                let (a, b, c, d) = (load(u, top), beside(top), load(u, bottom), beside(bottom));
                let most = simd.max_f32s(simd.max_f32s(a, b), simd.max_f32s(c, d));
                let given = simd.select_f32s(simd.greater_than_f32s(most, threshold), load(&given, at), zero);
                let is_most = |number| simd.equal_f32s(number, most);
                let in_top = either(is_most(a), is_most(b));
                // The first of equals: the odd column comes after the even one, the bottom row after the top one.
                let before_top = simd.and_m32s(odd, is_most(b));
                let before_bottom = either(in_top, simd.and_m32s(odd, is_most(d)));
                let to_top = simd.select_f32s(before_top, zero, simd.select_f32s(is_most(a), given, zero));
                let to_bottom =
                    simd.select_f32s(before_bottom, zero, simd.select_f32s(is_most(c), given, zero));
                S::as_mut_simd_f32s(&mut u[top..][..S::F32_LANES]).0[0] = to_top;
                S::as_mut_simd_f32s(&mut u[bottom..][..S::F32_LANES]).0[0] = to_bottom;
            }
        }
    }
}

fn side(pool: Pool) -> usize {
    match pool {
        Pool::None => 1,
        Pool::Max(size) | Pool::Average(size) => size,
    }
}

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}
