//! A network of a run, with what other software needs to know of it.

use std::fmt;
use std::path::Path;

use crate::files::write_atomically;
use crate::lab::{Lab, LabError, Quality, Stage, State};
use crate::network::{CheckpointInfo, Network, OnnxInfo, onnx_bytes};

/// Which of a run's networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// As a round trained it, before it grew.
    Before(u64),
    /// As it grew in a round, before it was trained on.
    After(u64),
    /// As it is in the middle of a round, before a stage.
    Within(u64, Stage),
    /// At the end.
    Final,
}

impl fmt::Display for Growth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Growth::Before(round) => write!(formatter, "before the growth of round {round}"),
            Growth::After(round) => write!(formatter, "after the growth of round {round}, not trained since"),
            Growth::Within(round, Stage::Train) => write!(formatter, "in the training of round {round}"),
            Growth::Within(round, stage) => write!(formatter, "in round {round}, before the stage {stage}"),
            Growth::Final => formatter.write_str("at the end of the run"),
        }
    }
}

/// A network of a run, with what others need to know of it.
#[derive(Debug)]
pub struct Exported {
    /// The network.
    pub network: Network,
    /// Normalisation, class names, the data's hash.
    pub info: OnnxInfo,
    /// When in the run.
    pub growth: Growth,
    /// Its scores then.
    pub quality: Option<Quality>,
}

impl Exported {
    /// The network of an open run as it is now.
    pub fn of(lab: &Lab) -> Self {
        let (state, data) = (lab.state(), lab.data());
        let checkpoint = CheckpointInfo {
            mean: data.normalization.mean.to_vec(),
            std: data.normalization.std.to_vec(),
            sha256: data.sha256.clone(),
        };
        let growth = match state.stage {
            Stage::Done => Growth::Final,
            stage => Growth::Within(state.round, stage),
        };
        Self {
            network: state.model.network.clone(),
            info: OnnxInfo { checkpoint, class_names: data.class_names.clone() },
            growth,
            quality: scores(state),
        }
    }

    /// Writes it as an ONNX file.
    ///
    /// # Errors
    /// A network that is inconsistent, and a file that cannot be written.
    pub fn write_onnx(&self, path: &Path) -> Result<(), LabError> {
        Ok(write_atomically(path, &onnx_bytes(&self.network, &self.info)?)?)
    }
}

/// The scores of the network as it is now; none in the middle of a training or of a search.
fn scores(state: &State) -> Option<Quality> {
    if state.is_searching() {
        return None;
    }
    match state.stage {
        Stage::Seed => None,
        Stage::Train if state.step > 0 => None,
        Stage::Train if state.round == 1 => state.seed,
        Stage::Train => state.record(state.round - 1)?.after,
        _ => state.record(state.round)?.before,
    }
}
