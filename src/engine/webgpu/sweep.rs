//! What estimating, learning and measuring share: device, network and data, and one forward pass with a bank
//! of cotangents pulled back through it.

use super::backward::{Aim, Gradients, backward};
use super::codes::{Cotangents, Derivative};
use super::commands::{Commands, Context};
use super::forward::{Mode, Values, forward};
use super::graph::Graph;
use super::interface::{buffers, words};
use super::ops::{CONTROL, flag};
use super::pace::Pace;
use super::parameters::Parameters;
use super::record::{Recording, Span};
use super::resident::{ENTRY, Resident};
use super::{GpuError, read_all, shaders};
use crate::data::{Draw, Normalization};
use crate::engine::{EngineError, Watch};
use crate::estimate::{Bank, RANK1_EPSILON};
use crate::morphism::MOST_WIDTH;

/// Numbers that the widest node may hold at once, all versions of all examples: 8 MB.
const PIECE_NUMBERS: usize = 2 << 20;

/// Device, network and data.
pub struct Setup<'a> {
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
    /// How their pixels are normalised.
    pub normalization: &'a Normalization,
}

/// What a recording reads from the host, and what its dispatches share.
pub struct SweepBuffers {
    /// Examples, see gather.wgsl.
    pub schedule: Span,
    /// The clock and the verdict, see judge.wgsl.
    pub control: Span,
    /// Zeros, as many as any node has channels, or gains at once.
    pub zeros: Span,
    /// Examples a step.
    pub stride: usize,
}

/// Where a recorded piece of a part leaves its results.
pub struct Piece<A> {
    /// What the piece reads from the host.
    pub shared: SweepBuffers,
    /// What the host reads afterwards: spans, and how many numbers of each.
    pub wanted: Vec<(Span, usize)>,
    /// What these numbers are.
    pub about: A,
}

/// Examples at work at once, when `sets` versions of each are.
pub fn piece_examples(graph: &Graph, sets: usize) -> usize {
    (PIECE_NUMBERS / (graph.widest() * sets)).clamp(1, 256)
}

impl SweepBuffers {
    /// For `steps` steps of `stride` examples.
    pub fn new(recording: &mut Recording, graph: &Graph, steps: usize, stride: usize) -> Self {
        let widest = graph.shapes.iter().map(|shape| shape.channels).max().unwrap_or(1).max(MOST_WIDTH);
        Self {
            schedule: recording.buffer(steps * stride * ENTRY, "schedule"),
            control: recording.buffer(CONTROL, "control"),
            zeros: recording.constant(&vec![0f32; widest], "zeros"),
            stride,
        }
    }

    /// Schedules examples, from step 0 on, with the uniform numbers for their sampled labels.
    pub fn schedule(
        &self,
        setup: &Setup<'_>,
        commands: &Commands,
        examples: &[usize],
        draws: &[f64],
    ) -> Result<(), GpuError> {
        let entries = examples.iter().zip(draws);
        let words: Vec<u32> =
            entries.flat_map(|(index, draw)| setup.part.entry(*index, Draw::default(), *draw)).collect();
        setup.context.write(&commands.slice(&self.schedule)?, &words);
        setup.context.write(&commands.slice(&self.control)?, &[0u32; CONTROL]);
        Ok(())
    }
}

/// Records gathering and the forward pass in evaluation mode of `images` examples of a step, from its `start`-th
/// on.
pub fn forward_pass(
    recording: &mut Recording,
    subject: Subject<'_>,
    shared: &SweepBuffers,
    [images, start]: [usize; 2],
) -> Result<Values, GpuError> {
    let input = recording.scratch(images * subject.graph.shapes[0].elements(), "batch");
    let (schedule, control) = (&shared.schedule, &shared.control);
    let bindings = [schedule, control, &input];
    subject.part.gather(recording, subject.normalization, [images, start, shared.stride], bindings)?;
    forward(recording, subject.graph, subject.parameters, images, input, Mode::Evaluation)
}

/// The part of a setup that recording reads: the network and the examples.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The layers.
    pub graph: &'a Graph,
    /// The model.
    pub parameters: &'a Parameters,
    /// The examples.
    pub part: &'a Resident,
    /// How their pixels are normalised.
    pub normalization: &'a Normalization,
}

impl<'a> Setup<'a> {
    /// Computes every example of the part, in pieces of `size`; `draws` holds the uniform number of each example's
    /// sampled label. `record` records a piece of so many examples, once for every size that comes. `take` gets the
    /// positions of a piece's examples and the numbers of its spans.
    pub async fn in_pieces<A>(
        &mut self,
        size: usize,
        draws: &[f64],
        watch: &dyn Watch,
        record: impl Fn(&Setup<'_>, usize) -> Result<(Recording, Piece<A>), GpuError>,
        mut take: impl FnMut(&A, &[usize], Vec<Vec<f32>>),
    ) -> Result<(), EngineError> {
        let all: Vec<usize> = (0..self.part.labels.len()).collect();
        let mut recorded: Option<(usize, Piece<A>, Commands)> = None;
        for (indices, draws) in all.chunks(size).zip(draws.chunks(size)) {
            if watch.cancelled() {
                return Err(EngineError::Cancelled);
            }
            let images = indices.len();
            if recorded.as_ref().is_none_or(|(known, ..)| *known != images) {
                drop(recorded.take());
                let (recording, piece) = record(self, images)?;
                recorded = Some((images, piece, self.context.realise(recording).await?));
            }
            let Some((_, piece, commands)) = &recorded else { continue };
            piece.shared.schedule(self, commands, indices, draws)?;
            let wanted: Vec<_> = piece.wanted.iter().map(|(span, count)| (span, *count)).collect();
            take(&piece.about, indices, self.answers(commands, 1, &wanted).await?);
        }
        Ok(())
    }

    /// Runs commands `times` times over and reads the first `count` numbers of each span.
    pub async fn answers<T: bytemuck::Pod>(
        &mut self,
        commands: &Commands,
        times: usize,
        wanted: &[(&Span, usize)],
    ) -> Result<Vec<Vec<T>>, GpuError> {
        self.pace.run_through(&self.context.gpu, commands, times).await?;
        let slices = wanted.iter().map(|(span, _)| commands.slice(span)).collect::<Result<Vec<_>, _>>()?;
        let wanted: Vec<_> = slices.iter().zip(wanted).map(|(slice, (_, count))| (slice, *count)).collect();
        read_all(&self.context.gpu, &wanted).await
    }

    /// What recording reads.
    pub fn subject(&self) -> Subject<'a> {
        let Self { graph, parameters, part, normalization, .. } = *self;
        Subject { graph, parameters, part, normalization }
    }
}

/// Records a bank of cotangents and their way back to `keep`.
pub fn pull_back(
    recording: &mut Recording,
    subject: Subject<'_>,
    shared: &SweepBuffers,
    values: &Values,
    (bank, start): (Bank, usize),
    keep: &[usize],
) -> Result<Gradients, GpuError> {
    let classes = subject.graph.classes();
    let (images, sets) = (values.images, bank.size(classes));
    let cotangents = recording.scratch(sets * images * classes, "cotangents");
    let total = sets * images;
    let words = words! { total, images, classes, start, stride: shared.stride };
    let kind = match bank {
        Bank::Residual => Cotangents::Residual,
        Bank::Sampled => Cotangents::Sampled,
        Bank::Logits => Cotangents::Logits,
    };
    let logits = values.at(subject.graph.last())?;
    let (schedule, control) = (&shared.schedule, &shared.control);
    let buffers = buffers! { logits, schedule, clock: control, bank: cotangents };
    recording.simple(shaders::BANK, &[kind.define()], &words, &buffers, total, 6 * classes)?;
    let aim = Aim { parameters: None, gradients: total, keep };
    backward(recording, subject.graph, subject.parameters, values, cotangents, aim)
}

/// Records the derivatives of an estimator with respect to the responses, see differentiate.wgsl.
pub fn differentiate(
    recording: &mut Recording,
    shared: &SweepBuffers,
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
    let (share, stride, floor) = (1.0 / batch as f32, shared.stride, RANK1_EPSILON as f32);
    let words = words! { total, images, members, classes, start, stride, share, floor };
    let (schedule, control) = (&shared.schedule, &shared.control);
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
