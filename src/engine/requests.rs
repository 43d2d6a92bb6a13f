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
}

impl TrainRequest {
    /// The whole schedule in one phase.
    pub const WHOLE_SCHEDULE: (f64, f64) = (0.0, 1.0);

    /// All steps of a phase at once over the whole schedule, with the default optimiser, augmented, labels as they are.
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
        }
    }

    /// The learning rate of a step of the phase.
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
