//! Stretches of training: a window of steps is scheduled on the host and run without it; its losses come back
//! together, while the next window is encoded and runs.

use super::arena::Slice;
use super::backward::{Aim, backward};
use super::codes::Gradient;
use super::commands::{Commands, Context};
use super::forward::{Mode, forward};
use super::graph::Graph;
use super::interface::buffers;
use super::ops::{CONTROL, SQUARE_SHARES};
use super::pace::Pace;
use super::parameters::Parameters;
use super::readback::{Reading, read};
use super::record::{Recording, Span};
use super::resident::{ENTRY, Resident};
use super::{Gpu, GpuError};
use crate::data::Normalization;
use crate::engine::{ADAM_EPSILON, Batch, Batches, EngineError, Rule, TrainReport, TrainRequest, Watch};
use crate::network::OptimizerState;

/// Most steps scheduled at once, whose losses come back together.
const WINDOW: usize = 32;

/// What a training step works on, besides the model.
pub struct TrainSetup<'a> {
    /// Device, memory, pipelines.
    pub context: &'a mut Context,
    /// Submitting.
    pub pace: &'a mut Pace,
    /// The layers.
    pub graph: &'a Graph,
    /// The model.
    pub parameters: &'a mut Parameters,
    /// The network whose answers are learnt in place of the labels.
    pub teacher: Option<(&'a Graph, &'a Parameters)>,
    /// The training part.
    pub part: &'a Resident,
    /// How its pixels are normalised.
    pub normalization: &'a Normalization,
}

/// Buffers that host and device talk through.
struct StepBuffers {
    schedule: Slice,
    control: Slice,
    rates: Slice,
    shares: Slice,
    losses: Slice,
    score: Slice,
    gradient: Slice,
    decays: Slice,
}

/// A step of the window: its examples, its rates, and how far an average moves.
struct Step {
    examples: Vec<u32>,
    rates: [f32; 3],
    share: f32,
}

/// A window that was submitted: its verdict and losses are on their way.
struct Window {
    reading: Reading,
    first: u64,
}

impl Window {
    async fn new(gpu: &Gpu, shared: &StepBuffers, first: u64, steps: usize) -> Result<Self, GpuError> {
        let parts = [(&shared.control, 4 * CONTROL as u64), (&shared.losses, 4 * steps as u64)];
        Ok(Self { reading: Reading::begin(gpu, &parts).await?, first })
    }

    /// Its losses, once they are here.
    async fn losses(self, gpu: &Gpu) -> Result<Vec<f32>, EngineError> {
        let words: Vec<u32> = bytemuck::pod_collect_to_vec(&self.reading.finish(gpu).await?);
        let (control, losses) = words.split_at(CONTROL);
        if control[1] != 0 {
            let what = if control[2] == 1 { "the loss" } else { "the gradient" };
            let step = self.first + u64::from(control[1]) - 1;
            return Err(EngineError::Diverged { stage: "training", step, what: what.into() });
        }
        Ok(losses.iter().map(|bits| f32::from_bits(*bits)).collect())
    }
}

/// The first step of `request` as a list that is ready to run, its examples and rates written: for measuring. What it
/// trains is the model.
pub async fn first_step(setup: &mut TrainSetup<'_>, request: &TrainRequest) -> Result<Commands, EngineError> {
    for name in slots(request.optimizer.rule) {
        setup.parameters.slot(setup.context, name).await?;
    }
    let count = setup.part.labels.len();
    let stride = request.batch.min(count);
    let shared = StepBuffers::new(setup, 1, stride).await?;
    let mut batches = Batches::new(request.seed, request.phase, count, request.batch);
    let step = schedule(setup, request, request.steps.start, &batches.at(request.steps.start));
    setup.context.write(&shared.schedule, &step.examples);
    setup.context.write(&shared.rates, &step.rates);
    setup.context.write(&shared.control, &[0u32; CONTROL]);
    let recording = record(setup, request, &shared, stride, stride)?;
    Ok(setup.context.realise(recording).await?)
}

/// What a rule remembers of earlier steps.
fn slots(rule: Rule) -> &'static [&'static str] {
    match rule {
        Rule::Sgd => &[OptimizerState::MOMENTUM],
        Rule::Adamw => &[OptimizerState::MEAN, OptimizerState::MEAN_SQUARE],
    }
}

/// Takes the steps of `request`. On any error the model on the device is what it was before.
pub async fn train(
    setup: &mut TrainSetup<'_>,
    request: &TrainRequest,
    watch: &dyn Watch,
) -> Result<TrainReport, EngineError> {
    let names = slots(request.optimizer.rule);
    let fresh: Vec<&str> =
        names.iter().copied().filter(|name| !setup.parameters.slots.contains_key(*name)).collect();
    let mut blocks = vec![setup.parameters.weights.clone(), setup.parameters.statistics.clone()];
    for name in names {
        blocks.push(setup.parameters.slot(setup.context, name).await?);
    }
    let begins = request.average > 0.0 && setup.parameters.average.is_none();
    if begins {
        begin_average(setup).await?;
    }
    blocks.extend(setup.parameters.average.iter().flatten().cloned());
    let mut recording = setup.context.recording();
    let mut kept = Vec::new();
    for block in &blocks {
        let count = block.bytes() as usize / 4;
        let span = recording.scratch(count, "the model before training");
        recording.copy(count, &Span::from(block), &span)?;
        kept.push(span);
    }
    let keeping = run(setup, recording).await?;
    let result = stretch(setup, request, watch).await;
    if result.is_err() && setup.context.gpu.check().is_ok() {
        let mut recording = setup.context.recording();
        for (block, span) in blocks.iter().zip(&kept) {
            let kept = Span::from(&keeping.slice(span)?);
            recording.copy(block.bytes() as usize / 4, &kept, &Span::from(block))?;
        }
        run(setup, recording).await?;
        for name in fresh {
            setup.parameters.slots.remove(name);
        }
        if begins {
            setup.parameters.average = None;
        }
    } else if result.is_ok() {
        setup.parameters.steps += request.steps.end.saturating_sub(request.steps.start);
        if request.ends_phase() {
            end_phase(setup).await?;
        }
    }
    result
}

/// Begins an average with the network as it is.
async fn begin_average(setup: &mut TrainSetup<'_>) -> Result<(), GpuError> {
    let network = [&setup.parameters.weights, &setup.parameters.statistics];
    let counts = network.map(|block| (block.bytes() as usize / 4, "average"));
    let average = setup.context.take_all(counts).await?;
    copy(setup, network.map(Slice::clone), average.clone()).await?;
    setup.parameters.average = Some(average);
    Ok(())
}

/// Ends a training phase, see [`crate::network::Model::end_phase`].
async fn end_phase(setup: &mut TrainSetup<'_>) -> Result<(), GpuError> {
    if let Some(average) = setup.parameters.average.take() {
        let network = [&setup.parameters.weights, &setup.parameters.statistics].map(Slice::clone);
        copy(setup, average, network).await?;
    }
    setup.parameters.slots.remove(OptimizerState::INHERITED);
    Ok(())
}

/// Copies blocks onto others of their sizes.
async fn copy(setup: &mut TrainSetup<'_>, from: [Slice; 2], to: [Slice; 2]) -> Result<(), GpuError> {
    let mut recording = setup.context.recording();
    for (from, to) in from.iter().zip(&to) {
        recording.copy(from.bytes() as usize / 4, &Span::from(from), &Span::from(to))?;
    }
    run(setup, recording).await?;
    Ok(())
}

/// Runs a recording once.
async fn run(setup: &mut TrainSetup<'_>, recording: Recording) -> Result<Commands, GpuError> {
    let commands = setup.context.realise(recording).await?;
    setup.pace.run_through(&setup.context.gpu, &commands, 1).await?;
    Ok(commands)
}

async fn stretch(
    setup: &mut TrainSetup<'_>,
    request: &TrainRequest,
    watch: &dyn Watch,
) -> Result<TrainReport, EngineError> {
    let mut report = TrainReport::default();
    let count = setup.part.labels.len();
    let stride = request.batch.min(count);
    let window = WINDOW.min((request.steps.end - request.steps.start).max(1) as usize);
    let shared = StepBuffers::new(setup, window, stride).await?;
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
            steps.push(schedule(setup, request, step, &batches.at(step)));
        }
        run_window(setup, request, &shared, &mut lists, &steps, stride).await?;
        let gpu = &setup.context.gpu;
        // A step after one that diverged is wasted, not harmful: the model goes back to what it was.
        let before = waiting.replace(Window::new(gpu, &shared, next, steps.len()).await?);
        if let Some(before) = before {
            tell(before.losses(gpu).await?);
        }
        next = end;
    }
    if let Some(last) = waiting {
        tell(last.losses(&setup.context.gpu).await?);
    }
    let weights: Vec<f32> =
        read(&setup.context.gpu, &setup.parameters.weights, setup.parameters.layout.total()).await?;
    if !weights.iter().all(|weight| weight.is_finite()) {
        let what = "a parameter".to_owned();
        return Err(EngineError::Diverged { stage: "training", step: request.steps.end, what });
    }
    Ok(report)
}

/// The examples and rates of one step.
fn schedule(setup: &TrainSetup<'_>, request: &TrainRequest, step: u64, batch: &Batch<'_>) -> Step {
    let examples = batch
        .indices
        .iter()
        .flat_map(|index| {
            let draw = if request.augment { batch.augmentation.draw(*index) } else { Default::default() };
            setup.part.entry(*index, draw, 0.0)
        })
        .collect();
    let config = &request.optimizer;
    let rate = request.learning_rate(step);
    // Adam counts its steps from the model's first one.
    let taken = setup.parameters.steps + (step - request.steps.start) + 1;
    let power = i32::try_from(taken).unwrap_or(i32::MAX);
    let correction = |beta: f64| (1.0 / (1.0 - beta.powi(power))) as f32;
    let rates = [rate as f32, correction(config.momentum), correction(config.beta2)];
    Step { examples, rates, share: request.average_share(step) as f32 }
}

async fn run_window(
    setup: &mut TrainSetup<'_>,
    request: &TrainRequest,
    shared: &StepBuffers,
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
    setup.context.write(&shared.schedule, &words);
    setup.context.write(&shared.rates, &rates);
    let shares: Vec<f32> = steps.iter().map(|step| step.share).collect();
    setup.context.write(&shared.shares, &shares);
    setup.context.write(&shared.control, &[0u32; CONTROL]);
    // An epoch's last batch may be smaller: runs of equal sizes share a list.
    for run in steps.chunk_by(|a, b| a.examples.len() == b.examples.len()) {
        let images = run[0].examples.len() / ENTRY;
        let known = lists.iter().position(|(size, _)| *size == images);
        let position = match known {
            Some(position) => position,
            None => {
                let recording = record(setup, request, shared, images, stride)?;
                let commands = setup.context.realise(recording).await?;
                lists.push((images, commands));
                lists.len() - 1
            }
        };
        setup.pace.run(&setup.context.gpu, &lists[position].1, run.len()).await?;
    }
    Ok(())
}

impl StepBuffers {
    async fn new(setup: &mut TrainSetup<'_>, window: usize, stride: usize) -> Result<Self, GpuError> {
        let context = &*setup.context;
        let total = setup.parameters.layout.total();
        let decays = setup.parameters.layout.decays();
        let [schedule, control, rates, shares, losses, score, gradient, decays_slice] = context
            .take_all([
                (window * stride * ENTRY, "schedule"),
                (CONTROL, "control"),
                (window * 3, "rates"),
                (window, "shares"),
                (window, "losses"),
                (window * stride * 2, "scores"),
                (total, "gradient"),
                (decays.len(), "decays"),
            ])
            .await?;
        // Gaps between tensors stay zero: only tensors are written.
        context.write(&gradient, &vec![0f32; total]);
        context.write(&decays_slice, &decays);
        Ok(Self { schedule, control, rates, shares, losses, score, gradient, decays: decays_slice })
    }
}

/// Records one whole step for a batch of `images`.
fn record(
    setup: &TrainSetup<'_>,
    request: &TrainRequest,
    shared: &StepBuffers,
    images: usize,
    stride: usize,
) -> Result<Recording, GpuError> {
    let (graph, parameters, optimizer) = (setup.graph, &*setup.parameters, &request.optimizer);
    let [schedule, control, rates, shares, losses, score, gradient, decays] = [
        &shared.schedule,
        &shared.control,
        &shared.rates,
        &shared.shares,
        &shared.losses,
        &shared.score,
        &shared.gradient,
        &shared.decays,
    ]
    .map(Span::from);
    let mut recording = setup.context.recording();
    let input = recording.scratch(images * graph.shapes[0].elements(), "batch");
    let sources = [&schedule, &control, &input];
    setup.part.gather(&mut recording, setup.normalization, [images, 0, stride], sources)?;
    let taught = match setup.teacher {
        Some((graph, parameters)) => {
            let input = input.clone();
            let values = forward(&mut recording, graph, parameters, images, input, Mode::Evaluation)?;
            Some(values.at(graph.last())?.clone())
        }
        None => None,
    };
    let values = forward(&mut recording, graph, parameters, images, input, Mode::Training)?;
    let slopes = recording.scratch(images * graph.classes(), "logit gradients");
    let logits = values.at(graph.last())?.clone();
    let counts = [images, images, graph.classes(), 0, stride];
    let mut buffers = buffers! { logits, schedule, clock: control, score, slopes }.to_vec();
    buffers.extend(taught.as_ref().map(|taught| ("taught", taught)));
    let gradient_of = if taught.is_some() { Gradient::Teacher } else { Gradient::Labels };
    recording.loss(gradient_of, counts, request.label_smoothing, &buffers)?;
    let aim = Aim { parameters: Some(&gradient), gradients: images, keep: &[] };
    backward(&mut recording, graph, parameters, &values, slopes, aim)?;
    let total = parameters.layout.total();
    let sums = recording.scratch(SQUARE_SHARES, "squares");
    recording.squares(total, &gradient, &sums)?;
    let verdict = &buffers! { score, sums, control, losses };
    recording.judge([images, stride], optimizer.clip, verdict)?;
    let slot = |name: &str| {
        parameters.slots.get(name).map(Span::from).ok_or_else(|| GpuError::Refused {
            what: "optimiser".into(),
            message: format!("found no slot \"{name}\""),
        })
    };
    let memory = match optimizer.rule {
        Rule::Sgd => vec![("first", slot(OptimizerState::MOMENTUM)?)],
        Rule::Adamw => {
            vec![("first", slot(OptimizerState::MEAN)?), ("second", slot(OptimizerState::MEAN_SQUARE)?)]
        }
    };
    let marks = parameters.slots.get(OptimizerState::INHERITED).filter(|_| request.new_rate != 1.0);
    let marks = marks.map(Span::from);
    let weights = Span::from(&parameters.weights);
    let mut buffers = buffers! { weights, gradient, decays, control, rates }.to_vec();
    buffers.extend(memory.iter().map(|(name, span)| (*name, span)));
    buffers.extend(marks.iter().map(|marks| ("inherited", marks)));
    recording.optimise(total, optimizer, [ADAM_EPSILON as f32, request.new_rate as f32], &buffers)?;
    if let Some(average) = &parameters.average {
        let blocks = [(weights, total), (Span::from(&parameters.statistics), parameters.fixed.total())];
        for ((x, total), average) in blocks.iter().zip(average) {
            let average = Span::from(average);
            recording.average(*total, &buffers! { x, control, shares, average })?;
        }
    }
    recording.tick(&control)?;
    Ok(recording)
}
