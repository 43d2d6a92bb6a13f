//! The files of a run, each written whole as soon as its content is known.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::curve::{curve, trained_steps};
use super::error::LabError;
use super::machine::Lab;
use super::record::{CandidateRecord, Round, Scores};
use super::regrow::{checkpoint_name, morphisms_name};
use super::session::{SESSION_FILE, Session};
use super::state::{Stage, State};
use super::trials_csv::{search_json, trials_csv};
use crate::engine::EngineInfo;
use crate::engine::candle::vector_bits;
use crate::estimate::Estimator;
use crate::files::{self, FolderLock, read, write_atomically};
use crate::network::{CheckpointInfo, Tensors, save_checkpoint, save_tensors};
use crate::search::trials::picture;
use crate::words::in_english;

/// A run's folder, of which this is the only writer.
#[derive(Debug)]
pub struct Output {
    folder: PathBuf,
    engine: EngineInfo,
    _lock: FolderLock,
}

/// Whether a folder holds a run, finished or not.
pub fn holds_a_run(folder: &Path) -> bool {
    ["run.json", SESSION_FILE].iter().any(|name| files::exists(&folder.join(name)))
}

/// The session of the run in a folder, finished or not.
///
/// # Errors
/// A folder that holds no run, or one whose session cannot be understood.
pub fn session_of(folder: &Path) -> Result<Session, LabError> {
    match holds_a_run(folder) {
        true => Session::load(folder),
        false => Err(LabError::NoRun { dir: folder.to_owned() }),
    }
}

impl Output {
    /// A folder for a new run; made if it is not there, refused if it holds a run.
    pub fn create(folder: &Path, engine: EngineInfo) -> Result<Self, LabError> {
        if holds_a_run(folder) {
            return Err(LabError::Occupied { dir: folder.to_owned() });
        }
        files::create_folder(folder)?;
        let output = Self::open(folder, engine)?;
        // Another process may have begun one since.
        match holds_a_run(folder) {
            true => Err(LabError::Occupied { dir: folder.to_owned() }),
            false => Ok(output),
        }
    }

    /// The folder of a run to go on with; refused while another process writes there, or where nothing can be written.
    pub fn open(folder: &Path, engine: EngineInfo) -> Result<Self, LabError> {
        let lock = files::lock_folder(folder)?;
        files::remove_unfinished(folder)?;
        Ok(Self { folder: folder.to_owned(), engine, _lock: lock })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes what is known before the first step.
    pub fn begin(&self, lab: &Lab) -> Result<(), LabError> {
        let mut indices = String::new();
        for index in &lab.data().held_out.indices {
            let _ = writeln!(indices, "{index}");
        }
        write_atomically(&self.folder.join("held-out.txt"), indices.as_bytes())?;
        if lab.state().stage == Stage::Propose {
            // It goes on from what another run has trained.
            self.checkpoint(lab, lab.state(), &checkpoint_name(1))?;
            self.losses(lab)?;
        }
        // Last what can be gone on with but first what says that a run is here: a kill in between leaves no run to trip over.
        self.session(lab)?;
        self.records(lab)
    }

    /// Writes what is known since `stage` of `round` is done. The session comes last: after a crash in
    /// between, the stage is done again and its files are written again.
    pub fn stage_done(&self, lab: &Lab, stage: Stage, round: u64) -> Result<(), LabError> {
        if let Some(search) = &lab.state().search
            && round <= lab.config().growth_rounds()
        {
            match stage {
                Stage::Assess | Stage::Adopt => self.trials(lab)?,
                Stage::Train if search.tree.is_empty() => {}
                // What leads to the end of a trial takes less time than writing it, or is saved by and by.
                Stage::Ask | Stage::Learn | Stage::Estimate | Stage::Grow | Stage::Train => return Ok(()),
                _ => {}
            }
        }
        match stage {
            Stage::Train if round > lab.config().growth_rounds() => {
                self.checkpoint(lab, lab.state(), "network.safetensors")?
            }
            Stage::Train => self.checkpoint(lab, lab.state(), &checkpoint_name(round))?,
            Stage::Estimate => self.morphisms(lab.state(), round)?,
            _ => {}
        }
        if stage == Stage::Train {
            self.losses(lab)?;
        }
        self.records(lab)?;
        self.session(lab)
    }

    /// Writes what a lab that was opened with its history has in it already: the files of its stages.
    pub fn catch_up(&self, lab: &Lab) -> Result<(), LabError> {
        for state in lab.history().back().collect::<Vec<_>>().into_iter().rev() {
            match state.stage {
                Stage::Propose => self.checkpoint(lab, state, &checkpoint_name(state.round))?,
                Stage::Grow => self.morphisms(state, state.round)?,
                _ => {}
            }
        }
        match lab.state().rounds.is_empty() {
            true => Ok(()),
            false => self.losses(lab),
        }
    }

    /// Saves the session alone.
    pub fn session(&self, lab: &Lab) -> Result<(), LabError> {
        Session::save(&self.folder, lab, &self.engine)
    }

    /// Copies the run's files into `folder`, which must not hold a run yet; how many. The session comes last, so
    /// that an unfinished copy is not taken for a run to go on with.
    pub fn copy(&self, folder: &Path) -> Result<usize, LabError> {
        let copy = Self::create(folder, self.engine.clone())?;
        let mut names = files::files_in(&self.folder)?;
        // In order but for this one.
        names.sort_by_key(|name| name == SESSION_FILE);
        for name in &names {
            write_atomically(&copy.folder.join(name), &read(&self.folder.join(name))?)?;
        }
        Ok(names.len())
    }

    fn records(&self, lab: &Lab) -> Result<(), LabError> {
        write_atomically(&self.folder.join("candidates.csv"), candidates_csv(lab.state()).as_bytes())?;
        if lab.state().rounds.iter().any(|round| round.in_the_end.is_some()) {
            let text = in_the_end_csv(lab.state());
            write_atomically(&self.folder.join("in-the-end.csv"), text.as_bytes())?;
        }
        let mut text =
            serde_json::to_string_pretty(&record_json(lab, &self.engine)).expect("plain data serialises");
        text.push('\n');
        Ok(write_atomically(&self.folder.join("run.json"), text.as_bytes())?)
    }

    fn trials(&self, lab: &Lab) -> Result<(), LabError> {
        let Some((tree, incumbent)) = lab.state().trials(lab.config()) else { return Ok(()) };
        write_atomically(&self.folder.join("trials.csv"), trials_csv(tree, incumbent).as_bytes())?;
        let search = &lab.config().search;
        let title = format!("Trials of {}", in_english(|| search.kind.after()));
        match picture(tree, incumbent, &title) {
            Some(picture) => Ok(write_atomically(&self.folder.join("tree.svg"), picture.svg().as_bytes())?),
            None => Ok(()),
        }
    }

    fn losses(&self, lab: &Lab) -> Result<(), LabError> {
        Ok(write_atomically(&self.folder.join("losses.csv"), losses_csv(lab.state()).as_bytes())?)
    }

    fn checkpoint(&self, lab: &Lab, state: &State, name: &str) -> Result<(), LabError> {
        let data = lab.data();
        let info = CheckpointInfo {
            mean: data.normalization.mean.to_vec(),
            std: data.normalization.std.to_vec(),
            sha256: data.sha256.clone(),
        };
        Ok(save_checkpoint(&self.folder.join(name), &state.model.network, &info)?)
    }

    fn morphisms(&self, state: &State, round: u64) -> Result<(), LabError> {
        let mut tensors = Tensors::new();
        for morphism in state.morphisms.iter() {
            let id = morphism.candidate.id();
            for (name, tensor) in morphism.stored()? {
                tensors.insert(format!("{id}.{name}"), tensor);
            }
        }
        let metadata = BTreeMap::from([
            ("round".to_owned(), round.to_string()),
            ("seedling".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ]);
        Ok(save_tensors(&self.folder.join(morphisms_name(round)), &tensors, &metadata)?)
    }
}

/// The content of `run.json`.
pub fn record_json(lab: &Lab, engine: &EngineInfo) -> Value {
    let (config, data, state) = (lab.config(), lab.data(), lab.state());
    let rounds: Vec<Value> = state
        .rounds
        .iter()
        .filter(|round| round.round <= config.growth_rounds())
        .map(|round| round_json(round))
        .collect();
    let mut value = json!({
        "schema": 1,
        "seedling": env!("CARGO_PKG_VERSION"),
        "seed": config.seed,
        "config": config,
        "engine": engine,
        "processor": { "architecture": std::env::consts::ARCH, "vector_bits": vector_bits() },
        "dataset": {
            "name": data.name,
            "source": data.source,
            "classes": data.classes,
            "train": data.train.len(),
            "validation": data.validation.len(),
            "held_out": data.held_out.len(),
            "sha256": data.sha256,
        },
        "warnings": lab.warnings(),
        "curve": curve(state),
        "rounds": rounds,
        "final": state.last(config.growth_rounds()),
    });
    if let Some((tree, incumbent)) = state.trials(config) {
        value["search"] = search_json(config, tree, incumbent);
    }
    value
}

/// A round in `run.json`.
pub fn round_json(round: &Round) -> Value {
    let mut value = json!({
        "round": round.round,
        "estimator": round.estimator.name(),
        "before": round.before,
        "after": round.after,
        "agreement": round.agreement(),
        "steps": {
            "train": round.steps.train,
            "learn": round.steps.learn,
            "estimate": round.steps.estimate,
            "measure": round.steps.measure,
            "grow": round.steps.growing(),
        },
        "chosen": round.chosen(),
        "joint": joint_json(round),
    });
    if let Some(twins) = round.in_the_end {
        value["in_the_end"] = json!(twins);
    }
    if let Some(beyond) = round.beyond_training {
        value["beyond_training"] = json!(beyond);
    }
    value
}

/// What the made set promised and brought, with the share of its scale that each change was made by.
fn joint_json(round: &Round) -> Value {
    let Some(joint) = round.joint else { return Value::Null };
    let chosen = round.candidates.iter().filter(|candidate| candidate.chosen);
    let shares: BTreeMap<String, f64> =
        chosen.map(|candidate| (candidate.id(), candidate.share.unwrap_or(1.0))).collect();
    let mut value = json!(joint);
    value["shares"] = json!(shares);
    value
}

/// The content of `candidates.csv`: numbers in their shortest exact form, nothing where nothing is known. The gains alone and
/// beyond training, on the validation part, have columns where the instrument shows them.
pub fn candidates_csv(state: &State) -> String {
    let mut text = "round,id,family,layer,channel,params_delta,flops_delta,scale,estimated".to_owned();
    for estimator in Estimator::ALL {
        let _ = write!(text, ",{}", estimator.name().replace('-', "_"));
    }
    text.push_str(",actual,chosen");
    let mut candidates = state.rounds.iter().flat_map(|round| &round.candidates);
    let beyond = candidates.any(|candidate| candidate.beyond_training.is_some());
    text.push_str(if beyond { ",alone,beyond_training\n" } else { "\n" });
    for round in &state.rounds {
        for candidate in &round.candidates {
            candidate_line(&mut text, round, candidate);
            if beyond {
                let _ = write!(text, ",{},{}", number(candidate.alone), number(candidate.beyond_training));
            }
            text.push('\n');
        }
    }
    text
}

/// The content of `in-the-end.csv`: what the followed candidates promised, gained at once, and were worth after the next
/// training. Estimates and gains are of the held-out part; `validation`, the gains alone and beyond training, and the place in
/// the joint solution of the part that choices are made by; the literature's scores of the training part.
pub fn in_the_end_csv(state: &State) -> String {
    let mut text = "round,id,family,params_delta,score,validation".to_owned();
    for estimator in Estimator::ALL {
        let _ = write!(text, ",{}", estimator.name().replace('-', "_"));
    }
    text.push_str(",actual,in_the_end,alone,beyond_training");
    for (name, _) in Scores::default().named() {
        let _ = write!(text, ",{name}");
    }
    text.push_str(",in_the_end_again\n");
    for round in &state.rounds {
        for candidate in round.candidates.iter().filter(|candidate| candidate.in_the_end.is_some()) {
            let CandidateRecord { family, params_delta, score, validation, .. } = candidate;
            let _ = write!(text, "{},{},{family},{params_delta}", round.round, candidate.id());
            let _ = write!(text, ",{},{}", number(*score), number(*validation));
            for estimator in Estimator::ALL {
                let _ = write!(text, ",{}", number(candidate.estimate_by(estimator)));
            }
            let _ = write!(text, ",{},{}", number(candidate.actual), number(candidate.in_the_end));
            let _ = write!(text, ",{},{}", number(candidate.alone), number(candidate.beyond_training));
            // Runs of earlier versions have no such scores.
            match &candidate.scores {
                Some(scores) => {
                    for (_, score) in scores.named() {
                        let _ = write!(text, ",{}", number(score));
                    }
                }
                None => text.push_str(&",".repeat(Scores::default().named().len())),
            }
            let _ = writeln!(text, ",{}", number(candidate.in_the_end_again));
        }
    }
    text
}

/// The content of `losses.csv`: every training step with the loss of its batch in nats, and what the run's method had cost
/// at its end in floating-point operations.
pub fn losses_csv(state: &State) -> String {
    let mut text = "step,flops,loss,round\n".to_owned();
    for step in trained_steps(state) {
        let _ = writeln!(text, "{},{},{},{}", step.step, step.cost, step.loss, step.round);
    }
    text
}

fn candidate_line(text: &mut String, round: &Round, candidate: &CandidateRecord) {
    let CandidateRecord { family, at, params_delta, flops_delta, .. } = candidate;
    let layer = at.name();
    let channel = at.channel().map_or(String::new(), |channel| channel.to_string());
    let scale = candidate.scale.map_or(String::new(), |scale| scale.to_string());
    let _ = write!(text, "{},{},{family},{layer},{channel}", round.round, candidate.id());
    let _ = write!(text, ",{params_delta},{flops_delta},{scale}");
    let _ = write!(text, ",{}", number(candidate.estimate_by(round.estimator)));
    for estimator in Estimator::ALL {
        let _ = write!(text, ",{}", number(candidate.estimate_by(estimator)));
    }
    let _ = write!(text, ",{},{}", number(candidate.actual), u8::from(candidate.chosen));
}

/// Adding 0 turns −0 into 0.
fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| (value + 0.0).to_string())
}
