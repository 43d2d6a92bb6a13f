//! `firefly`: Wu, Liu, Stone and Liu, "Firefly Neural Architecture Descent" (2020, arXiv 2102.08574). New neurons and the
//! two halves of split ones get their perturbations εδ by gradient descent on the true loss of the network in which all
//! of them are switched on together; then each is scored to first order by its gate γ,
//!
//! > sᵢ = −(1/m) Σ_{j=1…m} ∂L/∂γᵢ at γ = (2j − 1)/2m, every gate at the same place: the integral over the gates.
//!
//! Ours keeps to one layer at a time, the others as they stand (all splits of a layer together; a new channel alone),
//! descends with Adam like the other learners here, and takes ε and δ as one: φ = εδ. Where the paper then keeps the best
//! by score, we scale and estimate each alone, as for every learner; the score is reported beside.

use candle_core::{Result, Tensor};

use super::super::families::{Group, Scene, group};
use super::direct::true_slope;
use super::{Task, descent, numbers};
use crate::engine::EngineError;
use crate::estimate::Local;
use crate::morphism::{Morphism, morph};

/// Points that a gate is integrated over.
const GATES: usize = 3;

/// The slope of the true mean loss, with all members' changes made together, with respect to each change.
pub fn slope(
    scene: &Scene,
    group: &dyn Group,
    changes: &Tensor,
    locals: &[Local],
    batch: usize,
) -> Result<Tensor> {
    let layout = group.layout();
    let value = scene.values.at(layout.target)?;
    let Some(channels) = &layout.channels else {
        return true_slope(scene, layout.target, (value + changes)?, locals, batch);
    };
    let channels: Vec<u32> = channels.iter().map(|channel| *channel as u32).collect();
    let channels = Tensor::new(channels, value.device())?;
    let moved = value.index_add(&channels, changes, 1)?;
    true_slope(scene, layout.target, moved, locals, batch)?.index_select(&channels, 1)?.contiguous()
}

/// Each candidate's gain, to first order in its gate.
pub async fn scores(
    task: &Task<'_>,
    morphisms: &[Morphism],
) -> std::result::Result<Vec<Option<f64>>, EngineError> {
    let batch = task.examples();
    let batch = &batch[..task.request.batch.min(batch.len())];
    let mut scores: Vec<Option<f64>> = vec![None; morphisms.len()];
    for gate in 0..GATES {
        let gate = (2 * gate + 1) as f64 / (2 * GATES) as f64;
        let mut gated = morphisms.to_vec();
        for morphism in &mut gated {
            morphism.scale = gate as f32;
            morphism.phi = morphism.scaled()?;
        }
        let mut groups = group(task.plan, &gated)?;
        groups.retain(|grouped| !grouped.group.phi().is_empty());
        let gradients = descent::gradients(task, &groups, batch, 0).await?;
        for (grouped, gradients) in groups.iter_mut().zip(gradients) {
            // A group that holds its gradients names them as it names φ.
            grouped.group.set_phi(gradients);
            for (member, position) in grouped.members.iter().enumerate() {
                let morphism = &morphisms[*position];
                let mut along = 0.0;
                for (name, gradient) in grouped.group.member_phi(member)? {
                    if morph(morphism.candidate.family).is_scaled(&name) {
                        let phi = numbers(&morphism.phi[&name])?;
                        along += numbers(&gradient)?.iter().zip(&phi).map(|(g, phi)| g * phi).sum::<f64>();
                    }
                }
                *scores[*position].get_or_insert(0.0) -= along / GATES as f64;
            }
        }
        task.passed(batch.len(), batch.len()).await?;
    }
    Ok(scores)
}
