//! What computes: one contract, several engines.

mod batches;
pub mod candle;
#[cfg(test)]
mod distil_tests;
mod learner;
pub mod race;
mod random_phi;
pub mod remote;
pub mod webgpu;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::data::Data;
use crate::estimate::Estimator;
use crate::morphism::{Candidate, Morphism, MorphismError};
use crate::names;
use crate::network::{Model, NetworkError, Tensors};

pub use batches::{Batch, Batches, Draws, Phase, epoch_order, label_draws, steps_per_epoch};
pub use learner::Learner;
pub use random_phi::{first_phi, stretched, weight_size};

/// What an engine's methods return. Native code drives it with `pollster::block_on` on a worker thread, the
/// browser with its event loop; nothing else may block.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, EngineError>> + 'a>>;

/// What can go wrong while computing.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A number left the finite range; the engine's model is as it was before the call.
    #[error("{stage} diverged at step {step}: {what} is not finite; try a smaller learning rate")]
    Diverged { stage: &'static str, step: u64, what: String },
    /// [`Watch::cancelled`] said so; the engine's model is as it was before the call.
    #[error("cancelled")]
    Cancelled,
    /// A request that does not fit the model or the data.
    #[error("{what}: found {found}, expected {expected}")]
    Request { what: String, found: String, expected: String },
    /// A morphism.
    #[error(transparent)]
    Morphism(#[from] MorphismError),
    /// The network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// Candle.
    #[error("tensor operation: {0}")]
    Tensor(#[from] candle_core::Error),
    /// The graphics device.
    #[error(transparent)]
    Gpu(#[from] webgpu::GpuError),
    /// An engine beside this program that does not answer any more.
    #[error("the engine in the background has stopped: {why}")]
    Stopped { why: String },
    /// What an engine beside this program could not do, in its words.
    #[error("{0}")]
    Remote(String),
}

impl EngineError {
    /// Whether the device or the engine beside this program is gone, and everything on it: only [`Engine::restart`] helps.
    pub fn is_lost(&self) -> bool {
        matches!(
            self,
            Self::Gpu(webgpu::GpuError::Lost { .. } | webgpu::GpuError::Timeout { .. })
                | Self::Stopped { .. }
        )
    }
}

/// Which engine computes, and on what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineInfo {
    /// `candle` or `webgpu`.
    pub name: String,
    /// The graphics adapter, where there is one.
    pub adapter: Option<String>,
}

/// The three disjoint parts of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// What weights and φ are learned from.
    Train,
    /// What scales and choices are made on.
    Validation,
    /// What is reported on.
    HeldOut,
}

/// Quality of a network on a part: evaluation mode, no augmentation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Fraction of examples whose largest logit is their label.
    pub accuracy: f64,
}

/// Who watches a long computation.
pub trait Watch {
    /// `done` of `total` units of work; the loss where one is known.
    fn progress(&self, done: u64, total: u64, loss: Option<f32>);

    /// Whether to stop at the next opportunity.
    fn cancelled(&self) -> bool;
}

/// Nobody watches.
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _done: u64, _total: u64, _loss: Option<f32>) {}

    fn cancelled(&self) -> bool {
        false
    }
}

/// How weights follow gradients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OptimizerConfig {
    /// The rule.
    pub rule: Rule,
    /// Learning rate at the start of a training phase.
    pub learning_rate: f64,
    /// How the learning rate changes over a phase.
    pub schedule: Schedule,
    /// SGD: momentum. (AdamW: β₁.)
    pub momentum: f64,
    /// SGD: Nesterov's form of it.
    pub nesterov: bool,
    /// AdamW: β₂.
    pub beta2: f64,
    /// Decay of convolutions' and linear layers' weights: added to the gradient (SGD) or decoupled (AdamW).
    pub weight_decay: f64,
    /// Largest Euclidean norm of the whole gradient; larger ones are scaled down to it. 0 turns it off.
    pub clip: f64,
}

/// An optimiser's rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Stochastic gradient descent with momentum.
    Sgd,
    /// Adam with decoupled weight decay.
    Adamw,
}

/// Learning rate over a phase, as a factor of its start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Schedule {
    /// 1.
    Constant,
    /// Half a cosine from 1 down to `floor`.
    Cosine {
        /// Factor at the end.
        floor: f64,
    },
    /// Multiplied by `factor` after every `every` fraction of the phase.
    Step {
        /// Fraction of the phase, in 0…1.
        every: f64,
        /// Factor of each drop.
        factor: f64,
    },
}

impl Default for OptimizerConfig {
    fn default() -> Self {
        Self {
            rule: Rule::Sgd,
            learning_rate: 0.05,
            schedule: Schedule::Cosine { floor: 0.05 },
            momentum: 0.9,
            nesterov: true,
            beta2: 0.999,
            // Strong, for few images: it also keeps single channels from carrying the whole network, where the
            // effect of pruning them is beyond what a quadratic estimate can foresee.
            weight_decay: 5e-3,
            clip: 5.0,
        }
    }
}

impl Schedule {
    /// The factor at `step` of `total`.
    pub fn factor(self, step: u64, total: u64) -> f64 {
        let done = step as f64 / total.max(1) as f64;
        match self {
            Schedule::Constant => 1.0,
            Schedule::Cosine { floor } => {
                floor + (1.0 - floor) * 0.5 * (1.0 + (std::f64::consts::PI * done).cos())
            }
            Schedule::Step { every, factor } => factor.powf((done / every).floor()),
        }
    }
}

/// A stretch of a training phase.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrainRequest {
    /// The run's seed.
    pub seed: u64,
    /// Which phase; with the seed it names the streams of batch order and augmentation.
    pub phase: Phase,
    /// Steps of the phase to take now.
    pub steps: std::ops::Range<u64>,
    /// Steps of the whole phase (the schedule spans it).
    pub phase_steps: u64,
    /// Examples a step.
    pub batch: usize,
    /// The optimiser.
    pub optimizer: OptimizerConfig,
    /// Random flips and crops.
    pub augment: bool,
}

/// What a stretch of training did.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TrainReport {
    /// Mean loss of each step's batch, in training mode.
    pub losses: Vec<f32>,
}

/// Learning φ for candidates; [`Learner::Estimate`] takes mini-batch Adam, each candidate on its own predicted loss.
/// What a learner does with steps, batches and rates is said where it is written; closed forms see as many examples
/// as the steps would, but none twice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LearnRequest {
    /// The run's seed.
    pub seed: u64,
    /// The growth round; with the seed it names the streams of initial φ, batch order and samples.
    pub round: u64,
    /// What to learn. Families without φ pass through.
    pub candidates: Vec<Candidate>,
    /// Who makes φ.
    #[serde(with = "names::one")]
    pub learner: Learner,
    /// The predicted loss to minimise.
    #[serde(with = "names::one")]
    pub estimator: Estimator,
    /// Adam steps.
    pub steps: u64,
    /// Examples a step, from the training part.
    pub batch: usize,
    /// Adam's learning rate.
    pub learning_rate: f64,
}

/// What a learner made.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    /// The candidates with φ, in the request's order; their scales are 1.
    pub morphisms: Vec<Morphism>,
    /// What the learner itself says of each, in its own units, larger for better; none where its score is the
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
    /// Which formulas. What needs K backward passes is only computed if asked for.
    pub estimators: Vec<Estimator>,
}

/// Estimated gains (decrease of mean loss): `[morphism][scale][estimator]`, in the request's orders.
pub type Estimates = Vec<Vec<Vec<f64>>>;

/// What joint choice needs: rank-1's least-squares problem.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct JointTable {
    /// Loss of each example.
    pub losses: Vec<f32>,
    /// For each morphism, at its own scale, a = g·Δz of each example.
    pub first_order: Vec<Vec<f32>>,
}

/// An engine: it holds one model and one data set, and computes everything about them.
pub trait Engine {
    /// Which engine this is.
    fn info(&self) -> EngineInfo;

    /// Opens the device again after a loss ([`EngineError::is_lost`]); data and model must then be given again. An
    /// engine that has no device to lose does nothing.
    fn restart(&mut self) -> Pending<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Takes the data for all later calls.
    fn set_data(&mut self, data: Arc<Data>) -> Pending<'_, ()>;

    /// Takes a copy of the model for all later calls.
    fn load<'a>(&'a mut self, model: &'a Model) -> Pending<'a, ()>;

    /// A copy of the engine's model.
    fn read_back(&mut self) -> Pending<'_, Model>;

    /// Takes training steps.
    fn train<'a>(&'a mut self, request: &'a TrainRequest, watch: &'a dyn Watch) -> Pending<'a, TrainReport>;

    /// Takes training steps towards what `teacher` answers instead of towards the labels: the loss is the mean
    /// Kullback–Leibler divergence KL(p_teacher ‖ p) in nats, the teacher in evaluation mode on the same images.
    /// Otherwise as [`Self::train`].
    fn distil<'a>(
        &'a mut self,
        request: &'a TrainRequest,
        teacher: &'a Model,
        watch: &'a dyn Watch,
    ) -> Pending<'a, TrainReport>;

    /// Scores the model.
    fn evaluate(&mut self, part: Part) -> Pending<'_, Score>;

    /// Whether this engine has the learner.
    fn offers(&self, learner: Learner) -> bool;

    /// Learns φ.
    fn learn<'a>(&'a mut self, request: &'a LearnRequest, watch: &'a dyn Watch) -> Pending<'a, Learned>;

    /// Estimates gains.
    fn estimate<'a>(
        &'a mut self,
        request: &'a EstimateRequest<'a>,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Estimates>;

    /// The table for joint choice.
    fn joint<'a>(&'a mut self, morphisms: &'a [Morphism], part: Part) -> Pending<'a, JointTable>;

    /// Measures the actual gain of each morphism at its own scale, computing only what lies downstream of its
    /// site. A morphism of scale 0 gains 0.
    fn measure<'a>(
        &'a mut self,
        morphisms: &'a [Morphism],
        part: Part,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Vec<f64>>;

    /// Every node's output for one example, `[channels, height, width]`, evaluation mode.
    fn activations(&mut self, part: Part, index: usize) -> Pending<'_, Tensors>;
}
