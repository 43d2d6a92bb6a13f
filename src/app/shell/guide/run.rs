//! What the lesson knows of the run on the screen, and what it asks of it.

use std::time::Duration;

use crate::app::shell::action::Action;
use crate::app::view::Channel;
use crate::app::worker::board::{Board, EDITED, Snapshot};
use crate::app::worker::{Order, Until};
use crate::lab::{CandidateRecord, EngineChoice, Stage};
use crate::lesson::{Facts, Part, Place};
use crate::study;

/// What a part of the screen is noted as where it is drawn; none where this run does not have it.
pub fn landmark(part: &Part, facts: &Facts<'_>) -> Option<String> {
    let cell =
        |candidate: &CandidateRecord| Some(format!("{} channel {}", candidate.layer(), candidate.channel()?));
    match part {
        Part::Place(place) => Some(place_name(*place).to_owned()),
        Part::Candidate(id) => facts.candidate(id).and_then(cell),
        Part::LargestError => {
            let errors = facts.errors();
            errors.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).and_then(|(worst, _)| cell(worst))
        }
        Part::BestEstimate => {
            let round = facts.round()?;
            let known =
                round.candidates.iter().filter_map(|one| Some((one, one.estimate_by(round.estimator)?)));
            known.max_by(|a, b| a.1.total_cmp(&b.1)).and_then(|(best, _)| cell(best))
        }
    }
}

/// What computes a lesson's runs: the processor, which everybody has, so that all see the same numbers; unless another
/// engine was asked for by name.
pub fn engine(asked: EngineChoice) -> EngineChoice {
    match asked {
        EngineChoice::Auto => EngineChoice::Candle,
        asked => asked,
    }
}

fn place_name(place: Place) -> &'static str {
    match place {
        Place::Play => Action::PlayPause.label(),
        Place::Stage => Action::Step.label(),
        Place::Round => Action::Round.label(),
        Place::Undo => Action::Undo.label(),
        Place::NewRun => Action::NewRun.label(),
        other => other.name(),
    }
}

/// What is known of the run on the screen.
pub fn facts<'a>(board: &'a Board, snapshot: &'a Snapshot, race: Option<&'a study::Race>) -> Facts<'a> {
    let along = board.along.as_ref().filter(|(run, _)| *run == snapshot.run);
    Facts {
        config: &snapshot.config,
        state: &snapshot.state,
        classes: snapshot.data.classes.len(),
        by_hand: choice(snapshot)
            .is_some_and(|at| snapshot.trail.get(&at).is_some_and(|text| text == EDITED)),
        along: along.map(|(_, along)| along.as_ref()),
        race,
    }
}

/// Where the history has the choice of the first round that stands.
pub fn choice(snapshot: &Snapshot) -> Option<usize> {
    let before = snapshot.moments.range(..=snapshot.at).rev();
    before.filter(|(_, moment)| **moment == (Stage::Grow, 1)).map(|(at, _)| *at).next()
}

/// The moment before the first round's growth with the method's own choice, if the run stands elsewhere and has been there.
pub fn before_growth(snapshot: &Snapshot) -> Option<usize> {
    let first = snapshot.moments.iter().find(|(_, moment)| **moment == (Stage::Grow, 1)).map(|(at, _)| *at);
    first.filter(|at| *at < snapshot.at)
}

/// The channel that is selected, as its candidate of a family that splits or removes.
pub fn channel_id(channel: &Channel, family: &str) -> String {
    format!("{family}:{}:{}", channel.layer, channel.channel)
}

/// The order that takes one stage.
pub fn one_stage() -> Order {
    Order::Run { until: Until::StageDone, rest: Duration::ZERO }
}
