//! Batch norm's statistics and their backward pass, over `[examples, channels, positions]`.

use std::mem::MaybeUninit;

use rayon::prelude::*;

use super::activate::{channel_affine, planes_a_task};
use super::fresh::written;
use super::in_vectors;
use super::sum::Sums;
use crate::engine::candle::real::Real;

/// Mean and (biased) variance of each channel over examples and positions.
pub fn statistics<T: Real>(channels: usize, positions: usize, u: &[T]) -> (Vec<T>, Vec<T>) {
    let count = T::from_f64((u.len() / channels) as f64);
    let of_channel = |channel: usize| {
        let planes = || u.chunks(positions).skip(channel).step_by(channels);
        let (mut sum, mut squares) = (Sums::new(), Sums::new());
        planes().for_each(|u| sum.add(u, u, |u, _| u));
        let mean = sum.total() / count;
        // A second pass: the variance of a difference from the mean cannot cancel.
        planes().for_each(|u| squares.add(u, u, |u, _| (u - mean) * (u - mean)));
        (mean, squares.total() / count)
    };
    (0..channels)
        .into_par_iter()
        .map(|channel| {
            in_vectors(
                #[inline(always)]
                || of_channel(channel),
            )
        })
        .unzip()
}

/// What a norm did to a batch, a number a channel.
pub struct Normed<'a, T> {
    /// The batch's means.
    pub mean: &'a [T],
    /// σ = √(variance + ε).
    pub deviation: &'a [T],
    /// γ.
    pub gamma: &'a [T],
    /// Where a ReLU follows at once: the norm's scales and shifts, `[2, channels]`.
    pub before_relu: Option<&'a [T]>,
}

impl<T: Real> Normed<'_, T> {
    /// What of a gradient passes the ReLU of a channel, by the number that the norm read. The derivative at 0 is 0.
    #[inline(always)]
    fn passes(&self, channel: usize) -> impl Fn(T, T) -> T + Copy {
        // Without a ReLU, 0·u + 1 is always positive.
        let open = (T::zero(), T::one());
        let (scale, shift) = self.before_relu.map_or(open, |affine| channel_affine(Some(affine), channel));
        move |u, dy| if scale * u + shift > T::zero() { dy } else { T::zero() }
    }
}

/// Backward through û = (u − mean)/σ, y = γû + β with batch statistics, and the ReLU after it where there is one, from dy:
/// gradients with respect to u, γ and β.
pub fn gradient<T: Real>(
    positions: usize,
    u: &[T],
    dy: &[T],
    normed: &Normed<'_, T>,
) -> (Vec<T>, Vec<T>, Vec<T>) {
    let Normed { mean, deviation, gamma, .. } = normed;
    let channels = mean.len();
    let count = T::from_f64((u.len() / channels) as f64);
    let of_channel = |channel: usize| {
        let passed = normed.passes(channel);
        let (mut d_gamma, mut d_beta) = (Sums::new(), Sums::new());
        for (u, dy) in u.chunks(positions).zip(dy.chunks(positions)).skip(channel).step_by(channels) {
            d_gamma.add(u, dy, |u, dy| (u - mean[channel]) * passed(u, dy));
            d_beta.add(u, dy, passed);
        }
        (d_gamma.total() / deviation[channel], d_beta.total())
    };
    let (d_gamma, d_beta): (Vec<T>, Vec<T>) = (0..channels)
        .into_par_iter()
        .map(|channel| {
            in_vectors(
                #[inline(always)]
                || of_channel(channel),
            )
        })
        .unzip();
    let task = planes_a_task(positions);
    let write = |index: usize, du: &mut [MaybeUninit<T>], _: &mut ()| {
        let first = index * task;
        let numbers = first * positions..first * positions + du.len();
        let planes = u[numbers.clone()].chunks(positions).zip(dy[numbers].chunks(positions));
        for (plane, (du, (u, dy))) in du.chunks_mut(positions).zip(planes).enumerate() {
            let channel = (first + plane) % channels;
            let (mean, factor) = (mean[channel], gamma[channel] / deviation[channel]);
            let (by_mean, by_spread) =
                (d_beta[channel] / count, d_gamma[channel] / count / deviation[channel]);
            let passed = normed.passes(channel);
            in_vectors(
                #[inline(always)]
                || {
                    for ((du, u), dy) in du.iter_mut().zip(u).zip(dy) {
                        du.write(factor * (passed(*u, *dy) - by_mean - (*u - mean) * by_spread));
                    }
                },
            );
        }
    };
    // SAFETY: `write` writes every number of each of the task's planes.
    let (du, _) = unsafe { written(u.len(), task * positions, || (), write) };
    (du, d_gamma, d_beta)
}

#[cfg(test)]
mod tests {
    use super::super::activate::{self, Activation};
    use super::*;
    use crate::morphism::Pool;
    use crate::random::Stream;

    #[test]
    fn gradients_match_central_differences() {
        let (channels, positions) = (2, 3);
        let mut stream = Stream::new(5, "norm test", 0);
        let mut random = |count: usize| (0..count).map(|_| stream.normal()).collect::<Vec<f64>>();
        let (u, dy, gamma, beta) = (random(24), random(24), random(2), random(2));
        let deviation = |variance: &[f64]| variance.iter().map(|v| (v + 1e-5).sqrt()).collect::<Vec<f64>>();
        let value = |u: &[f64], gamma: &[f64], beta: &[f64]| {
            let (mean, variance) = statistics(channels, positions, u);
            let deviation = deviation(&variance);
            let terms = u.iter().zip(&dy).enumerate().map(|(index, (u, dy))| {
                let channel = index / positions % channels;
                (gamma[channel] * (u - mean[channel]) / deviation[channel] + beta[channel]) * dy
            });
            terms.sum::<f64>()
        };
        let (mean, variance) = statistics(channels, positions, &u);
        let deviations = deviation(&variance);
        let normed = Normed { mean: &mean, deviation: &deviations, gamma: &gamma, before_relu: None };
        let (du, d_gamma, d_beta) = gradient(positions, &u, &dy, &normed);
        let difference = |f: &dyn Fn(f64) -> f64| (f(1e-5) - f(-1e-5)) / 2e-5;
        let moved = |values: &[f64], index: usize, step: f64| {
            let mut values = values.to_vec();
            values[index] += step;
            values
        };
        for (index, du) in du.iter().enumerate() {
            let numeric = difference(&|step| value(&moved(&u, index, step), &gamma, &beta));
            assert!((du - numeric).abs() < 1e-8, "u {index}");
        }
        for index in 0..2 {
            let numeric = difference(&|step| value(&u, &moved(&gamma, index, step), &beta));
            assert!((d_gamma[index] - numeric).abs() < 1e-8, "gamma {index}");
            let numeric = difference(&|step| value(&u, &gamma, &moved(&beta, index, step)));
            assert!((d_beta[index] - numeric).abs() < 1e-8, "beta {index}");
        }
    }

    #[test]
    fn a_relu_after_it_is_the_same_as_one_apart() {
        for (channels, height, width) in [(3, 1, 1), (2, 2, 3), (5, 8, 8), (3, 5, 7)] {
            let positions = height * width;
            let mut stream = Stream::new(6, "norm test", positions as u64);
            let mut random = |count: usize| (0..count).map(|_| stream.normal()).collect::<Vec<f64>>();
            let count = 4 * channels * positions;
            let (u, dz, gamma, beta) = (random(count), random(count), random(channels), random(channels));
            let (mean, variance) = statistics(channels, positions, &u);
            let deviation: Vec<f64> = variance.iter().map(|v| (v + 1e-5).sqrt()).collect();
            let scale: Vec<f64> = gamma.iter().zip(&deviation).map(|(gamma, sigma)| gamma / sigma).collect();
            let shift = beta.iter().zip(&mean).zip(&scale).map(|((beta, mean), scale)| beta - mean * scale);
            let affine: Vec<f64> = scale.iter().copied().chain(shift).collect();
            let relu = Activation { height, width, relu: true, pool: Pool::None };
            let dy = activate::gradient(&relu, channels, &u, Some(&affine), &dz, false);
            let apart = Normed { mean: &mean, deviation: &deviation, gamma: &gamma, before_relu: None };
            let at_once = Normed { before_relu: Some(&affine), ..apart };
            let found = gradient(positions, &u, &dz, &at_once);
            assert!(dy.contains(&0.0) && found.0.iter().any(|du| *du != 0.0));
            assert_eq!(found, gradient(positions, &u, &dy, &apart));
        }
    }
}
