//! Sums of many numbers.

use crate::engine::candle::real::Real;

/// Sum with eight running sums: vectorisable, and more accurate than one.
pub fn total<T: Real>(numbers: &[T]) -> T {
    let mut sums = [T::zero(); 8];
    let chunks = numbers.chunks_exact(8);
    let rest: T = chunks.remainder().iter().copied().sum();
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, number)| *sum += *number);
    }
    sums.into_iter().sum::<T>() + rest
}

/// How many running sums [`Sums`] has: four of the vectors that hold eight numbers, whose additions then overlap.
const RUNNING: usize = 32;

/// A sum over many slices, with running sums that each slice goes on with: vectorisable whatever the slices' length, and in
/// an order that the lengths fix.
pub struct Sums<T>([T; RUNNING]);

impl<T: Real> Sums<T> {
    /// The empty sum.
    pub fn new() -> Self {
        Self([T::zero(); RUNNING])
    }

    /// Adds `term` of each pair. Inlined, so that the caller's vector instructions apply.
    #[inline(always)]
    pub fn add(&mut self, a: &[T], b: &[T], term: impl Fn(T, T) -> T) {
        let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<RUNNING>(), b.as_chunks::<RUNNING>());
        for (a, b) in a.iter().zip(b) {
            for ((sum, a), b) in self.0.iter_mut().zip(a).zip(b) {
                *sum += term(*a, *b);
            }
        }
        for ((sum, a), b) in self.0.iter_mut().zip(a_rest).zip(b_rest) {
            *sum += term(*a, *b);
        }
    }

    /// The sum so far.
    pub fn total(&self) -> T {
        self.0.iter().copied().sum()
    }
}
