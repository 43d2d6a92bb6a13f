//! Carrying out one run of a plan: an ordinary run folder, resumed from wherever it stands.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::difference::first_difference;
use super::plan::{Plan, PlanError, Planned, Until, run_folder};
use crate::data::{Data, DataConfig, load};
use crate::engine::{Engine, EngineError};
use crate::files::{self, FileError, LockError, write_atomically};
use crate::lab::{
    Config, ConfigError, KeptLab, Lab, LabError, Observer, Output, Session, Stage, State, holds_a_run,
};

/// In a run's folder, once it is grown: what its last training may cost, and whether all the run's files are complete.
/// It is written last, so that after a kill in between a run is taken for less done than it is, never for more.
pub const STANDING_FILE: &str = "study.json";

/// How far a run is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Until the gains of its first candidates are measured.
    Measured,
    /// Up to before its last training.
    Grown,
    /// To its end, at this total cost.
    Done(u64),
}

/// What a grown run may cost in all, in floating-point operations by the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grown {
    /// With one epoch of last training.
    pub least: u64,
    /// With the usual last training.
    pub usual: u64,
    /// Whether the run is as far as its plan goes.
    pub done: bool,
}

/// How far a run has come, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing is there yet.
    Missing,
    /// It has begun and can be resumed.
    Begun,
    /// Only the last training is left.
    Grown,
    /// Finished.
    Done,
}

impl Standing {
    /// In a word or two.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Missing => "not begun",
            Standing::Begun => "begun",
            Standing::Grown => "grown",
            Standing::Done => "done",
        }
    }
}

/// A run that cannot be carried out or read.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The experiment.
    #[error(transparent)]
    Lab(Box<LabError>),
    /// A run's folder whose settings differ from the plan: it was edited, or belongs to another study.
    #[error("{}: {what}: found {found}, expected {expected}; move the folder away to have the run made anew", folder.display())]
    OtherRun {
        /// The folder.
        folder: PathBuf,
        /// What differs.
        what: String,
        /// What is there.
        found: String,
        /// What the plan says.
        expected: String,
    },
    /// A run that starts from the layers of another one.
    #[error("{run} starts from the layers of {first}, which is not done")]
    TooEarly {
        /// Its name.
        run: String,
        /// The other one's.
        first: String,
    },
    /// A result that needs runs which are not done yet.
    #[error("{}: {missing} runs are not done, among them {first}; carry the study out first", folder.display())]
    Unfinished {
        /// The study's folder.
        folder: PathBuf,
        /// How many.
        missing: usize,
        /// One of them.
        first: String,
    },
}

impl From<LabError> for RunError {
    fn from(error: LabError) -> Self {
        Self::Lab(Box::new(error))
    }
}

impl From<FileError> for RunError {
    fn from(error: FileError) -> Self {
        LabError::from(error).into()
    }
}

/// How far the run in `folder` has come, by its files; nothing is computed.
pub fn standing(folder: &Path) -> Result<Standing, RunError> {
    Ok(match grown(folder)? {
        Some(Grown { done: true, .. }) => Standing::Done,
        Some(_) => Standing::Grown,
        None if holds_a_run(folder) => Standing::Begun,
        None => Standing::Missing,
    })
}

/// What the run in `folder` may cost in all, once it is grown.
pub fn grown(folder: &Path) -> Result<Option<Grown>, RunError> {
    let path = folder.join(STANDING_FILE);
    if !files::exists(&path) {
        return Ok(None);
    }
    let bad = |error: serde_json::Error| RunError::OtherRun {
        folder: folder.to_owned(),
        what: STANDING_FILE.into(),
        found: error.to_string(),
        expected: "\"least\", \"usual\" and \"done\"".into(),
    };
    serde_json::from_slice(&files::read(&path)?).map(Some).map_err(bad)
}

/// The cost of every run where the most expensive one decides it.
pub enum Total {
    /// All are grown.
    Known(u64),
    /// These are not.
    Missing(Vec<String>),
}

/// What the most expensive run needs for its usual last training.
pub fn total(runs: &[Planned], out: &Path) -> Result<Total, RunError> {
    let (mut most, mut missing) = (0, Vec::new());
    for run in runs {
        match grown(&run.folder(out))? {
            Some(grown) => most = most.max(grown.usual),
            None => missing.push(run.id()),
        }
    }
    Ok(if missing.is_empty() { Total::Known(most) } else { Total::Missing(missing) })
}

/// Whether a run can begin: the one whose layers it starts from, if any, is done.
pub fn is_ready(run: &Planned, out: &Path) -> Result<bool, RunError> {
    match run.after() {
        Some(first) => Ok(standing(&run_folder(out, &first))? == Standing::Done),
        None => Ok(true),
    }
}

/// Takes the run in the study's folder `out` as far as `goal`, from wherever it stands. One that is there already is
/// left alone.
pub async fn advance(
    plan: &Plan,
    planned: &Planned,
    out: &Path,
    goal: Goal,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<(), RunError> {
    let folder = planned.folder(out);
    let mut kept = match holds_a_run(&folder) {
        true => reopen(planned, &folder, engine)?,
        false => match begin(plan, planned, out, engine) {
            // The process of a study that was killed may have begun it since.
            Err(RunError::Lab(error)) if matches!(*error, LabError::Occupied { .. }) => {
                reopen(planned, &folder, engine)?
            }
            begun => begun?,
        },
    };
    if let (Goal::Done(total), true) = (goal, planned.config.search.tries()) {
        // A search divides what it may spend from the beginning.
        kept.lab.spend(total);
        kept.lab.check_total()?;
    }
    let last = planned.config.growth_rounds() + 1;
    let is_grown = |lab: &Lab| {
        let state = lab.state();
        (state.stage, state.round, state.step) == (Stage::Train, last, 0)
    };
    while !kept.lab.is_done() {
        let state = kept.lab.state();
        if goal == Goal::Measured && (state.round > 1 || matches!(state.stage, Stage::Choose | Stage::Grow)) {
            break;
        }
        if goal != Goal::Measured && is_grown(&kept.lab) {
            let costs = Grown { least: kept.lab.least_total()?, usual: kept.lab.usual_total()?, done: false };
            write(&folder, &costs)?;
            let Goal::Done(total) = goal else { return Ok(()) };
            if total < costs.least {
                return Err(LabError::from(too_cheap(planned, total, costs.least)).into());
            }
            kept.lab.spend(total);
        }
        kept.step(engine, observer).await?;
    }
    let costs = grown(&folder)?.unwrap_or(Grown { least: 0, usual: kept.lab.spent(), done: false });
    write(&folder, &Grown { done: true, ..costs })
}

fn write(folder: &Path, costs: &Grown) -> Result<(), RunError> {
    let text = serde_json::to_string(costs).expect("numbers can be written as JSON");
    Ok(write_atomically(&folder.join(STANDING_FILE), text.as_bytes())?)
}

fn too_cheap(planned: &Planned, total: u64, least: u64) -> ConfigError {
    let expected = format!(
        "at least {least}, which {} needs with seed {} for its growth and one epoch after it",
        planned.name, planned.config.seed
    );
    ConfigError::Value { field: "cost".into(), found: total.to_string(), expected }
}

/// A new run in its folder.
fn begin(plan: &Plan, planned: &Planned, out: &Path, engine: &dyn Engine) -> Result<KeptLab, RunError> {
    if !is_ready(planned, out)? {
        return Err(RunError::TooEarly { run: planned.id(), first: planned.after().unwrap_or_default() });
    }
    // Its final network, of which only the layers are taken.
    let network = planned.after().map(|first| run_folder(out, &first));
    let config = &Config { network: network.or(planned.config.network.clone()), ..planned.config.clone() };
    let data = load(&config.data, config.seed).map_err(LabError::from)?;
    let shared = match plan.until {
        Until::Measured => trained_alike(plan, planned, out, engine, &data),
        Until::Done => None,
    };
    let data = Arc::new(data);
    let lab = match shared {
        Some(state) => {
            // As a new lab has it: files of runs have the classes by number.
            let by_number = config.data.by_number().map_err(LabError::from)?;
            Lab::at(Config { data: by_number, ..config.clone() }, data, state)
        }
        None => Lab::new(config.clone(), data)?,
    };
    let output = Output::create(&planned.folder(out), engine.info())?;
    output.begin(&lab)?;
    Ok(KeptLab::new(lab, Some(output)))
}

/// What another run of the plan has trained, where this one would train exactly the same: the same random streams give
/// the same numbers, so that nothing but time depends on it.
fn trained_alike(
    plan: &Plan,
    planned: &Planned,
    out: &Path,
    engine: &dyn Engine,
    data: &Data,
) -> Option<State> {
    let wanted = &planned.config;
    let alike = |run: &Planned| {
        let Config { families, layers, confirm, learning, strategy, budget, .. } = wanted.clone();
        Config { families, layers, confirm, learning, strategy, budget, ..run.config.clone() } == *wanted
    };
    plan.runs().into_iter().filter(alike).find_map(|run| {
        // A folder that cannot be read is the other run's trouble: this one then trains itself.
        let session = Session::load(&run.folder(out)).ok()?;
        let same = session.engine.name == engine.info().name && session.check_data(data).is_ok();
        session.state.trained(wanted.learning.estimator).filter(|_| same)
    })
}

/// The run in `folder`, at which another process may have worked before.
fn reopen(planned: &Planned, folder: &Path, engine: &dyn Engine) -> Result<KeptLab, RunError> {
    let output = Output::open(folder, engine.info())?;
    let mut session = Session::load(folder)?;
    let other = |what: &str, found: String, expected: String| RunError::OtherRun {
        folder: folder.to_owned(),
        what: what.into(),
        found,
        expected,
    };
    check(planned, folder, &session.config)?;
    if session.engine.name != engine.info().name {
        return Err(other(
            "engine",
            session.engine.name,
            format!("{}, or other results", engine.info().name),
        ));
    }
    session.find_images()?;
    let data = load(&session.config.data, session.config.seed).map_err(LabError::from)?;
    session.check_data(&data)?;
    Ok(KeptLab::new(Lab::at(session.config, Arc::new(data), session.state), Some(output)))
}

/// An error where the settings of the run in `folder` are not the plan's.
pub(super) fn check(planned: &Planned, folder: &Path, config: &Config) -> Result<(), RunError> {
    // The plan may name classes that the run has by number. Where the images are gone, nobody can tell.
    let classes = |_| DataConfig { classes: config.data.classes.clone(), ..planned.config.data.clone() };
    let data = planned.config.data.by_number().unwrap_or_else(classes);
    // Where the study's folder has been since, the layers were taken from another place.
    let network = if planned.layers_of.is_some() { &config.network } else { &planned.config.network };
    match difference(config, &Config { data, network: network.clone(), ..planned.config.clone() }) {
        None => Ok(()),
        Some((setting, found, expected)) => Err(RunError::OtherRun {
            folder: folder.to_owned(),
            what: format!("setting {setting}"),
            found,
            expected,
        }),
    }
}

/// The first setting in which a run differs from its plan, but for the total cost and where the images lie.
fn difference(found: &Config, planned: &Config) -> Option<(String, String, String)> {
    let plain = |config: &Config| {
        let mut config = config.clone();
        config.training.total_flops = None;
        config.data.dir = None;
        config
    };
    first_difference(&plain(found), &plain(planned))
}

impl RunError {
    /// Whether another process writes to the run's folder.
    pub fn is_held(&self) -> bool {
        matches!(self, Self::Lab(error) if matches!(**error, LabError::Lock(LockError::Held { .. })))
    }

    /// Whether the run was interrupted on request.
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Lab(error) if matches!(**error, LabError::Engine(EngineError::Cancelled)))
    }
}
