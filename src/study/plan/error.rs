//! What can be wrong with a plan.

use std::path::PathBuf;

use crate::files::FileError;
use crate::lab::ConfigError;

/// A plan that cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A file that is not such a TOML file; the message shows the place.
    #[error("{}: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Place and fault.
        message: String,
    },
    /// A part of the plan.
    #[error("{}: {place}: found {found}, expected {expected}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The part's name.
        place: String,
        /// What is there.
        found: String,
        /// What should be.
        expected: String,
    },
    /// A configuration's settings.
    #[error("{}: configuration \"{configuration}\": {source}", path.display())]
    Setting {
        /// The file.
        path: PathBuf,
        /// The configuration.
        configuration: String,
        /// What is wrong with it.
        source: ConfigError,
    },
    /// A folder that holds another study.
    #[error(
        "{} is the plan of another study: {place}: found {found}, expected {expected}; choose another folder, or run that plan",
        path.display()
    )]
    OtherStudy {
        /// That study's plan.
        path: PathBuf,
        /// Where it differs.
        place: String,
        /// What is there.
        found: String,
        /// What the plan given has.
        expected: String,
    },
    /// The file system.
    #[error(transparent)]
    File(#[from] FileError),
}
