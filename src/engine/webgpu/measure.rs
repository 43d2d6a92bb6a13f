//! Measuring actual gains: many candidates at once, and of each only what lies downstream of its site.

use super::GpuError;
use super::codes::Gradient;
use super::families::{Groups, Reach, Scene};
use super::forward::forward_from;
use super::graph::{Graph, LayerKind};
use super::interface::buffers;
use super::record::Recording;
use super::resident::ENTRY;
use super::sweep::{Piece, Setup, SweepBuffers, diverged, forward_pass};
use crate::engine::{EngineError, Watch};
use crate::morphism::Morphism;

/// Examples computed at once. How many candidates are computed with them varies.
const PIECE: usize = 64;
/// Numbers that the widest node downstream may hold: 16 MB.
const PIECE_NUMBERS: usize = 4 << 20;

/// Members of a group whose scores lie together, `[member][example]` pairs: `count` of them from `first` on.
struct Scores {
    group: usize,
    first: usize,
    count: usize,
}

/// The actual gain of each morphism at its own scale.
pub async fn measure(
    setup: &mut Setup<'_>,
    morphisms: &[Morphism],
    watch: &dyn Watch,
) -> Result<Vec<f64>, EngineError> {
    let groups = Groups::new(setup.context, setup.graph, morphisms).await?;
    let examples = setup.part.labels.len();
    let size = PIECE.min(examples.max(1));
    let pieces = examples.div_ceil(size) * morphisms.len();
    let mut gains = vec![0.0; morphisms.len()];
    let record = |setup: &Setup<'_>, images| record(setup, size, &groups, morphisms, images);
    let take = |about: &Vec<Scores>, indices: &[usize], numbers: Vec<Vec<f32>>| {
        let images = indices.len();
        let sum = |scores: &[f32]| scores.iter().step_by(2).map(|loss| f64::from(*loss)).sum::<f64>();
        let before = sum(&numbers[0]);
        for (scores, numbers) in about.iter().zip(&numbers[1..]) {
            let members = &groups.all[scores.group].members[scores.first..scores.first + scores.count];
            for (&position, losses) in members.iter().zip(numbers.chunks(2 * images)) {
                if !morphisms[position].is_neutral() {
                    gains[position] += (before - sum(losses)) / examples as f64;
                }
            }
        }
        let done = (indices[0] / size + 1) * morphisms.len();
        watch.progress(done as u64, pieces as u64, None);
    };
    setup.in_pieces(size, &vec![0.0; examples], watch, record, take).await?;
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
) -> Result<(Recording, Piece<Vec<Scores>>), GpuError> {
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
    recording.loss(Gradient::None, counts(images), 0.0, &buffers)?;
    let scene = Scene { graph, parameters: subject.parameters, values: &values, zeros: &shared.zeros };
    let mut wanted = vec![(before, 2 * images)];
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
            recording.loss(Gradient::None, counts(rows), 0.0, &buffers)?;
            recording.release(logits);
            wanted.push((scores, 2 * rows));
            found.push(Scores { group: index, first, count });
        }
        recording.release(change);
    }
    Ok((recording, Piece { shared, wanted, about: found }))
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
