//! "Same" convolution of odd kernels over NCHW arrays. Two independent ways compute it: [`super::direct`] in
//! vector registers, for f32; and [`super::unfold`], im2col over Candle's matrix product, for f64 and to check
//! the first against.

pub use super::sizes::Sizes;
use super::{direct, unfold};
use crate::engine::candle::real::Real;

/// A number type that can be convolved with.
pub trait Convolve: Real {
    /// The convolution, the way that is fastest for this type.
    fn convolve(sizes: &Sizes, x: &[Self], weights: &[Self], bias: Option<&[Self]>) -> Vec<Self>;

    /// Its gradients with respect to weights and bias.
    fn weight_gradient(sizes: &Sizes, x: &[Self], dy: &[Self]) -> (Vec<Self>, Vec<Self>);

    /// Its gradients with respect to x, weights and bias; `turned` are the weights with channels swapped and kernels
    /// rotated by 180°.
    fn gradients(
        sizes: &Sizes,
        x: &[Self],
        dy: &[Self],
        turned: &[Self],
    ) -> (Vec<Self>, Vec<Self>, Vec<Self>) {
        let back = Sizes { inputs: sizes.outputs, outputs: sizes.inputs, ..*sizes };
        let (weights, bias) = Self::weight_gradient(sizes, x, dy);
        (Self::convolve(&back, dy, turned, None), weights, bias)
    }
}

impl Convolve for f32 {
    fn convolve(sizes: &Sizes, x: &[Self], weights: &[Self], bias: Option<&[Self]>) -> Vec<Self> {
        direct::forward(sizes, x, weights, bias)
    }

    fn weight_gradient(sizes: &Sizes, x: &[Self], dy: &[Self]) -> (Vec<Self>, Vec<Self>) {
        direct::weight_gradient(sizes, x, dy)
    }

    fn gradients(
        sizes: &Sizes,
        x: &[Self],
        dy: &[Self],
        turned: &[Self],
    ) -> (Vec<Self>, Vec<Self>, Vec<Self>) {
        direct::gradients(sizes, x, dy, turned)
    }
}

impl Convolve for f64 {
    fn convolve(sizes: &Sizes, x: &[Self], weights: &[Self], bias: Option<&[Self]>) -> Vec<Self> {
        unfold::forward(sizes, x, weights, bias)
    }

    fn weight_gradient(sizes: &Sizes, x: &[Self], dy: &[Self]) -> (Vec<Self>, Vec<Self>) {
        unfold::weight_gradient(sizes, x, dy)
    }
}

/// `y[n, o, ·] = Σ_c w[o, c] ∗ x[n, c] + bias[o]`.
pub fn forward<T: Convolve>(sizes: &Sizes, x: &[T], weights: &[T], bias: Option<&[T]>) -> Vec<T> {
    T::convolve(sizes, x, weights, bias)
}

/// Gradient with respect to x, from the gradient with respect to y: the convolution with channels swapped
/// and kernels rotated by 180°.
pub fn input_gradient<T: Convolve>(sizes: &Sizes, dy: &[T], weights: &[T]) -> Vec<T> {
    let turned = turned(sizes, weights);
    forward(&Sizes { inputs: sizes.outputs, outputs: sizes.inputs, ..*sizes }, dy, &turned, None)
}

/// The weights with channels swapped and kernels rotated by 180°.
pub fn turned<T: Real>(sizes: &Sizes, weights: &[T]) -> Vec<T> {
    let Sizes { inputs, outputs, kernel, .. } = *sizes;
    let area = kernel * kernel;
    let mut turned = vec![T::zero(); weights.len()];
    for output in 0..outputs {
        for input in 0..inputs {
            let from = &weights[(output * inputs + input) * area..][..area];
            let to = &mut turned[(input * outputs + output) * area..][..area];
            for (to, from) in to.iter_mut().zip(from.iter().rev()) {
                *to = *from;
            }
        }
    }
    turned
}

/// Gradients with respect to x, the weights and the bias: [`input_gradient`] and [`weight_gradient`] in one go.
pub fn gradients<T: Convolve>(sizes: &Sizes, x: &[T], dy: &[T], weights: &[T]) -> (Vec<T>, Vec<T>, Vec<T>) {
    T::gradients(sizes, x, dy, &turned(sizes, weights))
}

/// Gradients with respect to the weights and the bias, summed over examples in an order that the sizes fix.
pub fn weight_gradient<T: Convolve>(sizes: &Sizes, x: &[T], dy: &[T]) -> (Vec<T>, Vec<T>) {
    T::weight_gradient(sizes, x, dy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    fn random(stream: &mut Stream, count: usize) -> Vec<f64> {
        (0..count).map(|_| stream.normal()).collect()
    }

    /// The definition, one number at a time.
    fn naive(sizes: &Sizes, x: &[f64], weights: &[f64], bias: &[f64]) -> Vec<f64> {
        let Sizes { examples, inputs, outputs, height, width, kernel } = *sizes;
        let mut y = Vec::new();
        for (n, o) in (0..examples * outputs).map(|i| (i / outputs, i % outputs)) {
            for (row, column) in (0..height * width).map(|i| (i / width, i % width)) {
                let mut sum = bias[o];
                for (c, ky, kx) in (0..inputs * kernel * kernel)
                    .map(|i| (i / kernel / kernel, i / kernel % kernel, i % kernel))
                {
                    let (r, s) = (row + ky, column + kx);
                    let reach = kernel / 2;
                    if (reach..height + reach).contains(&r) && (reach..width + reach).contains(&s) {
                        let x = x[((n * inputs + c) * height + r - reach) * width + s - reach];
                        sum += weights[((o * inputs + c) * kernel + ky) * kernel + kx] * x;
                    }
                }
                y.push(sum);
            }
        }
        y
    }

    /// Odd sizes, one channel, one example, images smaller than the kernel, blocks of several examples.
    const CASES: [Sizes; 9] = [
        Sizes { examples: 2, inputs: 3, outputs: 4, height: 5, width: 7, kernel: 3 },
        Sizes { examples: 1, inputs: 1, outputs: 1, height: 1, width: 1, kernel: 3 },
        Sizes { examples: 3, inputs: 2, outputs: 5, height: 2, width: 1, kernel: 5 },
        Sizes { examples: 9, inputs: 4, outputs: 3, height: 8, width: 8, kernel: 3 },
        Sizes { examples: 70, inputs: 2, outputs: 2, height: 2, width: 3, kernel: 3 },
        Sizes { examples: 2, inputs: 3, outputs: 2, height: 32, width: 32, kernel: 3 },
        Sizes { examples: 5, inputs: 3, outputs: 2, height: 4, width: 4, kernel: 1 },
        Sizes { examples: 9, inputs: 2, outputs: 9, height: 16, width: 16, kernel: 3 },
        Sizes { examples: 3, inputs: 2, outputs: 1, height: 5, width: 8, kernel: 5 },
    ];

    #[test]
    fn forward_is_the_definition() {
        for (index, sizes) in CASES.iter().enumerate() {
            let mut stream = Stream::new(1, "conv test", index as u64);
            let x = random(&mut stream, sizes.examples * sizes.inputs * sizes.positions());
            let weights = random(&mut stream, sizes.outputs * sizes.taps());
            let bias = random(&mut stream, sizes.outputs);
            let expected = naive(sizes, &x, &weights, &bias);
            for (y, e) in forward(sizes, &x, &weights, Some(&bias)).iter().zip(&expected) {
                assert!((y - e).abs() < 1e-12, "{sizes:?}: {y} {e}");
            }
        }
    }

    #[test]
    fn gradients_are_the_adjoints_of_the_definition() {
        // ⟨dy, conv(x, w, b)⟩ is linear in each of x, w and b, so inner products with its gradients give it back.
        for (index, sizes) in CASES.iter().enumerate() {
            let mut stream = Stream::new(2, "conv test", index as u64);
            let x = random(&mut stream, sizes.examples * sizes.inputs * sizes.positions());
            let weights = random(&mut stream, sizes.outputs * sizes.taps());
            let bias = random(&mut stream, sizes.outputs);
            let dy = random(&mut stream, sizes.examples * sizes.outputs * sizes.positions());
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let none = vec![0.0; sizes.outputs];
            let without_bias = dot(&dy, &naive(sizes, &x, &weights, &none));
            let with_bias = dot(&dy, &naive(sizes, &x, &weights, &bias));
            let (dw, db) = weight_gradient(sizes, &x, &dy);
            for (found, expected) in [
                (dot(&x, &input_gradient(sizes, &dy, &weights)), without_bias),
                (dot(&weights, &dw), without_bias),
                (dot(&bias, &db), with_bias - without_bias),
            ] {
                assert!(
                    (found - expected).abs() < 1e-9 * (1.0 + expected.abs()),
                    "{sizes:?}: {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn both_ways_agree_in_f32() {
        for (index, sizes) in CASES.iter().enumerate() {
            let mut stream = Stream::new(3, "conv test", index as u64);
            let x = stream.normals(sizes.examples * sizes.inputs * sizes.positions(), 1.0);
            let dy = stream.normals(sizes.examples * sizes.outputs * sizes.positions(), 1.0);
            let weights = stream.normals(sizes.outputs * sizes.taps(), 1.0);
            let bias = stream.normals(sizes.outputs, 1.0);
            let close = |a: &[f32], b: &[f32], terms: usize| {
                assert_eq!(a.len(), b.len());
                // Rounding of a sum of independent terms grows with the root of their number.
                let allowed = 4.0 * f32::EPSILON * (terms as f32).sqrt() * (1.0 + (terms as f32).sqrt());
                for (a, b) in a.iter().zip(b) {
                    assert!((a - b).abs() <= allowed, "{sizes:?}: {a} {b}, allowed {allowed}");
                }
            };
            let found = direct::forward(sizes, &x, &weights, Some(&bias));
            close(&found, &unfold::forward(sizes, &x, &weights, Some(&bias)), sizes.taps());
            let (dw, db) = direct::weight_gradient(sizes, &x, &dy);
            let (dw_unfold, db_unfold) = unfold::weight_gradient(sizes, &x, &dy);
            close(&dw, &dw_unfold, sizes.examples * sizes.positions());
            close(&db, &db_unfold, sizes.examples * sizes.positions());
            let dx = input_gradient(sizes, &dy, &weights);
            assert_eq!(gradients(sizes, &x, &dy, &weights), (dx, dw, db), "{sizes:?}: in one go");
        }
    }
}
