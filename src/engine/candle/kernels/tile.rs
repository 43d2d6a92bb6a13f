//! Tiles of output channels, whose sums stay in registers.

use pulp::Simd;

/// Output channels of the tiles that cover `outputs`, largest first: as the accumulators fit the registers.
pub fn tiles(outputs: usize, widest: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let size = [8, 4, 2, 1].into_iter().find(|size| *size <= widest && done + size <= outputs)?;
        done += size;
        Some((done - size, size))
    })
}

/// The sums of the products of each `dy` with x from each of its first numbers on. All of `dy` are as long, a multiple of
/// the vector's numbers.
#[inline(always)]
pub fn products<S: Simd, const TILE: usize, const COLUMNS: usize>(
    simd: S,
    x: &[f32],
    dy: [&[f32]; TILE],
) -> [[f32; COLUMNS]; TILE] {
    let numbers = x.len() + 1 - COLUMNS;
    let x: [&[S::f32s]; COLUMNS] = std::array::from_fn(|column| S::as_simd_f32s(&x[column..][..numbers]).0);
    let dy: [&[S::f32s]; TILE] = dy.map(|dy| S::as_simd_f32s(&dy[..numbers]).0);
    let mut sums = [[simd.splat_f32s(0.0); COLUMNS]; TILE];
    for at in 0..numbers / S::F32_LANES {
        let x: [S::f32s; COLUMNS] = std::array::from_fn(|column| x[column][at]);
        for (sums, dy) in sums.iter_mut().zip(&dy) {
            for (sum, x) in sums.iter_mut().zip(x) {
                *sum = simd.mul_add_e_f32s(dy[at], x, *sum);
            }
        }
    }
    // Not by `map`: the sums, taken as a whole, would be kept in memory all along.
    let mut found = [[0.0; COLUMNS]; TILE];
    for (found, sums) in found.iter_mut().zip(&sums) {
        for (found, sum) in found.iter_mut().zip(sums) {
            *found = simd.reduce_sum_f32s(*sum);
        }
    }
    found
}
