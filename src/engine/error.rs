//! What can go wrong in an engine.

use crate::morphism::MorphismError;
use crate::network::NetworkError;

/// What can go wrong while computing.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A number left the finite range; the engine's model is as it was before the call.
    #[error("{stage} diverged at step {step}: {what} is not finite; try a smaller learning rate")]
    Diverged { stage: &'static str, step: u64, what: String },
    /// [`Watch::cancelled`](super::Watch::cancelled) said so; the engine's model is as it was before the call.
    #[error("cancelled")]
    Cancelled,
    /// A request that does not fit the model or the data.
    #[error("{what}: found {found}, expected {expected}")]
    Request { what: String, found: String, expected: String },
    /// A morphism.
    #[error(transparent)]
    Morphism(#[from] MorphismError),
    /// The network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The library of tensors.
    #[error("tensor operation: {0}")]
    Tensor(#[from] candle_core::Error),
    /// What the device that computes could not do, in its words.
    #[error("{0}")]
    Device(String),
    /// The device that computes is gone, and everything on it.
    #[error("{0}")]
    Lost(String),
    /// A background engine that stopped answering.
    #[error("the engine in the background has stopped: {why}")]
    Stopped { why: String },
    /// What a background engine could not do, in its words.
    #[error("{0}")]
    Background(String),
}

impl EngineError {
    /// Whether the engine's device or process is gone, with its data and model: only
    /// [`Engine::restart`](super::Engine::restart) helps.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Stopped { .. })
    }
}
