//! What the stages share: the record of the round under way, what its strategy sees, and what an engine may answer.

use std::sync::Arc;

use super::error::LabError;
use super::ledger::Ledger;
use super::record::{CandidateRecord, Round};
use super::state::{Stage, State};
use crate::morphism::Morphism;
use crate::network::{NetworkError, Op};
use crate::random::Stream;
use crate::search::Offer;

/// The ledger of the state's network.
pub fn ledger(state: &State) -> Result<Ledger<'_>, LabError> {
    Ok(Ledger::new(&state.model.network.architecture)?)
}

/// The record of the round that the state is in.
pub fn record(state: &mut State) -> Result<&mut Round, LabError> {
    let round = state.round;
    match state.rounds.last_mut() {
        Some(record) if record.round == round => Ok(Arc::make_mut(record)),
        _ => Err(LabError::Command { command: "step", reason: format!("round {round} has not begun") }),
    }
}

/// Marks the candidates at these positions as chosen, whole.
pub fn mark(state: &mut State, chosen: &[usize]) -> Result<(), LabError> {
    let record = record(state)?;
    record.decided = true;
    for (index, candidate) in record.candidates.iter_mut().enumerate() {
        candidate.chosen = chosen.contains(&index);
        candidate.share = None;
    }
    Ok(())
}

/// The candidates as the strategy sees them, in their order; `seed` is the run's.
pub fn offers(seed: u64, state: &mut State) -> Result<Vec<Offer>, LabError> {
    let (model, round) = (state.model.clone(), state.round);
    let architecture = &model.network.architecture;
    let channels = |layer: &str| match architecture.node(layer)?.op {
        Op::Conv { out_channels, .. } => Ok::<usize, NetworkError>(out_channels),
        _ => Ok(0),
    };
    let offer = |record: &CandidateRecord| {
        let candidate = record.candidate();
        Ok::<Offer, LabError>(Offer {
            id: candidate.id(),
            gain: record.validation.unwrap_or(0.0),
            cost: record.cost(),
            scale: record.scale.unwrap_or(0.0),
            channels: channels(candidate.layer())?,
            ticket: Stream::new(seed, &format!("ticket of {}", candidate.id()), round).uniform(),
            candidate,
        })
    };
    record(state)?.candidates.iter().map(offer).collect()
}

/// An error for an engine whose answer has another length.
pub fn expect(stage: Stage, found: usize, expected: usize) -> Result<(), LabError> {
    match found == expected {
        true => Ok(()),
        false => Err(LabError::Answer { stage: stage.name(), found, expected }),
    }
}

/// An error for a gain that is not finite.
pub fn finite(stage: Stage, round: u64, morphism: &Morphism, gain: f64) -> Result<(), LabError> {
    match gain.is_finite() {
        true => Ok(()),
        false => {
            let id = morphism.candidate.id();
            Err(LabError::NotFinite { stage: stage.name(), round, id, found: gain })
        }
    }
}
