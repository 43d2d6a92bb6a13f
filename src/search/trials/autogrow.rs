//! AutoGrow, after Wen and others ("AutoGrow: Automatic Layer Growing in Deep Convolutional Networks", arXiv 1906.02909, and
//! its public code), our reconstruction.

use std::collections::BTreeSet;

use super::id::TrialId;
use super::reason::{End, Reason};
use super::seeker::{Ask, Ground, Proposal, Seeker};
use super::tree::{Lesson, Tree};
use crate::morphism::{Candidate, Family, MorphismError, Place, rewrite_architecture};
use crate::network::Architecture;

/// The layers between two pools are a *group*. Every trial appends a layer or a branch to the next open group and trains on,
/// at a constant rate. Where the lowest loss so far fell by less than `threshold` within the last `trials` trials, the group
/// that was grown last is closed for good. When all are closed the search is over: depth is what it found.
pub struct AutoGrow {
    /// Trials over which growing must have paid.
    pub trials: usize,
    /// By how many nats.
    pub threshold: f64,
}

/// Whether a family appends layers.
pub fn adds_layers(family: Family) -> bool {
    matches!(family, Family::Deepen | Family::DeepenPointwise | Family::Residual | Family::Block)
}

/// The group that a change appends to, named by the side of the images that its layers see: what is put after a layer comes
/// after its pool.
fn group(architecture: &Architecture, candidate: &Candidate) -> Result<usize, MorphismError> {
    Ok(Place::of(architecture, candidate)?.shape.height)
}

/// What closes: the groups, and the one that was grown last.
#[derive(Debug, Default, PartialEq)]
pub struct Stands {
    /// Groups that grow no more, by the side of their images.
    pub closed: BTreeSet<usize>,
    /// The group grown last.
    pub last: Option<usize>,
}

impl AutoGrow {
    /// Where the trials have led, by their losses and the group that each has grown.
    pub fn stands(&self, losses: &[f64], grown: &[Option<usize>]) -> Stands {
        let mut stands = Stands::default();
        let mut lowest: Vec<f64> = Vec::with_capacity(losses.len());
        for (trial, loss) in losses.iter().enumerate() {
            lowest.push(lowest.last().map_or(*loss, |low| low.min(*loss)));
            stands.last = grown[trial].or(stands.last);
            let Some(before) = trial.checked_sub(self.trials) else { continue };
            if lowest[before] - lowest[trial] < self.threshold
                && let Some(last) = stands.last
            {
                stands.closed.insert(last);
            }
        }
        stands
    }

    fn of(&self, tree: &Tree) -> Result<Stands, MorphismError> {
        let losses: Vec<f64> = tree.trials().map(|trial| trial.loss()).collect();
        let mut grown = Vec::with_capacity(losses.len());
        for trial in tree.trials() {
            let parent = trial.parent.and_then(|parent| tree.get(parent));
            grown.push(match (parent, trial.changes.first()) {
                (Some(parent), Some(change)) => Some(group(&parent.architecture, change)?),
                _ => None,
            });
        }
        Ok(self.stands(&losses, &grown))
    }
}

/// The next group in the round that is open and has a place, with its last place.
fn next_block(
    ground: &Ground,
    architecture: &Architecture,
    stands: &Stands,
) -> Result<Option<(usize, Candidate)>, MorphismError> {
    let mut places: Vec<(usize, usize, Candidate)> = Vec::new();
    for candidate in (ground.candidates)(architecture)? {
        if !adds_layers(candidate.family) {
            continue;
        }
        let grown = rewrite_architecture(architecture, std::slice::from_ref(&candidate))?.cost()?;
        let group = group(architecture, &candidate)?;
        if ground.budget.allows(&grown) && !stands.closed.contains(&group) {
            places.push((group, architecture.index(candidate.layer())?, candidate));
        }
    }
    // From the input on images become smaller.
    let after = |group: usize| stands.last.is_none_or(|last| group < last);
    let wanted = places.iter().map(|(group, ..)| *group);
    let Some(next) = wanted.clone().filter(|group| after(*group)).max().or(wanted.max()) else {
        return Ok(None);
    };
    // Of families at one layer the first that the settings name.
    let mut last: Option<(usize, Candidate)> = None;
    for (_, layer, candidate) in places.into_iter().filter(|(group, ..)| *group == next) {
        if last.as_ref().is_none_or(|(so_far, _)| layer > *so_far) {
            last = Some((layer, candidate));
        }
    }
    Ok(last.map(|(_, candidate)| (next, candidate)))
}

impl Seeker for AutoGrow {
    fn ask(&self, ground: &Ground, tree: &Tree) -> Result<Ask, MorphismError> {
        let parent = self.incumbent(tree);
        let Some(from) = tree.get(parent) else { return Ok(Ask::Stop(End::NoSeed)) };
        let stands = self.of(tree)?;
        let closed = stands.closed.iter().copied().collect();
        Ok(match next_block(ground, &from.architecture, &stands)? {
            Some((group, candidate)) => {
                let why = Reason::Appends { side: group, closed };
                let lesson = Lesson { constant: true, ..Lesson::default() };
                Ask::Try(Proposal { lesson, ..Proposal::child(parent, vec![candidate], why) })
            }
            None => Ask::Stop(End::NoGroup { closed }),
        })
    }

    /// The last one: it never goes back, unless a training diverged.
    fn incumbent(&self, tree: &Tree) -> TrialId {
        tree.trials().rev().find(|trial| trial.judged.is_some()).map_or(0, |trial| trial.id)
    }

    fn live(&self, tree: &Tree) -> BTreeSet<TrialId> {
        BTreeSet::from([self.incumbent(tree)])
    }
}
