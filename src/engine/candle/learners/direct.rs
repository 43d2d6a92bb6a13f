//! `direct`: φ by Adam on the true loss, one candidate at a time. Nothing is approximated but the mean over a batch, so
//! its gain is what the others are held against; each step of each candidate takes a forward and a backward pass of
//! its own through everything downstream of its site.

use candle_core::{Result, Tensor};

use super::super::families::{Group, Layout, Scene};
use super::super::ops::convolve_input_gradient;
use super::super::plan::StepKind;
use super::super::real::tensor;
use super::super::tape::{backward_to, values_from};
use crate::estimate::Local;
use crate::network::AsType;

/// The slope of each member's own true mean loss with respect to its change.
pub fn slope(
    scene: &Scene,
    group: &dyn Group,
    changes: &Tensor,
    locals: &[Local],
    batch: usize,
) -> Result<Tensor> {
    let layout = group.layout();
    let members = layout.channels.as_ref().map_or(1, Vec::len);
    let mut slopes = Vec::with_capacity(members);
    for member in 0..members {
        let (node, value) = group.entry(scene, changes, member)?;
        let at_node = true_slope(scene, node, value, locals, batch)?;
        slopes.push(through_reader(scene, &layout, node, at_node, member)?);
    }
    match slopes.as_slice() {
        [slope] => Ok(slope.clone()),
        slopes => Tensor::cat(slopes, 1)?.contiguous(),
    }
}

/// The slope of the true mean loss of `batch` examples with respect to a node, where the node has another `value`.
pub fn true_slope(
    scene: &Scene,
    node: usize,
    value: Tensor,
    locals: &[Local],
    batch: usize,
) -> Result<Tensor> {
    let Scene { plan, parameters, values } = *scene;
    let moved = values_from(plan, parameters, values, node, value)?;
    let logits = moved.logits()?;
    let mut cotangents = Vec::with_capacity(logits.elem_count());
    for (row, local) in super::super::train::rows(&logits)?.into_iter().zip(locals) {
        let there = Local::new(row, local.label, 0.0);
        cotangents.extend(there.cotangents(crate::estimate::Bank::Residual).iter().map(|r| r / batch as f64));
    }
    let cotangents = tensor(cotangents, logits.dims())?.as_type(logits.dtype())?;
    Ok(backward_to(plan, parameters, &moved, &cotangents, node)?.at(node)?.clone())
}

/// From the slope at the node that a member's change enters at, the slope with respect to the change: itself where the
/// change is the node's; else through the node's weights, which read the changed channel.
fn through_reader(
    scene: &Scene,
    layout: &Layout,
    node: usize,
    slope: Tensor,
    member: usize,
) -> Result<Tensor> {
    let Some(channels) = &layout.channels else { return Ok(slope) };
    let channel = channels[member];
    if node == layout.target {
        return slope.narrow(1, channel, 1)?.contiguous();
    }
    let weights = scene.parameter(node, "weight")?.narrow(1, channel, 1)?.contiguous()?;
    let is_linear = |kind: &StepKind| matches!(kind, StepKind::Linear);
    if !scene.plan.steps.iter().any(|step| step.output == node && is_linear(&step.kind)) {
        return convolve_input_gradient(&slope, &weights);
    }
    let (_, _, height, width) = scene.values.at(layout.target)?.dims4()?;
    let examples = slope.dim(0)?;
    let mean = convolve_input_gradient(&slope, &weights.reshape((weights.dim(0)?, 1, 1, 1))?)?;
    (mean / (height * width) as f64)?.broadcast_as((examples, 1, height, width))?.contiguous()
}
