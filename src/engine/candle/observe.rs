//! What estimates and learners observe of a batch: values at the nodes, logits and losses, cotangents at the sites.

use super::families::Grouped;
use super::plan::Plan;
use super::real::tensor;
use super::tape::{Cotangents, Mode, Values, backward_to, forward};
use super::train::{dtype_of, images, rows};
use crate::data::{Data, Images};
use crate::estimate::{Bank, Local};
use crate::network::{AsType, Tensors};

/// A batch in the network: values, logits and loss of each example, and the cotangents of a bank.
pub struct Observation {
    /// Values at the nodes.
    pub values: Values,
    /// Logits, label and loss of each example.
    pub locals: Vec<Local>,
    /// The bank, pulled back to the nodes.
    pub cotangents: Cotangents,
}

/// Runs the network on examples of a part. `draws` are the uniform numbers for the sampled labels.
pub fn observe(
    plan: &Plan,
    parameters: &Tensors,
    data: &Data,
    part: &Images,
    indices: &[usize],
    draws: &[f64],
) -> candle_core::Result<Observation> {
    let dtype = dtype_of(parameters);
    let values = forward(plan, parameters, images(data, part, indices, dtype)?, Mode::Evaluation)?;
    let locals = rows(&values.logits()?)?
        .into_iter()
        .zip(indices)
        .zip(draws)
        .map(|((logits, index), draw)| Local::new(logits, usize::from(part.labels[*index]), *draw));
    Ok(Observation { locals: locals.collect(), values, cotangents: Cotangents::default() })
}

/// [`observe`], and a bank of cotangents pulled back to the node `until` and all after it.
pub fn observe_with(
    plan: &Plan,
    parameters: &Tensors,
    data: &Data,
    part: &Images,
    indices: &[usize],
    draws: &[f64],
    (bank, until): (Bank, usize),
) -> candle_core::Result<Observation> {
    let mut observed = observe(plan, parameters, data, part, indices, draws)?;
    let logits = observed.values.logits()?;
    let classes = logits.dim(1)?;
    let mut numbers: Vec<f64> = Vec::with_capacity(bank.size(classes) * logits.elem_count());
    let by_example: Vec<Vec<f64>> = observed.locals.iter().map(|local| local.cotangents(bank)).collect();
    for set in 0..bank.size(classes) {
        numbers.extend(by_example.iter().flat_map(|sets| &sets[set * classes..][..classes]));
    }
    let cotangents = tensor(numbers, (bank.size(classes) * indices.len(), classes))?;
    let cotangents = cotangents.as_type(dtype_of(parameters))?;
    observed.cotangents = backward_to(plan, parameters, &observed.values, &cotangents, until)?;
    Ok(observed)
}

/// The first node, in the network's order, whose cotangents the groups meet; without groups, a node behind them all.
pub fn lowest_target(groups: &[Grouped]) -> usize {
    groups.iter().map(|grouped| grouped.group.layout().target).min().unwrap_or(usize::MAX)
}
