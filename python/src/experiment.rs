//! `Experiment`: a whole run, stage by stage.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pollster::block_on;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use seedling::data::load;
use seedling::engine::{EngineError, Watch};
use seedling::lab::{
    self, Command, Config, EngineChoice, KeptLab, Lab, LabError, Output, Session, Stage, record_json,
};
use seedling::network::{CheckpointInfo, save_checkpoint};

use crate::candidate::PyMorphism;
use crate::data::PyData;
use crate::error::{OrRefuse, refusal, unexpected};
use crate::network::{Habits, PyNetwork};
use crate::worker::{Answer, Bench, Watcher, Worker};
use crate::{json, settings, table};

/// The file of a network that was given to begin with.
const SEED_FILE: &str = "seed.safetensors";

/// A whole run: seed, train, propose, learn, estimate, measure, choose, grow, train … With a folder
/// everything is saved as it goes, for `Run`, `Experiment.resume` and `seedling grow --resume`. Ctrl-C gives
/// up the stage under way (of a training the last second); what was before it stays, and the experiment can
/// go on.
///
/// Parameters
/// ----------
/// data : Data, optional
///     Without it, what the settings data.* say.
/// network : Network, optional
///     To begin with, with its weights; without it, what the settings `preset` and `network` say.
/// settings : dict, optional
///     Settings by their dotted names (docs/settings.md), such as {"rounds": 1, "training.epochs": 2}; or a section
///     as a dict within: {"search": {"kind": "random"}}.
/// config : path, optional
///     A TOML file of settings, which `settings` change.
/// folder : path, optional
///     For the run's files; it must not hold a run yet.
/// engine : "auto", "candle" or "webgpu"
/// progress : bool
///     Whether stages show bars, by tqdm where it is installed, and notices.
#[pyclass(frozen, module = "seedling", name = "Experiment")]
pub struct PyExperiment {
    worker: Worker,
    /// Nothing while another thread computes with it.
    kept: Mutex<Option<KeptLab>>,
}

impl PyExperiment {
    fn with<T>(&self, look: impl FnOnce(&KeptLab) -> PyResult<T>) -> PyResult<T> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        look(kept.as_ref().ok_or_else(busy)?)
    }

    /// Computes with the lab, which is back afterwards whatever came of it.
    fn compute<T: Send + 'static>(
        &self,
        py: Python<'_>,
        label: &str,
        work: impl FnOnce(&mut KeptLab, &mut Bench, &Watcher) -> Outcome<T> + Send + 'static,
    ) -> PyResult<T> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or_else(busy)?;
        let answer = self.worker.run(py, label, move |bench, watcher| {
            let outcome = work(&mut kept, bench, watcher);
            (kept, outcome)
        })?;
        let Answer { value: (kept, outcome), interruption } = answer;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        match interruption {
            Some(interruption) => Err(interruption),
            None => outcome.or_refuse(),
        }
    }

    fn command(&self, py: Python<'_>, label: &str, command: Command) -> PyResult<()> {
        self.compute(py, label, move |kept, bench, watcher| {
            block_on(kept.lab.execute(bench.engine.as_mut(), command, watcher))?;
            Ok(kept.save()?)
        })
    }

    /// Goes on to the end of the stage under way.
    fn finish_stage(&self, py: Python<'_>) -> PyResult<Stage> {
        let label = self.with(|kept| {
            let state = kept.lab.state();
            Ok(match state.stage {
                Stage::Seed => state.stage.to_string(),
                stage => format!("{stage}, round {}", state.round),
            })
        })?;
        self.compute(py, &label, |kept, bench, watcher| {
            loop {
                if let Some((stage, _)) = block_on(kept.step(bench.engine.as_mut(), watcher))? {
                    return Ok(stage);
                }
                if Watch::cancelled(watcher) {
                    kept.save()?;
                    return Err(LabError::from(EngineError::Cancelled).into());
                }
            }
        })
    }
}

/// What a computation with a lab comes to. (The error is large.)
type Outcome<T> = Result<T, Box<LabError>>;

fn busy() -> PyErr {
    PyRuntimeError::new_err("the experiment is computing in another thread, or was lost by a fault")
}

#[pymethods]
impl PyExperiment {
    #[new]
    #[pyo3(signature = (
        data=None, network=None, *, settings=None, config=None, folder=None, engine="auto", progress=true
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords of a Python function")]
    fn new(
        py: Python<'_>,
        data: Option<&PyData>,
        network: Option<&PyNetwork>,
        settings: Option<&Bound<'_, PyDict>>,
        config: Option<PathBuf>,
        folder: Option<PathBuf>,
        engine: &str,
        progress: bool,
    ) -> PyResult<Self> {
        let base = config.map_or(Ok(Config::default()), |path| Config::read(&path)).or_refuse()?;
        let mut config = settings::changed(base, settings)?;
        let data = match data {
            Some(given) => {
                if let Some((from, seed)) = &given.from {
                    if *seed != config.seed {
                        let found = format!("images shared out by seed {seed}");
                        let expected = format!("by {}, the experiment's (setting \"seed\")", config.seed);
                        return Err(unexpected("data", found, expected));
                    }
                    config.data = from.clone();
                }
                given.data.clone()
            }
            None => Arc::new(py.detach(|| load(&config.data, config.seed)).or_refuse()?),
        };
        let choice: EngineChoice = engine.parse().map_err(|error: String| refusal(error))?;
        let worker = Worker::choose(py, choice.having(config.learning.learner), progress)?;
        let folder = folder.map(|folder| std::path::absolute(&folder)).transpose().or_refuse()?;
        let mut lab = match network {
            Some(network) => {
                if let Some(folder) = &folder {
                    (config.network, config.inherit) = (Some(folder.join(SEED_FILE)), true);
                }
                Lab::from_seed(config, data, network.seed())
            }
            None => Lab::new(config, data),
        }
        .or_refuse()?;
        for warning in lab.warnings() {
            py.import("seedling._progress")?.call_method1("warn", (warning,))?;
        }
        let output = match folder {
            Some(folder) => {
                let output = Output::create(&folder, worker.info.clone()).or_refuse()?;
                if let Some(network) = network {
                    let info = CheckpointInfo {
                        mean: lab.data().normalization.mean.to_vec(),
                        std: lab.data().normalization.std.to_vec(),
                        sha256: network.habits.sha256.clone(),
                    };
                    save_checkpoint(&folder.join(SEED_FILE), &network.model.network, &info).or_refuse()?;
                }
                output.begin(&lab).or_refuse()?;
                Some(output)
            }
            None => None,
        };
        lab.engine_changed();
        Ok(Self { worker, kept: Mutex::new(Some(KeptLab::new(lab, output))) })
    }

    /// Goes on with the run in a folder, with the engine that it began with.
    ///
    /// Parameters
    /// ----------
    /// folder : path
    /// data : Data, optional
    ///     The run's images, where it cannot find them: a program's own.
    /// rounds : int, optional
    ///     More growth rounds in all; a finished run goes on.
    /// progress : bool
    #[staticmethod]
    #[pyo3(signature = (folder, data=None, *, rounds=None, progress=true))]
    fn resume(
        py: Python<'_>,
        folder: PathBuf,
        data: Option<&PyData>,
        rounds: Option<u64>,
        progress: bool,
    ) -> PyResult<Self> {
        let mut session = Session::load(&folder).or_refuse()?;
        let data = match data {
            Some(given) => given.data.clone(),
            None => {
                session.find_images().or_refuse()?;
                Arc::new(py.detach(|| load(&session.config.data, session.config.seed)).or_refuse()?)
            }
        };
        session.check_data(&data).or_refuse()?;
        let worker = Worker::start(py, &session.engine.name, progress)?;
        let output = Output::open(&folder, worker.info.clone()).or_refuse()?;
        let lab = Lab::at(session.config, data, session.state);
        let experiment = Self { worker, kept: Mutex::new(Some(KeptLab::new(lab, Some(output)))) };
        if let Some(rounds) = rounds {
            experiment.extend(py, rounds)?;
        }
        Ok(experiment)
    }

    /// What is to be done next: "seed", "train", "propose", "learn", "estimate", "measure", "choose", "grow",
    /// "done"; in a search also "ask", "assess", "adopt".
    #[getter]
    fn stage(&self) -> PyResult<&'static str> {
        self.with(|kept| Ok(kept.lab.state().stage.name()))
    }

    /// The round that it belongs to, from 1; the last training has one more than the last round.
    #[getter]
    fn round(&self) -> PyResult<u64> {
        self.with(|kept| Ok(kept.lab.state().round))
    }

    /// Whether nothing is left to do.
    #[getter]
    fn done(&self) -> PyResult<bool> {
        self.with(|kept| Ok(kept.lab.is_done()))
    }

    /// "candle" or "webgpu".
    #[getter]
    fn engine(&self) -> &str {
        &self.worker.info.name
    }

    /// Its folder, if it has one.
    #[getter]
    fn folder(&self) -> PyResult<Option<PathBuf>> {
        self.with(|kept| Ok(kept.output().map(|output| output.folder().to_owned())))
    }

    /// Finishes the stage under way; its name.
    fn step(&self, py: Python<'_>) -> PyResult<&'static str> {
        Ok(self.finish_stage(py)?.name())
    }

    /// Goes on until a stage is finished, or to the end.
    ///
    /// Parameters
    /// ----------
    /// until : str, optional
    ///     "seed", "train", "propose", "learn", "estimate", "measure", "choose" or "grow", in a search also
    ///     "ask", "assess" or "adopt": the next time that it is done.
    #[pyo3(signature = (until=None))]
    fn run(&self, py: Python<'_>, until: Option<&str>) -> PyResult<()> {
        let until = match until {
            Some(name) => {
                // At `done` there is nothing to finish.
                let finished = || Stage::ALL.into_iter().filter(|stage| *stage != Stage::Done);
                let found = finished().find(|stage| stage.name() == name);
                let expected =
                    format!("one of {}", finished().map(Stage::name).collect::<Vec<_>>().join(", "));
                Some(found.ok_or_else(|| unexpected("until", format!("\"{name}\""), expected))?)
            }
            None => None,
        };
        while !self.done()? {
            if until == Some(self.finish_stage(py)?) {
                break;
            }
        }
        Ok(())
    }

    /// Between choosing and growing: these candidates, by id, instead of what the strategy chose.
    fn choose(&self, py: Python<'_>, ids: Vec<String>) -> PyResult<()> {
        self.command(py, "choose", Command::Choose(ids))
    }

    /// What the candidates with these ids promise together by the joint estimate, between choosing and
    /// growing: dict with "sum_of_single" and "promised" (nats, on the validation images), and "shares" of
    /// their scales by id; None where there is no such estimate.
    fn promise<'py>(&self, py: Python<'py>, ids: Vec<String>) -> PyResult<Option<Bound<'py, PyDict>>> {
        self.with(|kept| {
            let lab = &kept.lab;
            let Some(promise) = lab::promise(lab.config().seed, lab.state(), &ids).or_refuse()? else {
                return Ok(None);
            };
            let (answer, shares) = (PyDict::new(py), PyDict::new(py));
            let record = lab.state().record(lab.state().round);
            for (candidate, share) in record.iter().flat_map(|record| &record.candidates).zip(&promise.shares)
            {
                if *share > 0.0 {
                    shares.set_item(candidate.id(), *share)?;
                }
            }
            answer.set_item("sum_of_single", promise.sum_of_single)?;
            answer.set_item("promised", promise.promised)?;
            answer.set_item("shares", shares)?;
            Ok(Some(answer))
        })
    }

    /// Back to before the last stage.
    fn undo(&self, py: Python<'_>) -> PyResult<()> {
        self.command(py, "undo", Command::Undo)
    }

    /// More growth rounds in all; a finished experiment goes on.
    fn extend(&self, py: Python<'_>, rounds: u64) -> PyResult<()> {
        self.compute(py, "extend", move |kept, bench, watcher| {
            let (stage, round) = (kept.lab.state().stage, kept.lab.state().round);
            block_on(kept.lab.execute(bench.engine.as_mut(), Command::Extend(rounds), watcher))?;
            match kept.output() {
                // What was the final training is now the training of a growth round, and leaves its file.
                Some(output) if stage == Stage::Done && !kept.lab.is_done() => {
                    Ok(output.stage_done(&kept.lab, Stage::Train, round)?)
                }
                _ => Ok(kept.save()?),
            }
        })
    }

    /// The network as it is now.
    #[getter]
    fn network(&self) -> PyResult<PyNetwork> {
        self.with(|kept| {
            let data = kept.lab.data();
            let habits = Habits {
                normalization: Some(data.normalization.clone()),
                sha256: data.sha256.clone(),
                class_names: Some(data.class_names.clone()),
            };
            Ok(PyNetwork { model: kept.lab.state().model.clone(), habits })
        })
    }

    /// The candidates of a round, of the last that has some without it; as `Run.candidates`.
    #[pyo3(signature = (round=None))]
    fn candidates<'py>(&self, py: Python<'py>, round: Option<u64>) -> PyResult<Bound<'py, PyAny>> {
        self.with(|kept| {
            let mut rounds = kept.lab.state().rounds.iter().rev();
            let record = match round {
                Some(round) => rounds.find(|record| record.round == round),
                None => rounds.find(|record| !record.candidates.is_empty()),
            };
            match (record, round) {
                (Some(record), _) => table::candidates(py, &[record]),
                (None, Some(round)) => Err(unexpected("round", round, "one that has begun")),
                (None, None) => table::candidates(py, &[]),
            }
        })
    }

    /// Every training step so far; as `Run.losses`.
    fn losses<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.with(|kept| table::losses(py, kept.lab.state()))
    }

    /// What this round learned, in the candidates' order, each at its scale; empty before learning and after
    /// growing.
    #[getter]
    fn morphisms(&self) -> PyResult<Vec<PyMorphism>> {
        self.with(|kept| {
            let state = kept.lab.state();
            let record = state.record(state.round);
            let with = state.morphisms.iter().zip(record.iter().flat_map(|record| &record.candidates));
            Ok(with
                .map(|(morphism, record)| PyMorphism {
                    morphism: morphism.clone(),
                    cost: record.cost(),
                    score: record.score,
                })
                .collect())
        })
    }

    /// What run.json says, as lists and dictionaries.
    #[getter]
    fn record<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.with(|kept| json::to_python(py, &record_json(&kept.lab, &self.worker.info)))
    }

    /// Every setting by its dotted name, as texts.
    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.with(|kept| settings::dictionary(py, kept.lab.config()))
    }

    fn __repr__(&self) -> PyResult<String> {
        self.with(|kept| {
            let state = kept.lab.state();
            Ok(format!("Experiment(next: {}, round {}, {})", state.stage, state.round, self.worker.info.name))
        })
    }
}
