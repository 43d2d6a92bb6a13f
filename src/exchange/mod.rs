//! Doors to other software: a run's network for ONNX's runtimes and, not in a page, for PyTorch, its numbers for
//! TensorBoard and as Parquet, its pictures as files, all of it for the Hub. (Networks of others come in by
//! [`crate::network::load_onnx`].)

mod exported;
#[cfg(not(target_arch = "wasm32"))]
mod hub;
#[cfg(not(target_arch = "wasm32"))]
mod parquet;
#[cfg(not(target_arch = "wasm32"))]
mod pictures;
#[cfg(not(target_arch = "wasm32"))]
mod run_folder;
#[cfg(not(target_arch = "wasm32"))]
pub mod tensorboard;
#[cfg(not(target_arch = "wasm32"))]
mod torch;
#[cfg(not(target_arch = "wasm32"))]
mod write;

pub use exported::{Exported, Growth};
#[cfg(not(target_arch = "wasm32"))]
pub use hub::{Card, card, config_json};
#[cfg(not(target_arch = "wasm32"))]
pub use parquet::candidates_parquet;
#[cfg(not(target_arch = "wasm32"))]
pub use pictures::{Wanted, write_movie, write_pictures};
#[cfg(not(target_arch = "wasm32"))]
pub use run_folder::RunFolder;
#[cfg(not(target_arch = "wasm32"))]
pub use torch::model_py;
#[cfg(not(target_arch = "wasm32"))]
pub use write::{write_hub, write_parquet, write_tensorboard, write_torch};
