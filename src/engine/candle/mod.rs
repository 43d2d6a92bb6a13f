//! The reference engine, and the fallback where there is no GPU: Candle tensors on the CPU.
pub mod kernels;
pub mod ops;
pub mod plan;
pub mod real;
pub mod tape;
