//! Tables of a run: columns as arrays, and as pandas' data frames where that is installed.

use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use seedling::estimate::Estimator;
use seedling::lab::{CandidateRecord, Round, State, trained_steps};

/// A candidate of a round.
type Row<'a> = (&'a Round, &'a CandidateRecord);

/// The columns of `candidates.csv` and a few more, of these rounds.
pub fn candidates<'py>(py: Python<'py>, rounds: &[&Round]) -> PyResult<Bound<'py, PyAny>> {
    let rows: Vec<Row> = rounds
        .iter()
        .flat_map(|round| round.candidates.iter().map(move |candidate| (*round, candidate)))
        .collect();
    let columns = PyDict::new(py);
    let text = |name: &str, of: &dyn Fn(&Row) -> String| {
        columns.set_item(name, rows.iter().map(of).collect::<Vec<String>>())
    };
    let whole = |name: &str, of: &dyn Fn(&Row) -> i64| {
        columns.set_item(name, PyArray1::from_vec(py, rows.iter().map(of).collect()))
    };
    let number = |name: &str, of: &dyn Fn(&Row) -> Option<f64>| {
        let values = rows.iter().map(|row| of(row).unwrap_or(f64::NAN)).collect();
        columns.set_item(name, PyArray1::from_vec(py, values))
    };
    whole("round", &|(round, _)| round.round as i64)?;
    text("id", &|(_, candidate)| candidate.id())?;
    text("family", &|(_, candidate)| candidate.family.to_string())?;
    text("layer", &|(_, candidate)| candidate.at.name())?;
    whole("channel", &|(_, candidate)| candidate.channel().map_or(-1, |channel| channel as i64))?;
    whole("params_delta", &|(_, candidate)| candidate.params_delta)?;
    whole("flops_delta", &|(_, candidate)| candidate.flops_delta)?;
    number("score", &|(_, candidate)| candidate.score)?;
    number("scale", &|(_, candidate)| candidate.scale.map(f64::from))?;
    number("validation", &|(_, candidate)| candidate.validation)?;
    number("estimated", &|(round, candidate)| candidate.estimate_by(round.estimator))?;
    for estimator in Estimator::ALL {
        let name = estimator.name().replace('-', "_");
        number(&name, &|(_, candidate)| candidate.estimate_by(estimator))?;
    }
    number("actual", &|(_, candidate)| candidate.actual)?;
    let chosen = rows.iter().map(|(_, candidate)| candidate.chosen).collect();
    columns.set_item("chosen", PyArray1::from_vec(py, chosen))?;
    number("share", &|(_, candidate)| candidate.share.or(candidate.chosen.then_some(1.0)))?;
    number("in_the_end", &|(_, candidate)| candidate.in_the_end)?;
    frame(columns)
}

/// Every training step: its number through the run, what the method had cost at its end, its batch's loss,
/// its round.
pub fn losses<'py>(py: Python<'py>, state: &State) -> PyResult<Bound<'py, PyAny>> {
    let steps = trained_steps(state);
    let columns = PyDict::new(py);
    columns.set_item("step", PyArray1::from_vec(py, steps.iter().map(|step| step.step as i64).collect()))?;
    columns.set_item("flops", PyArray1::from_vec(py, steps.iter().map(|step| step.cost as i64).collect()))?;
    columns.set_item("loss", PyArray1::from_vec(py, steps.iter().map(|step| step.loss).collect()))?;
    columns
        .set_item("round", PyArray1::from_vec(py, steps.iter().map(|step| step.round as i64).collect()))?;
    frame(columns)
}

fn frame<'py>(columns: Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    columns.py().import("seedling._frame")?.call_method1("frame", (columns,))
}
