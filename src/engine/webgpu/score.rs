//! Scoring a part in evaluation mode.

use super::codes::Gradient;
use super::commands::Context;
use super::forward::{Mode, forward};
use super::graph::Graph;
use super::interface::buffers;
use super::pace::Pace;
use super::parameters::Parameters;
use super::record::Span;
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
    let sizes = [((count * ENTRY).max(1), "schedule"), (4, "control"), (2 * count.max(1), "scores")];
    let buffers = context.take_all(sizes).await?;
    context.write(&buffers[0], &words);
    context.write(&buffers[1], &[0u32; 4]);
    let [schedule, control, score] = buffers.each_ref().map(Span::from);
    for (images, times) in [(stride, count / stride), (count % stride, 1)] {
        if images == 0 || times == 0 {
            continue;
        }
        let mut recording = context.recording();
        let input = recording.scratch(images * graph.shapes[0].elements(), "batch");
        let sources = [&schedule, &control, &input];
        part.gather(&mut recording, normalization, [images, 0, stride], sources)?;
        let values = forward(&mut recording, graph, parameters, images, input, Mode::Evaluation)?;
        let logits = values.at(graph.last())?.clone();
        let counts = [images, images, graph.classes(), 0, stride];
        recording.loss(Gradient::None, counts, &buffers! { logits, schedule, clock: control, score })?;
        recording.tick(&control)?;
        let commands = context.realise(recording).await?;
        pace.run_through(&context.gpu, &commands, times).await?;
    }
    let numbers: Vec<f32> = read(&context.gpu, &buffers[2], 2 * count).await?;
    let mean = |offset: usize| {
        numbers.iter().skip(offset).step_by(2).map(|x| f64::from(*x)).sum::<f64>() / count as f64
    };
    Ok(Score { loss: mean(0), accuracy: mean(1) })
}
