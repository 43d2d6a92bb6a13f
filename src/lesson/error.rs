//! What can be wrong with a lesson's file.

use crate::files::FileError;

/// A lesson that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LessonError {
    /// A field with a value that it cannot have, or that no lesson has.
    #[error("{file}: {place}field \"{field}\": found {found}, expected {expected}")]
    Field {
        /// The file.
        file: String,
        /// The step, with a colon and a blank; empty for the lesson itself.
        place: String,
        /// The field.
        field: String,
        /// What stands there.
        found: String,
        /// What could.
        expected: String,
    },
    /// A file that is no TOML; the message shows the place.
    #[error("{file}: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// Place and fault.
        message: String,
    },
    /// The file system.
    #[error(transparent)]
    File(#[from] FileError),
}
