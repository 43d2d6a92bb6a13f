//! What the library writes as JSON, as Python's lists and dictionaries, and back.

use pyo3::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{OrRefuse, unexpected};

/// A value as Python has it.
pub fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    let text = serde_json::to_string(value).or_refuse()?;
    py.import("json")?.call_method1("loads", (text,))
}

/// A value of Python's as the library has it; `what` is for errors.
pub fn from_python<T: DeserializeOwned>(value: &Bound<'_, PyAny>, what: &str, expected: &str) -> PyResult<T> {
    let text: String = value.py().import("json")?.call_method1("dumps", (value,))?.extract()?;
    serde_json::from_str(&text).map_err(|error| unexpected(what, error, expected))
}
