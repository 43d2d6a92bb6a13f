//! Doors to other software: a run's network for ONNX's runtimes and for PyTorch, its numbers for TensorBoard and as
//! Parquet, all of it for the Hub. (Networks of others come in by [`crate::network::load_onnx`].)

mod hub;
mod parquet;
mod run_folder;
pub mod tensorboard;
mod torch;

pub use hub::{Card, card, config_json};
pub use parquet::candidates_parquet;
pub use run_folder::{Exported, Growth, RunFolder};
pub use torch::model_py;
