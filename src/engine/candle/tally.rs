//! Counts the arithmetic that is really done, to check the ledger's formulas against.

use std::cell::Cell;

thread_local! {
    static PRODUCTS: Cell<u64> = const { Cell::new(0) };
}

/// Adds up multiply-accumulates of a convolution, a linear layer or a matrix of moments, forward or backward.
pub fn add(products: usize) {
    PRODUCTS.set(PRODUCTS.get().wrapping_add(products as u64));
}

/// Floating-point operations that engines on this thread have noted so far, two for each multiply-accumulate.
pub fn flops() -> u64 {
    PRODUCTS.get().wrapping_mul(2)
}
