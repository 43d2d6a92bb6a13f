//! Where the time of a training step goes on the graphics adapter: each of its dispatches alone, again and again.

use serde::Serialize;

use super::clock::{Clock, Effort, best};
use super::training::SEED;
use crate::engine::webgpu::WebGpuEngine;
use crate::engine::{EngineError, Phase, TrainRequest};

/// A dispatch of a training step.
#[derive(Clone, Debug, Serialize)]
pub struct StepKernel {
    /// The preset.
    pub network: &'static str,
    /// Examples.
    pub batch: usize,
    /// Its place in the step, from 1.
    pub dispatch: usize,
    /// A file of `shaders/`.
    pub kernel: &'static str,
    /// Workgroups.
    pub workgroups: [u32; 3],
    /// At best, alone.
    pub milliseconds: f64,
    /// What was timed.
    pub clock: Clock,
}

/// Times every dispatch of a training step of the network in the engine, which is spoilt by it.
pub async fn of_step(
    engine: &mut WebGpuEngine,
    (network, batch): (&'static str, usize),
    effort: Effort,
) -> Result<Vec<StepKernel>, EngineError> {
    let request = TrainRequest::whole(SEED, Phase::Train(0), 1, batch);
    let commands = engine.first_step(&request).await?;
    let gpu = engine.gpu();
    let clock = Clock::of_adapter(gpu.report.kind);
    gpu.finished(commands.submit(gpu, 1), "a training step").await?;
    let mut kernels = Vec::new();
    for dispatch in 0..commands.len() {
        let time = best(effort, async |times| {
            gpu.finished(commands.submit_one(gpu, dispatch, times), "timing a kernel").await.map(drop)
        })
        .await?;
        kernels.push(StepKernel {
            network,
            batch,
            dispatch: dispatch + 1,
            kernel: commands.kernel(dispatch),
            workgroups: commands.grid(dispatch),
            milliseconds: time.by(clock) * 1e3,
            clock,
        });
    }
    Ok(kernels)
}
