//! `Engine`: trains, scores, learns, estimates and measures networks on one data set.

use std::sync::Arc;

use numpy::{PyArray1, PyArrayDyn};
use pollster::block_on;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use seedling::data::Data;
use seedling::engine::{
    Engine, EngineError, EstimateRequest, Learned, Phase, TrainRequest, Watch, steps_per_epoch,
};
use seedling::estimate::{Estimator, SCALES};
use seedling::lab::{Config, EngineChoice};
use seedling::morphism::{Morphism, morph};

use crate::array::{dictionary, shaped};
use crate::candidate::{PyCandidate, PyMorphism, checked};
use crate::data::{PyData, part};
use crate::error::{OrRefuse, refusal, unexpected};
use crate::network::PyNetwork;
use crate::settings::changed;
use crate::worker::Worker;

/// An array for Python.
type Numbers<'py> = Bound<'py, PyArrayDyn<f32>>;

/// What computes with networks on one data set: the processor or the graphics card. It computes on a thread
/// of its own; Ctrl-C ends a computation, and everything is as before it.
///
/// Parameters
/// ----------
/// data : Data
/// engine : "candle", "webgpu" or "auto"
///     The processor; the graphics card; the faster of them. Only the processor has every learner.
/// settings : dict, optional
///     Settings by their dotted names ("training.batch", "learning.steps", … docs/settings.md), for every
///     call that does not say otherwise.
/// progress : bool
///     Whether computations show bars, by tqdm where it is installed.
#[pyclass(frozen, module = "seedling", name = "Engine")]
pub struct PyEngine {
    worker: Worker,
    data: Arc<Data>,
    config: Config,
}

/// The estimators of these names; all without names.
fn estimators(names: Option<Vec<String>>) -> PyResult<Vec<Estimator>> {
    match names {
        Some(names) => {
            names.iter().map(|name| name.parse().map_err(|error: String| refusal(error))).collect()
        }
        None => Ok(Estimator::ALL.to_vec()),
    }
}

impl PyEngine {
    /// A computation with a network.
    fn compute<T: Send + 'static>(
        &self,
        py: Python<'_>,
        label: &str,
        network: &PyNetwork,
        work: impl Fn(&mut dyn Engine, &dyn Watch) -> Result<T, EngineError> + Send + 'static,
    ) -> PyResult<T> {
        let (found, classes) = (network.graph().classes().or_refuse()?, self.data.classes.len());
        if found != classes {
            let expected = format!("{classes}, those of the images");
            return Err(unexpected("network", format!("{found} classes"), expected));
        }
        let (data, model) = (self.data.clone(), network.model.clone());
        let normalization = network.habits.normalization.clone();
        let answer = self.worker.run(py, label, move |bench, watcher| {
            bench.on((&data, &normalization), &model, |engine| work(engine, watcher))
        })?;
        answer.uninterrupted()?.or_refuse()
    }

    fn config(&self, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Config> {
        let config = changed(self.config.clone(), settings)?;
        config.check().or_refuse()?;
        Ok(config)
    }
}

#[pymethods]
impl PyEngine {
    #[new]
    #[pyo3(signature = (data, engine="auto", *, settings=None, progress=true))]
    fn new(
        py: Python<'_>,
        data: &PyData,
        engine: &str,
        settings: Option<&Bound<'_, PyDict>>,
        progress: bool,
    ) -> PyResult<Self> {
        let config = changed(Config::default(), settings)?;
        let choice: EngineChoice = engine.parse().map_err(|error: String| refusal(error))?;
        let worker = Worker::choose(py, choice.having(config.learning.learner), progress)?;
        Ok(Self { worker, data: data.data.clone(), config })
    }

    /// "candle" or "webgpu".
    #[getter]
    fn name(&self) -> &str {
        &self.worker.info.name
    }

    /// The graphics adapter, where there is one.
    #[getter]
    fn adapter(&self) -> Option<&str> {
        self.worker.info.adapter.as_deref()
    }

    /// Why it is this engine, in a sentence.
    #[getter]
    fn why(&self) -> &str {
        &self.worker.why
    }

    /// Trains a network through a whole schedule of the learning rate.
    ///
    /// Parameters
    /// ----------
    /// network : Network
    ///     The optimiser's memory that it has goes on.
    /// epochs : int, optional
    ///     Passes over the training images, instead of training.epochs.
    /// steps : int, optional
    ///     Steps, instead of epochs.
    /// seed, phase : int
    ///     Name the streams of batches and augmentation.
    /// settings : dict, optional
    ///     training.batch, training.optimizer.learning-rate, …
    ///
    /// Returns
    /// -------
    /// (Network, losses)
    ///     The trained network, and the mean loss of each step's batch in nats, in training mode: float32
    ///     [steps].
    #[pyo3(signature = (network, *, epochs=None, steps=None, seed=7, phase=1, settings=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords of a Python function")]
    fn train<'py>(
        &self,
        py: Python<'py>,
        network: &PyNetwork,
        epochs: Option<u64>,
        steps: Option<u64>,
        seed: u64,
        phase: u64,
        settings: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<(PyNetwork, Bound<'py, PyArray1<f32>>)> {
        let Config { training, growth, .. } = self.config(settings)?;
        let batch = training.batch.min(self.data.train.len());
        let per_epoch = steps_per_epoch(self.data.train.len(), batch);
        let steps = steps.unwrap_or(epochs.unwrap_or(training.epochs).saturating_mul(per_epoch));
        let request = TrainRequest {
            optimizer: training.optimizer,
            augment: training.augment,
            label_smoothing: training.label_smoothing,
            average: training.average,
            new_rate: growth.new_rate,
            ..TrainRequest::whole(seed, Phase::Train(phase), steps, batch)
        };
        let (data, model) = (self.data.clone(), network.model.clone());
        let normalization = network.habits.normalization.clone();
        let answer = self.worker.run(py, "train", move |bench, watcher| {
            let outcome = bench.on((&data, &normalization), &model, |engine| {
                let report = block_on(engine.train(&request, watcher))?;
                Ok((block_on(engine.read_back())?, report.losses))
            });
            bench.model_changed();
            outcome
        })?;
        let (model, losses) = answer.uninterrupted()?.or_refuse()?;
        Ok((network.trained(model, &self.data), PyArray1::from_vec(py, losses)))
    }

    /// (mean cross-entropy in nats, share of images whose largest logit is their label) on a part, in
    /// evaluation mode.
    #[pyo3(signature = (network, part="held-out"))]
    fn evaluate(&self, py: Python<'_>, network: &PyNetwork, part: &str) -> PyResult<(f64, f64)> {
        let part = self::part(part)?;
        let score = self
            .compute(py, "evaluate", network, move |engine, watch| block_on(engine.evaluate(part, watch)))?;
        Ok((score.loss, score.accuracy))
    }

    /// Learns φ of candidates on the training images.
    ///
    /// Parameters
    /// ----------
    /// network : Network
    /// candidates : list of Candidate
    ///     Of this network.
    /// learner, estimator : str, optional
    ///     Of `seedling.LEARNERS` and `seedling.ESTIMATORS`, instead of learning.learner and
    ///     learning.estimator.
    /// seed, round : int
    ///     Name the streams of first φ, batches and samples.
    /// settings : dict, optional
    ///     learning.steps, learning.batch, …
    ///
    /// Returns
    /// -------
    /// list of Morphism, at scale 1, in the order of the candidates
    #[pyo3(signature = (
        network, candidates, *, learner=None, estimator=None, seed=7, round=1, settings=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords of a Python function")]
    fn learn(
        &self,
        py: Python<'_>,
        network: &PyNetwork,
        candidates: Vec<Py<PyCandidate>>,
        learner: Option<&str>,
        estimator: Option<&str>,
        seed: u64,
        round: u64,
        settings: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Vec<PyMorphism>> {
        let mut config = changed(self.config.clone(), settings)?;
        let candidates: Vec<_> = candidates.iter().map(|given| given.get().candidate.clone()).collect();
        for (name, value) in [("learning.learner", learner), ("learning.estimator", estimator)] {
            if let Some(value) = value {
                config.set(name, value).or_refuse()?;
            }
        }
        config.families = candidates.iter().map(|candidate| candidate.family).collect();
        config.families.sort_unstable();
        config.families.dedup();
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        config.check().or_refuse()?;
        let request = config.learning.request(seed, round, candidates);
        let Learned { morphisms, scores } = self.compute(py, "learn", network, move |engine, watch| {
            if !engine.offers(request.learner) {
                return Err(EngineError::Request {
                    what: "learner".into(),
                    found: request.learner.to_string(),
                    expected: "one that this engine has; \"candle\" has all".into(),
                });
            }
            block_on(engine.learn(&request, watch))
        })?;
        let architecture = network.graph();
        let learned = morphisms.into_iter().zip(scores);
        learned.map(|(morphism, score)| PyMorphism::of(architecture, morphism, score)).collect()
    }

    /// Estimates by how much each change alone would lower the loss of a part. No changed network is built
    /// for this.
    ///
    /// Parameters
    /// ----------
    /// network : Network
    /// morphisms : list of Morphism
    /// part : "train", "validation" or "held-out"
    /// estimators : list of str, optional
    ///     Of `seedling.ESTIMATORS`; all without it. "gauss-newton" and "linearised" need a backward pass for
    ///     each class.
    /// scales : list of float, optional
    ///     Estimates at these scales; without it, at each morphism's own.
    /// seed, round : int
    ///     Name the stream of the labels that "sampled" draws.
    ///
    /// Returns
    /// -------
    /// dict of str to float64 array
    ///     Gains (falls of the mean loss, nats) for each estimator: [morphisms], or [morphisms, scales].
    #[pyo3(signature = (
        network, morphisms, part="held-out", *, estimators=None, scales=None, seed=7, round=1
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords of a Python function")]
    fn estimate<'py>(
        &self,
        py: Python<'py>,
        network: &PyNetwork,
        morphisms: Vec<Py<PyMorphism>>,
        part: &str,
        estimators: Option<Vec<String>>,
        scales: Option<Vec<f32>>,
        seed: u64,
        round: u64,
    ) -> PyResult<Bound<'py, PyDict>> {
        let (part, estimators) = (self::part(part)?, self::estimators(estimators)?);
        let given = checked(network.graph(), &morphisms)?;
        let own = |morphism: &Morphism| scales.clone().unwrap_or_else(|| vec![morphism.scale]);
        let at: Vec<Vec<f32>> = given.iter().map(own).collect();
        let asked = estimators.clone();
        let (count, morphisms) = (given.len(), given);
        let gains = match count {
            0 => Vec::new(),
            _ => self.compute(py, "estimate", network, move |engine, watch| {
                let (scales, estimators) = (at.clone(), asked.clone());
                let request =
                    EstimateRequest { seed, round, morphisms: &morphisms, scales, part, estimators };
                block_on(engine.estimate(&request, watch))
            })?,
        };
        let shape = match &scales {
            Some(scales) => vec![count, scales.len()],
            None => vec![count],
        };
        let answer = PyDict::new(py);
        for (index, estimator) in estimators.into_iter().enumerate() {
            let values = gains.iter().flatten().map(|by_estimator| by_estimator[index]).collect();
            answer.set_item(estimator.name(), shaped::<f64>(py, values, &shape)?)?;
        }
        Ok(answer)
    }

    /// The same morphisms, each at the scale with the largest estimated gain on the validation images; 0
    /// where no scale gains. What has no φ stays at scale 1.
    ///
    /// Parameters
    /// ----------
    /// estimator : str, optional
    ///     Instead of learning.estimator.
    #[pyo3(signature = (network, morphisms, *, estimator=None, seed=7, round=1))]
    fn backtrack(
        &self,
        py: Python<'_>,
        network: &PyNetwork,
        morphisms: Vec<Py<PyMorphism>>,
        estimator: Option<&str>,
        seed: u64,
        round: u64,
    ) -> PyResult<Vec<PyMorphism>> {
        let estimator = match estimator {
            Some(name) => name.parse().map_err(|error: String| refusal(error))?,
            None => self.config.learning.estimator,
        };
        let mut scaled = checked(network.graph(), &morphisms)?;
        let is_learned = |morphism: &Morphism| morph(morphism.candidate.family).is_learned();
        let asked: Vec<Morphism> = scaled.iter().filter(|morphism| is_learned(morphism)).cloned().collect();
        if !asked.is_empty() {
            let gains = self.compute(py, "backtrack", network, move |engine, watch| {
                let request = EstimateRequest {
                    seed,
                    round,
                    morphisms: &asked,
                    scales: vec![SCALES.to_vec(); asked.len()],
                    part: seedling::engine::Part::Validation,
                    estimators: vec![estimator],
                };
                block_on(engine.estimate(&request, watch))
            })?;
            let learned = scaled.iter_mut().filter(|morphism| is_learned(morphism));
            for (morphism, gains) in learned.zip(gains) {
                let mut best = (0.0, 0.0);
                for (scale, gain) in SCALES.into_iter().zip(gains.into_iter().flatten()) {
                    if gain > best.1 {
                        best = (scale, gain);
                    }
                }
                morphism.scale = best.0;
            }
        }
        let scores = morphisms.iter().map(|given| given.get().score);
        let scaled = scaled.into_iter().zip(scores);
        scaled.map(|(morphism, score)| PyMorphism::of(network.graph(), morphism, score)).collect()
    }

    /// Measures by how much each change alone really lowers the loss of a part, at the morphism's own scale.
    ///
    /// Returns
    /// -------
    /// float64 array [morphisms]
    ///     Gains: falls of the mean loss in nats.
    #[pyo3(signature = (network, morphisms, part="held-out"))]
    fn measure<'py>(
        &self,
        py: Python<'py>,
        network: &PyNetwork,
        morphisms: Vec<Py<PyMorphism>>,
        part: &str,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let part = self::part(part)?;
        let morphisms = checked(network.graph(), &morphisms)?;
        let gains = match morphisms.is_empty() {
            true => Vec::new(),
            false => self.compute(py, "measure", network, move |engine, watch| {
                block_on(engine.measure(&morphisms, part, watch))
            })?,
        };
        Ok(PyArray1::from_vec(py, gains))
    }

    /// What the joint estimate of changes made together needs.
    ///
    /// Returns
    /// -------
    /// (logits, changes)
    ///     The network's logits o, float32 [N, classes], and what each morphism, at its scale, adds to them
    ///     in the linearised network, d = J·Δz, float32 [morphisms, N, classes]. Shares s of their scales
    ///     promise the mean loss of o + Σ s·d.
    #[pyo3(signature = (network, morphisms, part="validation"))]
    fn joint<'py>(
        &self,
        py: Python<'py>,
        network: &PyNetwork,
        morphisms: Vec<Py<PyMorphism>>,
        part: &str,
    ) -> PyResult<(Numbers<'py>, Numbers<'py>)> {
        let part = self::part(part)?;
        let morphisms = checked(network.graph(), &morphisms)?;
        let count = morphisms.len();
        let table = self.compute(py, "joint estimate", network, move |engine, watch| {
            block_on(engine.joint(&morphisms, part, watch))
        })?;
        let (examples, classes) = (table.labels.len(), table.classes);
        let changes = shaped(py, table.changes.concat(), &[count, examples, classes])?;
        Ok((shaped(py, table.logits, &[examples, classes])?, changes))
    }

    /// Every node's output for image `index` of a part: dict of float32 arrays [channels, height, width].
    #[pyo3(signature = (network, index, part="held-out"))]
    fn activations<'py>(
        &self,
        py: Python<'py>,
        network: &PyNetwork,
        index: usize,
        part: &str,
    ) -> PyResult<Bound<'py, PyDict>> {
        let part = self::part(part)?;
        let values = self.compute(py, "activations", network, move |engine, _| {
            block_on(engine.activations(part, index))
        })?;
        dictionary(py, &values)
    }

    fn __repr__(&self) -> String {
        match self.adapter() {
            Some(adapter) => format!("Engine({} on {adapter})", self.name()),
            None => format!("Engine({})", self.name()),
        }
    }
}
