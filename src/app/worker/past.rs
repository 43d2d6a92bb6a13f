//! Earlier moments of a run, to be looked at while the run itself stays where it is.

use std::path::Path;
use std::sync::Arc;

use super::board::{Past, Snapshot, grown_from, title};
use crate::lab::{Round, Stage, State, checkpoint_name};
use crate::network::{Diagram, Model, load_checkpoint};
use crate::words::say;

impl Snapshot {
    /// All moments that can be looked at, the earliest first; where the run stands is among them.
    pub fn pasts(&self) -> Vec<Past> {
        // Where the history still reaches back to what the files tell of, it tells more.
        let first = self.states.first().map_or(0, |state| state.round);
        let older = |state: &&State| state.round < first;
        let earlier = (0..self.earlier.iter().filter(older).count()).map(Past::Earlier);
        earlier.chain(self.trail.keys().copied().map(Past::Position)).collect()
    }

    /// What a moment is called.
    pub fn name_of(&self, past: Past) -> String {
        match past {
            Past::Position(at) if at > self.at => say!("past-undone", moment = self.done_up_to(at)),
            Past::Position(at) => self.done_up_to(at),
            Past::Earlier(place) => {
                let round = self.earlier.get(place).map_or(0, |state| state.round);
                say!("past-from-files", stage = title(Stage::Grow), round = round)
            }
        }
    }

    /// Whether it is an earlier moment, only to be looked at.
    pub fn is_past(&self) -> bool {
        self.past.is_some()
    }

    /// The run as it stood then; none where that is not kept.
    pub fn looked_at(&self, past: Past) -> Option<Self> {
        let (state, grown_from, at) = match past {
            Past::Position(position) => {
                let place = self.trail.keys().position(|kept| *kept == position)?;
                (self.states.get(place)?.clone(), grown_from(&self.states[..=place]), position)
            }
            // No position of the history is so far.
            Past::Earlier(place) => (self.earlier.get(place)?.clone(), None, usize::MAX - place),
        };
        let diagram = Diagram::of(&state.model.network.architecture);
        Some(Self { diagram, grown_from, at, past: Some(past), state, ..self.clone() })
    }

    /// The position at which it is seen what a stage of the present round found: just after it, or after the edits that
    /// followed. None where the stage is not done, or its end is no longer kept.
    pub fn found_at(&self, stage: Stage) -> Option<usize> {
        let begun = Some(&(stage, self.state.round));
        let before = (0..self.at).rev().find(|position| self.moments.get(position) == begun)?;
        let mut found = before + 1;
        let moment = self.moments.get(&found)?;
        while found < self.at && self.moments.get(&(found + 1)) == Some(moment) {
            found += 1;
        }
        Some(found)
    }
}

/// Where each round of a run stood before it grew, as far as the files in its folder tell: the network and the round's
/// records, not the changes' parameters. A file that cannot be read only leaves its round out.
pub(super) fn earlier(folder: &Path, state: &State) -> Arc<[State]> {
    let before = |(place, round): (usize, &Arc<Round>)| {
        round.after?;
        let network = load_checkpoint(&folder.join(checkpoint_name(round.round))).ok()?.0;
        let mut rounds = state.rounds[..=place].to_vec();
        Arc::make_mut(&mut rounds[place]).after = None;
        let (seed, normalization) = (state.seed, state.normalization.clone());
        let then = State::new(Model::new(network));
        Some(State { stage: Stage::Grow, round: round.round, rounds, seed, normalization, ..then })
    };
    match state.search {
        // What is only tried is not the run's network.
        Some(_) => Arc::default(),
        None => state.rounds.iter().enumerate().filter_map(before).collect(),
    }
}
