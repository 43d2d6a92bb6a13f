//! Measuring actual gains: many candidates at once, and of each only what lies downstream of its site.

use super::changes::Scene;
use super::codes::Gradient;
use super::commands::Commands;
use super::forward::forward_from;
use super::graph::{Graph, Kind};
use super::groups::{Group, Groups};
use super::interface::{buffers, words};
use super::ops::flag;
use super::record::{Recording, Span};
use super::resident::ENTRY;
use super::sweep::{Desk, Stage, diverged, see};
use super::{GpuError, read, shaders};
use crate::engine::{EngineError, Watch};
use crate::morphism::{Morphism, morph};
use crate::network::Shape;

/// Examples at work at once; what varies is how many candidates are.
const PIECE: usize = 64;
/// Numbers that the widest node downstream may hold: 16 MB.
const PIECE_NUMBERS: usize = 4 << 20;

/// Where a recorded piece leaves its results.
struct Results {
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
    stage: &mut Stage<'_>,
    morphisms: &[Morphism],
    watch: &dyn Watch,
) -> Result<Vec<f64>, EngineError> {
    let groups = Groups::new(stage.context, stage.graph, morphisms).await?;
    let examples = stage.part.labels.len();
    let all: Vec<usize> = (0..examples).collect();
    let size = PIECE.min(examples.max(1));
    let desk = Desk::new(stage, 1, size).await?;
    let mut gains = vec![0.0; morphisms.len()];
    let mut recorded: Option<(usize, Results, Commands)> = None;
    for (done, indices) in all.chunks(size).enumerate() {
        if watch.cancelled() {
            return Err(EngineError::Cancelled);
        }
        let images = indices.len();
        if recorded.as_ref().is_none_or(|(known, ..)| *known != images) {
            drop(recorded.take());
            let (recording, results) = record(stage, &desk, &groups, morphisms, images)?;
            recorded = Some((images, results, stage.context.realise(recording).await?));
        }
        let Some((_, results, commands)) = &recorded else { continue };
        desk.schedule(stage, indices, &vec![0.0; images]);
        stage.pace.run_through(&stage.context.gpu, commands, 1).await?;
        let gpu = &stage.context.gpu;
        let sum = |scores: &[f32]| scores.iter().step_by(2).map(|loss| f64::from(*loss)).sum::<f64>();
        let before = sum(&read::<f32>(gpu, &commands.slice(&results.before)?, 2 * images).await?);
        for scores in &results.scores {
            let slice = commands.slice(&scores.span)?;
            let numbers: Vec<f32> = read(gpu, &slice, 2 * images * scores.count).await?;
            for (slot, losses) in numbers.chunks(2 * images).enumerate() {
                let position = groups.all[scores.group].members[scores.first + slot];
                if !is_neutral(&morphisms[position]) {
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

/// Whether a morphism changes nothing: learned families at scale 0.
fn is_neutral(morphism: &Morphism) -> bool {
    morphism.scale == 0.0 && morph(morphism.candidate.family).is_learned()
}

fn record(
    stage: &Stage<'_>,
    desk: &Desk,
    groups: &Groups,
    morphisms: &[Morphism],
    images: usize,
) -> Result<(Recording, Results), GpuError> {
    let seen = stage.seen();
    let graph = seen.graph;
    let classes = graph.classes();
    let mut recording = stage.context.recording();
    let [schedule, control, zeros] = [&desk.schedule, &desk.control, &desk.zeros].map(Span::from);
    let values = see(&mut recording, seen, desk, [images, 0])?;
    let before = recording.scratch(2 * images, "scores");
    let logits = values.at(graph.last())?.clone();
    let counts = |rows: usize| [rows, images, classes, 0, desk.stride];
    let buffers = buffers! { logits, schedule, clock: control, score: before };
    recording.loss(Gradient::None, counts(images), &buffers)?;
    let scene = Scene { graph, parameters: seen.parameters, values: &values, zeros: &zeros };
    let mut found = Vec::new();
    for (index, group) in groups.all.iter().enumerate() {
        let scales: Vec<f32> = group.members.iter().map(|member| morphisms[*member].scale).collect();
        let slice = recording.constant(&scales, "scales");
        let probe = recording.probe(&scene, groups, group)?;
        let change = recording.change(&scene, groups, group, &probe, (&slice, scales[0]))?;
        recording.end(probe);
        let relu = relu_after(graph, group);
        let entry = match group.place.reader {
            Some((reader, _)) if group.by_channel() => relu.unwrap_or(reader),
            _ => group.target(),
        };
        let widest = graph.shapes[entry..].iter().map(|shape| shape.elements()).max().unwrap_or(1);
        let fast = (recording.most / (images as u64 * graph.heaviest(entry))) as usize;
        let at_once = (PIECE_NUMBERS / (images * widest)).min(fast).clamp(1, group.members.len());
        for first in (0..group.members.len()).step_by(at_once) {
            let count = at_once.min(group.members.len() - first);
            let rows = count * images;
            let elements = graph.shapes[entry].elements();
            let value = recording.scratch(rows * elements, "a candidate's value");
            let base = values.at(entry)?;
            match group.by_channel() {
                true => {
                    let run = (first, count, relu.is_some());
                    reader_change(&mut recording, &scene, group, run, &change, &value)?;
                }
                false => {
                    let count = rows * elements;
                    recording.add([count, count], &buffers! { a: base, x: change, y: value })?;
                }
            }
            let entry = (entry, value);
            let logits = forward_from(&mut recording, graph, seen.parameters, &values, entry, rows)?;
            let scores = recording.scratch(2 * rows, "scores");
            let buffers = buffers! { logits, schedule, clock: control, score: scores };
            recording.loss(Gradient::None, counts(rows), &buffers)?;
            recording.release(logits);
            found.push(Scores { group: index, first, count, span: scores });
        }
        recording.release(change);
    }
    Ok((recording, Results { before, scores: found }))
}

/// The node of the ReLU that alone reads the value of a group's reader.
fn relu_after(graph: &Graph, group: &Group) -> Option<usize> {
    let (reader, _) = group.place.reader?;
    let alone = graph.architecture.readers(graph.name(reader)).len() == 1;
    let relu = graph.layers.iter().find(|layer| layer.kind == Kind::Relu && layer.inputs == [reader])?;
    alone.then_some(relu.output)
}

/// Records what the changes of `count` members from `first` on make of their reader's value, or of the ReLU after it.
fn reader_change(
    recording: &mut Recording,
    scene: &Scene<'_>,
    group: &Group,
    (first, count, relu): (usize, usize, bool),
    change: &Span,
    value: &Span,
) -> Result<(), GpuError> {
    let Some((reader, kernel)) = group.place.reader else { return Ok(()) };
    let (site, output) = (scene.graph.shapes[group.place.z], scene.graph.shapes[reader]);
    let (images, members) = (scene.values.images, group.members.len());
    let (inputs, outputs, quads) = (site.channels, output.channels, site.width.div_ceil(4));
    let Shape { height, width, .. } = site;
    let weights = scene.parameters.tensor(&format!("{}.weight", scene.graph.name(reader)))?;
    let before = scene.values.at(reader)?;
    let [channels, means] = [&group.channels, &group.means].map(Span::from);
    let buffers = buffers! { before, x: change, weights, channels, means, value };
    let relu = ("RELU", flag(relu));
    if kernel == 3 && width.is_multiple_of(4) {
        let words = words! { images, members, first, inputs, outputs, height, width, quads };
        let grid = [(quads * height.div_ceil(2)).div_ceil(64), count, images].map(|n| n as u32);
        let work = (count * images * outputs * height * quads * 36) as u64;
        let defines = [relu, ("VECTOR", 1)];
        return recording.run(shaders::READER_CHANGE_3, &defines, &words, &buffers, grid, work);
    }
    let head = kernel == 0;
    let total = count * images * outputs * if head { 1 } else { height * quads };
    let words = words! { total, images, members, first, inputs, outputs, height, width, quads };
    let defines = [("HEAD", flag(head)), ("K", kernel.max(1) as i32), relu];
    let loads = if head { site.positions() } else { 5 * (kernel * kernel).max(1) + 8 };
    recording.simple(shaders::READER_CHANGE, &defines, &words, &buffers, total, loads)
}

const _: () = assert!(ENTRY == 4, "loss.wgsl and gather.wgsl read schedules of four words an example");
