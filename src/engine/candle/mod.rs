//! The reference engine, and the fallback where there is no GPU: Candle tensors on the CPU.
//!
//! Candle holds every tensor and multiplies the matrices; the convolution, the activations and their gradients
//! are our own kernels: Candle's are slow, or wrong where maxima tie and at a ReLU's 0. Everything is computed in the number type of the
//! model's tensors, so the same code that works in f32 is checked in f64.

pub mod autograd;
mod engine;
mod estimate;
mod families;
mod fused;
pub mod kernels;
mod learners;
mod measure;
mod memory;
mod observe;
pub mod ops;
mod optimizer;
pub mod plan;
pub mod real;
pub mod tally;
pub mod tape;
mod train;

pub use engine::CandleEngine;
pub use kernels::vector_bits;
pub use memory::keep_freed_memory;
