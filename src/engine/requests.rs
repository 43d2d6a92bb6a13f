//! What engines are asked, and what they answer.

use serde::{Deserialize, Serialize};

use super::{EngineError, Learner, OptimizerConfig, Part, Phase};
use crate::estimate::Estimator;
use crate::morphism::{Candidate, Morphism};
use crate::names;

/// A stretch of a training phase.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrainRequest {
    /// The run's seed.
    pub seed: u64,
    /// Which phase; with the seed it names the streams of batch order and augmentation.
    pub phase: Phase,
    /// Steps of the phase to take now.
    pub steps: std::ops::Range<u64>,
    /// Steps of the whole phase.
    pub phase_steps: u64,
    /// From where to where in the learning rate's schedule the phase goes; 0 to 1 is all of it.
    pub schedule_span: (f64, f64),
    /// Examples a step.
    pub batch: usize,
    /// The optimiser.
    pub optimizer: OptimizerConfig,
    /// Random flips and crops.
    pub augment: bool,
    /// ε of label smoothing: the loss is the cross-entropy to (1 − ε)·(the label) + ε·(all classes alike). Only in
    /// training, not towards a teacher; scores are of the labels as they are.
    pub label_smoothing: f64,
    /// The decay d of an average of all tensors over the phase, see [`Self::average_share`]; 0 keeps none.
    /// Where one is kept, the phase ends with the average as the network
    /// ([`crate::network::Model::end_phase`]).
    pub average: f64,
    /// How many times as far as others the weights go at each step that the last growth made new
    /// ([`crate::network::OptimizerState::INHERITED`]).
    pub new_rate: f64,
}

impl TrainRequest {
    /// The whole schedule in one phase.
    pub const WHOLE_SCHEDULE: (f64, f64) = (0.0, 1.0);

    /// All steps of a phase at once over the whole schedule, with the default optimiser, augmented, labels as
    /// they are, no average, new weights like others.
    pub fn whole(seed: u64, phase: Phase, steps: u64, batch: usize) -> Self {
        Self {
            seed,
            phase,
            steps: 0..steps,
            phase_steps: steps,
            schedule_span: Self::WHOLE_SCHEDULE,
            batch,
            optimizer: OptimizerConfig::default(),
            augment: true,
            label_smoothing: 0.0,
            average: 0.0,
            new_rate: 1.0,
        }
    }

    /// Whether a training phase is over after these steps. Distillation is none: it only leads to the next.
    pub fn ends_phase(&self) -> bool {
        matches!(self.phase, Phase::Train(_) | Phase::Trial(_)) && self.steps.end >= self.phase_steps
    }

    /// 1 − min(d, (1 + t)/(10 + t)), where t steps of the phase come before this one: how far the average
    /// goes towards each tensor after the step. (TensorFlow's `ExponentialMovingAverage` with `num_updates`.)
    ///
    /// So the average begins with what the phase begins with and forgets it soon, however large d is: it
    /// reaches back over about a ninth of the phase so far, or over the 1/(1 − d) steps that d says,
    /// whichever is less. An average that is only corrected for its beginning (divided by 1 − dᵗ) is the
    /// plain mean of a phase that is shorter than that, its first and worst steps included.
    pub fn average_share(&self, step: u64) -> f64 {
        let before = step as f64;
        1.0 - self.average.min((1.0 + before) / (10.0 + before))
    }

    /// The learning rate of a step of the phase, for weights that are not new.
    pub fn learning_rate(&self, step: u64) -> f64 {
        let (from, to) = self.schedule_span;
        let done = from + (to - from) * step as f64 / self.phase_steps.max(1) as f64;
        self.optimizer.learning_rate * self.optimizer.schedule.factor(done)
    }
}

/// What a stretch of training did.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TrainReport {
    /// Mean loss of each step's batch, in training mode.
    pub losses: Vec<f32>,
}

/// Learning φ for candidates; [`Learner::Estimate`] takes mini-batch Adam, each candidate on its own predicted loss.
/// Each learner's own file says how it uses steps, batches and rates; closed forms see as many examples as the steps
/// would, but none twice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LearnRequest {
    /// The run's seed.
    pub seed: u64,
    /// The growth round; with the seed it names the streams of initial φ, batch order and samples.
    pub round: u64,
    /// What to learn. Families without φ pass through.
    pub candidates: Vec<Candidate>,
    /// How φ is learned.
    #[serde(with = "names::one")]
    pub learner: Learner,
    /// The predicted loss to minimise.
    #[serde(with = "names::one")]
    pub estimator: Estimator,
    /// Whether φ of all candidates descend on the predicted loss of their sum, so that they divide the work, instead of
    /// each on its own. [`Learner::Estimate`] alone can.
    #[serde(default)]
    pub together: bool,
    /// Adam steps.
    pub steps: u64,
    /// Examples a step, from the training part.
    pub batch: usize,
    /// Adam's learning rate.
    pub learning_rate: f64,
}

/// A learner's result.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    /// The candidates with φ, in the request's order; their scales are 1.
    pub morphisms: Vec<Morphism>,
    /// The learner's own score of each candidate, in its own units, larger for better; none where its score is the
    /// estimate, or where it has none.
    pub scores: Vec<Option<f64>>,
}

impl Learned {
    /// From a learner that has no scores of its own.
    pub fn unscored(morphisms: Vec<Morphism>) -> Self {
        let scores = vec![None; morphisms.len()];
        Self { morphisms, scores }
    }
}

/// Estimating learned morphisms.
#[derive(Clone, Debug)]
pub struct EstimateRequest<'a> {
    /// The run's seed.
    pub seed: u64,
    /// The growth round; with the seed and the part it names the stream of sampled labels.
    pub round: u64,
    /// What to estimate; their own `scale` is not used.
    pub morphisms: &'a [Morphism],
    /// For each morphism the scales to estimate it at.
    pub scales: Vec<Vec<f32>>,
    /// The examples.
    pub part: Part,
    /// The formulas. Those that need a backward pass for each class are only computed if they are listed.
    pub estimators: Vec<Estimator>,
}

impl EstimateRequest<'_> {
    /// Checks that every morphism has its list of scales.
    pub fn check(&self) -> Result<(), EngineError> {
        if self.scales.len() == self.morphisms.len() {
            return Ok(());
        }
        Err(EngineError::Request {
            what: "scales".into(),
            found: format!("{} lists", self.scales.len()),
            expected: format!("one for each of {} morphisms", self.morphisms.len()),
        })
    }
}

/// Estimated gains (decrease of mean loss): `[morphism][scale][estimator]`, in the request's orders.
pub type Estimates = Vec<Vec<Vec<f64>>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_warms_up_and_then_keeps_what_it_is_told() {
        let request = TrainRequest { average: 0.5, ..TrainRequest::whole(1, Phase::Train(1), 100, 8) };
        for (step, kept) in [(0, 0.1), (2, 0.25), (7, 8.0 / 17.0), (8, 0.5), (9, 0.5), (90, 0.5)] {
            assert!((request.average_share(step) - (1.0 - kept)).abs() < 1e-15, "step {step}");
        }
    }

    #[test]
    fn a_training_phase_ends_with_its_last_step_and_distillation_is_none() {
        let part = |phase, steps| TrainRequest { steps, ..TrainRequest::whole(1, phase, 9, 8) }.ends_phase();
        assert!(part(Phase::Train(1), 4..9) && part(Phase::Trial(1), 4..9) && part(Phase::Train(1), 9..9));
        assert!(!part(Phase::Train(1), 0..8) && !part(Phase::Distil(1), 0..9));
    }
}
