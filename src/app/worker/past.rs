//! Earlier moments of a run, to be looked at while the run itself stays where it is.

use super::board::{Snapshot, grown_from};
use crate::lab::Stage;
use crate::network::Diagram;

impl Snapshot {
    /// The run as it stood at a position of its history; none where that is not kept.
    pub fn at_position(&self, position: usize) -> Option<Self> {
        let place = self.trail.keys().position(|kept| *kept == position)?;
        let state = self.states.get(place)?.clone();
        Some(Self {
            diagram: Diagram::of(&state.model.network.architecture),
            grown_from: grown_from(&self.states[..=place]),
            at: position,
            past: true,
            state,
            ..self.clone()
        })
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
