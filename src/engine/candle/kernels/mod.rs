//! The loops: plain slices in, plain vectors out, parallel over examples, with a fixed order of every sum.

pub mod activate;
mod activation;
pub mod conv;
pub mod dense;
pub mod direct;
mod fresh;
pub(super) mod line;
pub(super) mod multiply;
pub mod norm;
mod pool_2x2;
pub(super) mod sizes;
pub mod split;
pub(super) mod sum;
mod tile;
pub mod unfold;
mod winograd;

use pulp::{Simd, WithSimd};

/// How many numbers a vector of this processor holds: on it depends in which order sums are taken, and thus their last
/// digits.
pub struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    fn with_simd<S: Simd>(self, _simd: S) -> usize {
        S::F32_LANES
    }
}

/// Bits of the vectors that the kernels compute with on this processor.
pub fn vector_bits() -> usize {
    32 * vectorised(Lanes)
}

/// Runs a loop compiled for the widest vectors that this processor has.
///
/// The loop is called by reference: a call by value goes through a function of the compiler's that need not be inlined, and
/// then the loop keeps to the vectors that every processor has.
pub(super) fn in_vectors<R>(work: impl FnMut() -> R) -> R {
    struct Loop<W>(W);

    impl<R, W: FnMut() -> R> WithSimd for Loop<W> {
        type Output = R;

        #[inline(always)]
        fn with_simd<S: Simd>(mut self, _simd: S) -> R {
            (self.0)()
        }
    }

    vectorised(Loop(work))
}

/// Runs `work` compiled for the widest vectors that this processor has.
pub(super) fn vectorised<W: WithSimd>(work: W) -> W::Output {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    {
        // SAFETY: the whole program is compiled for processors with these vectors.
        pulp::Simd::vectorize(unsafe { pulp::wasm::Simd128::new_unchecked() }, work)
    }
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    pulp::Arch::new().dispatch(work)
}
