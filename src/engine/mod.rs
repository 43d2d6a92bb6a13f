//! Engines compute: one contract, several ways to fulfil it.

mod batches;
pub mod candle;
mod error;
mod joint_table;
mod learner;
mod means;
mod optimizer;
mod own_step;
mod partly_learned;
mod places;
pub mod race;
mod random_phi;
pub mod remote;
mod requests;
mod split_phi;
pub mod webgpu;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::data::Data;
use crate::morphism::Morphism;
use crate::network::{Model, Tensors};

pub use batches::{Batch, Batches, Draws, Phase, epoch_order, label_draws, steps_per_epoch};
pub use error::EngineError;
pub use joint_table::JointTable;
pub use learner::Learner;
pub use means::ChannelMeans;
pub use optimizer::{ADAM_EPSILON, OptimizerConfig, Rule, Schedule};
pub use own_step::own_step;
pub use partly_learned::PartlyLearned;
pub use places::{Cohort, Place, ReaderNode, cohorts};
pub use random_phi::{first_phi, stretched, weight_size};
pub use requests::{EstimateRequest, Estimates, LearnRequest, Learned, TrainReport, TrainRequest};
pub use split_phi::SplitPhi;

/// What an engine's methods return. Native code drives it with `pollster::block_on` on a worker thread, the
/// browser with its event loop; nothing else may block.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, EngineError>> + 'a>>;

/// Which engine computes, and on what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineInfo {
    /// Its name in options and files.
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

/// An observer of a long computation, which can also stop it.
pub trait Watch {
    /// Reports `done` of `total` units of work, and the loss where one is known.
    fn progress(&self, done: u64, total: u64, loss: Option<f32>);

    /// Whether to stop at the next opportunity.
    fn cancelled(&self) -> bool;

    /// Whether [`Self::foreseen`] is listened to.
    fn wants_foreseen(&self) -> bool {
        false
    }

    /// Reports what the estimator foresees of each candidate while it is learned: its gain on the batch just
    /// seen, in nats. An
    /// engine may never do so.
    fn foreseen(&self, _gains: &[f64]) {}
}

/// An observer that does nothing.
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _done: u64, _total: u64, _loss: Option<f32>) {}

    fn cancelled(&self) -> bool {
        false
    }
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

    /// Takes training steps; after the last one of a phase, [`Model::end_phase`].
    fn train<'a>(&'a mut self, request: &'a TrainRequest, watch: &'a dyn Watch) -> Pending<'a, TrainReport>;

    /// Takes training steps towards the answers of `teacher` instead of the labels: the loss is the mean
    /// Kullback–Leibler divergence KL(p_teacher ‖ p) in nats, the teacher in evaluation mode on the same images.
    /// Otherwise as [`Self::train`].
    fn distil<'a>(
        &'a mut self,
        request: &'a TrainRequest,
        teacher: &'a Model,
        watch: &'a dyn Watch,
    ) -> Pending<'a, TrainReport>;

    /// Scores the model.
    fn evaluate<'a>(&'a mut self, part: Part, watch: &'a dyn Watch) -> Pending<'a, Score>;

    /// Whether this engine has the learner.
    fn offers(&self, learner: Learner) -> bool;

    /// Learns φ, to the end or not at all.
    fn learn<'a>(&'a mut self, request: &'a LearnRequest, watch: &'a dyn Watch) -> Pending<'a, Learned> {
        Box::pin(async move { self.learn_from(&mut None, request, watch).await })
    }

    /// Learns φ from where it stands, if it was begun before. If it is cancelled, it stands there afterwards, as far as
    /// it can be gone on with: closed forms begin again.
    fn learn_from<'a>(
        &'a mut self,
        partly: &'a mut Option<PartlyLearned>,
        request: &'a LearnRequest,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Learned>;

    /// Estimates gains.
    fn estimate<'a>(
        &'a mut self,
        request: &'a EstimateRequest<'a>,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Estimates>;

    /// The table for the joint choice; without morphisms the logits alone, from one forward pass.
    fn joint<'a>(
        &'a mut self,
        morphisms: &'a [Morphism],
        part: Part,
        watch: &'a dyn Watch,
    ) -> Pending<'a, JointTable>;

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

#[cfg(test)]
mod tests;
