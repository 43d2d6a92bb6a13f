//! One number of a convolution taken apart: the pixels under the kernel, its weights, their products, and what norm
//! and ReLU make of the sum.

use candle_core::{DType, Tensor};

use super::{Architecture, AsType, Network, NetworkError, Node, Op};

/// What one input channel adds to the sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The input channel.
    pub channel: usize,
    /// The patch of it under the kernel, row by row; none beyond the image's border, where 0 is read.
    pub pixels: Vec<Option<f32>>,
    /// The kernel for this channel, row by row.
    pub weights: Vec<f32>,
    /// The sum of the products of both.
    pub sum: f64,
}

/// What follows a convolution directly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Batch norm in evaluation mode: (u − `mean`) / `deviation` · `weight` + `bias`.
    Norm {
        /// The running mean.
        mean: f64,
        /// The root of the running variance plus ε.
        deviation: f64,
        /// γ.
        weight: f64,
        /// β.
        bias: f64,
    },
    /// max(u, 0).
    Relu,
}

impl Step {
    /// What it makes of a number.
    pub fn of(self, value: f64) -> f64 {
        match self {
            Step::Norm { mean, deviation, weight, bias } => (value - mean) / deviation * weight + bias,
            Step::Relu => value.max(0.0),
        }
    }
}

/// One number of a convolution's output.
#[derive(Clone, Debug, PartialEq)]
pub struct CloseUp {
    /// Rows and columns of the kernel.
    pub kernel: usize,
    /// What each input channel adds, the largest in size first.
    pub shares: Vec<Share>,
    /// The channel's bias.
    pub bias: f64,
    /// The pre-activation u: all shares and the bias.
    pub sum: f64,
    /// What follows, in order, with the number after each step.
    pub steps: Vec<(Step, f64)>,
    /// The node that the last number is of.
    pub node: String,
}

impl CloseUp {
    /// Of `channel` of convolution `layer` at a place (row, column), where its input for an image is `input`,
    /// `[channels, height, width]`.
    ///
    /// # Errors
    ///
    /// A layer that is no convolution of the network, and numbers that do not fit: another channel, place or input.
    pub fn of(
        network: &Network,
        layer: &str,
        channel: usize,
        input: &Tensor,
        (row, column): (usize, usize),
    ) -> Result<Self, NetworkError> {
        let architecture = &network.architecture;
        let fail = |found: String, expected: String| {
            Err(NetworkError::Shape { node: layer.to_owned(), found, expected })
        };
        let Op::Conv { out_channels, kernel, .. } = architecture.node(layer)?.op else {
            return fail("another kind of node".into(), "a convolution".into());
        };
        if channel >= out_channels {
            return fail(format!("channel {channel}"), format!("one below {out_channels}"));
        }
        let (inputs, height, width) = input.dims3()?;
        if row >= height || column >= width {
            return fail(format!("row {row}, column {column}"), format!("a place in {height}×{width}"));
        }
        let weight = network.tensor(&format!("{layer}.weight"))?.get(channel)?;
        if weight.dims() != [inputs, kernel, kernel] {
            return fail(format!("an input of {inputs} channels"), format!("weights {:?}", weight.dims()));
        }
        let weights = numbers(&weight)?;
        let reach = kernel / 2;
        let (top, bottom) = (row.saturating_sub(reach), (row + reach + 1).min(height));
        let (left, right) = (column.saturating_sub(reach), (column + reach + 1).min(width));
        let inside = numbers(&input.narrow(1, top, bottom - top)?.narrow(2, left, right - left)?)?;
        // Place `across`, `down` of the kernel lies `reach` before the place that it computes.
        let pixel = |input: usize, down: usize, across: usize| {
            let (down, across) = ((row + down).checked_sub(reach)?, (column + across).checked_sub(reach)?);
            let is_inside = (top..bottom).contains(&down) && (left..right).contains(&across);
            let start = input * (bottom - top) * (right - left);
            is_inside.then(|| inside[start + (down - top) * (right - left) + across - left])
        };
        let share = |(channel, weights): (usize, &[f32])| {
            let pixels: Vec<Option<f32>> =
                (0..kernel * kernel).map(|place| pixel(channel, place / kernel, place % kernel)).collect();
            let products = pixels.iter().zip(weights).map(|(pixel, weight)| product(*pixel, *weight));
            Share { channel, sum: products.sum(), weights: weights.to_vec(), pixels }
        };
        let mut shares: Vec<Share> = weights.chunks(kernel * kernel).enumerate().map(share).collect();
        shares.sort_by(|a, b| b.sum.abs().total_cmp(&a.sum.abs()));
        let bias = one(network, layer, "bias", channel)?;
        let sum = shares.iter().map(|share| share.sum).sum::<f64>() + bias;
        let (steps, node) = steps(network, layer, channel, sum)?;
        Ok(Self { kernel, shares, bias, sum, steps, node })
    }

    /// The number at the end.
    pub fn result(&self) -> f64 {
        self.steps.last().map_or(self.sum, |(_, value)| *value)
    }
}

/// A weight times the pixel under it.
pub fn product(pixel: Option<f32>, weight: f32) -> f64 {
    f64::from(pixel.unwrap_or(0.0)) * f64::from(weight)
}

/// The norm and the ReLU that alone read what is before them, with the number after each, and the last node.
fn steps(
    network: &Network,
    layer: &str,
    channel: usize,
    sum: f64,
) -> Result<(Vec<(Step, f64)>, String), NetworkError> {
    let (mut steps, mut node, mut value) = (Vec::new(), layer.to_owned(), sum);
    while let Some(next) = only_reader(&network.architecture, &node) {
        let step = match next.op {
            Op::Norm { epsilon, .. } if steps.is_empty() => {
                let of = |suffix: &str| one(network, &next.name, suffix, channel);
                let deviation = (of("running_var")? + epsilon).sqrt();
                Step::Norm { mean: of("running_mean")?, deviation, weight: of("weight")?, bias: of("bias")? }
            }
            Op::Relu => Step::Relu,
            _ => break,
        };
        value = step.of(value);
        steps.push((step, value));
        node.clone_from(&next.name);
        if step == Step::Relu {
            break;
        }
    }
    Ok((steps, node))
}

fn only_reader<'a>(architecture: &'a Architecture, node: &str) -> Option<&'a Node> {
    match architecture.readers(node).as_slice() {
        [reader] => Some(*reader),
        _ => None,
    }
}

/// A node's parameter of one channel.
fn one(network: &Network, node: &str, suffix: &str, channel: usize) -> Result<f64, NetworkError> {
    let number = network.tensor(&format!("{node}.{suffix}"))?.narrow(0, channel, 1)?;
    Ok(numbers(&number)?.first().copied().map_or(0.0, f64::from))
}

fn numbers(tensor: &Tensor) -> Result<Vec<f32>, NetworkError> {
    Ok(tensor.as_type(DType::F32)?.flatten_all()?.to_vec1()?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pollster::block_on;

    use super::*;
    use crate::data::{DataConfig, load};
    use crate::engine::candle::CandleEngine;
    use crate::engine::{Engine, Part};
    use crate::morphism::{Candidate, Family, Morphism, apply, initial_phi};
    use crate::network::{Model, Tensors, plain};

    /// The engine's own activations of held-out image 3.
    fn activations(model: &Model) -> Tensors {
        let config =
            DataConfig { train: Some(20), held_out: Some(10), validation: Some(10), ..Default::default() };
        let mut engine = CandleEngine::new();
        block_on(engine.set_data(Arc::new(load(&config, 7).unwrap()))).unwrap();
        block_on(engine.load(model)).unwrap();
        block_on(engine.activations(Part::HeldOut, 3)).unwrap()
    }

    /// A network whose norms and biases are not what they begin with.
    fn model(norms: bool) -> Model {
        let mut network = Network::initialise(plain("4-M-5-3", norms, 10).unwrap(), 3).unwrap();
        for tensor in network.tensors.values_mut().filter(|tensor| tensor.rank() == 1) {
            let count = tensor.elem_count();
            let uneven: Vec<f32> = (0..count).map(|i| 0.3 + 0.2 * (i as f32 + 1.0).sin()).collect();
            *tensor = Tensor::from_vec(uneven, count, tensor.device()).unwrap();
        }
        Model::new(network)
    }

    fn at(outputs: &Tensors, node: &str, channel: usize, (row, column): (usize, usize)) -> f64 {
        let value = outputs[node].get(channel).unwrap().get(row).unwrap().get(column).unwrap();
        f64::from(value.to_scalar::<f32>().unwrap())
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-5 * (1.0 + expected.abs()), "{found}, expected {expected}");
    }

    #[test]
    fn the_parts_add_up_to_what_the_engine_computes() {
        for (norms, layer, end, last) in
            [(true, "conv1", "relu1", 31), (true, "conv3", "relu3", 15), (false, "conv2", "relu2", 15)]
        {
            let model = model(norms);
            let outputs = activations(&model);
            let input = &outputs[&model.network.architecture.node(layer).unwrap().inputs[0]];
            for place in [(0, 0), (0, last), (last, 0), (last, last), (7, 11)] {
                for channel in 0..3 {
                    let seen = CloseUp::of(&model.network, layer, channel, input, place).unwrap();
                    close(seen.sum, at(&outputs, layer, channel, place));
                    close(seen.result(), at(&outputs, end, channel, place));
                    assert_eq!((seen.node.as_str(), seen.steps.len()), (end, 1 + usize::from(norms)));
                    let of = |share: &Share| {
                        let products = share.pixels.iter().zip(&share.weights);
                        products.map(|(pixel, weight)| product(*pixel, *weight)).sum::<f64>()
                    };
                    close(seen.shares.iter().map(of).sum::<f64>() + seen.bias, seen.sum);
                    assert!(seen.shares.is_sorted_by(|a, b| a.sum.abs() >= b.sum.abs()));
                    let outside = |share: &Share| share.pixels.iter().filter(|one| one.is_none()).count();
                    let expected = if place == (7, 11) { 0 } else { 5 };
                    assert!(seen.shares.iter().all(|share| outside(share) == expected));
                }
            }
        }
    }

    #[test]
    fn the_children_of_a_split_are_what_the_grown_network_computes() {
        let model = model(true);
        let candidate = Candidate::named(Family::Split, "conv2", Some(1)).unwrap();
        let phi = initial_phi(&model.network, &candidate, 5, 1).unwrap();
        let split = Morphism { candidate, phi, scale: 0.75 };
        let grown = apply(&model, std::slice::from_ref(&split)).unwrap();
        let (before, after) = (activations(&model), activations(&grown));
        // The layer's input is the same before and after.
        let input = &before["pool1"];
        for (child, part) in [(1, "phi1"), (5, "phi2")] {
            let seen = CloseUp::of(&grown.network, "conv2", child, input, (4, 0)).unwrap();
            close(seen.result(), at(&after, "relu2", child, (4, 0)));
            let parent = CloseUp::of(&model.network, "conv2", 1, input, (4, 0)).unwrap();
            let phi = numbers(split.part(part).unwrap()).unwrap();
            for share in &seen.shares {
                let of_parent = parent.shares.iter().find(|other| other.channel == share.channel).unwrap();
                for (place, weight) in share.weights.iter().enumerate() {
                    let moved = of_parent.weights[place] + 0.75 * phi[share.channel * 9 + place];
                    close(f64::from(*weight), f64::from(moved));
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let model = model(false);
        let outputs = activations(&model);
        let of = |layer: &str, channel, input: &str, place| {
            CloseUp::of(&model.network, layer, channel, &outputs[input], place).unwrap_err().to_string()
        };
        assert!(of("relu1", 0, "input", (0, 0)).contains("expected a convolution"));
        assert!(of("conv1", 4, "input", (0, 0)).contains("expected one below 4"));
        assert!(of("conv1", 0, "input", (32, 0)).contains("a place in 32×32"));
        assert!(of("conv1", 0, "relu1", (0, 0)).contains("an input of 4 channels"));
    }
}
