//! This machine's figures: the rates of the convolution's kernels, and what training and growing take on the graphics
//! adapter and on the processor.

mod candidates;
mod clock;
mod convolution;
mod dispatches;
mod kernels;
mod ladder;
mod machine;
mod plan;
mod product;
mod training;

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

pub use candidates::CandidateCost;
pub use clock::{Clock, Effort};
pub use convolution::Pass;
pub use kernels::StepKernel;
pub use ladder::{Convolution, MatrixProduct, named};
pub use machine::{Device, Limits, Machine};
pub use plan::Plan;
pub use training::TrainingStep;

use crate::data::{Data, DataConfig, load};
use crate::engine::candle::CandleEngine;
use crate::engine::webgpu::{AdapterChoice, Count, Gpu, WebGpuEngine};
use crate::engine::{Engine, EngineError};
use crate::lab::{EngineChoice, LabError, no_adapter};
use crate::network::{Architecture, Model, Network, preset};

/// The version of the file's fields. Fields are added, never renamed.
const SCHEMA: u32 = 1;
/// Classes of the embedded images.
const CLASSES: usize = 10;

/// What was measured: the file's fields.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The version of the fields.
    pub schema: u32,
    /// The program's version.
    pub seedling: &'static str,
    /// `release`, or `debug`: a slow build for developing.
    pub build: &'static str,
    /// Which plan was measured.
    pub plan: &'static str,
    /// How long it all took.
    pub seconds: f64,
    /// The machine.
    pub machine: Machine,
    /// The graphics adapter, if one was measured.
    pub device: Option<Device>,
    /// Why no graphics adapter was measured, if none was.
    pub no_device: Option<String>,
    /// Matrix products on the adapter.
    pub matrix_products: Vec<MatrixProduct>,
    /// Kernels of the convolution on the adapter.
    pub convolutions: Vec<Convolution>,
    /// Training steps.
    pub training_steps: Vec<TrainingStep>,
    /// The adapter's dispatches of a training step of the largest batch, each alone.
    pub step_kernels: Vec<StepKernel>,
    /// What candidates cost.
    pub candidates: Vec<CandidateCost>,
    /// How the adapter's work of training and growing was submitted.
    pub submissions: Option<Submissions>,
    /// What failed; everything else was measured all the same.
    pub failures: Vec<String>,
}

/// The engine's submissions to a device.
#[derive(Clone, Debug, Serialize)]
pub struct Submissions {
    /// How many there were.
    pub all: u64,
    /// How many of them were seen to begin and to end.
    pub seen: u64,
    /// How many of those lasted more than 50 ms, which a screen would show.
    pub longer_than_50_milliseconds: u64,
    /// The longest of those.
    pub longest_milliseconds: f64,
    /// The longest first use of a kernel, when it is compiled.
    pub longest_first_use_milliseconds: f64,
}

impl Submissions {
    fn of(engine: &WebGpuEngine) -> Self {
        let Count { all, seen, long } = engine.submissions();
        let milliseconds = |duration: Duration| duration.as_secs_f64() * 1e3;
        Self {
            all,
            seen,
            longer_than_50_milliseconds: long,
            longest_milliseconds: milliseconds(engine.slowest()),
            longest_first_use_milliseconds: milliseconds(engine.slowest_warming()),
        }
    }
}

/// Measures what `choice` names: the adapter (`webgpu`), the processor (`candle`), or both (`auto`), where a missing
/// adapter is no error. `say` is told what comes next. Single failures are part of the report.
pub async fn measure(choice: EngineChoice, plan: &Plan, say: &dyn Fn(&str)) -> Result<Report, LabError> {
    let start = Instant::now();
    let (gpu, no_device) = match choice {
        EngineChoice::Candle => (None, Some("only the processor was asked for".to_owned())),
        _ => match Gpu::open(&AdapterChoice::Any).await {
            Ok(gpu) => (Some(gpu), None),
            Err(error) if choice == EngineChoice::WebGpu => return Err(no_adapter(&error)),
            Err(error) => (None, Some(error.to_string())),
        },
    };
    let most = plan.batches.iter().max().copied().unwrap_or(1);
    let config = DataConfig { train: Some(4 * most), held_out: Some(plan.examples), ..DataConfig::default() };
    let data = Arc::new(load(&config, training::SEED)?);
    let mut report = Report {
        schema: SCHEMA,
        seedling: env!("CARGO_PKG_VERSION"),
        build: if cfg!(debug_assertions) { "debug" } else { "release" },
        plan: plan.name,
        seconds: 0.0,
        machine: Machine::here(),
        device: gpu.as_ref().map(Device::of),
        no_device,
        matrix_products: Vec::new(),
        convolutions: Vec::new(),
        training_steps: Vec::new(),
        step_kernels: Vec::new(),
        candidates: Vec::new(),
        submissions: None,
        failures: Vec::new(),
    };
    if let Some(gpu) = gpu {
        let Report { failures, .. } = &mut report;
        let ladder = ladder::climb(&gpu, plan, say, &mut |failure| note(failures, failure)).await;
        (report.matrix_products, report.convolutions) = (ladder.products, ladder.convolutions);
        let clock = Clock::of_adapter(gpu.report.kind);
        let mut engine = WebGpuEngine::on(gpu).map_err(EngineError::from)?;
        grow(&mut engine, clock, &data, plan, &mut report, say).await;
        report.submissions = Some(Submissions::of(&engine));
        take_apart(&mut engine, plan, &mut report, say).await;
    }
    if choice != EngineChoice::WebGpu {
        grow(&mut CandleEngine::new(), Clock::of_processor(), &data, plan, &mut report, say).await;
    }
    report.seconds = start.elapsed().as_secs_f64();
    Ok(report)
}

/// Notes a failure once: rounds repeat it.
fn note(failures: &mut Vec<String>, failure: String) {
    if !failures.contains(&failure) {
        failures.push(failure);
    }
}

/// Measures training and growing on an engine.
async fn grow(
    engine: &mut dyn Engine,
    clock: Clock,
    data: &Arc<Data>,
    plan: &Plan,
    report: &mut Report,
    say: &dyn Fn(&str),
) {
    for network in plan.networks.iter().copied() {
        let name = engine.info().name;
        say(&format!("training steps of {network} on {name}"));
        if let Err(error) = network_on(engine, clock, data, (network, plan), report, say).await {
            note(&mut report.failures, format!("{network} on {name}: {error}"));
        }
    }
}

/// Measures the dispatches of a training step of each network, on the data that the engine has.
async fn take_apart(engine: &mut WebGpuEngine, plan: &Plan, report: &mut Report, say: &dyn Fn(&str)) {
    let batch = plan.batches.iter().max().copied().unwrap_or(1);
    for network in plan.networks.iter().copied() {
        say(&format!("kernels of a training step of {network}"));
        let kernels = async {
            let architecture: Architecture = preset(network, CLASSES)?;
            let model = Model::new(Network::initialise(architecture, training::SEED)?);
            engine.load(&model).await?;
            Ok::<_, LabError>(kernels::of_step(engine, (network, batch), plan.kernels).await?)
        };
        match kernels.await {
            Ok(kernels) => report.step_kernels.extend(kernels),
            Err(error) => note(&mut report.failures, format!("kernels of {network}: {error}")),
        }
    }
}

/// Measures one network on an engine; what was measured before an error is kept.
async fn network_on(
    engine: &mut dyn Engine,
    clock: Clock,
    data: &Arc<Data>,
    (network, plan): (&'static str, &Plan),
    report: &mut Report,
    say: &dyn Fn(&str),
) -> Result<(), LabError> {
    let name = engine.info().name;
    let architecture: Architecture = preset(network, CLASSES)?;
    let model = Model::new(Network::initialise(architecture.clone(), training::SEED)?);
    engine.set_data(data.clone()).await?;
    engine.load(&model).await?;
    let mut unit = None;
    for batch in plan.batches.iter().copied() {
        let time = training::step(engine, batch, plan.stages).await?;
        report.training_steps.push(TrainingStep::new(name.clone(), (network, &architecture), batch, time)?);
        unit = unit.or(Some(candidates::Step { time, batch }));
    }
    if let Some(unit) = unit.filter(|_| plan.grown.contains(&network)) {
        say(&format!("candidates of {network} on {name}"));
        // Trained further by each timing; from here on it stays as it began.
        engine.load(&model).await?;
        let timed = (plan.stages, clock);
        let costs = candidates::costs(engine, (network, &architecture), plan.examples, unit, timed).await?;
        report.candidates.extend(costs);
    }
    Ok(())
}
