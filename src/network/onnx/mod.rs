//! Networks in ONNX files (<https://onnx.ai>): written with the normalisation of the pixels inside, and read as other
//! programs write them, PyTorch and Keras (by tf2onnx) among them.

mod attributes;
mod builder;
mod operators;
mod proto;
mod read;
mod tensor;
mod write;

pub use read::{OnnxNetwork, load_onnx};
pub use write::{OnnxInfo, onnx_bytes};

#[cfg(test)]
mod tests;
