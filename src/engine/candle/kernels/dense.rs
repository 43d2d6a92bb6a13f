//! Linear layer, global average pool, and inner products.

use std::mem::MaybeUninit;

use rayon::prelude::*;

use super::fresh::written;
use super::sum::total;
use crate::engine::candle::real::{Real, matmul};

/// `y[n, o] = Σ_i w[o, i] x[n, i] + bias[o]`.
pub fn linear<T: Real>(inputs: usize, outputs: usize, x: &[T], weights: &[T], bias: &[T]) -> Vec<T> {
    let examples = x.len() / inputs;
    let mut y: Vec<T> = bias.iter().copied().cycle().take(examples * outputs).collect();
    matmul((examples, inputs, outputs), &mut y, true, x, (inputs, 1), weights, (1, inputs));
    y
}

/// Gradient of [`linear`] with respect to x.
pub fn linear_input_gradient<T: Real>(inputs: usize, outputs: usize, dy: &[T], weights: &[T]) -> Vec<T> {
    let examples = dy.len() / outputs;
    let mut dx = vec![T::zero(); examples * inputs];
    matmul((examples, outputs, inputs), &mut dx, false, dy, (outputs, 1), weights, (inputs, 1));
    dx
}

/// Gradients of [`linear`] with respect to the weights and the bias, summed over examples.
pub fn linear_weight_gradient<T: Real>(inputs: usize, outputs: usize, x: &[T], dy: &[T]) -> (Vec<T>, Vec<T>) {
    let examples = x.len() / inputs;
    let mut weights = vec![T::zero(); outputs * inputs];
    matmul((outputs, examples, inputs), &mut weights, false, dy, (1, outputs), x, (inputs, 1));
    let bias = (0..outputs).map(|output| dy.iter().skip(output).step_by(outputs).copied().sum()).collect();
    (weights, bias)
}

/// Numbers that one task writes.
const TASK: usize = 16_384;

/// Mean of each plane.
pub fn global_average<T: Real>(positions: usize, x: &[T]) -> Vec<T> {
    let share = T::one() / T::from_f64(positions as f64);
    let planes = x.par_chunks(positions).with_min_len(TASK.div_ceil(positions));
    planes.map(|plane| total(plane) * share).collect()
}

/// Gradient of [`global_average`].
pub fn global_average_gradient<T: Real>(positions: usize, dy: &[T]) -> Vec<T> {
    let share = T::one() / T::from_f64(positions as f64);
    let planes = TASK.div_ceil(positions);
    let write = |index: usize, dx: &mut [MaybeUninit<T>], _: &mut ()| {
        for (dx, dy) in dx.chunks_mut(positions).zip(&dy[index * planes..]) {
            dx.fill(MaybeUninit::new(*dy * share));
        }
    };
    // SAFETY: `dy` has a number for each plane, so that `write` writes all of the task's planes.
    unsafe { written(dy.len() * positions, planes * positions, || (), write) }.0
}

/// `a + b`, where b repeats if it is shorter.
pub fn add<T: Real>(a: &[T], b: &[T]) -> Vec<T> {
    let write = |index: usize, sum: &mut [MaybeUninit<T>], _: &mut ()| {
        let mut at = index * TASK;
        let mut left = sum;
        while !left.is_empty() {
            // As far as b goes before it begins anew.
            let terms = &b[at % b.len()..];
            let (sum, rest) = left.split_at_mut(left.len().min(terms.len()));
            let pairs = a[at..].iter().zip(terms);
            sum.iter_mut().zip(pairs).for_each(|(sum, (a, b))| {
                sum.write(*a + *b);
            });
            at += sum.len();
            left = rest;
        }
    };
    // SAFETY: `write` goes on until nothing of the task is left: a is as long as the sum, and b is not empty.
    unsafe { written(a.len(), TASK, || (), write) }.0
}

/// Σ a·b with sixteen running sums: vectorisable, and more accurate than one.
pub fn dot<T: Real>(a: &[T], b: &[T]) -> T {
    let mut sums = [T::zero(); 16];
    let (a_chunks, b_chunks) = (a.chunks_exact(16), b.chunks_exact(16));
    let rest: T = a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(a, b)| *a * *b).sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += *a * *b;
        }
    }
    sums.into_iter().sum::<T>() + rest
}

/// Inner products of cotangents with changes of channels: for cotangents `[sets, examples, channels,
/// positions]` and changes `[examples, changed, positions]`, where change j belongs to channel
/// `channel_of[j]`, gives `[sets, examples, changed]`.
pub fn channel_responses<T: Real>(
    channels: usize,
    positions: usize,
    cotangents: &[T],
    changes: &[T],
    channel_of: &[usize],
) -> Vec<T> {
    let changed = channel_of.len();
    let examples = changes.len() / (changed * positions);
    let sets = cotangents.len() / (examples * channels * positions);
    let mut responses = vec![T::zero(); sets * examples * changed];
    responses.par_chunks_mut(changed).enumerate().for_each(|(row, responses)| {
        let cotangent = &cotangents[row * channels * positions..][..channels * positions];
        let change = &changes[row % examples * changed * positions..][..changed * positions];
        for ((response, change), channel) in
            responses.iter_mut().zip(change.chunks(positions)).zip(channel_of)
        {
            *response = dot(&cotangent[channel * positions..][..positions], change);
        }
    });
    responses
}

/// The adjoint of [`channel_responses`]: from derivatives `[sets, examples, changed]` the gradient with respect
/// to the changes, `[examples, changed, positions]`.
pub fn channel_responses_gradient<T: Real>(
    channels: usize,
    positions: usize,
    cotangents: &[T],
    derivatives: &[T],
    sets: usize,
    channel_of: &[usize],
) -> Vec<T> {
    let changed = channel_of.len();
    let examples = derivatives.len() / (sets * changed);
    let mut changes = vec![T::zero(); examples * changed * positions];
    changes.par_chunks_mut(changed * positions).enumerate().for_each(|(example, changes)| {
        for row in (0..sets).map(|set| set * examples + example) {
            let cotangent = &cotangents[row * channels * positions..][..channels * positions];
            let derivatives = &derivatives[row * changed..][..changed];
            for ((change, derivative), channel) in
                changes.chunks_mut(positions).zip(derivatives).zip(channel_of)
            {
                let cotangent = &cotangent[channel * positions..][..positions];
                change.iter_mut().zip(cotangent).for_each(|(change, g)| *change += *derivative * *g);
            }
        }
    });
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    fn random(stream: &mut Stream, count: usize) -> Vec<f64> {
        (0..count).map(|_| stream.normal()).collect()
    }

    #[test]
    fn linear_and_its_gradients_are_adjoint() {
        let mut stream = Stream::new(6, "dense test", 0);
        let (inputs, outputs, examples) = (5, 3, 4);
        let x = random(&mut stream, examples * inputs);
        let weights = random(&mut stream, outputs * inputs);
        let dy = random(&mut stream, examples * outputs);
        let y = linear(inputs, outputs, &x, &weights, &[0.0; 3]);
        assert!((y[4] - dot(&x[5..10], &weights[5..10])).abs() < 1e-12, "example 1, output 1");
        let value = dot(&y, &dy);
        let (dw, db) = linear_weight_gradient(inputs, outputs, &x, &dy);
        assert!((dot(&x, &linear_input_gradient(inputs, outputs, &dy, &weights)) - value).abs() < 1e-12);
        assert!((dot(&weights, &dw) - value).abs() < 1e-12);
        assert!((db.iter().sum::<f64>() - dy.iter().sum::<f64>()).abs() < 1e-12);
    }

    #[test]
    fn responses_and_their_gradient_are_adjoint() {
        let mut stream = Stream::new(7, "dense test", 0);
        let (sets, examples, channels, positions) = (2, 3, 4, 5);
        let channel_of = [3, 0];
        let cotangents = random(&mut stream, sets * examples * channels * positions);
        let changes = random(&mut stream, examples * 2 * positions);
        let derivatives = random(&mut stream, sets * examples * 2);
        let responses = channel_responses(channels, positions, &cotangents, &changes, &channel_of);
        // Set 1, example 2, change 0 (channel 3).
        let by_hand = dot(&cotangents[((3 + 2) * 4 + 3) * 5..][..5], &changes[2 * 2 * 5..][..5]);
        assert!((responses[(3 + 2) * 2] - by_hand).abs() < 1e-12);
        let gradient =
            channel_responses_gradient(channels, positions, &cotangents, &derivatives, sets, &channel_of);
        assert!((dot(&responses, &derivatives) - dot(&gradient, &changes)).abs() < 1e-12);
    }

    #[test]
    fn the_global_average_shares_its_gradient() {
        assert_eq!(global_average(2, &[1.0, 3.0, 5.0, 7.0]), [2.0, 6.0]);
        assert_eq!(global_average_gradient(2, &[4.0, 8.0]), [2.0, 2.0, 4.0, 4.0]);
    }
}
