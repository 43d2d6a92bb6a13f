//! `gradmax`: Evci, van Merriënboer, Unterthiner, Vladymyrov and Pedregosa, "GradMax: Growing Neural Networks using
//! Gradient Information" (2022, arXiv 2201.05125).
//!
//! A new channel starts with incoming weights 0, which leaves the function as it is, and with those outgoing weights ω
//! of a given length that make the gradient of its incoming weights, Mᵀω, the largest: the top left singular vector of
//!
//! > M = E[∂L/∂u₊ · xᵀ],
//!
//! u₊ the reader's pre-activation, x what the new channel reads. With incoming weights 0 nothing has changed yet and
//! nothing can be measured; so ours takes the first step that they would then take, along their gradient: the right
//! singular vector. The score is the singular value.
//!
//! Several channels at once get the next singular vectors each; their first steps are as long as their
//! singular values say, and the score is the length of all their gradients together.

use super::super::families::{Scene, group};
use super::super::observe::{lowest_target, observe_with};
use super::super::tally;
use super::super::train::piece_examples;
use super::Task;
use super::linear::{add_moment, scaled, shares, top_singulars};
use super::moments::Growth;
use crate::engine::EngineError;
use crate::estimate::Bank;
use crate::morphism::{Family, Morphism};

/// Sets φ of every widening; the scores.
pub async fn learn(task: &Task<'_>, morphisms: &mut [Morphism]) -> Result<Vec<Option<f64>>, EngineError> {
    let mut layers = Vec::new();
    let widened: Vec<Morphism> =
        morphisms.iter().filter(|morphism| morphism.candidate.family == Family::Widen).cloned().collect();
    for (position, morphism) in morphisms.iter().enumerate() {
        if morphism.candidate.family == Family::Widen {
            let growth = Growth::of(task, morphism)?;
            let sums = (vec![0.0; growth.outgoing() * growth.taps], vec![0.0; growth.taps]);
            layers.push((position, growth, sums));
        }
    }
    let Task { plan, network, data, .. } = *task;
    let until = lowest_target(&group(plan, &widened)?);
    let examples = task.examples();
    let mut done = 0;
    for indices in examples.chunks(piece_examples(plan, 1)) {
        let draws = vec![0.0; indices.len()];
        let bank = (Bank::Residual, until);
        let observed = observe_with(plan, &network.tensors, data, &data.train, indices, &draws, bank)?;
        let scene = Scene { plan, parameters: &network.tensors, values: &observed.values };
        for (_, growth, (moment, mean)) in &mut layers {
            for example in 0..indices.len() {
                let readings = growth.readings(&observed.values, example)?;
                let slopes = growth.seen_from(&scene, &growth.slopes(&observed.cotangents, example)?);
                tally::add(readings.len() * growth.outgoing());
                add_moment(moment, &slopes, growth.outgoing(), &readings, growth.taps);
                for row in readings.chunks_exact(growth.taps) {
                    mean.iter_mut().zip(row).for_each(|(mean, x)| *mean += x);
                }
            }
            task.passed(done, examples.len()).await?;
        }
        done += indices.len();
    }
    let mut scores = vec![None; morphisms.len()];
    for (position, growth, (moment, mean)) in &layers {
        let found = top_singulars(growth.outgoing(), growth.taps, moment, growth.width);
        let square = found.iter().map(|(value, ..)| value * value).sum::<f64>();
        scores[*position] = Some(square.sqrt() / examples.len() as f64);
        // Against the gradient, so that the loss falls.
        let against = |left: &[f64]| left.iter().map(|number| -number).collect();
        let shares = shares(&found);
        let directions: Vec<_> = found
            .iter()
            .zip(shares)
            .map(|((_, left, right), share)| (scaled(right, share), against(left)))
            .collect();
        growth.put(task, &mut morphisms[*position], mean, &directions)?;
    }
    Ok(scores)
}
