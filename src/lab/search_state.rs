//! What a state says of its search.

use std::sync::Arc;

use super::config::Config;
use super::error::LabError;
use super::record::Quality;
use super::searching::{Searching, broken};
use super::state::State;
use crate::search::trials::{Tree, Trial, TrialId, seeker};

impl State {
    /// The trial under way, if there is one after the seed's.
    pub fn trial(&self) -> Option<&Trial> {
        self.search.as_ref()?.under_way.as_ref().filter(|trial| trial.id > 0)
    }

    /// Whether trials are under way: the network in hand is then one of them.
    pub fn is_searching(&self) -> bool {
        self.round == 1 && self.search.as_ref().is_some_and(|search| !search.tree.is_empty())
    }

    /// How far the run has come, in rounds and trials: what the history forgets by.
    pub(super) fn age(&self) -> u64 {
        self.round + self.search.as_ref().map_or(0, |search| search.tree.len() as u64)
    }

    /// The search, to be changed.
    pub(super) fn searching(&mut self) -> Result<&mut Searching, LabError> {
        let search = self.search.as_mut().ok_or_else(|| broken("there is no search".into()))?;
        Ok(Arc::make_mut(search))
    }

    /// The trial under way, to be changed.
    pub(super) fn under_way(&mut self) -> Result<&mut Trial, LabError> {
        let none = || broken("no trial is under way".into());
        self.searching()?.under_way.as_mut().ok_or_else(none)
    }

    /// The trials of a search, and the one that it would go on with; none where rounds grow.
    pub fn trials(&self, config: &Config) -> Option<(&Tree, TrialId)> {
        let tree = &self.search.as_ref()?.tree;
        Some((tree, seeker(&config.search)?.incumbent(tree)))
    }

    /// What is known of the network that a search went on with, once it did.
    pub fn adopted(&self) -> Option<Quality> {
        self.search.as_ref().and_then(|_| self.record(1)?.after)
    }
}
