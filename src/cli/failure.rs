//! Failures and their exit status.

use super::interrupt::INTERRUPTED;
use super::serve::ServeError;
use crate::data::DataError;
use crate::data::fetch::FetchError;
use crate::lab::{ConfigError, LabError};
use crate::lesson::LessonError;
use crate::study::{PlanError, RunError};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// An error of the experiment.
    #[error(transparent)]
    Lab(Box<LabError>),
    /// A study's plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A lesson.
    #[error(transparent)]
    Lesson(#[from] LessonError),
    /// A run of a study.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Some runs of a study failed; each has printed its error.
    #[error(
        "{failed} of {all} runs failed; the others are kept, and the same command goes on with what is left"
    )]
    Runs {
        /// Failed runs.
        failed: usize,
        /// All runs.
        all: usize,
    },
    /// A data set that could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The page could not be served or copied.
    #[error("serve: {0}")]
    Serve(#[from] ServeError),
    /// Another process that could not be started or waited for.
    #[error("cannot run another process of this program: {0}")]
    Process(std::io::Error),
    /// Options that do not fit each other or the run.
    #[error("{0}")]
    Usage(String),
    /// No window can be opened: there is no screen, or none that can draw, or the program was built without the window.
    #[error("cannot open a window: {0}; without one: seedling grow")]
    Window(String),
    /// Results that could not be written to standard output.
    #[error("standard output: cannot write the results: {0}")]
    Output(std::io::Error),
    /// The system refused to report Ctrl-C.
    #[error("cannot listen for Ctrl-C: {0}")]
    Interrupt(#[from] ctrlc::Error),
}

impl From<LabError> for Failure {
    fn from(error: LabError) -> Self {
        Failure::Lab(Box::new(error))
    }
}

impl From<DataError> for Failure {
    fn from(error: DataError) -> Self {
        LabError::from(error).into()
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        LabError::from(error).into()
    }
}

impl Failure {
    /// The exit status: 2 for bad usage, 130 if the program was asked to end, else 1.
    pub fn status(&self) -> u8 {
        if let Failure::Fetch(FetchError::Stopped { .. }) = self {
            return INTERRUPTED;
        }
        let usage = match self {
            Failure::Usage(_) => true,
            Failure::Lesson(error) => !matches!(error, LessonError::File(_)),
            Failure::Plan(error) => !matches!(error, PlanError::File(_)),
            Failure::Run(RunError::Lab(error)) | Failure::Lab(error) => match &**error {
                LabError::Config(_) | LabError::Command { .. } => true,
                LabError::Data(error) => is_usage(error),
                _ => false,
            },
            _ => false,
        };
        if usage { 2 } else { 1 }
    }
}

/// Whether the options or settings are wrong, not the files.
fn is_usage(error: &DataError) -> bool {
    matches!(
        error,
        DataError::NoCoarseLabels
            | DataError::Classes { .. }
            | DataError::EmptyPart { .. }
            | DataError::TooMany { .. }
    )
}
