//! The states an experiment went through, as far back as they are kept.

use super::state::State;

/// Rounds that the history reaches back: every state holds a network and its candidates' φ, so that a long run, in a page
/// above all, must let the oldest go.
const ROUNDS: u64 = 16;

/// States at the ends of stages, the oldest first. A position counts from the experiment's beginning (0), so that it
/// means the same state however much is forgotten.
#[derive(Debug)]
pub struct History {
    states: Vec<State>,
    /// Position of the oldest state that is kept.
    first: usize,
    /// Position of the current one.
    at: usize,
}

impl History {
    /// Of an experiment that stands at `state`.
    pub fn new(state: State) -> Self {
        Self { states: vec![state], first: 0, at: 0 }
    }

    /// The states kept, the oldest first.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// The positions that can be gone to; there is always one.
    pub fn positions(&self) -> std::ops::RangeInclusive<usize> {
        self.first..=self.first + self.states.len() - 1
    }

    /// The current position.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The current state.
    pub fn current(&self) -> &State {
        &self.states[self.at - self.first]
    }

    /// The states kept up to the current one, the newest first.
    pub fn back(&self) -> impl Iterator<Item = &State> {
        self.states[..=self.at - self.first].iter().rev()
    }

    /// Goes to a position, if it is kept.
    pub fn go_to(&mut self, position: usize) -> bool {
        let kept = self.positions().contains(&position);
        if kept {
            self.at = position;
        }
        kept
    }

    /// Makes `state` the current one: what was undone is forgotten, and what is more than `ROUNDS` rounds or trials ago.
    pub fn push(&mut self, state: State) {
        self.states.truncate(self.at - self.first + 1);
        let old = |kept: &&State| kept.age() + ROUNDS < state.age();
        let forgotten = self.states.iter().take_while(old).count();
        self.states.drain(..forgotten);
        self.first += forgotten;
        self.states.push(state);
        self.at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Model, Network, preset};

    #[test]
    fn what_is_long_ago_is_forgotten_and_positions_stay_what_they_were() {
        let network = Network::initialise(preset("2", 2).unwrap(), 1).unwrap();
        let beginning = State::new(Model::new(network));
        let of = |round| State { round, ..beginning.clone() };
        let mut history = History::new(beginning.clone());
        for round in 1..=40 {
            for _ in 0..3 {
                history.push(of(round));
            }
        }
        let oldest = 40 - ROUNDS;
        assert_eq!((history.at(), *history.positions().end()), (120, 120));
        assert_eq!(history.states().len() as u64, 3 * (ROUNDS + 1));
        // Three states of each round follow the beginning.
        assert_eq!(*history.positions().start() as u64, 3 * (oldest - 1) + 1);
        assert!(!history.go_to(0) && history.at() == 120);
        for position in history.positions() {
            assert!(history.go_to(position));
            assert_eq!(history.current().round as usize, (position - 1) / 3 + 1);
        }
        assert!(history.go_to(100));
        history.push(of(34));
        assert_eq!((history.at(), *history.positions().end()), (101, 101));
        assert_eq!(history.back().map(|state| state.round).take(3).collect::<Vec<_>>(), [34, 34, 33]);
    }
}
