//! Scoring a part in evaluation mode.

use super::codes::Gradient;
use super::commands::Context;
use super::forward::{Mode, forward};
use super::graph::Graph;
use super::interface::buffers;
use super::ops::CONTROL;
use super::pace::Pace;
use super::parameters::Parameters;
use super::read;
use super::resident::{ENTRY, Resident};
use super::sweep::piece_examples;
use crate::data::{Draw, Normalization};
use crate::engine::{EngineError, Score, Watch};

/// Passes between two checks whether to give up.
const PASSES: usize = 8;

/// Mean loss and accuracy over a part.
pub async fn evaluate(
    context: &mut Context,
    pace: &mut Pace,
    graph: &Graph,
    parameters: &Parameters,
    part: &Resident,
    normalization: &Normalization,
    watch: &dyn Watch,
) -> Result<Score, EngineError> {
    let count = part.labels.len();
    let fast = (context.most / graph.heaviest(0)) as usize;
    let stride = piece_examples(graph, 1).min(fast).min(count).max(1);
    let mut numbers: Vec<f32> = Vec::with_capacity(2 * count);
    for (images, times) in [(stride, count / stride), (count % stride, 1)] {
        if images == 0 || times == 0 {
            continue;
        }
        let mut recording = context.recording();
        let schedule = recording.buffer(images * times * ENTRY, "schedule");
        let clock = recording.buffer(CONTROL, "control");
        let score = recording.buffer(2 * images * times, "scores");
        let input = recording.scratch(images * graph.shapes[0].elements(), "batch");
        let sources = [&schedule, &clock, &input];
        part.gather(&mut recording, normalization, [images, 0, images], sources)?;
        let values = forward(&mut recording, graph, parameters, images, input, Mode::Evaluation)?;
        let logits = values.at(graph.last())?.clone();
        let counts = [images, images, graph.classes(), 0, images];
        let buffers = buffers! { logits, schedule, clock, score };
        recording.loss(Gradient::None, counts, 0.0, &buffers)?;
        recording.tick(&clock)?;
        let commands = context.realise(recording).await?;
        let first = numbers.len() / 2;
        let indices = first..first + images * times;
        let words: Vec<u32> = indices.flat_map(|index| part.entry(index, Draw::default(), 0.0)).collect();
        context.write(&commands.slice(&schedule)?, &words);
        for done in (0..times).step_by(PASSES) {
            if watch.cancelled() {
                pace.drain(&context.gpu).await?;
                return Err(EngineError::Cancelled);
            }
            pace.run(&context.gpu, &commands, PASSES.min(times - done)).await?;
        }
        pace.drain(&context.gpu).await?;
        numbers.extend(read::<f32>(&context.gpu, &commands.slice(&score)?, 2 * images * times).await?);
    }
    let mean = |offset: usize| {
        numbers.iter().skip(offset).step_by(2).map(|x| f64::from(*x)).sum::<f64>() / count as f64
    };
    Ok(Score { loss: mean(0), accuracy: mean(1) })
}
