//! Regularised evolution, after Real, Aggarwal, Huang, Le ("Regularized Evolution for Image Classifier Architecture Search",
//! arXiv 1802.01548), our reconstruction.

use std::collections::BTreeSet;

use super::id::TrialId;
use super::mutate::mutate;
use super::reason::{End, Reason};
use super::seeker::{Ask, Ground, Proposal, Seeker};
use super::tree::{Tree, Trial};
use crate::morphism::MorphismError;
use crate::random::Stream;

/// First the population is filled with random changes of the seed. Then, again and again, some of the living are drawn, the
/// best of them has a child, and the oldest dies.
pub struct Evolution {
    /// The living at most.
    pub population: usize,
    /// How many of them compete to be a parent; drawn with replacement, as in the public code.
    pub sample: usize,
    /// Changes of a child.
    pub changes: usize,
    /// Whether fitness is what changes gained beyond training, instead of the loss: children are trained for longer than
    /// their parents, so that by the loss the youngest win.
    pub control: bool,
}

impl Evolution {
    /// The living, the oldest first: the copies of parents that others are held against do not live.
    pub fn living(&self, tree: &Tree) -> Vec<TrialId> {
        let members: Vec<TrialId> =
            tree.trials().filter(|trial| is_member(trial)).map(|trial| trial.id).collect();
        members[members.len().saturating_sub(self.population)..].to_vec()
    }

    fn fitness(&self, tree: &Tree, id: TrialId) -> f64 {
        if self.control { tree.merit(id) } else { -tree.loss(id) }
    }
}

fn is_member(trial: &Trial) -> bool {
    trial.parent.is_some() && !trial.is_copy()
}

impl Seeker for Evolution {
    fn ask(&self, ground: &Ground, tree: &Tree) -> Result<Ask, MorphismError> {
        let living = self.living(tree);
        // A copy that is held against the child comes between two asks of it, and must not change what is drawn.
        let births = tree.trials().filter(|trial| is_member(trial)).count();
        let mut stream = Stream::new(ground.seed, "search: evolution", births as u64);
        let (parent, why) = match births < self.population {
            true => (0, Reason::Fills { member: births + 1, population: self.population }),
            false => {
                let drawn: Vec<TrialId> =
                    (0..self.sample).map(|_| living[stream.below(living.len())]).collect();
                let fitter = |best: TrialId, other: &TrialId| {
                    if self.fitness(tree, *other) > self.fitness(tree, best) { *other } else { best }
                };
                let parent = drawn.iter().skip(1).fold(drawn[0], fitter);
                (parent, Reason::Fittest { parent, sample: self.sample, oldest: living[0] })
            }
        };
        let Some(from) = tree.get(parent) else { return Ok(Ask::Stop(End::NoSeed)) };
        let changes = mutate(ground, &from.architecture, self.changes, &mut stream)?;
        if changes.is_empty() {
            return Ok(Ask::Stop(End::NoChange { parent }));
        }
        Ok(Ask::Try(Proposal::child(parent, changes, why)))
    }

    fn incumbent(&self, tree: &Tree) -> TrialId {
        tree.best(0..tree.len())
    }

    fn live(&self, tree: &Tree) -> BTreeSet<TrialId> {
        let mut live: BTreeSet<TrialId> = self.living(tree).into_iter().collect();
        live.insert(self.incumbent(tree));
        if live.len() <= self.population {
            live.insert(0);
        }
        live
    }

    fn wants_copies(&self) -> bool {
        true
    }

    fn thinking(&self, _tree: &Tree) -> u64 {
        // A comparison for each that is drawn.
        self.sample as u64
    }
}
