//! Hill climbing by network morphisms, after NASH (Elsken, Metzen, Hutter, "Simple And Efficient Architecture Search for
//! CNNs", arXiv 1711.04528), our reconstruction.

use std::collections::BTreeSet;

use super::id::TrialId;
use super::mutate::mutate;
use super::reason::{End, Reason};
use super::seeker::{Ask, Ground, Proposal, Seeker};
use super::tree::Tree;
use crate::morphism::MorphismError;
use crate::random::Stream;

/// Each step tries an unchanged copy of the current network first, then children of it, every one with a few random changes
/// of the current network itself; the lowest validation loss becomes current, the copy where losses are equal.
pub struct HillClimbing {
    /// Trials of a step, the copy among them.
    pub neighbours: usize,
    /// Changes of each child.
    pub changes: usize,
}

impl HillClimbing {
    /// The current network after all complete steps, and the trials of the step under way.
    fn stands(&self, tree: &Tree) -> (TrialId, std::ops::Range<TrialId>) {
        let step = self.neighbours.max(1);
        let (mut current, mut first) = (0, 1);
        while first + step <= tree.len() {
            current = tree.best(first..first + step);
            first += step;
        }
        (current, first..tree.len())
    }
}

impl Seeker for HillClimbing {
    fn ask(&self, ground: &Ground, tree: &Tree) -> Result<Ask, MorphismError> {
        let (current, under_way) = self.stands(tree);
        let step = (under_way.start - 1) / self.neighbours.max(1) + 1;
        if under_way.is_empty() {
            return Ok(Ask::Try(Proposal::copy(current, Reason::Unchanged { step, current })));
        }
        let Some(parent) = tree.get(current) else { return Ok(Ask::Stop(End::NoSeed)) };
        let mut stream = Stream::new(ground.seed, "search: neighbours", tree.len() as u64);
        let changes = mutate(ground, &parent.architecture, self.changes, &mut stream)?;
        let (neighbour, neighbours) = (under_way.len(), self.neighbours - 1);
        let why = Reason::Neighbour { step, neighbour, neighbours, current, changes: changes.len() };
        Ok(Ask::Try(Proposal::child(current, changes, why)))
    }

    fn incumbent(&self, tree: &Tree) -> TrialId {
        let (current, under_way) = self.stands(tree);
        match under_way.is_empty() {
            true => current,
            // The copy comes first, so that even a single trial of a step is the current network, longer trained.
            false => tree.best(under_way),
        }
    }

    fn live(&self, tree: &Tree) -> BTreeSet<TrialId> {
        BTreeSet::from([self.stands(tree).0, self.incumbent(tree)])
    }
}
