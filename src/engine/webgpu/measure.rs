//! Measuring actual gains: many candidates at once, and of each only what lies downstream of its site.

use super::arena::Slice;
use super::changes::Scene;
use super::commands::{Commands, Recorder};
use super::forward::forward_from;
use super::graph::{Graph, Kind};
use super::groups::{Group, Groups};
use super::ops::flag;
use super::resident::ENTRY;
use super::sweep::{Desk, Stage, diverged, see};
use super::{GpuError, read, shaders};
use crate::engine::{EngineError, Watch};
use crate::morphism::{Morphism, morph};

/// Examples at work at once; what varies is how many candidates are.
const PIECE: usize = 64;
/// Numbers that the widest node downstream may hold: 16 MB.
const PIECE_NUMBERS: usize = 4 << 20;

/// A recorded piece: commands, and the scores of runs of members.
struct Piece {
    commands: Commands,
    before: Slice,
    scores: Vec<Scores>,
}

/// Scores of `count` members of a group from `first` on, `[member][example]` pairs.
struct Scores {
    group: usize,
    first: usize,
    count: usize,
    slice: Slice,
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
    let mut recorded: Option<(usize, Piece)> = None;
    for (done, indices) in all.chunks(size).enumerate() {
        if watch.cancelled() {
            return Err(EngineError::Cancelled);
        }
        let images = indices.len();
        if recorded.as_ref().is_none_or(|(known, _)| *known != images) {
            drop(recorded.take());
            recorded = Some((images, record(stage, &desk, &groups, morphisms, images).await?));
        }
        let Some((_, piece)) = &recorded else { continue };
        desk.schedule(stage, indices, &vec![0.0; images]);
        stage.pace.run(&stage.context.gpu, &piece.commands, 1).await?;
        stage.pace.drain(&stage.context.gpu).await?;
        let gpu = &stage.context.gpu;
        let sum = |scores: &[f32]| scores.iter().step_by(2).map(|loss| f64::from(*loss)).sum::<f64>();
        let before = sum(&read::<f32>(gpu, &piece.before, 2 * images).await?);
        for scores in &piece.scores {
            let numbers: Vec<f32> = read(gpu, &scores.slice, 2 * images * scores.count).await?;
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

async fn record(
    stage: &mut Stage<'_>,
    desk: &Desk,
    groups: &Groups,
    morphisms: &[Morphism],
    images: usize,
) -> Result<Piece, GpuError> {
    let seen = stage.seen();
    let graph = seen.graph;
    let classes = graph.classes();
    let mut recorder = Recorder::new(stage.context);
    let values = see(&mut recorder, seen, desk, [images, 0]).await?;
    let before = recorder.context.take(2 * images, "scores").await?;
    let logits = values.at(graph.last())?.clone();
    let counts = |rows: usize| [rows, images, classes, 0, desk.stride];
    recorder.loss(counts(images), [&logits, &desk.schedule, &desk.control, &before], None).await?;
    let zeros = &desk.zeros;
    let scene = Scene { graph, parameters: seen.parameters, values: &values, zeros };
    let mut found = Vec::new();
    for (index, group) in groups.all.iter().enumerate() {
        let scales: Vec<f32> = group.members.iter().map(|member| morphisms[*member].scale).collect();
        let slice = recorder.context.upload(&scales, "scales").await?;
        let probe = recorder.probe(&scene, groups, group).await?;
        let change = recorder.change(&scene, groups, group, &probe, (&slice, scales[0])).await?;
        recorder.end(probe);
        let relu = relu_after(graph, group);
        let entry = match group.place.reader {
            Some((reader, _)) if group.by_channel() => relu.unwrap_or(reader),
            _ => group.target(),
        };
        let widest = graph.shapes[entry..].iter().map(|shape| shape.elements()).max().unwrap_or(1);
        let fast = (recorder.context.most / (images as u64 * graph.heaviest(entry))) as usize;
        let at_once = (PIECE_NUMBERS / (images * widest)).min(fast).clamp(1, group.members.len());
        for first in (0..group.members.len()).step_by(at_once) {
            let count = at_once.min(group.members.len() - first);
            let rows = count * images;
            let elements = graph.shapes[entry].elements();
            let value = recorder.scratch(rows * elements, "a candidate's value").await?;
            let base = values.at(entry)?;
            match group.by_channel() {
                true => {
                    let run = (first, count, relu.is_some());
                    reader_change(&mut recorder, &scene, group, run, &change, &value).await?;
                }
                false => recorder.add(rows * elements, base, &change, &value).await?,
            }
            let logits = forward_from(&mut recorder, graph, seen.parameters, &values, (entry, value), rows);
            let logits = logits.await?;
            let scores = recorder.context.take(2 * rows, "scores").await?;
            let bindings = [&logits, &desk.schedule, &desk.control, &scores];
            recorder.loss(counts(rows), bindings, None).await?;
            recorder.release(logits);
            found.push(Scores { group: index, first, count, slice: scores });
        }
        recorder.release(change);
    }
    Ok(Piece { commands: recorder.finish().await?, before, scores: found })
}

/// The node of the ReLU that alone reads the value of a group's reader.
fn relu_after(graph: &Graph, group: &Group) -> Option<usize> {
    let (reader, _) = group.place.reader?;
    let alone = graph.architecture.readers(graph.name(reader)).len() == 1;
    let relu = graph.layers.iter().find(|layer| layer.kind == Kind::Relu && layer.inputs == [reader])?;
    alone.then_some(relu.output)
}

/// Records what the changes of `count` members from `first` on make of their reader's value, or of the ReLU after it.
async fn reader_change(
    recorder: &mut Recorder<'_>,
    scene: &Scene<'_>,
    group: &Group,
    (first, count, relu): (usize, usize, bool),
    change: &Slice,
    value: &Slice,
) -> Result<(), GpuError> {
    let Some((reader, kernel)) = group.place.reader else { return Ok(()) };
    let (site, output) = (scene.graph.shapes[group.place.z], scene.graph.shapes[reader]);
    let images = scene.values.images;
    let head = kernel == 0;
    let quads = site.width.div_ceil(4);
    let total = count * images * output.channels * if head { 1 } else { site.height * quads };
    let words = [
        total,
        images,
        group.members.len(),
        first,
        site.channels,
        output.channels,
        site.height,
        site.width,
        quads,
    ]
    .map(|n| n as u32);
    let taps = kernel * kernel;
    let vector = kernel == 3 && site.width.is_multiple_of(4);
    let defines = [
        ("HEAD", flag(head)),
        ("K", kernel.max(1) as i32),
        ("TAPS", taps.max(1) as i32),
        ("VECTOR", flag(vector)),
        ("RELU", flag(relu)),
    ];
    let weights = scene.parameters.tensor(&format!("{}.weight", scene.graph.name(reader)))?;
    let before = scene.values.at(reader)?;
    let bindings = [before, change, &weights, &group.channels, &group.means, value];
    if vector {
        let grid = [(quads * site.height.div_ceil(2)).div_ceil(64), count, images].map(|n| n as u32);
        let work = (count * images * output.channels * site.height * quads * 36) as u64;
        return recorder.run(shaders::READER_CHANGE, &defines, &words, &bindings, grid, work).await;
    }
    let loads = if head { site.positions() } else { 5 * taps + 8 };
    recorder.simple(shaders::READER_CHANGE, &defines, &words, &bindings, total, loads).await
}

const _: () = assert!(ENTRY == 4, "loss.wgsl and gather.wgsl read schedules of four words an example");
