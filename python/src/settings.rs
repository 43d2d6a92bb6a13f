//! Settings by their dotted names, as docs/settings.md lists them.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList, PyTuple};
use seedling::lab::Config;
use seedling::lab::settings::{NONE, Setting};

use crate::error::OrRefuse;

/// `base` with what a dictionary says, in its order.
pub fn changed(mut base: Config, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Config> {
    if let Some(settings) = settings {
        change(&mut base, "", settings)?;
    }
    Ok(base)
}

/// Changes settings whose names begin with `section`; a dictionary within is a section of its own, as in a file.
fn change(config: &mut Config, section: &str, settings: &Bound<'_, PyDict>) -> PyResult<()> {
    for (name, value) in settings {
        let name = format!("{section}{}", name.extract::<String>()?);
        match value.cast::<PyDict>() {
            Ok(within) => change(config, &format!("{name}."), within)?,
            Err(_) => config.set(&name, &text(&value)?).or_refuse()?,
        }
    }
    Ok(())
}

/// A value as the text that settings are read from.
fn text(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if value.is_none() {
        Ok(NONE.to_owned())
    } else if let Ok(flag) = value.cast::<PyBool>() {
        Ok(flag.is_true().to_string())
    } else if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let texts: Vec<String> = value.try_iter()?.map(|entry| text(&entry?)).collect::<PyResult<_>>()?;
        Ok(texts.join(","))
    } else {
        value.str()?.extract()
    }
}

/// Every setting of a configuration by its name, as texts.
pub fn dictionary<'py>(py: Python<'py>, config: &Config) -> PyResult<Bound<'py, PyDict>> {
    let dictionary = PyDict::new(py);
    for setting in Setting::all() {
        if let Some(value) = setting.get(config) {
            dictionary.set_item(setting.name, value)?;
        }
    }
    Ok(dictionary)
}

/// Every setting: name, default (or None where it belongs to a choice that is not the default), what it is
/// for, and what it may be.
///
/// Returns
/// -------
/// list of dict with the keys "name", "default", "why" and "expected", in the order of docs/settings.md.
#[pyfunction]
pub fn settings(py: Python<'_>) -> PyResult<Vec<Bound<'_, PyDict>>> {
    let default = Config::default();
    Setting::all()
        .map(|setting| {
            let entry = PyDict::new(py);
            entry.set_item("name", setting.name)?;
            entry.set_item("default", setting.get(&default))?;
            entry.set_item("why", setting.why)?;
            entry.set_item("expected", setting.expected())?;
            Ok(entry)
        })
        .collect()
}
