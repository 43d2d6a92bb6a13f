//! Forward and backward through a network. One backward pass carries any number of cotangents at once: the
//! estimators' logit gradients reach every site in one sweep.

use candle_core::{Result, Tensor, bail};

use super::kernels::{dense, norm};
use super::ops::{
    activated, activated_gradient, convolve, convolve_gradients, convolve_input_gradient,
    convolve_weight_gradient, global_average, linear, sum,
};
use super::plan::{Plan, Step, StepKind};
use super::real::{Numbers, tensor, with_real};
use super::tally;
use crate::morphism::Pool;
use crate::network::Tensors;

/// How batch norm behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// With the batch's statistics.
    Training,
    /// With the running statistics.
    Evaluation,
}

/// What batch norm did to a batch.
#[derive(Clone)]
struct NormBatch {
    /// Scale and shift, `[2, channels]`.
    affine: Tensor,
    /// In training: mean and variance of the batch, `[2, channels]`.
    statistics: Option<Tensor>,
}

/// The values of a batch at the nodes, as far as the plan keeps them.
pub struct Values {
    /// `[examples, channels, height, width]` of each node; none inside a fused step.
    nodes: Vec<Option<Tensor>>,
    /// By step.
    norms: Vec<Option<NormBatch>>,
    mode: Mode,
}

impl Values {
    /// The value of a node.
    pub fn at(&self, node: usize) -> Result<&Tensor> {
        match &self.nodes[node] {
            Some(value) => Ok(value),
            None => bail!("node {node} has no value of its own"),
        }
    }

    /// The logits, `[examples, classes]`.
    pub fn logits(&self) -> Result<Tensor> {
        let value = self.at(self.nodes.len() - 1)?;
        value.reshape((value.dim(0)?, value.dim(1)?))
    }

    /// Mean and variance, `[2, channels]`, of each norm's batch, by node.
    pub fn norm_statistics<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = (usize, f64, &'a Tensor)> {
        plan.steps.iter().zip(&self.norms).filter_map(|(step, norm)| match step.kind {
            StepKind::Activate { norm: Some((node, _, momentum)), .. } => {
                Some((node, momentum, norm.as_ref()?.statistics.as_ref()?))
            }
            _ => None,
        })
    }

    /// Scale and shift of the norm whose step reads node `input`, if there is one.
    pub fn affine_after(&self, plan: &Plan, input: usize) -> Option<&Tensor> {
        let step = plan.steps.iter().position(|step| {
            step.inputs == [input] && matches!(step.kind, StepKind::Activate { norm: Some(_), .. })
        })?;
        self.norms[step].as_ref().map(|norm| &norm.affine)
    }
}

/// What a backward pass found.
#[derive(Default)]
pub struct Cotangents {
    /// `[sets · examples, channels, height, width]` at each node that was reached.
    nodes: Vec<Option<Tensor>>,
    /// Gradients of the parameters, if they were asked for.
    pub gradients: Tensors,
}

impl Cotangents {
    /// The cotangents at a node.
    pub fn at(&self, node: usize) -> Result<&Tensor> {
        match self.nodes.get(node) {
            Some(Some(value)) => Ok(value),
            _ => bail!("no cotangent reached node {node}"),
        }
    }
}

fn parameter<'a>(plan: &Plan, parameters: &'a Tensors, node: usize, suffix: &str) -> Result<&'a Tensor> {
    let name = format!("{}.{suffix}", plan.name(node));
    match parameters.get(&name) {
        Some(tensor) => Ok(tensor),
        None => bail!("no parameter \"{name}\""),
    }
}

/// Computes every value of a batch of images `[n, 3, h, w]`.
pub fn forward(plan: &Plan, parameters: &Tensors, images: Tensor, mode: Mode) -> Result<Values> {
    let mut values = Values {
        nodes: vec![None; plan.shapes.len()],
        norms: plan.steps.iter().map(|_| None).collect(),
        mode,
    };
    values.nodes[0] = Some(images);
    for (index, step) in plan.steps.iter().enumerate() {
        if let StepKind::Activate { norm: Some((node, epsilon, _)), .. } = step.kind {
            let u = values.at(step.inputs[0])?;
            values.norms[index] = Some(norm_batch(plan, parameters, node, epsilon, u, mode)?);
        }
        let x = values.at(step.inputs[0])?;
        let affine = values.norms[index].as_ref().map(|norm| &norm.affine);
        let other = step.inputs.get(1).map(|node| values.at(*node)).transpose()?;
        let value = run(plan, parameters, step, x, other, affine)?;
        values.nodes[step.output] = Some(value);
    }
    Ok(values)
}

fn run(
    plan: &Plan,
    parameters: &Tensors,
    step: &Step,
    x: &Tensor,
    other: Option<&Tensor>,
    affine: Option<&Tensor>,
) -> Result<Tensor> {
    let parameter = |suffix| parameter(plan, parameters, step.output, suffix);
    match step.kind {
        StepKind::Conv { .. } => convolve(x, parameter("weight")?, Some(parameter("bias")?)),
        StepKind::Activate { relu, pool, .. } => activated(x, affine, relu, pool),
        StepKind::Add => sum(x, other.expect("an addition reads two nodes")),
        StepKind::GlobalAverage => global_average(x),
        StepKind::Linear => linear(x, parameter("weight")?, parameter("bias")?),
    }
}

fn norm_batch(
    plan: &Plan,
    parameters: &Tensors,
    node: usize,
    epsilon: f64,
    u: &Tensor,
    mode: Mode,
) -> Result<NormBatch> {
    let parameter = |suffix| parameter(plan, parameters, node, suffix);
    let statistics = match mode {
        Mode::Training => {
            let (_, channels, height, width) = u.dims4()?;
            with_real!(u, T => {
                let (mean, variance) = norm::statistics(channels, height * width, &Numbers::<T>::of(u)?);
                tensor([mean, variance].concat(), (2, channels))?
            })
        }
        Mode::Evaluation => Tensor::stack(&[parameter("running_mean")?, parameter("running_var")?], 0)?,
    };
    let scale = (parameter("weight")? / (statistics.get(1)? + epsilon)?.sqrt()?)?;
    let shift = (parameter("bias")? - (statistics.get(0)? * &scale)?)?;
    let affine = Tensor::stack(&[scale, shift], 0)?.contiguous()?;
    Ok(NormBatch { affine, statistics: (mode == Mode::Training).then_some(statistics) })
}

/// The values when `node` has another value than in `base` (evaluation mode). The new value may hold several
/// versions of the batch, `[versions · examples, …]`; only what lies downstream is computed.
pub fn values_from(
    plan: &Plan,
    parameters: &Tensors,
    base: &Values,
    node: usize,
    value: Tensor,
) -> Result<Values> {
    let mut values = Values { nodes: base.nodes.clone(), norms: base.norms.clone(), mode: base.mode };
    let mut changed = vec![false; plan.shapes.len()];
    (values.nodes[node], changed[node]) = (Some(value), true);
    for (index, step) in plan.steps.iter().enumerate() {
        if step.output == node || !step.inputs.iter().any(|input| changed[*input]) {
            continue;
        }
        let other = step.inputs.get(1).map(|input| values.at(*input)).transpose()?;
        let affine = values.norms[index].as_ref().map(|norm| &norm.affine);
        let value = run(plan, parameters, step, values.at(step.inputs[0])?, other, affine)?;
        (values.nodes[step.output], changed[step.output]) = (Some(value), true);
    }
    match changed.last() {
        Some(true) => Ok(values),
        _ => bail!("nothing lies downstream of {}", plan.name(node)),
    }
}

/// Pulls cotangents at the logits, `[sets · examples, classes]`, back to every node down to the first
/// convolution's output, and to the parameters if `with_parameters` (then there must be one set).
pub fn backward(
    plan: &Plan,
    parameters: &Tensors,
    values: &Values,
    cotangents: &Tensor,
    with_parameters: bool,
) -> Result<Cotangents> {
    pull(plan, parameters, values, cotangents, with_parameters, 0)
}

/// Pulls cotangents back to `node` and what comes after it, and no further.
pub fn backward_to(
    plan: &Plan,
    parameters: &Tensors,
    values: &Values,
    cotangents: &Tensor,
    node: usize,
) -> Result<Cotangents> {
    pull(plan, parameters, values, cotangents, false, node)
}

fn pull(
    plan: &Plan,
    parameters: &Tensors,
    values: &Values,
    cotangents: &Tensor,
    with_parameters: bool,
    until: usize,
) -> Result<Cotangents> {
    let mut found = Cotangents { nodes: vec![None; plan.shapes.len()], gradients: Tensors::new() };
    let (rows, classes) = cotangents.dims2()?;
    let last = found.nodes.len() - 1;
    found.nodes[last] = Some(cotangents.reshape((rows, classes, 1, 1))?);
    for (index, step) in plan.steps.iter().enumerate().rev() {
        if step.output <= until {
            break;
        }
        // A node that does not lead to the logits has no cotangent.
        let Some(dy) = found.nodes[step.output].clone() else { continue };
        let x = values.at(step.inputs[0])?;
        let wanted = step.inputs[0] != 0;
        let put = |found: &mut Cotangents, node: usize, dx: Tensor| -> Result<()> {
            found.nodes[node] = Some(match found.nodes[node].take() {
                Some(before) => sum(&before, &dx)?,
                None => dx,
            });
            Ok(())
        };
        let gradient = |found: &mut Cotangents, node: usize, suffix: &str, value: Tensor| {
            found.gradients.insert(format!("{}.{suffix}", plan.name(node)), value);
        };
        match step.kind {
            StepKind::Conv { kernel } => {
                let weights = parameter(plan, parameters, step.output, "weight")?;
                if with_parameters {
                    let (d_weights, d_bias) = if wanted {
                        let (dx, d_weights, d_bias) = convolve_gradients(x, &dy, weights)?;
                        put(&mut found, step.inputs[0], dx)?;
                        (d_weights, d_bias)
                    } else {
                        convolve_weight_gradient(x, &dy, kernel)?
                    };
                    gradient(&mut found, step.output, "weight", d_weights);
                    gradient(&mut found, step.output, "bias", d_bias);
                } else if wanted {
                    put(&mut found, step.inputs[0], convolve_input_gradient(&dy, weights)?)?;
                }
            }
            StepKind::Activate { norm, relu, pool } => {
                let batch = values.norms[index].as_ref();
                let affine = batch.map(|batch| &batch.affine);
                let statistics = batch.and_then(|batch| batch.statistics.as_ref());
                let own_backward = values.mode == Mode::Training;
                let dx = match (norm, affine, statistics) {
                    (Some((node, epsilon, _)), Some(affine), Some(statistics)) if own_backward => {
                        // A pool's gradient is pulled back first, a ReLU's on the way.
                        let pooled = (pool != Pool::None)
                            .then(|| activated_gradient(x, Some(affine), relu, pool, &dy, false))
                            .transpose()?;
                        let before_relu = (relu && pooled.is_none()).then_some(affine);
                        let gamma = parameter(plan, parameters, node, "weight")?;
                        let batch = (statistics, epsilon, before_relu);
                        let (du, d_gamma, d_beta) =
                            norm_gradient(x, pooled.as_ref().unwrap_or(&dy), batch, gamma)?;
                        gradient(&mut found, node, "weight", d_gamma);
                        gradient(&mut found, node, "bias", d_beta);
                        du
                    }
                    _ => activated_gradient(x, affine, relu, pool, &dy, true)?,
                };
                put(&mut found, step.inputs[0], dx)?;
            }
            StepKind::Add => {
                put(&mut found, step.inputs[0], dy.clone())?;
                put(&mut found, step.inputs[1], dy)?;
            }
            StepKind::GlobalAverage => {
                let (_, channels, height, width) = x.dims4()?;
                let dx = with_real!(x, T => {
                    let dx = dense::global_average_gradient(height * width, &Numbers::<T>::of(&dy)?);
                    tensor(dx, (rows, channels, height, width))?
                });
                put(&mut found, step.inputs[0], dx)?;
            }
            StepKind::Linear => {
                let weights = parameter(plan, parameters, step.output, "weight")?;
                let (outputs, inputs) = weights.dims2()?;
                tally::add(rows * outputs * inputs * if with_parameters { 2 } else { 1 });
                let dx = with_real!(x, T => {
                    let dy = Numbers::<T>::of(&dy)?;
                    if with_parameters {
                        let x = Numbers::<T>::of(x)?;
                        let (weights, bias) = dense::linear_weight_gradient(inputs, outputs, &x, &dy);
                        gradient(&mut found, step.output, "weight", tensor(weights, (outputs, inputs))?);
                        gradient(&mut found, step.output, "bias", tensor(bias, outputs)?);
                    }
                    let dx = dense::linear_input_gradient(inputs, outputs, &dy, &Numbers::<T>::of(weights)?);
                    tensor(dx, (rows, inputs, 1, 1))?
                });
                put(&mut found, step.inputs[0], dx)?;
            }
        }
    }
    Ok(found)
}

/// Through a norm, and the ReLU after it where its affine map is given.
fn norm_gradient(
    u: &Tensor,
    dy: &Tensor,
    (statistics, epsilon, before_relu): (&Tensor, f64, Option<&Tensor>),
    gamma: &Tensor,
) -> Result<(Tensor, Tensor, Tensor)> {
    let (_, channels, height, width) = u.dims4()?;
    let deviation = (statistics.get(1)? + epsilon)?.sqrt()?;
    let mean = statistics.get(0)?;
    with_real!(u, T => {
        let before_relu = before_relu.map(Numbers::<T>::of).transpose()?;
        let normed = norm::Normed {
            mean: &Numbers::<T>::of(&mean)?,
            deviation: &Numbers::<T>::of(&deviation)?,
            gamma: &Numbers::<T>::of(gamma)?,
            before_relu: before_relu.as_deref(),
        };
        let (u_numbers, dy) = (Numbers::<T>::of(u)?, Numbers::<T>::of(dy)?);
        let (du, d_gamma, d_beta) = norm::gradient(height * width, &u_numbers, &dy, &normed);
        Ok((tensor(du, u.dims())?, tensor(d_gamma, channels)?, tensor(d_beta, channels)?))
    })
}
