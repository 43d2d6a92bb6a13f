//! A network after a round's growth, made again from a run's files, which hold it before.

use std::path::Path;

use super::error::LabError;
use super::making::made;
use super::record::CandidateRecord;
use super::session::Session;
use crate::morphism::{self, Morphism};
use crate::network::{CheckpointInfo, Model, Network, Tensors, load_checkpoint, tensors_from_file, under};

/// The file of the network as a round trained it.
pub fn checkpoint_name(round: u64) -> String {
    format!("round-{round:02}.safetensors")
}

/// The file of the morphisms that a round learned.
pub fn morphisms_name(round: u64) -> String {
    format!("morphisms-{round:02}.safetensors")
}

/// The network of a run in `folder` after the growth of `round`, before it was trained on: the network before it, rewritten
/// by the changes that were chosen. φ comes from the file, to which it was written at its scale.
///
/// # Errors
///
/// Where the round has not grown, where files of it are missing, and where the grown network was distilled, which no file
/// has the result of.
pub fn regrown(folder: &Path, session: &Session, round: u64) -> Result<(Network, CheckpointInfo), LabError> {
    let refuse = |reason: String| Err(LabError::Command { command: "after growth", reason });
    if session.state.search.is_some() {
        return refuse(
            "a search goes on from a trial, whose network no file has once it is trained last".into(),
        );
    }
    let record = session.state.record(round).filter(|record| record.after.is_some());
    let Some(record) = record else {
        return refuse(format!("found round {round}, expected one that has grown"));
    };
    if !record.distilled.is_empty() {
        return refuse(format!(
            "round {round} was followed by distillation, and no file has the network between it and the next training"
        ));
    }
    let (network, info) = load_checkpoint(&folder.join(checkpoint_name(round)))?;
    let chosen = record.candidates.iter().filter(|candidate| candidate.chosen);
    let learned = learned_in(folder, round, chosen.clone())?;
    let chosen: Vec<Morphism> = chosen
        .zip(&learned)
        .map(|(candidate, morphism)| {
            made(&session.config, round, &network, morphism, candidate.share.unwrap_or(1.0))
        })
        .collect::<Result<_, _>>()?;
    if chosen.is_empty() {
        return Ok((network, info));
    }
    let grown = morphism::apply(&Model::new(network), &chosen)?;
    Ok((grown.network, info))
}

/// What `round` of the run in `folder` learned for these candidates of it: φ as the file has it, at its scale, so that the
/// scale here is 1.
///
/// # Errors
///
/// Where the file is missing or broken.
pub fn learned_in<'a>(
    folder: &Path,
    round: u64,
    candidates: impl IntoIterator<Item = &'a CandidateRecord>,
) -> Result<Vec<Morphism>, LabError> {
    let (tensors, _) = tensors_from_file(&folder.join(morphisms_name(round)))?;
    // Names are ID.NAME: the way to the rest of a name goes by a slash.
    let tensors: Tensors = tensors
        .into_iter()
        .filter_map(|(name, tensor)| {
            let (id, rest) = name.rsplit_once('.')?;
            Some((format!("{id}/{rest}"), tensor))
        })
        .collect();
    let learned = |candidate: &CandidateRecord| Morphism {
        candidate: candidate.candidate(),
        phi: under(&candidate.id(), &tensors),
        scale: 1.0,
    };
    Ok(candidates.into_iter().map(learned).collect())
}
