//! `firefly`: Wu, Liu, Stone and Liu, "Firefly Neural Architecture Descent" (2020, arXiv 2102.08574). New neurons and the
//! two halves of split ones get their perturbations εδ by gradient descent on the true loss of the network in which all
//! of them are switched on together; then each is scored to first order by its gate γ,
//!
//! > sᵢ = −(1/m) Σ_{j=1…m} ∂L/∂γᵢ at γ = (2j − 1)/2m, every gate at the same place: the integral over the gates.
//!
//! Ours keeps to one layer at a time, the others as they stand (all splits of a layer together; a new channel alone),
//! descends with Adam like the other learners here, and takes ε and δ as one: φ = εδ. Where the paper then keeps the best
//! by score, we scale and estimate each alone, as for every learner; the score is reported as well.

use candle_core::{Result, Tensor};

use super::super::families::{Group, Scene};
use super::direct::true_slope;
use crate::estimate::Local;

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
