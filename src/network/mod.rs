//! A network: its graph of layers, its parameters, its cost, its presets and its file.

mod architecture;
mod as_type;
mod checkpoint;
mod close_up;
mod cost;
mod diagram;
mod flat;
mod initialise;
mod memory;
#[cfg(feature = "onnx")]
mod onnx;
mod presets;

use std::collections::BTreeMap;
use std::path::PathBuf;

use candle_core::Tensor;

pub use architecture::{Architecture, Node, Op, Shape};
pub use as_type::AsType;
pub use checkpoint::{
    CheckpointInfo, load_checkpoint, save_checkpoint, save_tensors, tensors_from_bytes, tensors_from_file,
    tensors_to_bytes,
};
pub use close_up::{CloseUp, Share, Step, product};
pub use cost::Cost;
pub use diagram::{Diagram, Layer, Pooling, Shortcut};
pub use flat::{prefixed, under};
#[cfg(feature = "onnx")]
pub use onnx::{OnnxInfo, OnnxNetwork, load_onnx, onnx_bytes};
pub use presets::{PRESETS, layers_of, plain, preset};

use crate::files::FileError;

/// Tensors by name, in a fixed order.
pub type Tensors = BTreeMap<String, Tensor>;

/// What can be wrong with a network or its file.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// A preset or layer list that does not exist.
    #[error("unknown network \"{found}\": expected one of {expected}")]
    UnknownPreset { found: String, expected: String },
    /// A node name that the graph does not have.
    #[error("the network has no node \"{name}\"")]
    UnknownNode { name: String },
    /// A node whose inputs do not fit.
    #[error("node \"{node}\": found {found}, expected {expected}")]
    Shape { node: String, found: String, expected: String },
    /// A parameter that is absent or has the wrong shape.
    #[error("parameter \"{name}\": found {found}, expected {expected}")]
    Parameter { name: String, found: String, expected: String },
    /// A checkpoint that cannot be understood.
    #[error("{}: {what}: found {found}, expected {expected}", path.display())]
    Checkpoint { path: PathBuf, what: String, found: String, expected: String },
    /// The file system.
    #[error(transparent)]
    File(#[from] FileError),
    /// Candle.
    #[error("tensor operation: {0}")]
    Tensor(#[from] candle_core::Error),
}

/// A network: its graph and its parameters, Candle tensors on the CPU named `conv1.weight` and so on.
#[derive(Clone, Debug)]
pub struct Network {
    /// The graph.
    pub architecture: Architecture,
    /// Parameters and running statistics.
    pub tensors: Tensors,
}

/// What an optimiser remembers between steps: for each slot ([`OptimizerState::MOMENTUM`], or Adam's
/// [`OptimizerState::MEAN`] and [`OptimizerState::MEAN_SQUARE`]) one tensor for each trained parameter, and
/// the steps taken so far. [`OptimizerState::AVERAGE`] and [`OptimizerState::INHERITED`] are slots that last
/// for a training phase.
#[derive(Clone, Debug, Default)]
pub struct OptimizerState {
    /// Optimiser steps taken with this state (Adam's bias correction needs them).
    pub steps: u64,
    /// Slot name to tensors; absent until the first step.
    pub slots: BTreeMap<String, Tensors>,
}

/// A network in training.
#[derive(Clone, Debug)]
pub struct Model {
    /// The network.
    pub network: Network,
    /// Its optimiser's memory.
    pub optimizer: OptimizerState,
}

/// Whether a tensor is trained by gradients (running statistics are not).
pub fn is_trained(name: &str) -> bool {
    !name.ends_with(".running_mean") && !name.ends_with(".running_var")
}

impl Network {
    /// The tensor called `name`.
    pub fn tensor(&self, name: &str) -> Result<&Tensor, NetworkError> {
        self.tensors.get(name).ok_or_else(|| NetworkError::Parameter {
            name: name.to_owned(),
            found: "nothing".into(),
            expected: "a tensor".into(),
        })
    }

    /// The shape that every tensor of `architecture` must have, by name.
    pub fn tensor_shapes(architecture: &Architecture) -> Result<BTreeMap<String, Vec<usize>>, NetworkError> {
        let shapes = architecture.shapes()?;
        let mut expected = BTreeMap::new();
        for (node, shape) in architecture.nodes.iter().zip(&shapes) {
            let mut put = |suffix: &str, shape: Vec<usize>| {
                expected.insert(format!("{}.{suffix}", node.name), shape);
            };
            let channels_in = match node.inputs.first() {
                Some(input) => shapes[architecture.index(input)?].channels,
                None => 0,
            };
            match node.op {
                Op::Conv { out_channels, kernel, .. } => {
                    put("weight", vec![out_channels, channels_in, kernel, kernel]);
                    put("bias", vec![out_channels]);
                }
                Op::Linear { out_features } => {
                    put("weight", vec![out_features, channels_in]);
                    put("bias", vec![out_features]);
                }
                Op::Norm { .. } => {
                    for suffix in ["weight", "bias", "running_mean", "running_var"] {
                        put(suffix, vec![shape.channels]);
                    }
                }
                _ => {}
            }
        }
        Ok(expected)
    }

    /// Checks that the tensors are those of the architecture: none missing, none extra, shapes right.
    pub fn check(&self) -> Result<(), NetworkError> {
        let expected = Self::tensor_shapes(&self.architecture)?;
        for (name, shape) in &expected {
            let tensor = self.tensor(name)?;
            if tensor.dims() != shape.as_slice() {
                return Err(NetworkError::Parameter {
                    name: name.clone(),
                    found: format!("shape {:?}", tensor.dims()),
                    expected: format!("{shape:?}"),
                });
            }
        }
        match self.tensors.keys().find(|name| !expected.contains_key(*name)) {
            Some(name) => Err(NetworkError::Parameter {
                name: name.clone(),
                found: "a tensor".into(),
                expected: "none of that name".into(),
            }),
            None => Ok(()),
        }
    }
}

impl Model {
    /// A model whose optimiser has not taken a step.
    pub fn new(network: Network) -> Self {
        Self { network, optimizer: OptimizerState::default() }
    }
}
