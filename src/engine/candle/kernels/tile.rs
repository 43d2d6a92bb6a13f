//! Tiles of output channels, whose sums stay in registers.

use pulp::Simd;

/// Output channels of the tiles that cover `outputs`, each as its first channel and their number: as few tiles as
/// possible, none wider than `widest`, all as wide as can be. Seventeen channels become tiles of 6, 6 and 5, where 8, 8
/// and 1 would leave most of the last tile's time waiting for its few sums.
pub fn tiles(outputs: usize, widest: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = outputs.div_ceil(widest).max(1);
    let (size, wider) = (outputs / count, outputs % count);
    (0..count).map(move |tile| (tile * size + tile.min(wider), size + usize::from(tile < wider)))
}

/// The sums of the products of each `dy` with each x from each of its first `COLUMNS` numbers on. All of `dy` are as long,
/// a multiple of the vector's numbers, and each x longer by the columns less one.
#[inline(always)]
pub fn products<S: Simd, const TILE: usize, const INPUTS: usize, const COLUMNS: usize>(
    simd: S,
    x: [&[f32]; INPUTS],
    dy: [&[f32]; TILE],
) -> [[[f32; COLUMNS]; INPUTS]; TILE] {
    let numbers = dy.first().map_or(0, |dy| dy.len());
    let x: [[&[S::f32s]; COLUMNS]; INPUTS] =
        x.map(|x| std::array::from_fn(|column| S::as_simd_f32s(&x[column..][..numbers]).0));
    let dy: [&[S::f32s]; TILE] = dy.map(|dy| S::as_simd_f32s(&dy[..numbers]).0);
    let mut sums = [[[simd.splat_f32s(0.0); COLUMNS]; INPUTS]; TILE];
    for at in 0..numbers / S::F32_LANES {
        for (input, x) in x.iter().enumerate() {
            let x: [S::f32s; COLUMNS] = std::array::from_fn(|column| x[column][at]);
            for (sums, dy) in sums.iter_mut().zip(&dy) {
                for (sum, x) in sums[input].iter_mut().zip(x) {
                    *sum = simd.mul_add_e_f32s(x, dy[at], *sum);
                }
            }
        }
    }
    // Not by `map`: the sums, taken as a whole, would be kept in memory all along.
    let mut found = [[[0.0; COLUMNS]; INPUTS]; TILE];
    for (found, sums) in found.iter_mut().zip(&sums) {
        for (found, sums) in found.iter_mut().zip(sums) {
            for (found, sum) in found.iter_mut().zip(sums) {
                *found = simd.reduce_sum_f32s(*sum);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_all_channels_once_and_are_alike() {
        for (outputs, widest) in (1..70).flat_map(|outputs| [1, 2, 4, 8].map(|widest| (outputs, widest))) {
            let all: Vec<_> = tiles(outputs, widest).collect();
            let mut next = 0;
            for (first, size) in &all {
                assert_eq!(*first, next);
                next += size;
            }
            assert_eq!((next, all.len()), (outputs, outputs.div_ceil(widest)));
            let sizes = || all.iter().map(|(_, size)| *size);
            assert!(sizes().max().unwrap() - sizes().min().unwrap() <= 1, "{outputs} by {widest}: {all:?}");
        }
    }
}
