//! A whole run in one small file, with every moment of it: to be looked at without computing anything, and to go on from
//! anywhere.
//!
//! The file is a gzip of a safetensors file. Its metadata has the header of a session (`session.safetensors`) for each
//! moment that is written, by its number; their tensors stand under `NUMBER/`, and one that has not changed since the
//! moment before is not written again. Where all gains are measured, what lies between a training and the growth after it
//! follows from the record of the growth.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::config::{Config, Measure};
use super::cost::StepCost;
use super::error::LabError;
use super::machine::Lab;
use super::record::Round;
use super::session::{Session, written};
use super::state::{Stage, State};
use crate::data::Data;
use crate::engine::EngineInfo;
use crate::network::{Model, NetworkError, Tensors, tensors_from_bytes, tensors_to_bytes};

/// The ending of the files' names.
pub const RECORDING: &str = "seedling";

/// Bytes that a file may unpack to.
const MOST: u64 = 256 << 20;

/// A recorded run.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The settings.
    pub config: Config,
    /// SHA-256 of the data.
    pub sha256: String,
    /// What computed it.
    pub engine: EngineInfo,
    /// Its moments, the first of them first.
    pub states: Vec<State>,
}

impl Recording {
    /// Of a run as far as its history reaches.
    pub fn of(lab: &Lab, engine: &EngineInfo) -> Self {
        let states = lab.history().back().collect::<Vec<_>>().into_iter().rev().cloned().collect();
        let (config, sha256) = (lab.config().clone(), lab.data().sha256.clone());
        Self { config, sha256, engine: engine.clone(), states }
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, LabError> {
        let (mut tensors, mut metadata) = (Tensors::new(), BTreeMap::new());
        let mut before = Tensors::new();
        let kept = self.states.iter().filter(|state| !self.follows(state));
        for (number, state) in kept.enumerate() {
            let (own, header) = written(state, &self.config, None, &self.sha256, &self.engine)?;
            metadata.insert(format!("{number:03}"), header);
            for (name, tensor) in &own {
                if !before.get(name).is_some_and(|old| same(old, tensor)) {
                    tensors.insert(format!("{number:03}/{name}"), tensor.clone());
                }
            }
            before.extend(own);
        }
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        // Memory takes everything.
        let _ = packed.write_all(&tensors_to_bytes(&tensors, &metadata)?);
        Ok(packed.finish().unwrap_or_default())
    }

    /// What [`Self::to_bytes`] gave; `path` is for errors.
    pub fn from_bytes(bytes: &[u8], path: &Path) -> Result<Self, LabError> {
        let fail = |what: &str, found: String, expected: &str| LabError::Session {
            path: path.to_owned(),
            what: what.to_owned(),
            found,
            expected: expected.to_owned(),
        };
        let mut plain = Vec::new();
        let read = GzDecoder::new(bytes).take(MOST + 1).read_to_end(&mut plain);
        read.map_err(|error| fail("file", error.to_string(), "a recorded run"))?;
        if plain.len() as u64 > MOST {
            return Err(fail("file", format!("more than {} MB", MOST >> 20), "less"));
        }
        let (tensors, metadata) = tensors_from_bytes(&plain, path)?;
        // In the order of their numbers.
        let metadata: BTreeMap<String, String> = metadata.into_iter().collect();
        let mut known = Tensors::new();
        let mut found: Option<Self> = None;
        for (number, header) in &metadata {
            known.extend(crate::network::under(number, &tensors));
            let Session { config, sha256, engine, state, .. } = Session::understood(&known, header, path)?;
            let recording = found.get_or_insert(Self { config, sha256, engine, states: Vec::new() });
            if state.stage == Stage::Grow && recording.config.measure == Measure::All {
                let earlier = recording.states.last().map(|last| last.model.clone());
                recording.states.extend(before_growth(&state, earlier));
            }
            recording.states.push(state);
        }
        found.ok_or_else(|| fail("moments", "none".into(), "at least one"))
    }

    /// Whether a state follows from that of the growth after it, and is not written.
    fn follows(&self, state: &State) -> bool {
        let grown = self.states.iter().any(|other| other.stage == Stage::Grow && other.round == state.round);
        let between = match state.stage {
            Stage::Train => state.round == 1,
            Stage::Seed | Stage::Grow | Stage::Done => false,
            _ => true,
        };
        between && grown && self.config.measure == Measure::All
    }

    /// The experiment at the last moment before `stage` of a round, or at its end.
    ///
    /// # Errors
    /// Other images than it was made with.
    pub fn open(self, data: Arc<Data>, before: (Stage, u64)) -> Result<Lab, LabError> {
        if data.sha256 != self.sha256 {
            return Err(LabError::OtherData { found: data.sha256.clone(), expected: self.sha256 });
        }
        let wanted = |state: &State| (state.stage, state.round) == before;
        let at = self.states.iter().rposition(wanted).unwrap_or(self.states.len() - 1);
        let mut states = self.states.into_iter();
        let Some(first) = states.next() else {
            return Err(LabError::Command { command: "open", reason: "nothing is recorded".into() });
        };
        let mut lab = Lab::at(self.config, data, first);
        states.for_each(|state| lab.push(state));
        lab.go_to("open", at)?;
        Ok(lab)
    }
}

/// Whether two tensors have the same shape and the same values.
fn same(a: &candle_core::Tensor, b: &candle_core::Tensor) -> bool {
    let values = |tensor: &candle_core::Tensor| {
        let flat = tensor.flatten_all().and_then(|flat| flat.to_vec1::<f32>());
        flat.map_err(NetworkError::from).ok()
    };
    a.dims() == b.dims() && values(a).is_some_and(|values_of_a| values(b) == Some(values_of_a))
}

/// The moments before a state that is about to grow: since the round's training, in the first round since the seed, whose
/// model is the one `earlier`.
fn before_growth(grow: &State, earlier: Option<Arc<Model>>) -> Vec<State> {
    let mut states = Vec::new();
    if let (1, Some(model)) = (grow.round, earlier) {
        states.push(State { stage: Stage::Train, rounds: Vec::new(), model, ..bare(grow) });
    }
    for stage in [Stage::Propose, Stage::Learn, Stage::Estimate, Stage::Measure, Stage::Choose] {
        let mut state = State { stage, ..bare(grow) };
        if !matches!(stage, Stage::Propose | Stage::Learn) {
            state.morphisms = grow.morphisms.clone();
        }
        if let Some(round) = state.rounds.last_mut() {
            *round = Arc::new(as_before(round, stage));
        }
        states.push(state);
    }
    states
}

/// A state without what is learned and chosen.
fn bare(state: &State) -> State {
    State { morphisms: Arc::default(), partly: None, table: None, step: 0, ..state.clone() }
}

/// What was known of a round before a stage.
fn as_before(round: &Round, stage: Stage) -> Round {
    let mut round = Round { decided: false, joint: None, beyond_training: None, ..round.clone() };
    (round.steps.choose, round.steps.grow) = (StepCost::default(), StepCost::default());
    if stage == Stage::Propose {
        round.candidates.clear();
        round.steps.propose = StepCost::default();
    }
    for candidate in &mut round.candidates {
        (candidate.chosen, candidate.share) = (false, None);
        (candidate.alone, candidate.beyond_training) = (None, None);
        if stage != Stage::Choose {
            candidate.actual = None;
        }
        if matches!(stage, Stage::Learn | Stage::Estimate) {
            (candidate.scale, candidate.validation, candidate.estimates) = (None, None, None);
        }
        if stage == Stage::Learn {
            candidate.score = None;
        }
    }
    if stage != Stage::Choose {
        round.steps.measure = StepCost::default();
    }
    if !matches!(stage, Stage::Measure | Stage::Choose) {
        round.steps.estimate = StepCost::default();
    }
    if matches!(stage, Stage::Propose | Stage::Learn) {
        round.steps.learn = StepCost::default();
    }
    round
}

#[cfg(test)]
mod tests;
