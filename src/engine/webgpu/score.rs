//! Scoring a part in evaluation mode.

use super::commands::{Context, Recorder};
use super::forward::{Mode, forward};
use super::graph::Graph;
use super::pace::Pace;
use super::parameters::Parameters;
use super::resident::{ENTRY, Resident};
use super::{GpuError, read};
use crate::data::{Draw, Normalization};
use crate::engine::Score;

/// Numbers that the widest node may hold at once: 8 MB.
const PIECE_NUMBERS: usize = 2 << 20;

/// Examples at work at once, when `sets` versions of each are.
pub fn piece_examples(graph: &Graph, sets: usize) -> usize {
    (PIECE_NUMBERS / (graph.widest() * sets)).clamp(1, 256)
}

/// Mean loss and accuracy over a part.
pub async fn evaluate(
    context: &mut Context,
    pace: &mut Pace,
    graph: &Graph,
    parameters: &Parameters,
    part: &Resident,
    normalization: &Normalization,
) -> Result<Score, GpuError> {
    let count = part.labels.len();
    let fast = (context.most / graph.heaviest(0)) as usize;
    let stride = piece_examples(graph, 1).min(fast).min(count).max(1);
    let words: Vec<u32> = (0..count).flat_map(|index| part.entry(index, Draw::default(), 0.0)).collect();
    let schedule = context.take((count * ENTRY).max(1), "schedule").await?;
    context.write(&schedule, &words);
    let control = context.upload(&[0u32; 4], "control").await?;
    let score = context.take(2 * count.max(1), "scores").await?;
    for (images, times) in [(stride, count / stride), (count % stride, 1)] {
        if images == 0 || times == 0 {
            continue;
        }
        let mut recorder = Recorder::new(context);
        let input = recorder.scratch(images * graph.shapes[0].elements(), "batch").await?;
        let sources = [&schedule, &control, &input];
        part.gather(&mut recorder, normalization, [images, 0, stride], sources).await?;
        let values = forward(&mut recorder, graph, parameters, images, input, Mode::Evaluation).await?;
        let logits = values.at(graph.last())?.clone();
        let bindings = [&logits, &schedule, &control, &score];
        recorder.loss([images, images, graph.classes(), 0, stride], bindings, None).await?;
        recorder.tick(&control).await?;
        let commands = recorder.finish().await?;
        pace.run(&context.gpu, &commands, times).await?;
        pace.drain(&context.gpu).await?;
    }
    let numbers: Vec<f32> = read(&context.gpu, &score, 2 * count).await?;
    let mean = |offset: usize| {
        numbers.iter().skip(offset).step_by(2).map(|x| f64::from(*x)).sum::<f64>() / count as f64
    };
    Ok(Score { loss: mean(0), accuracy: mean(1) })
}
