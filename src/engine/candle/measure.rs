//! Measuring actual gains, computing only what lies downstream of each candidate.

use super::families::{Scene, group};
use super::plan::Plan;
use super::tape::{Mode, forward, values_from};
use super::train::{dtype_of, images, piece_examples, rows};
use crate::data::{Data, Images};
use crate::engine::{EngineError, Watch};
use crate::estimate::log_sum_exp;
use crate::morphism::Morphism;
use crate::network::Tensors;
use crate::turn;

/// The actual gain of each morphism at its own scale. It agrees with rewriting the network and running it, to
/// the accuracy of the numbers.
pub async fn measure(
    plan: &Plan,
    parameters: &Tensors,
    data: &Data,
    part: &Images,
    morphisms: &[Morphism],
    watch: &dyn Watch,
) -> Result<Vec<f64>, EngineError> {
    let groups = group(plan, morphisms)?;
    let examples = part.labels.len();
    let all: Vec<usize> = (0..examples).collect();
    let mut gains = vec![0.0; morphisms.len()];
    let loss = |logits: &candle_core::Tensor, indices: &[usize]| -> candle_core::Result<f64> {
        let losses = rows(logits)?
            .iter()
            .zip(indices)
            .map(|(row, index)| log_sum_exp(row) - row[usize::from(part.labels[*index])])
            .sum::<f64>();
        Ok(losses / examples as f64)
    };
    let piece = piece_examples(plan, 1);
    let total = (all.len().div_ceil(piece) * morphisms.len()) as u64;
    let mut done = 0;
    for indices in all.chunks(piece) {
        let images = images(data, part, indices, dtype_of(parameters))?;
        let values = forward(plan, parameters, images, Mode::Evaluation)?;
        let before = loss(&values.logits()?, indices)?;
        let scene = Scene { plan, parameters, values: &values };
        for grouped in &groups {
            let scales: Vec<f32> = grouped.members.iter().map(|member| morphisms[*member].scale).collect();
            let probe = grouped.group.probe(&scene)?;
            let changes = probe.changes(&scales)?;
            for (member, position) in grouped.members.iter().enumerate() {
                if watch.cancelled() {
                    return Err(EngineError::Cancelled);
                }
                done += 1;
                watch.progress(done, total, None);
                if morphisms[*position].is_neutral() {
                    continue;
                }
                let (node, value) = grouped.group.entry(&scene, &changes, member)?;
                let logits = values_from(plan, parameters, &values, node, value)?.logits()?;
                gains[*position] += before - loss(&logits, indices)?;
                turn::yield_now().await;
            }
        }
    }
    match gains.iter().position(|gain| !gain.is_finite()) {
        Some(position) => {
            let what = format!("the loss after {}", morphisms[position].candidate.id());
            Err(EngineError::Diverged { stage: "measuring", step: 0, what })
        }
        None => Ok(gains),
    }
}
