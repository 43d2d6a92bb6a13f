//! A kernel density estimate of one number, and drawing where it is low.

use crate::random::Stream;

/// A Gaussian kernel density with Scott's bandwidth, n^(−1/5) standard deviations.
pub struct Density {
    points: Vec<f64>,
    bandwidth: f64,
}

impl Density {
    /// Of these numbers.
    pub fn new(points: Vec<f64>) -> Self {
        let count = points.len().max(1) as f64;
        let mean = points.iter().sum::<f64>() / count;
        let squares: f64 = points.iter().map(|point| (point - mean).powi(2)).sum();
        let bandwidth = (squares / count).sqrt() * count.powf(-0.2);
        Self { points, bandwidth }
    }

    /// The density at `x`; 1 everywhere where all numbers are equal, since nothing tells places apart then.
    pub fn at(&self, x: f64) -> f64 {
        if self.bandwidth <= 0.0 {
            return 1.0;
        }
        let kernel = |point: &f64| (-0.5 * ((x - point) / self.bandwidth).powi(2)).exp();
        let sum: f64 = self.points.iter().map(kernel).sum();
        sum / (self.points.len() as f64 * self.bandwidth * std::f64::consts::TAU.sqrt())
    }

    /// 1 / density, bounded where nothing is near.
    pub fn rarity(&self, x: f64) -> f64 {
        1.0 / self.at(x).max(1e-12)
    }
}

/// A place, drawn with chances in proportion to these weights.
pub fn draw(weights: &[f64], stream: &mut Stream) -> usize {
    let total: f64 = weights.iter().sum();
    let mut left = stream.uniform() * total;
    for (place, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return place;
        }
    }
    weights.len().saturating_sub(1)
}
