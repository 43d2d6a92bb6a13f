//! A run's folder, and the networks that can be taken out of it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::exported::{Exported, Growth};
use crate::data::load;
use crate::files;
use crate::lab::{LabError, Session, Stage, checkpoint_name, regrown, session_of};
use crate::network::{OnnxInfo, load_checkpoint};

/// A run's folder.
#[derive(Debug)]
pub struct RunFolder {
    folder: PathBuf,
    /// Everything that is known of the run.
    pub session: Session,
    /// `run.json`.
    pub record: Value,
}

impl RunFolder {
    /// The run in a folder, finished or not.
    ///
    /// # Errors
    ///
    /// Where the folder holds no run, or one whose files cannot be understood.
    pub fn open(folder: &Path) -> Result<Self, LabError> {
        let session = session_of(folder)?;
        let path = folder.join("run.json");
        let record = serde_json::from_slice(&files::read(&path)?).map_err(|error| LabError::Session {
            path,
            what: "file".into(),
            found: error.to_string(),
            expected: "a run's records as JSON".into(),
        })?;
        Ok(Self { folder: folder.to_owned(), session, record })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// One of its networks.
    ///
    /// # Errors
    ///
    /// Where the run has not come so far, or the files cannot give it.
    pub fn network(&self, growth: Growth) -> Result<Exported, LabError> {
        let state = &self.session.state;
        let trained = state.rounds.iter().filter(|record| record.before.is_some()).count() as u64;
        let rounds = match state.stage {
            Stage::Done => trained.saturating_sub(1),
            _ => trained,
        };
        let refuse = |reason: String| Err(LabError::Command { command: "export", reason });
        let (network, checkpoint) = match growth {
            Growth::Final if state.stage != Stage::Done => {
                return refuse(format!(
                    "the run in {} is not finished; --round N takes a round's network{}",
                    self.folder.display(),
                    some_of(rounds)
                ));
            }
            Growth::Before(round) | Growth::After(round) if !(1..=rounds).contains(&round) => {
                return refuse(format!(
                    "--round: found {round}, expected a round of the run{}",
                    some_of(rounds)
                ));
            }
            Growth::Final => load_checkpoint(&self.folder.join("network.safetensors"))?,
            Growth::Before(round) => load_checkpoint(&self.folder.join(checkpoint_name(round)))?,
            Growth::After(round) => regrown(&self.folder, &self.session, round)?,
            Growth::Within(round, stage) => {
                return refuse(format!("no file has the network in round {round} before the stage {stage}"));
            }
        };
        let quality = match growth {
            Growth::Final => state.last(self.session.config.growth_rounds()),
            Growth::Before(round) => state.record(round).and_then(|record| record.before),
            Growth::After(round) => state.record(round).and_then(|record| record.after),
            Growth::Within(..) => None,
        };
        let classes = network.architecture.classes()?;
        let info = OnnxInfo { checkpoint, class_names: self.class_names(classes) };
        Ok(Exported { network, info, growth, quality })
    }

    /// The classes' names, or their numbers where neither the record nor the images tell names.
    fn class_names(&self, classes: usize) -> Vec<String> {
        let texts = |value: &Value| -> Option<Vec<String>> {
            value.as_array()?.iter().map(|name| Some(name.as_str()?.to_owned())).collect()
        };
        let said = texts(&self.record["dataset"]["class_names"]);
        let looked_up = || {
            let mut session = self.session.clone();
            session.find_images().ok()?;
            Some(load(&session.config.data, session.config.seed).ok()?.class_names)
        };
        let names = said.or_else(looked_up).filter(|names| names.len() == classes);
        names.unwrap_or_else(|| (0..classes).map(|class| class.to_string()).collect())
    }

    /// The settings, as TOML, without where files are on this computer.
    pub fn settings(&self) -> String {
        let mut config = self.session.config.clone();
        config.data.dir = None;
        config.network = config.network.and_then(|path| path.file_name().map(PathBuf::from));
        toml::to_string(&config).expect("plain data serialises")
    }
}

/// The rounds that there are, for errors.
fn some_of(rounds: u64) -> String {
    match rounds {
        0 => "; none is trained yet".into(),
        1 => ": 1".into(),
        rounds => format!(": 1 to {rounds}"),
    }
}
