//! What can go wrong on a graphics device.

use crate::engine::EngineError;

/// A failure of the device layer. None of these leaves the host's copy of a model changed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum GpuError {
    /// No adapter fits the request.
    #[error("no graphics adapter: found {found}, expected {expected}")]
    NoAdapter { found: String, expected: String },
    /// The adapter refused to open a device.
    #[error("adapter \"{adapter}\": cannot open a device: {reason}")]
    Open { adapter: String, reason: String },
    /// A shader that the preprocessor or the compiler refuses.
    #[error("kernel \"{kernel}\": {message}")]
    Shader { kernel: String, message: String },
    /// The device refused to create or run something.
    #[error("{what}: {message}")]
    Refused { what: String, message: String },
    /// Device memory ran out.
    #[error("{what}: out of device memory")]
    OutOfMemory { what: String },
    /// A request beyond the baseline limits.
    #[error("{what}: found {found}, expected at most {limit}")]
    Limit { what: String, found: u64, limit: u64 },
    /// The device is gone: reset, unplugged, destroyed.
    #[error("the graphics device was lost: {reason}")]
    Lost { reason: String },
    /// The device did not answer in time.
    #[error("{what}: no answer from the graphics device in {seconds} s")]
    Timeout { what: String, seconds: u64 },
}

impl From<GpuError> for EngineError {
    /// A device that does not answer counts as lost.
    fn from(error: GpuError) -> Self {
        match error {
            GpuError::Lost { .. } | GpuError::Timeout { .. } => Self::Lost(error.to_string()),
            _ => Self::Device(error.to_string()),
        }
    }
}
