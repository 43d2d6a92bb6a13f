//! Mean and deviation of each channel.

use super::{Images, Normalization, PIXELS, PLANE};

impl Normalization {
    /// Of all pixels of `images`, which must hold one at least: mean = Σp / 255n,
    /// std = √(nΣp² − (Σp)²) / 255n, summed in integers and so exact until the last division. A channel of
    /// one value gets std 1.
    pub fn of(images: &Images) -> Self {
        let mut sums = [[0u64; 2]; 3];
        for image in images.pixels.chunks_exact(PIXELS) {
            for ([sum, squares], plane) in sums.iter_mut().zip(image.chunks_exact(PLANE)) {
                // At most 1024 · 255² a plane: 32 bits are enough.
                *sum += u64::from(plane.iter().map(|&p| u32::from(p)).sum::<u32>());
                *squares += u64::from(plane.iter().map(|&p| u32::from(p) * u32::from(p)).sum::<u32>());
            }
        }
        let count = (images.pixels.len() / PIXELS * PLANE) as u64;
        let scale = 255.0 * count as f64;
        let deviation = |[sum, squares]: [u64; 2]| {
            let spread = u128::from(count) * u128::from(squares) - u128::from(sum) * u128::from(sum);
            if spread == 0 { 1.0 } else { ((spread as f64).sqrt() / scale) as f32 }
        };
        Self { mean: sums.map(|[sum, _]| (sum as f64 / scale) as f32), std: sums.map(deviation) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    #[test]
    fn moments_equal_their_definitions_and_a_flat_channel_divides_by_one() {
        let mut stream = Stream::new(1, "test", 0);
        let mut pixels: Vec<u8> = (0..3 * PIXELS).map(|_| stream.below(256) as u8).collect();
        for image in pixels.chunks_exact_mut(PIXELS) {
            image[PLANE..2 * PLANE].fill(51);
        }
        let images = Images { pixels, labels: vec![0; 3], indices: vec![0, 1, 2] };
        let found = Normalization::of(&images);
        for channel in [0, 2] {
            let values = images.pixels.chunks_exact(PIXELS).flat_map(|i| &i[channel * PLANE..][..PLANE]);
            let values: Vec<f64> = values.map(|&p| f64::from(p) / 255.0).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64;
            assert!((f64::from(found.mean[channel]) - mean).abs() < 1e-7);
            assert!((f64::from(found.std[channel]) - variance.sqrt()).abs() < 1e-7);
        }
        assert_eq!((found.mean[1], found.std[1]), (0.2, 1.0));
    }
}
