//! The contract of strategies.

use std::collections::BTreeSet;

use super::id::TrialId;
use super::reason::{End, Reason};
use super::settings::Search;
use super::tree::{Lesson, Tree};
use crate::morphism::{Candidate, MorphismError};
use crate::network::Architecture;
use crate::search::Budget;

/// What a search may do, the same for the whole run.
pub struct Ground<'a> {
    /// The run's seed, which names every random stream.
    pub seed: u64,
    /// The settings.
    pub search: &'a Search,
    /// How large networks may become.
    pub budget: &'a Budget,
    /// The changes that the settings allow of a network.
    pub candidates: &'a dyn Fn(&Architecture) -> Result<Vec<Candidate>, MorphismError>,
}

/// A network to try.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The trial that it comes from.
    pub parent: TrialId,
    /// What to change, all at once; nothing to train the parent on as it is.
    pub changes: Vec<Candidate>,
    /// Whether it begins with fresh weights.
    pub scratch: bool,
    /// What it is trained towards.
    pub lesson: Lesson,
    /// Why.
    pub why: Reason,
}

impl Proposal {
    /// These changes of a trial, trained as usual.
    pub fn child(parent: TrialId, changes: Vec<Candidate>, why: Reason) -> Self {
        Self { parent, changes, scratch: false, lesson: Lesson::default(), why }
    }

    /// A trial trained on as it is.
    pub fn copy(parent: TrialId, why: Reason) -> Self {
        Self::child(parent, Vec::new(), why)
    }
}

/// What a strategy wants next.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// This network is tried.
    Try(Proposal),
    /// The search is over.
    Stop(End),
}

/// A strategy as a fold over trials: nothing is remembered that they do not say.
pub trait Seeker {
    /// What to try next. There is at least the seed's trial.
    fn ask(&self, ground: &Ground, tree: &Tree) -> Result<Ask, MorphismError>;

    /// The trial to go on with if the search ended now.
    fn incumbent(&self, tree: &Tree) -> TrialId;

    /// The trials whose weights may still be needed, the incumbent among them.
    fn live(&self, tree: &Tree) -> BTreeSet<TrialId>;

    /// Whether a copy of each parent, trained on unchanged, is tried before the first change of it: what changes are held
    /// against. Strategies that have such copies by themselves, or none to hold against, say no.
    fn wants_copies(&self) -> bool {
        false
    }

    /// Whether the losses of single images are needed.
    fn wants_losses(&self) -> bool {
        false
    }

    /// Floating-point operations of the next decision, beyond what the ledger leaves out of every step: comparisons.
    fn thinking(&self, _tree: &Tree) -> u64 {
        0
    }
}

/// What `seeker` wants next, after a copy of the parent where it is to be held against one that is not there yet.
pub fn next(seeker: &dyn Seeker, ground: &Ground, tree: &Tree) -> Result<Ask, MorphismError> {
    let ask = seeker.ask(ground, tree)?;
    if let Ask::Try(Proposal { parent, changes, .. }) = &ask
        && ground.search.control
        && seeker.wants_copies()
        && !changes.is_empty()
        && tree.copy_of(*parent).is_none()
    {
        return Ok(Ask::Try(Proposal::copy(*parent, Reason::Copy { parent: *parent })));
    }
    Ok(ask)
}
