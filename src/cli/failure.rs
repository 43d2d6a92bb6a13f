//! Failures and their exit status.

use crate::data::DataError;
use crate::lab::{ConfigError, LabError};

/// Why a command did not do its job.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The data.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The experiment.
    #[error(transparent)]
    Lab(Box<LabError>),
    /// Options that do not fit together or the run.
    #[error("{0}")]
    Usage(String),
    /// The data is not what the run was made with.
    #[error(
        "the data has changed since the run began: found SHA-256 {found}, expected {expected}; give the folder with the same files by --data"
    )]
    OtherData { found: String, expected: String },
    /// The system refused to report Ctrl-C.
    #[error("cannot listen for Ctrl-C: {0}")]
    Interrupt(#[from] ctrlc::Error),
}

impl From<LabError> for Failure {
    fn from(error: LabError) -> Self {
        Failure::Lab(Box::new(error))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        LabError::from(error).into()
    }
}

impl Failure {
    /// 2 for bad usage, else 1.
    pub fn status(&self) -> u8 {
        let usage = match self {
            Failure::Usage(_) => true,
            Failure::Lab(error) => matches!(**error, LabError::Config(_) | LabError::Command { .. }),
            Failure::Data(error) => is_usage(error),
            _ => false,
        };
        if usage { 2 } else { 1 }
    }
}

/// Whether it is the request that is wrong, not the files.
fn is_usage(error: &DataError) -> bool {
    matches!(
        error,
        DataError::NoCoarseLabels
            | DataError::UnknownClass { .. }
            | DataError::DuplicateClass { .. }
            | DataError::TooFewClasses { .. }
            | DataError::EmptyPart { .. }
            | DataError::TooMany { .. }
    )
}
