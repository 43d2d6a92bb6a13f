//! The change that is looked at more closely, or why there is none.

use crate::app::panels::PanelContext;
use crate::app::panels::explain::hidden;
use crate::app::view::present_round;
use crate::lab::CandidateRecord;
use crate::morphism::Morphism;
use crate::words::say;

/// What is said at an earlier moment, which is only looked at.
pub fn only_now() -> &'static str {
    say!("channel-only-now")
}

/// The selected candidate of a layer with its φ, before the network grows.
pub fn selected<'a>(
    context: &PanelContext<'a>,
    layer: &str,
) -> Result<(&'a CandidateRecord, &'a Morphism), &'static str> {
    let snapshot = context.snapshot;
    if snapshot.is_past() {
        return Err(only_now());
    }
    let Some(round) = present_round(snapshot) else {
        return Err(say!("channel-no-round"));
    };
    if context.view.hides(snapshot, round) {
        return Err(hidden());
    }
    let id = context.view.candidate.as_deref();
    let is_it =
        |candidate: &&CandidateRecord| candidate.layer() == layer && Some(candidate.id().as_str()) == id;
    let Some(candidate) = round.candidates.iter().find(is_it) else {
        return Err(say!("channel-no-change"));
    };
    let learned =
        snapshot.state.morphisms.iter().find(|morphism| Some(morphism.candidate.id().as_str()) == id);
    Ok((candidate, learned.ok_or_else(|| say!("channel-not-learned"))?))
}
