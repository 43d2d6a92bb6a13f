//! Stretches of training: a window of steps is scheduled on the host and run without it; its losses come back
//! together, while the next window is encoded and runs.

use super::arena::Slice;
use super::backward::{Aim, backward};
use super::commands::{Commands, Context, Recorder};
use super::forward::{Mode, forward};
use super::graph::Graph;
use super::ops::SQUARE_SHARES;
use super::pace::Pace;
use super::parameters::Parameters;
use super::readback::{Reading, read};
use super::resident::{ENTRY, Resident};
use super::{Gpu, GpuError};
use crate::data::Normalization;
use crate::engine::{
    ADAM_EPSILON, Batch, Batches, EngineError, OptimizerConfig, Rule, TrainReport, TrainRequest, Watch,
};

/// Most steps scheduled at once, whose losses come back together.
const WINDOW: usize = 32;
/// Words of the control block that the host looks at, see judge.wgsl.
const VERDICT: usize = 4;

/// What a training step works on, besides the model.
pub struct Bench<'a> {
    /// Device, memory, pipelines.
    pub context: &'a mut Context,
    /// Submitting.
    pub pace: &'a mut Pace,
    /// The layers.
    pub graph: &'a Graph,
    /// The model.
    pub parameters: &'a mut Parameters,
    /// Who gives the answers, if not the labels.
    pub teacher: Option<(&'a Graph, &'a Parameters)>,
    /// The training part.
    pub part: &'a Resident,
    /// Of its pixels.
    pub normalization: &'a Normalization,
}

/// Buffers that host and device talk through.
struct Desk {
    schedule: Slice,
    control: Slice,
    rates: Slice,
    losses: Slice,
    score: Slice,
    gradient: Slice,
    decays: Slice,
}

/// A step of the window: its examples and its rates.
struct Step {
    examples: Vec<u32>,
    rates: [f32; 3],
}

/// A window that was submitted: its verdict and losses are on their way.
struct Window {
    reading: Reading,
    first: u64,
}

impl Window {
    async fn new(gpu: &Gpu, desk: &Desk, first: u64, steps: usize) -> Result<Self, GpuError> {
        let parts = [(&desk.control, 4 * VERDICT as u64), (&desk.losses, 4 * steps as u64)];
        Ok(Self { reading: Reading::begin(gpu, &parts).await?, first })
    }

    /// Its losses, once they are here.
    async fn losses(self, gpu: &Gpu) -> Result<Vec<f32>, EngineError> {
        let words: Vec<u32> = bytemuck::pod_collect_to_vec(&self.reading.finish(gpu).await?);
        let (control, losses) = words.split_at(VERDICT);
        if control[1] != 0 {
            let what = if control[2] == 1 { "the loss" } else { "the gradient" };
            let step = self.first + u64::from(control[1]) - 1;
            return Err(EngineError::Diverged { stage: "training", step, what: what.into() });
        }
        Ok(losses.iter().map(|bits| f32::from_bits(*bits)).collect())
    }
}

/// Takes the steps of `request`. On any error the model on the device is what it was before.
pub async fn train(
    bench: &mut Bench<'_>,
    request: &TrainRequest,
    watch: &dyn Watch,
) -> Result<TrainReport, EngineError> {
    let names: &[&str] = match request.optimizer.rule {
        Rule::Sgd => &["momentum"],
        Rule::Adamw => &["m", "v"],
    };
    let fresh: Vec<&str> =
        names.iter().copied().filter(|name| !bench.parameters.slots.contains_key(*name)).collect();
    let mut blocks = vec![bench.parameters.weights.clone(), bench.parameters.statistics.clone()];
    for name in names {
        blocks.push(bench.parameters.slot(bench.context, name).await?);
    }
    let mut kept = Vec::new();
    for block in &blocks {
        kept.push(bench.context.take(block.bytes() as usize / 4, "the model before training").await?);
    }
    copy(bench, &blocks, &kept).await?;
    let result = stretch(bench, request, watch).await;
    if result.is_err() && bench.context.gpu.check().is_ok() {
        copy(bench, &kept, &blocks).await?;
        for name in fresh {
            bench.parameters.slots.remove(name);
        }
    } else if result.is_ok() {
        bench.parameters.steps += request.steps.end.saturating_sub(request.steps.start);
    }
    result
}

async fn copy(bench: &mut Bench<'_>, from: &[Slice], to: &[Slice]) -> Result<(), GpuError> {
    let mut recorder = Recorder::new(bench.context);
    for (from, to) in from.iter().zip(to) {
        recorder.copy(from.bytes() as usize / 4, from, to).await?;
    }
    let commands = recorder.finish().await?;
    bench.pace.run(&bench.context.gpu, &commands, 1).await?;
    bench.pace.drain(&bench.context.gpu).await
}

async fn stretch(
    bench: &mut Bench<'_>,
    request: &TrainRequest,
    watch: &dyn Watch,
) -> Result<TrainReport, EngineError> {
    let mut report = TrainReport::default();
    let count = bench.part.labels.len();
    let stride = request.batch.min(count);
    let window = WINDOW.min((request.steps.end - request.steps.start).max(1) as usize);
    let desk = Desk::new(bench, window, stride).await?;
    let mut lists: Vec<(usize, Commands)> = Vec::new();
    let mut batches = Batches::new(request.seed, request.phase, count, request.batch);
    let total = request.steps.end - request.steps.start;
    let mut tell = |losses: Vec<f32>| {
        for loss in losses {
            report.losses.push(loss);
            watch.progress(report.losses.len() as u64, total, Some(loss));
        }
    };
    let mut next = request.steps.start;
    // Short windows first: the first answer comes soon, and cancelling does not wait long.
    let mut length = 1;
    let mut waiting: Option<Window> = None;
    while next < request.steps.end {
        if watch.cancelled() {
            return Err(EngineError::Cancelled);
        }
        let end = request.steps.end.min(next + length as u64);
        length = (2 * length).min(window);
        let mut steps = Vec::new();
        for step in next..end {
            steps.push(schedule(bench, request, step, &batches.at(step)));
        }
        run_window(bench, request, &desk, &mut lists, &steps, stride).await?;
        let gpu = &bench.context.gpu;
        // A step after one that diverged is wasted, not harmful: the model goes back to what it was.
        let before = waiting.replace(Window::new(gpu, &desk, next, steps.len()).await?);
        if let Some(before) = before {
            tell(before.losses(gpu).await?);
        }
        next = end;
    }
    if let Some(last) = waiting {
        tell(last.losses(&bench.context.gpu).await?);
    }
    let weights: Vec<f32> =
        read(&bench.context.gpu, &bench.parameters.weights, bench.parameters.layout.total()).await?;
    if !weights.iter().all(|weight| weight.is_finite()) {
        let what = "a parameter".to_owned();
        return Err(EngineError::Diverged { stage: "training", step: request.steps.end, what });
    }
    Ok(report)
}

/// The examples and rates of one step.
fn schedule(bench: &Bench<'_>, request: &TrainRequest, step: u64, batch: &Batch<'_>) -> Step {
    let examples = batch
        .indices
        .iter()
        .flat_map(|index| {
            let draw = if request.augment { batch.augmentation.draw(*index) } else { Default::default() };
            bench.part.entry(*index, draw, 0.0)
        })
        .collect();
    let config = &request.optimizer;
    let rate = config.learning_rate * config.schedule.factor(step, request.phase_steps);
    // Adam counts its steps from the model's first one.
    let taken = bench.parameters.steps + (step - request.steps.start) + 1;
    let power = i32::try_from(taken).unwrap_or(i32::MAX);
    let correction = |beta: f64| (1.0 / (1.0 - beta.powi(power))) as f32;
    Step { examples, rates: [rate as f32, correction(config.momentum), correction(config.beta2)] }
}

async fn run_window(
    bench: &mut Bench<'_>,
    request: &TrainRequest,
    desk: &Desk,
    lists: &mut Vec<(usize, Commands)>,
    steps: &[Step],
    stride: usize,
) -> Result<(), GpuError> {
    let mut words = Vec::with_capacity(steps.len() * stride * ENTRY);
    for (position, step) in steps.iter().enumerate() {
        words.extend_from_slice(&step.examples);
        words.resize((position + 1) * stride * ENTRY, 0);
    }
    let rates: Vec<f32> = steps.iter().flat_map(|step| step.rates).collect();
    bench.context.write(&desk.schedule, &words);
    bench.context.write(&desk.rates, &rates);
    bench.context.write(&desk.control, &[0u32; 4]);
    // An epoch's last batch may be smaller: runs of equal sizes share a list.
    for run in steps.chunk_by(|a, b| a.examples.len() == b.examples.len()) {
        let images = run[0].examples.len() / ENTRY;
        let known = lists.iter().position(|(size, _)| *size == images);
        let position = match known {
            Some(position) => position,
            None => {
                let commands = record(bench, &request.optimizer, desk, images, stride).await?;
                lists.push((images, commands));
                lists.len() - 1
            }
        };
        bench.pace.run(&bench.context.gpu, &lists[position].1, run.len()).await?;
    }
    Ok(())
}

impl Desk {
    async fn new(bench: &mut Bench<'_>, window: usize, stride: usize) -> Result<Self, GpuError> {
        let context = &*bench.context;
        let total = bench.parameters.layout.total();
        Ok(Self {
            schedule: context.take(window * stride * ENTRY, "schedule").await?,
            control: context.take(4, "control").await?,
            rates: context.take(window * 3, "rates").await?,
            losses: context.take(window, "losses").await?,
            score: context.take(window * stride * 2, "scores").await?,
            // Gaps between tensors stay zero: only tensors are written.
            gradient: context.upload(&vec![0f32; total], "gradient").await?,
            decays: context.upload(&bench.parameters.layout.decays(), "decays").await?,
        })
    }
}

/// Records one whole step for a batch of `images`.
async fn record(
    bench: &mut Bench<'_>,
    optimizer: &OptimizerConfig,
    desk: &Desk,
    images: usize,
    stride: usize,
) -> Result<Commands, GpuError> {
    let (graph, parameters) = (bench.graph, &*bench.parameters);
    let mut recorder = Recorder::new(bench.context);
    let input = recorder.scratch(images * graph.shapes[0].elements(), "batch").await?;
    let sources = [&desk.schedule, &desk.control, &input];
    bench.part.gather(&mut recorder, bench.normalization, [images, 0, stride], sources).await?;
    let taught = match bench.teacher {
        Some((graph, parameters)) => {
            let input = input.clone();
            let values = forward(&mut recorder, graph, parameters, images, input, Mode::Evaluation).await?;
            Some(values.at(graph.last())?.clone())
        }
        None => None,
    };
    let values = forward(&mut recorder, graph, parameters, images, input, Mode::Training).await?;
    let slopes = recorder.scratch(images * graph.classes(), "logit gradients").await?;
    let logits = values.at(graph.last())?.clone();
    let (schedule, control, score) = (&desk.schedule, &desk.control, &desk.score);
    match &taught {
        Some(taught) => {
            let bindings = [&logits, schedule, control, score, &slopes, taught];
            recorder.imitation([images, graph.classes(), stride], bindings).await?;
        }
        None => {
            let bindings = [&logits, schedule, control, score];
            recorder.loss([images, images, graph.classes(), 0, stride], bindings, Some(&slopes)).await?;
        }
    }
    let aim = Aim { parameters: Some(&desk.gradient), gradients: images, keep: &[] };
    backward(&mut recorder, graph, parameters, &values, slopes, aim).await?;
    let total = parameters.layout.total();
    let sums = recorder.scratch(SQUARE_SHARES, "squares").await?;
    recorder.squares(total, &desk.gradient, &sums).await?;
    let verdict = [&desk.score, &sums, &desk.control, &desk.losses];
    recorder.judge([images, stride], optimizer.clip, verdict).await?;
    let slot = |name: &str| {
        parameters.slots.get(name).cloned().ok_or_else(|| GpuError::Refused {
            what: "optimiser".into(),
            message: format!("found no slot \"{name}\""),
        })
    };
    let memory = match optimizer.rule {
        Rule::Sgd => vec![slot("momentum")?],
        Rule::Adamw => vec![slot("m")?, slot("v")?],
    };
    let mut bindings = vec![&parameters.weights, &desk.gradient, &desk.decays, &desk.control, &desk.rates];
    bindings.extend(memory.iter());
    recorder.optimise(total, optimizer, ADAM_EPSILON as f32, &bindings).await?;
    recorder.tick(&desk.control).await?;
    recorder.finish().await
}
