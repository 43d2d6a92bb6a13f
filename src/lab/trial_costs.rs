//! What a trial costs the method and the instrument, known before it begins.

use super::config::Learning;
use super::cost::Spent;
use super::error::LabError;
use super::ledger::Ledger;
use super::machine::Lab;
use super::searching::Searching;
use crate::morphism::{Candidate, Morphism, initial_phi, morph};
use crate::network::Architecture;
use crate::search::trials::{PhiFrom, Trial};

/// Whether a network loses a layer or a shortcut by these changes.
pub fn is_lossy(changes: &[Candidate]) -> bool {
    changes.iter().any(|change| morph(change.family).is_distilled())
}

impl Lab {
    /// What a trial will cost the method, to the operation.
    pub(super) fn foreseen(&self, search: &Searching, trial: &Trial) -> Result<u64, LabError> {
        let child = Ledger::new(&trial.architecture)?;
        let examples = self.short_steps() * self.batch() as u64;
        let mut flops = child.train(examples)? + child.evaluate(self.data().validation.len() as u64);
        if let Some(teacher) = trial.lesson.teacher.and_then(|teacher| search.tree.get(teacher)) {
            flops += Ledger::new(&teacher.architecture)?.evaluate(examples);
        }
        let parent = trial.parent.and_then(|parent| search.tree.get(parent));
        let (Some(parent), false) = (parent, trial.changes.is_empty() || trial.scratch) else {
            return Ok(flops);
        };
        let network = search.network(parent.id)?;
        let morphisms = trial
            .changes
            .iter()
            .map(|candidate| {
                let phi = initial_phi(&network, candidate, self.config().seed, trial.id as u64)?;
                Ok(Morphism { candidate: candidate.clone(), phi, scale: 1.0 })
            })
            .collect::<Result<Vec<_>, LabError>>()?;
        flops += self.learning_costs(&parent.architecture, &morphisms)?.method;
        flops += self.predicting_costs(&parent.architecture, &morphisms)?.method;
        flops += self.imitating_costs(&parent.architecture, trial)?;
        Ok(flops)
    }

    /// How φ is learned in a trial.
    pub(super) fn trial_learning(&self) -> Learning {
        let config = self.config();
        let (steps, batch) = (config.search.learning_steps, config.search.learning_batch);
        Learning { steps, batch, ..config.learning.clone() }
    }

    /// The method needs φ only where it is made; else only what cannot be made without, a channel's mean.
    pub(super) fn learning_costs(
        &self,
        parent: &Architecture,
        morphisms: &[Morphism],
    ) -> Result<Spent, LabError> {
        let (ledger, train) = (Ledger::new(parent)?, self.data().train.len() as u64);
        let all = ledger.learn(morphisms, &self.trial_learning(), train)?;
        if self.config().search.phi == PhiFrom::Learned {
            return Ok(Spent::method(all));
        }
        let is_learned = |morphism: &&Morphism| morph(morphism.candidate.family).is_learned();
        let others: Vec<Morphism> =
            morphisms.iter().filter(|morphism| !is_learned(morphism)).cloned().collect();
        let method = ledger.learn(&others, &self.trial_learning(), train)?;
        Ok(Spent { method, instrument: all.saturating_sub(method) })
    }

    pub(super) fn predicting_costs(
        &self,
        parent: &Architecture,
        morphisms: &[Morphism],
    ) -> Result<Spent, LabError> {
        let search = &self.config().search;
        if !search.predict && search.phi != PhiFrom::Learned {
            return Ok(Spent::default());
        }
        let flops = Ledger::new(parent)?.joint(morphisms, self.data().validation.len() as u64)?;
        Ok(match search.phi {
            PhiFrom::Learned => Spent::method(flops),
            _ => Spent::instrument(flops),
        })
    }

    /// What a child that lost a layer or a shortcut costs to imitate its parent.
    pub(super) fn imitating_costs(&self, parent: &Architecture, trial: &Trial) -> Result<u64, LabError> {
        if !is_lossy(&trial.changes) {
            return Ok(0);
        }
        let examples = self.config().training.distil_steps * self.batch() as u64;
        Ok(Ledger::new(&trial.architecture)?.train(examples)? + Ledger::new(parent)?.evaluate(examples))
    }
}
