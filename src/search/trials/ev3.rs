//! Explore, assess, adapt: after EV3 (arXiv 2310.18893, and its public code), our reconstruction.

use std::collections::BTreeSet;
use std::ops::Range;

use super::id::TrialId;
use super::mutate::mutate;
use super::proof::{Proof, least_gain, paired};
use super::reason::{End, Reason};
use super::seeker::{Ask, Ground, Proposal, Seeker};
use super::tree::{Lesson, Tree, mean_and_error};
use crate::morphism::MorphismError;
use crate::random::Stream;

/// What is explored in an iteration: whether the stable network is imitated, and the multiple of the learning rate.
const LESSONS: [(bool, f64); 4] = [(false, 1.0), (false, 0.2), (true, 1.0), (true, 0.2)];
/// Parts of the validation images, used in turn: what was chosen on one is tested on the next.
const PARTS: usize = 3;

/// An iteration trains the *working* network by several lessons; the best lower bound becomes the working network; only what
/// is *proved* better than the *stable* network replaces that. Where nothing was proved for some iterations, the working
/// network grows.
pub struct Ev3 {
    /// Iterations without a proof after which it grows.
    pub patience: usize,
    /// Changes of that growth.
    pub changes: usize,
    /// What a proof is.
    pub test: Proof,
    /// Standard errors of the interval or test.
    pub confidence: f64,
}

/// Where the iterations have led.
#[derive(Debug, PartialEq)]
pub struct Stands {
    /// The network that is explored from.
    pub working: TrialId,
    /// The last one that was proved better.
    pub stable: TrialId,
    /// Iterations since a proof or a growth.
    pub failed: usize,
    /// Iterations that are complete.
    pub iterations: usize,
    /// The trials of the iteration under way.
    pub under_way: Range<TrialId>,
}

impl Ev3 {
    /// What the trials say.
    pub fn stands(&self, tree: &Tree) -> Stands {
        let (mut working, mut stable, mut failed, mut iterations, mut first) = (0, 0, 0, 0, 1);
        loop {
            if failed >= self.patience.max(1) {
                if first >= tree.len() {
                    break;
                }
                // Growth that diverged leaves the network as it was.
                working = if tree.loss(first).is_finite() { first } else { working };
                (failed, first) = (0, first + 1);
                continue;
            }
            if first + LESSONS.len() > tree.len() {
                break;
            }
            let proposals = first..first + LESSONS.len();
            let part = |id: TrialId| part_of(tree, id, iterations);
            let lower_bound = |id: TrialId| {
                let losses = part(id);
                let of = mean_and_error(losses.iter().map(|loss| f64::from(*loss)));
                if losses.is_empty() { f64::NEG_INFINITY } else { -of.mean - self.confidence * of.error }
            };
            let best = proposals.clone().fold(None, |best: Option<(TrialId, f64)>, id| {
                let bound = lower_bound(id);
                match best {
                    Some((_, other)) if other >= bound => best,
                    _ if bound.is_finite() => Some((id, bound)),
                    _ => best,
                }
            });
            failed += 1;
            if let Some((best, _)) = best {
                working = best;
                // Tested on images that did not choose it.
                let tested = |id: TrialId| part_of(tree, id, iterations + 1);
                if self.test.holds(&tested(stable), &tested(best), self.confidence, LESSONS.len()) {
                    (stable, failed) = (best, 0);
                }
            }
            (iterations, first) = (iterations + 1, first + LESSONS.len());
        }
        Stands { working, stable, failed, iterations, under_way: first..tree.len() }
    }
}

/// The losses of one part of the validation images.
fn part_of(tree: &Tree, id: TrialId, turn: usize) -> Vec<f32> {
    let losses = tree.get(id).map_or(&[][..], |trial| &trial.losses[..]);
    losses.iter().copied().skip(turn % PARTS).step_by(PARTS).collect()
}

impl Seeker for Ev3 {
    fn ask(&self, ground: &Ground, tree: &Tree) -> Result<Ask, MorphismError> {
        let Stands { working, stable, failed, iterations, under_way } = self.stands(tree);
        let Some(from) = tree.get(working) else { return Ok(Ask::Stop(End::NoSeed)) };
        if failed >= self.patience.max(1) {
            let mut stream = Stream::new(ground.seed, "search: expansion", tree.len() as u64);
            let changes = mutate(ground, &from.architecture, self.changes, &mut stream)?;
            let why = Reason::Unproved { iterations: failed, stable, working, changes: changes.len() };
            return Ok(Ask::Try(Proposal::child(working, changes, why)));
        }
        let (imitates, rate) = LESSONS[under_way.len().min(LESSONS.len() - 1)];
        // Nobody learns from its own answers.
        let teacher = (imitates && stable != working).then_some(stable);
        let spread = paired(&part_of(tree, stable, iterations + 1), &part_of(tree, working, iterations + 1));
        let least = || least_gain(spread.error, self.confidence, LESSONS.len());
        let least = (spread.error > 0.0).then(least);
        let why = Reason::Explores { iteration: iterations + 1, working, teacher, rate, stable, least };
        let lesson = Lesson { teacher, rate, constant: false };
        Ok(Ask::Try(Proposal { lesson, ..Proposal::copy(working, why) }))
    }

    fn incumbent(&self, tree: &Tree) -> TrialId {
        self.stands(tree).stable
    }

    fn live(&self, tree: &Tree) -> BTreeSet<TrialId> {
        let Stands { working, stable, under_way, .. } = self.stands(tree);
        under_way.chain([working, stable]).collect()
    }

    fn wants_losses(&self) -> bool {
        true
    }

    fn thinking(&self, tree: &Tree) -> u64 {
        // Mean and spread of a part's losses, for each proposal and the stable network.
        let images = tree.get(0).map_or(0, |seed| seed.losses.len() / PARTS) as u64;
        8 * images * (LESSONS.len() as u64 + 1)
    }
}
