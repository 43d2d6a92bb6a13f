//! Loops over lines, number by number, that compile to full vectors: what they are told is passed by value, and nothing
//! branches within them.

use crate::engine::candle::kernels::in_vectors;
use crate::engine::candle::kernels::sum::Sums;

/// `y = scale·x + shift`, its ReLU if `relu`, and zero where `keep` is.
pub fn affine(x: &[f32], keep: &[f32], (scale, shift): (f32, f32), relu: bool, y: &mut [f32]) {
    if relu {
        in_vectors(
            #[inline(always)]
            move || {
                for ((y, x), keep) in y.iter_mut().zip(x).zip(keep) {
                    let value = scale * *x + shift;
                    *y = if (*keep > 0.0) & (value > 0.0) { value } else { 0.0 };
                }
            },
        );
    } else {
        in_vectors(
            #[inline(always)]
            move || {
                for ((y, x), keep) in y.iter_mut().zip(x).zip(keep) {
                    let value = scale * *x + shift;
                    *y = if *keep > 0.0 { value } else { 0.0 };
                }
            },
        );
    }
}

/// `y = a + b`, or its ReLU.
pub fn add(a: &[f32], b: &[f32], relu: bool, y: &mut [f32]) {
    if relu {
        in_vectors(
            #[inline(always)]
            move || {
                for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
                    let sum = *a + *b;
                    *y = if sum > 0.0 { sum } else { 0.0 };
                }
            },
        );
    } else {
        in_vectors(
            #[inline(always)]
            move || y.iter_mut().zip(a).zip(b).for_each(|((y, a), b)| *y = *a + *b),
        );
    }
}

/// `y = relu(x)`.
pub fn relu(x: &[f32], y: &mut [f32]) {
    in_vectors(
        #[inline(always)]
        move || {
            for (y, x) in y.iter_mut().zip(x) {
                *y = if *x > 0.0 { *x } else { 0.0 };
            }
        },
    );
}

/// One channel's numbers of a norm's own backward pass.
#[derive(Clone, Copy)]
pub struct NormGradient {
    /// γ/σ.
    pub scale: f32,
    /// The batch's mean.
    pub mean: f32,
    /// See [`super::chunk::NormBatch`].
    pub by_mean: f32,
    /// The same.
    pub by_spread: f32,
}

/// Replaces the gradient with respect to what a norm writes by the one with respect to what it reads, u.
pub fn norm_gradient(u: &[f32], keep: &[f32], norm: NormGradient, gradient: &mut [f32]) {
    let NormGradient { scale, mean, by_mean, by_spread } = norm;
    in_vectors(
        #[inline(always)]
        move || {
            for ((dy, u), keep) in gradient.iter_mut().zip(u).zip(keep) {
                let du = scale * (*dy - by_mean - (*u - mean) * by_spread);
                *dy = if *keep > 0.0 { du } else { 0.0 };
            }
        },
    );
}

/// Clears the gradient where a ReLU's value is not positive.
pub fn close(value: &[f32], gradient: &mut [f32]) {
    in_vectors(
        #[inline(always)]
        move || {
            for (gradient, value) in gradient.iter_mut().zip(value) {
                *gradient = if *value > 0.0 { *gradient } else { 0.0 };
            }
        },
    );
}

/// All numbers' sum.
pub fn sum(numbers: &[f32]) -> f32 {
    in_vectors(
        #[inline(always)]
        move || {
            let mut sum = Sums::new();
            sum.add(numbers, numbers, |number, _| number);
            sum.total()
        },
    )
}

/// Of numbers x: Σ(x − mean)² where `keep` is one, and nothing where it is zero.
pub fn squares(x: &[f32], keep: &[f32], mean: f32) -> f32 {
    in_vectors(
        #[inline(always)]
        move || {
            let mut squares = Sums::new();
            squares.add(x, keep, |x, keep| {
                let distance = x - mean;
                distance * distance * keep
            });
            squares.total()
        },
    )
}

/// Σ(x − mean)·dy.
pub fn spread(x: &[f32], dy: &[f32], mean: f32) -> f32 {
    in_vectors(
        #[inline(always)]
        move || {
            let mut spread = Sums::new();
            spread.add(x, dy, |x, dy| (x - mean) * dy);
            spread.total()
        },
    )
}

/// `sum += more`.
pub fn accumulate(more: &[f32], sum: &mut [f32]) {
    in_vectors(
        #[inline(always)]
        move || {
            for (sum, more) in sum.iter_mut().zip(more) {
                *sum += *more;
            }
        },
    );
}
