//! What a run has cost so far, and what its last training may still cost: floating-point operations by the ledger.

use super::error::LabError;
use super::machine::Lab;
use super::stages;
use super::state::State;

impl Lab {
    /// Everything so far.
    pub fn spent(&self) -> u64 {
        self.spent_before(u64::MAX)
    }

    /// From now on the whole run is to cost no more than `total`: the last phase takes as many steps as that allows.
    pub fn spend(&mut self, total: u64) {
        self.config.training.total_flops = Some(total);
    }

    /// What the whole run costs if its last phase, which must be next, takes its usual epochs.
    pub fn usual_total(&self) -> Result<u64, LabError> {
        self.total_after(self.config().training.epochs)
    }

    /// What it costs at least: with one pass over the training part.
    pub fn least_total(&self) -> Result<u64, LabError> {
        self.total_after(1)
    }

    fn total_after(&self, epochs: u64) -> Result<u64, LabError> {
        let state = self.state();
        let step = stages::ledger(state)?.train(self.batch() as u64)?;
        Ok(self.spent() + epochs * self.epoch_steps() * step + self.scoring_flops(state)?)
    }

    /// Steps of the last phase after which, with the scoring that follows, no more than `total` was spent.
    pub(super) fn affordable(&self, state: &State, total: u64) -> Result<u64, LabError> {
        let step = stages::ledger(state)?.train(self.batch() as u64)?;
        let before = self.spent_before(state.round) + self.scoring_flops(state)?;
        Ok(total.saturating_sub(before) / step.max(1))
    }

    /// The seed's scoring and the rounds before `round`.
    fn spent_before(&self, round: u64) -> u64 {
        let state = self.state();
        let examples = (self.data().train.len() + self.data().held_out.len()) as u64;
        let seed = state.seed.map_or(0, |seed| seed.flops * examples);
        let rounds = state.rounds.iter().filter(|record| record.round < round);
        seed + rounds.map(|record| record.steps.total().flops).sum::<u64>()
    }
}
