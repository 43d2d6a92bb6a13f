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

/// A norm's own backward pass: from the gradient with respect to what it writes to the one with respect to what it reads, u,
/// zero where `keep` is.
pub fn norm_gradient(u: &[f32], keep: &[f32], norm: NormGradient, dy: &[f32], du: &mut [f32]) {
    in_vectors(
        #[inline(always)]
        move || {
            for (((du, u), dy), keep) in du.iter_mut().zip(u).zip(dy).zip(keep) {
                *du = norm.at(*u, *dy, *keep);
            }
        },
    );
}

/// The same where the gradient replaces u.
pub fn norm_gradient_in_place(u: &mut [f32], keep: &[f32], norm: NormGradient, dy: &[f32]) {
    in_vectors(
        #[inline(always)]
        move || {
            for ((u, dy), keep) in u.iter_mut().zip(dy).zip(keep) {
                *u = norm.at(*u, *dy, *keep);
            }
        },
    );
}

impl NormGradient {
    #[inline(always)]
    fn at(self, u: f32, dy: f32, keep: f32) -> f32 {
        let du = self.scale * (dy - self.by_mean - (u - self.mean) * self.by_spread);
        if keep > 0.0 { du } else { 0.0 }
    }
}

/// Replaces a value by its gradient: `given`, or nothing where a ReLU's value is not positive.
pub fn replace(given: &[f32], relu: bool, value: &mut [f32]) {
    if !relu {
        return value.copy_from_slice(given);
    }
    in_vectors(
        #[inline(always)]
        move || {
            for (value, given) in value.iter_mut().zip(given) {
                *value = if *value > 0.0 { *given } else { 0.0 };
            }
        },
    );
}

/// Adds `given` to a gradient, or begins it if `first`; nothing of it where a ReLU's value is not positive.
pub fn give(given: &[f32], relu: bool, value: &[f32], first: bool, gradient: &mut [f32]) {
    if first {
        gradient.fill(0.0);
    }
    if relu {
        in_vectors(
            #[inline(always)]
            move || {
                for ((gradient, value), given) in gradient.iter_mut().zip(value).zip(given) {
                    *gradient += if *value > 0.0 { *given } else { 0.0 };
                }
            },
        );
    } else {
        in_vectors(
            #[inline(always)]
            move || {
                for (gradient, given) in gradient.iter_mut().zip(given) {
                    *gradient += *given;
                }
            },
        );
    }
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
