//! Batch norm's statistics and their backward pass, over `[examples, channels, positions]`.

use rayon::prelude::*;

use super::sum::total;
use crate::engine::candle::real::Real;

/// Mean and (biased) variance of each channel over examples and positions.
pub fn statistics<T: Real>(channels: usize, positions: usize, u: &[T]) -> (Vec<T>, Vec<T>) {
    let count = T::from_f64((u.len() / channels) as f64);
    (0..channels)
        .into_par_iter()
        .map(|channel| {
            let planes = || u.chunks(positions).skip(channel).step_by(channels);
            let mean = planes().map(total).sum::<T>() / count;
            // Two passes: the variance of a difference from the mean cannot cancel.
            let squares = |plane: &[T]| plane.iter().map(|u| (*u - mean) * (*u - mean)).sum::<T>();
            (mean, planes().map(squares).sum::<T>() / count)
        })
        .unzip()
}

/// Backward through û = (u − mean)/σ, y = γû + β with batch statistics, from dy: gradients with respect to u,
/// γ and β. `deviation` is σ = √(variance + ε).
pub fn gradient<T: Real>(
    positions: usize,
    u: &[T],
    dy: &[T],
    mean: &[T],
    deviation: &[T],
    gamma: &[T],
) -> (Vec<T>, Vec<T>, Vec<T>) {
    let channels = mean.len();
    let count = T::from_f64((u.len() / channels) as f64);
    let (d_gamma, d_beta): (Vec<T>, Vec<T>) = (0..channels)
        .into_par_iter()
        .map(|channel| {
            let (mut d_gamma, mut d_beta) = (T::zero(), T::zero());
            let planes = u.chunks(positions).zip(dy.chunks(positions)).skip(channel).step_by(channels);
            for (u, dy) in planes {
                let products: T = u.iter().zip(dy).map(|(u, dy)| (*u - mean[channel]) * *dy).sum();
                d_gamma += products / deviation[channel];
                d_beta += total(dy);
            }
            (d_gamma, d_beta)
        })
        .unzip();
    let mut du = vec![T::zero(); u.len()];
    let planes = du.par_chunks_mut(positions).zip(u.par_chunks(positions)).zip(dy.par_chunks(positions));
    planes.enumerate().for_each(|(plane, ((du, u), dy))| {
        let channel = plane % channels;
        let factor = gamma[channel] / deviation[channel];
        let (by_mean, by_spread) = (d_beta[channel] / count, d_gamma[channel] / count / deviation[channel]);
        for ((du, u), dy) in du.iter_mut().zip(u).zip(dy) {
            *du = factor * (*dy - by_mean - (*u - mean[channel]) * by_spread);
        }
    });
    (du, d_gamma, d_beta)
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let (du, d_gamma, d_beta) = gradient(positions, &u, &dy, &mean, &deviation(&variance), &gamma);
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
}
