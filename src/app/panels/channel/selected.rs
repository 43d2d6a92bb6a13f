//! The change that is looked at more closely, or why there is none.

use crate::app::panels::PanelContext;
use crate::app::panels::explain::HIDDEN;
use crate::app::view::present_round;
use crate::lab::CandidateRecord;
use crate::morphism::Morphism;

/// What is said at an earlier moment, which is only looked at.
pub const ONLY_NOW: &str = "This is computed only for the present moment of the run.";

/// The selected candidate of a layer with its φ, before the network grows.
pub fn selected<'a>(
    context: &PanelContext<'a>,
    layer: &str,
) -> Result<(&'a CandidateRecord, &'a Morphism), &'static str> {
    let snapshot = context.snapshot;
    if snapshot.is_past() {
        return Err(ONLY_NOW);
    }
    let Some(round) = present_round(snapshot) else {
        return Err("Changes can be looked at once they are proposed and learned.");
    };
    if context.view.hides(snapshot, round) {
        return Err(HIDDEN);
    }
    let id = context.view.candidate.as_deref();
    let is_it =
        |candidate: &&CandidateRecord| candidate.layer() == layer && Some(candidate.id().as_str()) == id;
    let Some(candidate) = round.candidates.iter().find(is_it) else {
        return Err("Select a change under Changes first.");
    };
    let learned =
        snapshot.state.morphisms.iter().find(|morphism| Some(morphism.candidate.id().as_str()) == id);
    Ok((candidate, learned.ok_or("This change is not learned yet: take the stage Learn.")?))
}
