//! What learning, estimating and measuring candidates takes, in training steps and forward passes of the same engine,
//! so that engines and machines can be compared.

use serde::Serialize;

use super::clock::{Clock, Effort, Time, best, best_of_each};
use super::training::SEED;
use crate::engine::{Engine, EstimateRequest, LearnRequest, Learner, Part, Unwatched};
use crate::estimate::Estimator;
use crate::lab::LabError;
use crate::morphism::{Family, morph, propose};
use crate::network::Architecture;

/// Adam's steps when φ is learned to be estimated and measured.
const STEPS: u64 = 2;

/// A stage on all splits and prunes of a network.
#[derive(Clone, Debug, Serialize)]
pub struct CandidateCost {
    /// `webgpu` or `candle`.
    pub engine: String,
    /// The preset.
    pub network: &'static str,
    /// `learn`: one step of Adam on φ of all splits; `estimate`: `sampled` estimates of all candidates; `measure`:
    /// actual gains of all.
    pub stage: &'static str,
    /// Candidates.
    pub candidates: usize,
    /// Examples that the stage sees.
    pub examples: usize,
    /// For all candidates.
    pub milliseconds: f64,
    /// For all candidates, in training steps on as many examples.
    pub all_in_training_steps: f64,
    /// For one candidate, in training steps on as many examples.
    pub each_in_training_steps: f64,
    /// For one candidate, in forward passes over as many examples.
    pub each_in_forward_passes: f64,
    /// What was timed.
    pub clock: Clock,
}

/// The unit of costs: a training step and its examples.
#[derive(Clone, Copy)]
pub struct Step {
    /// Its time.
    pub time: Time,
    /// Its examples.
    pub batch: usize,
}

/// What a network's candidates cost on the engine that holds it and the data, of whose held-out part there are
/// `examples`.
pub async fn costs(
    engine: &mut dyn Engine,
    (network, architecture): (&'static str, &Architecture),
    examples: usize,
    unit: Step,
    (effort, clock): (Effort, Clock),
) -> Result<Vec<CandidateCost>, LabError> {
    let name = engine.info().name;
    let candidates = propose(architecture, &[Family::Split, Family::Prune])?;
    let learned = candidates.iter().filter(|candidate| morph(candidate.family).is_learned()).count();
    let all = candidates.len();
    let learning = LearnRequest {
        learner: Learner::default(),
        seed: SEED,
        round: 1,
        candidates,
        estimator: Estimator::Sampled,
        together: false,
        steps: STEPS,
        batch: unit.batch,
        learning_rate: 0.005,
    };
    let learn = best(effort, async |steps| {
        let request = LearnRequest { steps, ..learning.clone() };
        engine.learn(&request, &Unwatched).await.map(drop)
    })
    .await?;
    let morphisms = engine.learn(&learning, &Unwatched).await?.morphisms;
    let request = EstimateRequest {
        seed: SEED,
        round: 1,
        morphisms: &morphisms,
        scales: vec![vec![1.0]; all],
        part: Part::HeldOut,
        estimators: vec![Estimator::Sampled],
    };
    let estimate =
        best_of_each(effort, async || engine.estimate(&request, &Unwatched).await.map(drop)).await?;
    let measure =
        best_of_each(effort, async || engine.measure(&morphisms, Part::HeldOut, &Unwatched).await.map(drop))
            .await?;
    let pass =
        best_of_each(effort, async || engine.evaluate(Part::HeldOut, &Unwatched).await.map(drop)).await?;
    let training = unit.time.by(clock) / unit.batch as f64;
    let forward = pass.by(clock) / examples as f64;
    let record = |(stage, candidates, examples, time): (&'static str, usize, usize, Time)| {
        let (seconds, count, seen) = (time.by(clock), candidates as f64, examples as f64);
        CandidateCost {
            engine: name.clone(),
            network,
            stage,
            candidates,
            examples,
            milliseconds: seconds * 1e3,
            all_in_training_steps: seconds / (training * seen),
            each_in_training_steps: seconds / (training * seen * count),
            each_in_forward_passes: seconds / (forward * seen * count),
            clock,
        }
    };
    let stages = [
        ("learn", learned, unit.batch, learn),
        ("estimate", all, examples, estimate),
        ("measure", all, examples, measure),
    ];
    Ok(stages.map(record).to_vec())
}
