//! The second engine: WGSL kernels through wgpu, on any adapter with baseline WebGPU limits.

mod adapter;
mod arena;
mod backward;
mod codes;
mod commands;
mod convolution;
#[cfg(test)]
mod convolution_tests;
mod device;
#[cfg(test)]
mod device_tests;
mod engine;
mod error;
mod estimate;
mod expand;
#[cfg(test)]
mod expand_tests;
mod families;
mod forward;
mod graph;
mod interface;
mod learn;
mod measure;
mod ops;
#[cfg(test)]
mod ops_tests;
mod pace;
mod parameters;
pub mod pipeline;
mod readback;
mod realise;
mod record;
#[cfg(test)]
mod record_tests;
mod resident;
mod score;
mod session;
pub mod shaders;
#[cfg(test)]
mod shaders_tests;
mod silence;
mod sweep;
#[cfg(test)]
mod testing;

pub use adapter::{AdapterChoice, AdapterKind, AdapterReport, survey};
pub use arena::{Arena, Slice};
pub use codes::Gradient;
pub use commands::{Commands, Context};
pub use convolution::{Conv, Form};
pub use device::{Gpu, Ticket};
pub use engine::WebGpuEngine;
pub use error::GpuError;
pub use interface::{Interface, Word};
pub use ops::Finish;
pub use pace::{Count, Pace};
pub use readback::{read, read_all};
pub use record::{Dispatch, Named, Recording, Span};
pub use silence::silence_wayland;
