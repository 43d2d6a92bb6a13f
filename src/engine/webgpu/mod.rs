//! The WebGPU engine: WGSL kernels through wgpu, on any adapter with baseline WebGPU limits.

mod adapter;
mod arena;
mod backward;
mod codes;
mod commands;
mod convolution;
mod device;
mod engine;
mod error;
mod estimate;
mod expand;
mod families;
mod forward;
mod graph;
mod interface;
mod learn;
mod measure;
mod ops;
mod pace;
mod parameters;
pub mod pipeline;
mod readback;
mod realise;
mod record;
mod resident;
mod score;
mod session;
pub mod shaders;
mod silence;
mod sweep;
#[cfg(test)]
mod testing;

pub use adapter::{AdapterChoice, AdapterKind, AdapterReport, survey};
pub use arena::{Arena, Slice};
pub use codes::Gradient;
pub use commands::{Commands, Context};
pub use convolution::Conv;
pub use device::{Gpu, Ticket};
pub use engine::WebGpuEngine;
pub use error::GpuError;
pub use interface::{Interface, Word};
pub use ops::Finish;
pub use pace::{Count, Pace};
pub use readback::{read, read_all};
pub use record::{Dispatch, Named, Recording, Span};
pub use silence::silence_wayland;
