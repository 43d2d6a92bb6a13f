//! Measuring actual gains: many candidates at once, and of each only what lies downstream of its site.

use super::GpuError;
use super::codes::Gradient;
use super::commands::Commands;
use super::families::{Groups, Reach, Scene};
use super::forward::forward_from;
use super::graph::{Graph, LayerKind};
use super::interface::buffers;
use super::record::{Recording, Span};
use super::resident::ENTRY;
use super::sweep::{Setup, SweepBuffers, diverged, forward_pass};
use crate::engine::{EngineError, Watch};
use crate::morphism::Morphism;

/// Examples computed at once. How many candidates are computed with them varies.
const PIECE: usize = 64;
/// Numbers that the widest node downstream may hold: 16 MB.
const PIECE_NUMBERS: usize = 4 << 20;

/// Where a recorded piece leaves its results.
struct Results {
    /// What the piece reads from the host.
    shared: SweepBuffers,
    /// Scores of the network as it is.
    before: Span,
    /// Scores of runs of members.
    scores: Vec<Scores>,
}

/// Scores of `count` members of a group from `first` on, `[member][example]` pairs.
struct Scores {
    group: usize,
    first: usize,
    count: usize,
    span: Span,
}

/// The actual gain of each morphism at its own scale.
pub async fn measure(
    setup: &mut Setup<'_>,
    morphisms: &[Morphism],
    watch: &dyn Watch,
) -> Result<Vec<f64>, EngineError> {
    let groups = Groups::new(setup.context, setup.graph, morphisms).await?;
    let examples = setup.part.labels.len();
    let all: Vec<usize> = (0..examples).collect();
    let size = PIECE.min(examples.max(1));
    let mut gains = vec![0.0; morphisms.len()];
    let mut recorded: Option<(usize, Results, Commands)> = None;
    for (done, indices) in all.chunks(size).enumerate() {
        if watch.cancelled() {
            return Err(EngineError::Cancelled);
        }
        let images = indices.len();
        if recorded.as_ref().is_none_or(|(known, ..)| *known != images) {
            drop(recorded.take());
            let (recording, results) = record(setup, size, &groups, morphisms, images)?;
            recorded = Some((images, results, setup.context.realise(recording).await?));
        }
        let Some((_, results, commands)) = &recorded else { continue };
        results.shared.schedule(setup, commands, indices, &vec![0.0; images])?;
        let scored = results.scores.iter().map(|scores| (&scores.span, 2 * images * scores.count));
        let wanted: Vec<_> = std::iter::once((&results.before, 2 * images)).chain(scored).collect();
        let answers = setup.answers::<f32>(commands, 1, &wanted).await?;
        let sum = |scores: &[f32]| scores.iter().step_by(2).map(|loss| f64::from(*loss)).sum::<f64>();
        let before = sum(&answers[0]);
        for (scores, numbers) in results.scores.iter().zip(&answers[1..]) {
            for (slot, losses) in numbers.chunks(2 * images).enumerate() {
                let position = groups.all[scores.group].members[scores.first + slot];
                if !morphisms[position].is_neutral() {
                    gains[position] += (before - sum(losses)) / examples as f64;
                }
            }
        }
        let progress = (done + 1) * morphisms.len();
        watch.progress(progress as u64, (all.len().div_ceil(size) * morphisms.len()) as u64, None);
    }
    match gains.iter().position(|gain| !gain.is_finite()) {
        Some(position) => {
            let what = format!("the loss after {}", morphisms[position].candidate.id());
            Err(diverged("measuring", 0, what))
        }
        None => Ok(gains),
    }
}

fn record(
    setup: &Setup<'_>,
    stride: usize,
    groups: &Groups,
    morphisms: &[Morphism],
    images: usize,
) -> Result<(Recording, Results), GpuError> {
    let subject = setup.subject();
    let graph = subject.graph;
    let classes = graph.classes();
    let mut recording = setup.context.recording();
    let shared = SweepBuffers::new(&mut recording, setup.graph, 1, stride);
    let SweepBuffers { schedule, control, .. } = &shared;
    let values = forward_pass(&mut recording, subject, &shared, [images, 0])?;
    let before = recording.scratch(2 * images, "scores");
    let logits = values.at(graph.last())?.clone();
    let counts = |rows: usize| [rows, images, classes, 0, shared.stride];
    let buffers = buffers! { logits, schedule, clock: control, score: before };
    recording.loss(Gradient::None, counts(images), &buffers)?;
    let scene = Scene { graph, parameters: subject.parameters, values: &values, zeros: &shared.zeros };
    let mut found = Vec::new();
    for (index, group) in groups.all.iter().enumerate() {
        let scales: Vec<f32> = group.members.iter().map(|member| morphisms[*member].scale).collect();
        let probe = groups.probe(&mut recording, &scene, group)?;
        let change = probe.change(&mut recording, &scales)?;
        recording.end(probe);
        let (entry, relu) = entry(graph, &group.reach);
        let widest = graph.shapes[entry..].iter().map(|shape| shape.elements()).max().unwrap_or(1);
        let fast = (recording.most / (images as u64 * graph.heaviest(entry))) as usize;
        let at_once = (PIECE_NUMBERS / (images * widest)).min(fast).clamp(1, scales.len());
        for first in (0..scales.len()).step_by(at_once) {
            let count = at_once.min(scales.len() - first);
            let rows = count * images;
            let elements = graph.shapes[entry].elements();
            let value = recording.scratch(rows * elements, "a candidate's value");
            match &group.reach {
                reach @ Reach::Channels { .. } => {
                    recording.reader_change(&scene, reach, (first, count, relu), [&change, &value])?;
                }
                Reach::Whole { node } => {
                    let (count, base) = (rows * elements, values.at(*node)?);
                    let buffers = buffers! { a: base, x: change, y: value };
                    recording.add([count, count], &buffers)?;
                }
            }
            let entry = (entry, value);
            let logits = forward_from(&mut recording, graph, subject.parameters, &values, entry, rows)?;
            let scores = recording.scratch(2 * rows, "scores");
            let buffers = buffers! { logits, schedule, clock: control, score: scores };
            recording.loss(Gradient::None, counts(rows), &buffers)?;
            recording.release(logits);
            found.push(Scores { group: index, first, count, span: scores });
        }
        recording.release(change);
    }
    Ok((recording, Results { shared, before, scores: found }))
}

/// The node whose value a group's changes replace: the target, or what reads the changed channels. If a ReLU is all
/// that reads that, it is the ReLU's, and the ReLU is fused in.
fn entry(graph: &Graph, reach: &Reach) -> (usize, bool) {
    let Reach::Channels { reader, .. } = reach else { return (reach.target(), false) };
    let reader = reader.node();
    let alone = graph.architecture.readers(graph.name(reader)).len() == 1;
    let relu = graph.layers.iter().find(|layer| layer.kind == LayerKind::Relu && layer.inputs == [reader]);
    relu.filter(|_| alone).map_or((reader, false), |layer| (layer.output, true))
}

const _: () = assert!(ENTRY == 4, "loss.wgsl and gather.wgsl read schedules of four words an example");
