//! "Same" convolution as im2col in cache-sized blocks over Candle's matrix product, in any number type.
//!
//! A block holds as many examples as make its matrices wide enough to be fast and still fit
//! the second-level cache; blocks are independent, so they run on all cores.

use rayon::prelude::*;

use super::sizes::Sizes;
use super::sum::total;
use crate::engine::candle::real::{Real, matmul};

/// Columns that a block's matrices should have at least.
const BLOCK_COLUMNS: usize = 256;

/// Most parts that a weight gradient is summed in, and most numbers that all of them may hold.
const PARTS: usize = 16;
const PART_NUMBERS: usize = 4 << 20;

fn block(sizes: &Sizes) -> usize {
    BLOCK_COLUMNS.div_ceil(sizes.positions()).min(sizes.examples.max(1))
}

/// `y[n, o, ·] = Σ_c w[o, c] ∗ x[n, c] + bias[o]`.
pub fn forward<T: Real>(sizes: &Sizes, x: &[T], weights: &[T], bias: Option<&[T]>) -> Vec<T> {
    let Sizes { outputs, inputs, .. } = *sizes;
    let (positions, taps, block) = (sizes.positions(), sizes.taps(), block(sizes));
    let mut y = vec![T::zero(); sizes.examples * outputs * positions];
    y.par_chunks_mut(block * outputs * positions)
        .zip(x.par_chunks(block * inputs * positions))
        .for_each_init(Default::default, |(columns, product): &mut (Vec<T>, Vec<T>), (y, x)| {
            let wide = x.len() / inputs;
            im2col(sizes, x, columns);
            let shape = (outputs, taps, wide);
            if wide == positions {
                start_rows(y, bias, positions);
                matmul(shape, y, bias.is_some(), weights, (taps, 1), columns, (wide, 1));
                return;
            }
            product.resize(outputs * wide, T::zero());
            start_rows(product, bias, wide);
            matmul(shape, product, bias.is_some(), weights, (taps, 1), columns, (wide, 1));
            for (example, y) in y.chunks_mut(outputs * positions).enumerate() {
                for (row, y) in product.chunks(wide).zip(y.chunks_mut(positions)) {
                    y.copy_from_slice(&row[example * positions..][..positions]);
                }
            }
        });
    y
}

fn start_rows<T: Real>(rows: &mut [T], bias: Option<&[T]>, wide: usize) {
    if let Some(bias) = bias {
        for (row, bias) in rows.chunks_mut(wide).zip(bias) {
            row.fill(*bias);
        }
    }
}

/// Gradients with respect to the weights and the bias, summed over examples in a fixed order: the examples
/// are cut into parts by the sizes alone, and the parts are added up one after the other.
pub fn weight_gradient<T: Real>(sizes: &Sizes, x: &[T], dy: &[T]) -> (Vec<T>, Vec<T>) {
    let Sizes { inputs, outputs, .. } = *sizes;
    let (positions, taps, block) = (sizes.positions(), sizes.taps(), block(sizes));
    let blocks = sizes.examples.div_ceil(block);
    let parts = PARTS.min(PART_NUMBERS / (outputs * taps)).clamp(1, blocks.max(1));
    let part = blocks.div_ceil(parts) * block;
    let sums: Vec<(Vec<T>, Vec<T>)> = x
        .par_chunks(part * inputs * positions)
        .zip(dy.par_chunks(part * outputs * positions))
        .map(|(x, dy)| {
            let mut sum = (vec![T::zero(); outputs * taps], vec![T::zero(); outputs]);
            let (mut columns, mut rows) = (Vec::new(), Vec::new());
            let blocks = x.chunks(block * inputs * positions).zip(dy.chunks(block * outputs * positions));
            for (x, dy) in blocks {
                let wide = x.len() / inputs;
                im2col(sizes, x, &mut columns);
                let rows = if wide == positions {
                    dy
                } else {
                    gather_rows(dy, outputs, positions, &mut rows);
                    &rows
                };
                // dW[o, t] += Σ_j rows[o, j] · columns[t, j].
                matmul((outputs, wide, taps), &mut sum.0, true, rows, (wide, 1), &columns, (1, wide));
                for (sum, row) in sum.1.iter_mut().zip(rows.chunks(wide)) {
                    *sum += total(row);
                }
            }
            sum
        })
        .collect();
    let mut sums = sums.into_iter();
    let mut sum = sums.next().unwrap_or((vec![T::zero(); outputs * taps], vec![T::zero(); outputs]));
    for (weights, bias) in sums {
        sum.0.iter_mut().zip(weights).for_each(|(sum, more)| *sum += more);
        sum.1.iter_mut().zip(bias).for_each(|(sum, more)| *sum += more);
    }
    sum
}

/// Turns [examples][channels][positions] into [channels][examples · positions].
fn gather_rows<T: Real>(blocks: &[T], channels: usize, positions: usize, rows: &mut Vec<T>) {
    rows.clear();
    for channel in 0..channels {
        for example in blocks.chunks(channels * positions) {
            rows.extend_from_slice(&example[channel * positions..][..positions]);
        }
    }
}

/// Unfolds examples into `columns[tap][example · position]`, tap running over (channel, row, column) of the
/// kernel; what lies outside the image is 0.
fn im2col<T: Real>(sizes: &Sizes, x: &[T], columns: &mut Vec<T>) {
    let Sizes { inputs, height, width, kernel, .. } = *sizes;
    let (positions, reach) = (height * width, kernel / 2);
    let examples = x.len() / (inputs * positions);
    columns.resize(sizes.taps() * examples * positions, T::zero());
    let mut planes = columns.chunks_mut(positions);
    for channel in 0..inputs {
        for (ky, kx) in (0..kernel * kernel).map(|tap| (tap / kernel, tap % kernel)) {
            for example in x.chunks(inputs * positions) {
                let source = &example[channel * positions..][..positions];
                let plane = planes.next().expect("one plane for each tap and example");
                shift(
                    source,
                    plane,
                    (height, width),
                    ky as isize - reach as isize,
                    kx as isize - reach as isize,
                );
            }
        }
    }
}

/// `plane[y, x] = source[y + down, x + right]`, 0 outside.
fn shift<T: Real>(source: &[T], plane: &mut [T], (height, width): (usize, usize), down: isize, right: isize) {
    let clamp = |value: isize, limit: usize| value.clamp(0, limit as isize) as usize;
    // Rows and columns of the plane that have a source.
    let rows = clamp(-down, height)..clamp(height as isize - down, height);
    let columns = clamp(-right, width)..clamp(width as isize - right, width);
    if rows.is_empty() || columns.is_empty() {
        plane.fill(T::zero());
        return;
    }
    // One long copy moves all rows; what wrapped around a row's end is then cleared.
    let first = rows.start * width + columns.start;
    let last = (rows.end - 1) * width + columns.end;
    let from = (first as isize + down * width as isize + right) as usize;
    plane[..first].fill(T::zero());
    plane[first..last].copy_from_slice(&source[from..from + last - first]);
    plane[last..].fill(T::zero());
    if columns.len() < width {
        for row in plane[rows.start * width..rows.end * width].chunks_mut(width) {
            row[..columns.start].fill(T::zero());
            row[columns.end..].fill(T::zero());
        }
    }
}
