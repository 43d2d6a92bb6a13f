//! What a training step takes.

use serde::Serialize;

use super::clock::{Effort, Time, best};
use crate::engine::{Engine, EngineError, Phase, TrainRequest, Unwatched};
use crate::lab::{LabError, Ledger};
use crate::network::Architecture;

/// The seed of everything random that is measured here.
pub const SEED: u64 = 7;

/// A training step of a network on an engine.
#[derive(Clone, Debug, Serialize)]
pub struct TrainingStep {
    /// `webgpu` or `candle`.
    pub engine: String,
    /// The preset.
    pub network: &'static str,
    /// Examples.
    pub batch: usize,
    /// Floating-point operations by the ledger's count.
    pub flops: u64,
    /// That pass, at best.
    pub milliseconds: f64,
    /// Of all cores together, at best, where the system reports them.
    pub processor_milliseconds: Option<f64>,
    /// By the time that passes.
    pub gflop_per_second: f64,
}

impl TrainingStep {
    /// From its time.
    pub fn new(
        engine: String,
        (network, architecture): (&'static str, &Architecture),
        batch: usize,
        time: Time,
    ) -> Result<Self, LabError> {
        let flops = Ledger::new(architecture)?.train(batch as u64)?;
        Ok(Self {
            engine,
            network,
            batch,
            flops,
            milliseconds: time.wall * 1e3,
            processor_milliseconds: time.processor.map(|seconds| seconds * 1e3),
            gflop_per_second: flops as f64 / time.wall / 1e9,
        })
    }
}

/// The time of a training step of the network in the engine, on a batch of its data: gathered and augmented anew,
/// forward and backward, SGD with momentum.
pub async fn step(engine: &mut dyn Engine, batch: usize, effort: Effort) -> Result<Time, EngineError> {
    best(effort, async |steps| {
        let request = TrainRequest::whole(SEED, Phase::Train(0), steps, batch);
        engine.train(&request, &Unwatched).await.map(drop)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::preset;

    #[test]
    fn the_rate_is_what_the_ledger_counts_over_the_time() {
        let architecture = preset("small", 10).unwrap();
        let time = Time { wall: 0.5, processor: Some(1.5) };
        let step = TrainingStep::new("candle".into(), ("small", &architecture), 64, time).unwrap();
        // 16-M-32-M-32, two operations for each multiply-add, three passes; the first layer needs no input gradient.
        let (first, second, third) = (2 * 1024 * 16 * 27, 2 * 256 * 32 * 144, 2 * 64 * 32 * 288);
        let flops = 64 * (2 * first + 3 * (second + third + 2 * 10 * 32));
        assert_eq!(step.flops, flops);
        assert_eq!(step.gflop_per_second, flops as f64 / 0.5 / 1e9);
        assert_eq!((step.milliseconds, step.processor_milliseconds), (500.0, Some(1500.0)));
    }
}
