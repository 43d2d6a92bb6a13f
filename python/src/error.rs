//! What the library refuses, as Python's exception.

use std::fmt::Display;

use pyo3::exceptions::PyValueError;
use pyo3::{PyErr, PyResult, create_exception};

create_exception!(
    seedling,
    SeedlingError,
    PyValueError,
    "What Seedling refuses: the message names the setting, file or value, what was found, what was expected."
);

/// The exception that says `error`.
pub fn refusal(error: impl Display) -> PyErr {
    SeedlingError::new_err(error.to_string())
}

/// A value that was found where another was expected.
pub fn unexpected(what: &str, found: impl Display, expected: impl Display) -> PyErr {
    refusal(format!("{what}: found {found}, expected {expected}"))
}

/// Errors of the library as exceptions.
pub trait OrRefuse<T> {
    /// The value, or the exception.
    fn or_refuse(self) -> PyResult<T>;
}

impl<T, E: Display> OrRefuse<T> for Result<T, E> {
    fn or_refuse(self) -> PyResult<T> {
        self.map_err(refusal)
    }
}
