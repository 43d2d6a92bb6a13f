//! What it takes to believe that one network is better than another, from the losses of the same images.

use super::tree::{Belief, mean_and_error};
use crate::names::named;

named! {
    /// A test of whether a network is better than another one.
    pub enum Proof, called "test" {
        /// Their losses' intervals do not overlap. On the same images that is far stricter than its level says.
        Interval = "interval",
        /// The mean of the images' own differences is above 0, at a level divided by the number of proposals.
        Paired = "paired",
    }
}

impl Proof {
    /// Whether `new` is proved better than `old`, both the losses of the same images: with intervals of `confidence`
    /// standard errors, or by a test at that quantile's level, one-sided, shared by so many `proposals`.
    pub fn holds(self, old: &[f32], new: &[f32], confidence: f64, proposals: usize) -> bool {
        if old.is_empty() || old.len() != new.len() {
            return false;
        }
        let of = |losses: &[f32]| mean_and_error(losses.iter().map(|loss| f64::from(*loss)));
        match self {
            Proof::Interval => {
                let (old, new) = (of(old), of(new));
                new.mean + confidence * new.error < old.mean - confidence * old.error
            }
            Proof::Paired => {
                let gain = paired(old, new);
                let level = upper_tail(confidence) / proposals.max(1) as f64;
                gain.error > 0.0 && gain.mean > quantile(level) * gain.error
            }
        }
    }
}

/// The mean fall of the loss, with the standard error of the images' differences.
pub fn paired(old: &[f32], new: &[f32]) -> Belief {
    mean_and_error(old.iter().zip(new).map(|(old, new)| f64::from(*old) - f64::from(*new)))
}

/// The smallest gain that the paired test can prove, given the standard error of the differences.
pub fn least_gain(error: f64, confidence: f64, proposals: usize) -> f64 {
    quantile(upper_tail(confidence) / proposals.max(1) as f64) * error
}

/// Chance that a standard normal number is above `z`: the complementary error function by Chebyshev fitting (Press and
/// others, Numerical Recipes, 2nd edition, `erfcc`), relative error below 1.2e-7.
pub fn upper_tail(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.5 * x);
    const TERMS: [f64; 10] = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let fitted = TERMS.iter().rev().fold(0.0, |sum, term| sum * t + term);
    let tail = 0.5 * t * (-x * x + fitted).exp();
    if z >= 0.0 { tail } else { 1.0 - tail }
}

/// The number that a standard normal one is above with chance `tail`, by bisection; `tail` at most ½.
fn quantile(tail: f64) -> f64 {
    let (mut low, mut high) = (0.0, 12.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        match upper_tail(middle) > tail {
            true => low = middle,
            false => high = middle,
        }
    }
    0.5 * (low + high)
}
