//! What estimating, learning and measuring share: a stage with network and data, and one forward pass with a bank
//! of cotangents pulled back through it.

use super::arena::Slice;
use super::backward::{Aim, Gradients, backward};
use super::codes::{Cotangents, Derivative};
use super::commands::Context;
use super::forward::{Mode, Values, forward};
use super::graph::Graph;
use super::interface::{buffers, words};
use super::ops::flag;
use super::pace::Pace;
use super::parameters::Parameters;
use super::record::{Recording, Span};
use super::resident::{ENTRY, Resident};
use super::{GpuError, shaders};
use crate::data::{Draw, Normalization};
use crate::engine::EngineError;
use crate::estimate::Bank;

/// Numbers that the widest node may hold at once, all versions of all examples: 8 MB.
const PIECE_NUMBERS: usize = 2 << 20;

/// Device, network and data.
pub struct Stage<'a> {
    /// Device, memory, pipelines.
    pub context: &'a mut Context,
    /// Submitting.
    pub pace: &'a mut Pace,
    /// The layers, open at the sites.
    pub graph: &'a Graph,
    /// The model.
    pub parameters: &'a Parameters,
    /// The examples.
    pub part: &'a Resident,
    /// Of their pixels.
    pub normalization: &'a Normalization,
}

/// Buffers that host and device talk through.
pub struct Desk {
    /// Examples, see gather.wgsl.
    pub schedule: Slice,
    /// The clock and the verdict, see judge.wgsl.
    pub control: Slice,
    /// Zeros, as many as any node has channels.
    pub zeros: Slice,
    /// Examples a step.
    pub stride: usize,
}

/// Examples at work at once, when `sets` versions of each are.
pub fn piece_examples(graph: &Graph, sets: usize) -> usize {
    (PIECE_NUMBERS / (graph.widest() * sets)).clamp(1, 256)
}

impl Desk {
    /// For `steps` steps of `stride` examples.
    pub async fn new(stage: &Stage<'_>, steps: usize, stride: usize) -> Result<Self, GpuError> {
        let widest = stage.graph.shapes.iter().map(|shape| shape.channels).max().unwrap_or(1);
        let sizes = [((steps * stride * ENTRY).max(1), "schedule"), (4, "control"), (widest, "zeros")];
        let [schedule, control, zeros] = stage.context.take_all(sizes).await?;
        stage.context.write(&control, &[0u32; 4]);
        stage.context.write(&zeros, &vec![0f32; widest]);
        Ok(Self { schedule, control, zeros, stride })
    }

    /// Schedules examples, from step 0 on, with the uniform numbers for their sampled labels.
    pub fn schedule(&self, stage: &Stage<'_>, examples: &[usize], draws: &[f64]) {
        let entries = examples.iter().zip(draws);
        let words: Vec<u32> =
            entries.flat_map(|(index, draw)| stage.part.entry(*index, Draw::default(), *draw)).collect();
        stage.context.write(&self.schedule, &words);
        stage.context.write(&self.control, &[0u32; 4]);
    }
}

/// Records gathering and the forward pass in evaluation mode of `images` examples of a step, from its `start`-th
/// on.
pub fn see(
    recording: &mut Recording,
    stage: Seen<'_>,
    desk: &Desk,
    [images, start]: [usize; 2],
) -> Result<Values, GpuError> {
    let input = recording.scratch(images * stage.graph.shapes[0].elements(), "batch");
    let [schedule, control] = [&desk.schedule, &desk.control].map(Span::from);
    let bindings = [&schedule, &control, &input];
    stage.part.gather(recording, stage.normalization, [images, start, desk.stride], bindings)?;
    forward(recording, stage.graph, stage.parameters, images, input, Mode::Evaluation)
}

/// The part of a stage that recording reads.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// The layers.
    pub graph: &'a Graph,
    /// The model.
    pub parameters: &'a Parameters,
    /// The examples.
    pub part: &'a Resident,
    /// Of their pixels.
    pub normalization: &'a Normalization,
}

impl<'a> Stage<'a> {
    /// What recording reads.
    pub fn seen(&self) -> Seen<'a> {
        let Self { graph, parameters, part, normalization, .. } = *self;
        Seen { graph, parameters, part, normalization }
    }
}

/// Records a bank of cotangents and their way back to `keep`.
pub fn pull_back(
    recording: &mut Recording,
    stage: Seen<'_>,
    desk: &Desk,
    values: &Values,
    (bank, start): (Bank, usize),
    keep: &[usize],
) -> Result<Gradients, GpuError> {
    let classes = stage.graph.classes();
    let (images, sets) = (values.images, bank.size(classes));
    let cotangents = recording.scratch(sets * images * classes, "cotangents");
    let total = sets * images;
    let words = words! { total, images, classes, start, stride: desk.stride };
    let kind = match bank {
        Bank::Residual => Cotangents::Residual,
        Bank::Sampled => Cotangents::Sampled,
        Bank::Logits => Cotangents::Logits,
    };
    let logits = values.at(stage.graph.last())?;
    let [schedule, control] = [&desk.schedule, &desk.control].map(Span::from);
    let buffers = buffers! { logits, schedule, clock: control, bank: cotangents };
    recording.simple(shaders::BANK, &[kind.define()], &words, &buffers, total, 6 * classes)?;
    let aim = Aim { parameters: None, gradients: total, keep };
    backward(recording, stage.graph, stage.parameters, values, cotangents, aim)
}

/// Records the derivatives of an estimator with respect to the responses, see differentiate.wgsl.
pub fn differentiate(
    recording: &mut Recording,
    desk: &Desk,
    estimator: crate::estimate::Estimator,
    [images, members, classes, start, batch]: [usize; 5],
    [responses, logits, derivatives]: [&Span; 3],
) -> Result<(), GpuError> {
    use crate::estimate::Estimator;
    let (kind, softmax) = match estimator {
        Estimator::FirstOrder => (Derivative::FirstOrder, false),
        Estimator::Rank1 => (Derivative::Rank1, true),
        Estimator::GaussNewton => (Derivative::GaussNewton, true),
        Estimator::Sampled => (Derivative::Sampled, false),
        Estimator::Linearised => (Derivative::Linearised, true),
    };
    let total = images * members;
    let (share, stride) = (1.0 / batch as f32, desk.stride);
    let words = words! { total, images, members, classes, start, stride, share, floor: 1e-6f32 };
    let [schedule, control] = [&desk.schedule, &desk.control].map(Span::from);
    let mut buffers = buffers! { responses, derivatives }.to_vec();
    let needed = buffers! { logits, schedule, clock: control };
    let defines = [kind.define(), ("SOFTMAX", flag(softmax))];
    buffers.extend(needed);
    recording.simple(shaders::DIFFERENTIATE, &defines, &words, &buffers, total, 8 * classes)
}

/// An error for numbers that left the finite range.
pub fn diverged(stage: &'static str, step: u64, what: String) -> EngineError {
    EngineError::Diverged { stage, step, what }
}
