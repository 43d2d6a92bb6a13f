//! Where a search stands: its tree, the networks that may still be needed, and the trial under way.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::config::Config;
use super::error::LabError;
use crate::morphism::rewrite_architecture;
use crate::network::{Architecture, Network};
use crate::search::trials::{Seeker, Tree, Trial, TrialId, seeker};

/// A search under way or over. Cloning shares networks and trials.
#[derive(Clone, Debug, Default)]
pub struct Searching {
    /// The trials that are over.
    pub tree: Tree,
    /// The networks of those that may still be needed, trained, without their optimiser's memory: schedules start anew.
    pub nodes: BTreeMap<TrialId, Arc<Network>>,
    /// The trial under way.
    pub under_way: Option<Trial>,
}

impl Searching {
    /// A search that begins with this seed network, which is to be trained first.
    pub fn begin(architecture: &Architecture) -> Result<Self, LabError> {
        let cost = architecture.cost()?;
        let seed = Trial::seed(Arc::new(architecture.clone()), cost.parameters, cost.flops);
        Ok(Self { under_way: Some(seed), ..Self::default() })
    }

    /// The floating-point operations that its method has needed so far.
    pub fn method_flops(&self) -> u64 {
        let under_way = self.under_way.as_ref().map_or(0, |trial| trial.cost.total().method_flops());
        self.tree.cost().method_flops() + under_way
    }

    /// The network of a trial that may still be needed.
    pub fn network(&self, id: TrialId) -> Result<Arc<Network>, LabError> {
        let missing = || broken(format!("the network of trial {id} is gone"));
        self.nodes.get(&id).cloned().ok_or_else(missing)
    }

    /// The trial that ended last, to be changed.
    pub(super) fn newest(&mut self) -> Result<&mut Trial, LabError> {
        self.tree.newest().ok_or_else(|| broken("no trial has ended".into()))
    }

    /// The architecture of a trial whose parent is in the tree.
    pub fn architecture_of(&self, trial: &Trial) -> Result<Arc<Architecture>, LabError> {
        let parent = trial.parent.and_then(|parent| self.tree.get(parent));
        let parent = parent.ok_or_else(|| broken(format!("trial {} has no parent", trial.id)))?;
        Ok(match trial.changes.is_empty() {
            true => parent.architecture.clone(),
            false => Arc::new(rewrite_architecture(&parent.architecture, &trial.changes)?),
        })
    }
}

/// An error for a state that no run leads to; files may say anything.
pub(super) fn broken(reason: String) -> LabError {
    LabError::Command { command: "step", reason }
}

/// The strategy that the settings name.
pub fn seeker_of(config: &Config) -> Result<Box<dyn Seeker>, LabError> {
    seeker(&config.search).ok_or_else(|| broken("the settings name no search".into()))
}
