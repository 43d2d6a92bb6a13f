//! Random search: the control of all others.

use std::collections::BTreeSet;

use super::id::TrialId;
use super::mutate::mutate;
use super::reason::{End, Reason};
use super::seeker::{Ask, Ground, Proposal, Seeker};
use super::tree::{Lesson, Tree};
use crate::morphism::MorphismError;
use crate::random::Stream;

/// Every trial is the seed with 1 to `changes` random changes; the lowest validation loss goes on.
pub struct Random {
    /// Changes at most.
    pub changes: usize,
    /// Whether each begins with fresh weights.
    pub from_scratch: bool,
}

impl Seeker for Random {
    fn ask(&self, ground: &Ground, tree: &Tree) -> Result<Ask, MorphismError> {
        let Some(seed) = tree.get(0) else { return Ok(Ask::Stop(End::NoSeed)) };
        let mut stream = Stream::new(ground.seed, "search: random changes", tree.len() as u64);
        let count = 1 + stream.below(self.changes.max(1));
        let changes = mutate(ground, &seed.architecture, count, &mut stream)?;
        let why = Reason::Chance { changes: changes.len(), scratch: self.from_scratch };
        Ok(Ask::Try(Proposal {
            parent: 0,
            changes,
            scratch: self.from_scratch,
            lesson: Lesson::default(),
            why,
        }))
    }

    fn incumbent(&self, tree: &Tree) -> TrialId {
        tree.best(0..tree.len())
    }

    fn live(&self, tree: &Tree) -> BTreeSet<TrialId> {
        BTreeSet::from([0, self.incumbent(tree)])
    }

    fn wants_copies(&self) -> bool {
        !self.from_scratch
    }
}
