//! A lab's whole state in one file, to go on from: `session.safetensors`, whose header carries the records as
//! JSON (every number in its shortest exact form) beside the tensors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::config::Config;
use super::error::LabError;
use super::machine::Lab;
use super::record::{CandidateRecord, Quality, Round};
use super::saved_search::SavedSearch;
use super::state::{Stage, State};
use crate::data::{Data, Normalization};
use crate::engine::{EngineInfo, JointTable, PartlyLearned};
use crate::files;
use crate::morphism::Morphism;
use crate::network::{Architecture, Model, Tensors, prefixed, save_tensors, tensors_from_file, under};

/// The file's name in a run's folder.
pub const SESSION_FILE: &str = "session.safetensors";

/// 2 knows searches; 1 is read too.
const SCHEMA: u32 = 2;

/// More training steps than a phase has.
const MOST_STEPS: u64 = 1 << 40;

/// A saved session.
#[derive(Clone, Debug)]
pub struct Session {
    /// The settings.
    pub config: Config,
    /// Where the images should be besides, if not where the settings say: the way there from the run's folder is still
    /// the same after both were moved together.
    pub data_beside: Option<PathBuf>,
    /// SHA-256 of the data.
    pub sha256: String,
    /// The engine that computed so far.
    pub engine: EngineInfo,
    /// Where it stands.
    pub state: State,
}

#[derive(Serialize, Deserialize)]
struct Header<R> {
    schema: u32,
    config: Config,
    /// From the run's folder to the images; older sessions have none.
    #[serde(default)]
    data_from_here: Option<PathBuf>,
    sha256: String,
    engine: EngineInfo,
    stage: Stage,
    round: u64,
    step: u64,
    seed: Option<Quality>,
    rounds: Vec<R>,
    architecture: Architecture,
    optimizer_steps: u64,
    optimizer_slots: Vec<String>,
    learned: bool,
    /// Steps of learning that was cancelled, if it was; φ and Adam's memory are tensors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    partly: Option<u64>,
    /// Absent where the training images say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    normalization: Option<Normalization>,
    /// Classes and labels of the table for the joint choice, if there is one; its numbers are tensors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    joint: Option<(usize, Vec<u8>)>,
    /// Absent where rounds grow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    search: Option<SavedSearch>,
}

impl Session {
    /// Saves a lab in `folder`, atomically.
    pub fn save(folder: &Path, lab: &Lab, engine: &EngineInfo) -> Result<(), LabError> {
        let config = lab.config();
        let data_from_here = config.data.dir.as_deref().and_then(|dir| files::relative(dir, folder));
        let (tensors, header) = written(lab.state(), config, data_from_here, &lab.data().sha256, engine)?;
        let metadata = BTreeMap::from([
            ("seedling".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            ("session".to_owned(), header),
        ]);
        Ok(save_tensors(&folder.join(SESSION_FILE), &tensors, &metadata)?)
    }

    /// Where the images are: where the settings say, or else where they lie beside the run; the settings then say so.
    pub fn find_images(&mut self) -> Result<(), LabError> {
        let (Some(dir), Some(beside)) = (&self.config.data.dir, &self.data_beside) else { return Ok(()) };
        if files::exists(dir) {
            return Ok(());
        }
        if !files::exists(beside) {
            let mut tried = vec![dir.display().to_string(), beside.display().to_string()];
            tried.dedup();
            return Err(LabError::NoImages { tried: tried.join(" nor at ") });
        }
        self.config.data.dir = Some(beside.clone());
        Ok(())
    }

    /// Whether these are the images that the session was made with.
    pub fn check_data(&self, data: &Data) -> Result<(), LabError> {
        match data.sha256 == self.sha256 {
            true => Ok(()),
            false => Err(LabError::OtherData { found: data.sha256.clone(), expected: self.sha256.clone() }),
        }
    }

    /// Reads what [`Self::save`] wrote.
    pub fn load(folder: &Path) -> Result<Self, LabError> {
        let path = folder.join(SESSION_FILE);
        if !files::exists(&path) {
            return Err(LabError::NoRun { dir: folder.to_owned() });
        }
        let (tensors, metadata) = tensors_from_file(&path)?;
        let text = metadata.get("session");
        let text = text.ok_or_else(|| LabError::Session {
            path: path.clone(),
            what: "metadata \"session\"".into(),
            found: "nothing".into(),
            expected: "a session".into(),
        })?;
        Self::understood(&tensors, text, &path)
    }

    /// The session of a header and its tensors; `path` is their file's, in the run's folder.
    pub(super) fn understood(tensors: &Tensors, text: &str, path: &Path) -> Result<Self, LabError> {
        let fail = |what: &str, found: String, expected: &str| LabError::Session {
            path: path.to_owned(),
            what: what.to_owned(),
            found,
            expected: expected.to_owned(),
        };
        let schema = serde_json::from_str::<serde_json::Value>(text).ok();
        let schema = schema.and_then(|value| value.get("schema")?.as_u64());
        if !schema.is_some_and(|schema| (1..=u64::from(SCHEMA)).contains(&schema)) {
            let found = schema.map_or("none".into(), |schema| schema.to_string());
            return Err(fail("schema", found, "1 or 2, which this version of Seedling knows"));
        }
        let header: Header<Round> =
            serde_json::from_str(text).map_err(|error| fail("session", error.to_string(), "its records"))?;
        header.config.check()?;
        // What the numbers of an unknown file say is used as it is from here on.
        let last = header.config.growth_rounds() + 1;
        if !(1..=last).contains(&header.round) {
            return Err(fail("round", header.round.to_string(), &format!("1 to {last}")));
        }
        if header.step > MOST_STEPS {
            return Err(fail("step", header.step.to_string(), &format!("at most {MOST_STEPS}")));
        }
        let Header { architecture, optimizer_steps, optimizer_slots, .. } = header;
        let tries = header.config.search.tries();
        let (search, tried) = match header.search {
            Some(saved) if tries => {
                let bad =
                    |(what, found): (String, String)| fail(&what, found, "a search that trials lead to");
                let (search, learned) = saved.restored(tensors).map_err(bad)?;
                (Some(Arc::new(search)), learned)
            }
            None if !tries => (None, Vec::new()),
            _ => return Err(fail("search", "other settings".into(), "those that it was made with")),
        };
        let model = Model::from_tensors(architecture, optimizer_steps, optimizer_slots, tensors)?;
        let mut rounds = header.rounds;
        for round in &mut rounds {
            if let Some(losses) = tensors.get(&format!("losses/{}", round.round)) {
                round.losses = losses.to_vec1().map_err(crate::network::NetworkError::from)?;
            }
        }
        let morphisms = match rounds.last() {
            _ if search.is_some() => tried,
            Some(round) if header.learned => round
                .candidates
                .iter()
                .map(|record| Morphism {
                    candidate: record.candidate(),
                    phi: under(&format!("phi/{}", record.id()), tensors),
                    scale: record.scale.unwrap_or(1.0),
                })
                .collect(),
            _ => Vec::new(),
        };
        let partly = match (rounds.last(), header.partly) {
            (Some(round), Some(steps)) => {
                let candidates: Vec<_> = round.candidates.iter().map(CandidateRecord::candidate).collect();
                let partly = PartlyLearned::from_tensors(steps, &candidates, &under("partly", tensors));
                Some(Arc::new(partly))
            }
            _ => None,
        };
        let table = match header.joint {
            Some((classes, labels)) => {
                let table = JointTable::from_tensors(classes, labels, &under("joint", tensors));
                let missing = || fail("table", "none that fits".into(), "its numbers");
                Some(Arc::new(table.ok_or_else(missing)?))
            }
            None => None,
        };
        let state = State {
            stage: header.stage,
            round: header.round,
            step: header.step,
            model: Arc::new(model),
            seed: header.seed,
            rounds: rounds.into_iter().map(Arc::new).collect(),
            morphisms: Arc::new(morphisms),
            partly,
            normalization: header.normalization,
            search,
            table,
        };
        let data_beside = header.data_from_here.map(|way| files::along(&way, path.parent().unwrap_or(path)));
        Ok(Self { config: header.config, data_beside, sha256: header.sha256, engine: header.engine, state })
    }
}

/// A state's tensors, and the header that says the rest.
pub(super) fn written(
    state: &State,
    config: &Config,
    data_from_here: Option<PathBuf>,
    sha256: &str,
    engine: &EngineInfo,
) -> Result<(Tensors, String), LabError> {
    let mut tensors = state.model.to_tensors();
    for morphism in state.morphisms.iter() {
        tensors.extend(prefixed(&format!("phi/{}", morphism.candidate.id()), &morphism.phi));
    }
    for round in state.rounds.iter().filter(|round| !round.losses.is_empty()) {
        let losses =
            Tensor::new(round.losses.as_slice(), &Device::Cpu).map_err(crate::network::NetworkError::from)?;
        tensors.insert(format!("losses/{}", round.round), losses);
    }
    if let Some(partly) = &state.partly {
        tensors.extend(prefixed("partly", &partly.to_tensors()));
    }
    if let Some(table) = &state.table {
        tensors.extend(prefixed("joint", &table.to_tensors()?));
    }
    let search = match &state.search {
        Some(search) => Some(SavedSearch::of(search, &state.morphisms, &mut tensors)?),
        None => None,
    };
    let header = Header {
        schema: SCHEMA,
        config: config.clone(),
        data_from_here,
        sha256: sha256.to_owned(),
        engine: engine.clone(),
        stage: state.stage,
        round: state.round,
        step: state.step,
        seed: state.seed,
        rounds: state.rounds.iter().map(Arc::as_ref).collect::<Vec<&Round>>(),
        architecture: state.model.network.architecture.clone(),
        optimizer_steps: state.model.optimizer.steps,
        optimizer_slots: state.model.optimizer.slots.keys().cloned().collect(),
        learned: !state.morphisms.is_empty(),
        partly: state.partly.as_ref().map(|partly| partly.steps),
        normalization: state.normalization.clone(),
        joint: state.table.as_ref().map(|table| (table.classes, table.labels.clone())),
        search,
    };
    Ok((tensors, serde_json::to_string(&header).expect("plain data serialises")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Estimator;
    use crate::lab::candidates_csv;

    /// A run that was saved when estimates were lists of five.
    #[test]
    fn a_run_whose_estimates_have_no_names_opens() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/runs/estimates-in-a-row");
        let session = Session::load(&folder).unwrap();
        assert_eq!(session.state.stage, Stage::Done);
        let table = std::fs::read_to_string(folder.join("candidates.csv")).unwrap();
        assert_eq!(candidates_csv(&session.state), table);
        let record = &session.state.rounds[0].candidates[0];
        assert!(Estimator::ALL.into_iter().all(|estimator| record.estimate_by(estimator).is_some()));
    }
}
