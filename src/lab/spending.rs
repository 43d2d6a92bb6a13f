//! What a run's method has cost so far, and what its last training may still cost: floating-point operations by the
//! ledger. What the instrument shows is not counted: a network that is trained as it is needs none of it.

use super::config::Span;
use super::error::LabError;
use super::machine::Lab;
use super::state::State;
use super::under_way;
use crate::engine::TrainRequest;

impl Lab {
    /// Everything so far that the method needed.
    pub fn spent(&self) -> u64 {
        self.spent_before(u64::MAX)
    }

    /// From now on the whole run is to cost no more than `total`: the last phase takes as many steps as that allows.
    pub fn spend(&mut self, total: u64) {
        self.config.training.total_flops = Some(total);
    }

    /// Checks that a search's total cost leaves something to search with.
    ///
    /// # Errors
    /// A total that the seed's training and one pass of last training exceed.
    pub fn check_total(&self) -> Result<(), LabError> {
        let Some(search) = &self.state().search else { return Ok(()) };
        match search.tree.get(0).or(search.under_way.as_ref()) {
            Some(seed) => self.config().check_search(self.data(), &seed.architecture),
            None => Ok(()),
        }
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
        let step = under_way::ledger(self.state())?.train(self.batch() as u64)?;
        Ok(epochs.saturating_mul(self.epoch_steps()).saturating_mul(step).saturating_add(self.spent()))
    }

    /// From where to where in the learning rate's schedule the state's phase of `steps` steps goes.
    pub(super) fn schedule_span(&self, state: &State, steps: u64) -> Result<(f64, f64), LabError> {
        let config = self.config();
        // A search's trials each need a whole schedule to be comparable, and so does what comes after them.
        if config.training.schedule_over == Span::Phase || config.search.tries() {
            return Ok(TrainRequest::WHOLE_SCHEDULE);
        }
        let (phase, phases) = (state.round, config.growth_rounds() + 1);
        let Some(total) = config.training.total_flops else {
            return Ok(((phase - 1) as f64 / phases as f64, phase as f64 / phases as f64));
        };
        let from = self.spent_before(phase);
        let to = from + steps * under_way::ledger(state)?.train(self.batch() as u64)?;
        let part = |flops: u64| (flops as f64 / total.max(1) as f64).min(1.0);
        Ok((part(from), if phase == phases { 1.0 } else { part(to) }))
    }

    /// Steps of the last phase after which no more than `total` was spent.
    pub(super) fn affordable(&self, state: &State, total: u64) -> Result<u64, LabError> {
        let step = under_way::ledger(state)?.train(self.batch() as u64)?;
        Ok(total.saturating_sub(self.spent_before(state.round)) / step.max(1))
    }

    /// The rounds before `round`.
    fn spent_before(&self, round: u64) -> u64 {
        let rounds = self.state().rounds.iter().filter(|record| record.round < round);
        let trials = match &self.state().search {
            // All trials belong to the first round.
            Some(search) if round > 1 => search.method_flops(),
            _ => 0,
        };
        trials + rounds.map(|record| record.steps.total().method_flops()).sum::<u64>()
    }
}
