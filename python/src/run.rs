//! `Run`: a folder that `seedling grow --out`, the window or an `Experiment` has written.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use seedling::data::load;
use seedling::files;
use seedling::lab::{Round, Session, Stage, checkpoint_name, learned_in, regrown, session_of};
use seedling::network::load_checkpoint;

use crate::candidate::PyMorphism;
use crate::data::PyData;
use crate::error::{OrRefuse, unexpected};
use crate::network::PyNetwork;
use crate::{json, settings, table};

/// A run's folder, finished or not. It is only read; `Experiment.resume` goes on with it.
///
/// Parameters
/// ----------
/// folder : path
#[pyclass(frozen, module = "seedling", name = "Run")]
pub struct PyRun {
    folder: PathBuf,
    session: Session,
    record: serde_json::Value,
}

impl PyRun {
    /// The record of a round that has candidates.
    fn proposed(&self, round: u64) -> PyResult<&Round> {
        let has = |record: &&Round| !record.candidates.is_empty();
        self.session.state.record(round).filter(has).ok_or_else(|| {
            let rounds = self.session.state.rounds.iter().filter(|record| has(&record.as_ref())).count();
            unexpected("round", round, format!("one with candidates; the run has {rounds}"))
        })
    }
}

#[pymethods]
impl PyRun {
    #[new]
    fn new(folder: PathBuf) -> PyResult<Self> {
        let session = session_of(&folder).or_refuse()?;
        let path = folder.join("run.json");
        let record = serde_json::from_slice(&files::read(&path).or_refuse()?)
            .map_err(|error| unexpected(&path.display().to_string(), error, "a run's records as JSON"))?;
        Ok(Self { folder, session, record })
    }

    /// Its folder.
    #[getter]
    fn folder(&self) -> PathBuf {
        self.folder.clone()
    }

    /// The content of run.json, as lists and dictionaries.
    #[getter]
    fn record<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, &self.record)
    }

    /// Every setting by its dotted name, as texts that `Experiment` takes.
    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        settings::dictionary(py, &self.session.config)
    }

    /// What is to be done next: "train", "learn", …, "done".
    #[getter]
    fn stage(&self) -> &'static str {
        self.session.state.stage.name()
    }

    /// Rounds that have candidates.
    #[getter]
    fn rounds(&self) -> usize {
        self.session.state.rounds.iter().filter(|record| !record.candidates.is_empty()).count()
    }

    /// The candidates of all rounds, or of one: the columns of candidates.csv, and "score" (the learner's
    /// own), "validation" (the estimated gain that choices are made by), "share" (how much of its scale was
    /// made), "in_the_end". Gains are falls of the mean loss in nats.
    ///
    /// Returns
    /// -------
    /// pandas.DataFrame where pandas is installed, else dict of str to numpy array; what is not known is NaN
    #[pyo3(signature = (round=None))]
    fn candidates<'py>(&self, py: Python<'py>, round: Option<u64>) -> PyResult<Bound<'py, PyAny>> {
        match round {
            Some(round) => table::candidates(py, &[self.proposed(round)?]),
            None => {
                let rounds: Vec<&Round> = self.session.state.rounds.iter().map(Arc::as_ref).collect();
                table::candidates(py, &rounds)
            }
        }
    }

    /// Every training step: "step" (through the run, from 1), "flops" (what the method had cost at its end),
    /// "loss" (of its batch, nats), "round". As `candidates` a data frame, or a dict of arrays.
    fn losses<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        table::losses(py, &self.session.state)
    }

    /// A network of the run.
    ///
    /// Parameters
    /// ----------
    /// round : int, optional
    ///     As this round trained it, before it grew. Without it the final network, of a finished run.
    /// after : bool
    ///     As it grew in that round, not trained since.
    #[pyo3(signature = (round=None, after=false))]
    fn network(&self, round: Option<u64>, after: bool) -> PyResult<PyNetwork> {
        let saved = match (round, after) {
            (None, true) => return Err(unexpected("after", "no round", "a round whose growth is meant")),
            (None, false) if self.session.state.stage != Stage::Done => {
                return Err(unexpected("round", "none", "a round: the run is not finished"));
            }
            (None, false) => load_checkpoint(&self.folder.join("network.safetensors")).or_refuse()?,
            (Some(round), false) => load_checkpoint(&self.folder.join(checkpoint_name(round))).or_refuse()?,
            (Some(round), true) => regrown(&self.folder, &self.session, round).or_refuse()?,
        };
        let mut network = PyNetwork::saved(saved)?;
        let names = self.record["dataset"]["class_names"].as_array();
        network.habits.class_names =
            names.and_then(|names| names.iter().map(|name| name.as_str().map(str::to_owned)).collect());
        Ok(network)
    }

    /// What a round learned for each of its candidates, in their order. The files have φ at the run's scale,
    /// so that the scale here is 1; `candidates` has the run's.
    fn morphisms(&self, round: u64) -> PyResult<Vec<PyMorphism>> {
        let candidates = &self.proposed(round)?.candidates;
        let learned = learned_in(&self.folder, round, candidates).or_refuse()?;
        let with = learned.into_iter().zip(candidates);
        Ok(with
            .map(|(morphism, record)| PyMorphism { morphism, cost: record.cost(), score: record.score })
            .collect())
    }

    /// The images that it saw, from where the run had them. Images that a program gave it must be given
    /// again.
    fn data(&self, py: Python<'_>) -> PyResult<PyData> {
        let mut session = self.session.clone();
        session.find_images().or_refuse()?;
        let data = py.detach(|| load(&session.config.data, session.config.seed)).or_refuse()?;
        session.check_data(&data).or_refuse()?;
        Ok(PyData { data: Arc::new(data), from: Some((session.config.data, session.config.seed)) })
    }

    fn __repr__(&self) -> String {
        format!("Run({}, {} rounds, next: {})", self.folder.display(), self.rounds(), self.stage())
    }
}
