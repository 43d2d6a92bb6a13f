//! The parameters, as the operations want them.

use candle_core::{Result, bail};
use rayon::prelude::*;

use super::memory::Layout;
use super::program::{Op, Program};
use crate::engine::candle::kernels::conv::turned;
use crate::engine::candle::kernels::line::Line;
use crate::engine::candle::kernels::multiply::packed;
use crate::engine::candle::kernels::sizes::Sizes;
use crate::engine::candle::kernels::{Lanes, vectorised};
use crate::engine::candle::plan::Plan;
use crate::engine::candle::real::{Numbers, tensor};
use crate::network::Tensors;

/// One way through a convolution.
pub struct Packed {
    /// How lines lie, and its sizes.
    pub line: Line,
    /// Where each tap's neighbour lies.
    pub taps: Vec<usize>,
    /// The weights.
    pub packed: Vec<f32>,
    /// One number a channel.
    pub bias: Vec<f32>,
    /// Where its gradients begin: weights, then bias.
    pub gradient_at: usize,
    /// The way back, unless it reads the images.
    pub back: Option<Box<Packed>>,
}

/// All parameters, and where their gradients lie.
pub struct Weights {
    /// By layer.
    pub layers: Vec<Packed>,
    /// The linear layer's, `[classes][channels]`.
    pub linear: Vec<f32>,
    /// One number a class.
    pub linear_bias: Vec<f32>,
    /// Where its gradients begin.
    pub linear_at: usize,
    /// Numbers of all gradients.
    pub numbers: usize,
    /// For each operation, whether it is the first to give each of the values that it reads a gradient.
    pub first: Vec<[bool; 2]>,
}

/// The numbers of a node's weight or bias.
pub fn numbers(plan: &Plan, parameters: &Tensors, node: usize, what: &str) -> Result<Vec<f32>> {
    let name = format!("{}.{what}", plan.name(node));
    match parameters.get(&name) {
        Some(tensor) => Ok(Numbers::<f32>::of(tensor)?.to_vec()),
        None => bail!("no parameter \"{name}\""),
    }
}

impl Weights {
    /// Packs the parameters. `reach`: as the widest kernel.
    pub fn new(
        plan: &Plan,
        program: &Program,
        layout: &Layout,
        reach: usize,
        parameters: &Tensors,
    ) -> Result<Self> {
        let mut first = vec![[true; 2]; program.ops.len()];
        let mut begun = vec![false; program.values.len()];
        begun[program.last] = true;
        for (first, op) in first.iter_mut().zip(&program.ops).rev() {
            for (first, read) in first.iter_mut().zip(op.reads()) {
                *first = !std::mem::replace(&mut begun[read], true);
            }
        }
        let mut at = 0;
        let mut places = Vec::new();
        for op in &program.ops {
            if let Op::Convolve { layer, x, y } = *op {
                let (inputs, outputs) = (program.values[x].channels, program.values[y].channels);
                let (height, width) = program.values[x].size;
                let kernel = program.layers[layer].kernel;
                let sizes = Sizes { examples: layout.examples, inputs, outputs, height, width, kernel };
                places.push((layer, sizes, x != 0, at));
                at += outputs * sizes.taps() + outputs;
            }
        }
        let lanes = vectorised(Lanes);
        let layer = |(layer, sizes, back, gradient_at): (usize, Sizes, bool, usize)| {
            let node = program.layers[layer].node;
            let (weights, bias) =
                (numbers(plan, parameters, node, "weight")?, numbers(plan, parameters, node, "bias")?);
            let way = |sizes: Sizes, weights: &[f32], bias: Vec<f32>, back| {
                let line = Line::reaching(&sizes, reach, layout.examples);
                let (taps, packed) = (line.taps(), packed(sizes.outputs, weights, lanes));
                Packed { line, taps, packed, bias, gradient_at, back }
            };
            let back = back.then(|| {
                let turned = turned(&sizes, &weights);
                let sizes = Sizes { inputs: sizes.outputs, outputs: sizes.inputs, ..sizes };
                Box::new(way(sizes, &turned, vec![0.0; sizes.outputs], None))
            });
            Ok(way(sizes, &weights, bias, back))
        };
        let layers = places.into_par_iter().map(layer).collect::<Result<Vec<_>>>()?;
        let linear = numbers(plan, parameters, program.linear, "weight")?;
        let linear_bias = numbers(plan, parameters, program.linear, "bias")?;
        let count = at + linear.len() + linear_bias.len();
        Ok(Self { layers, linear, linear_bias, linear_at: at, numbers: count, first })
    }

    /// The gradients by their names.
    pub fn named(&self, plan: &Plan, program: &Program, gradients: &[f32]) -> Result<Tensors> {
        let mut named = Tensors::new();
        let mut put = |node: usize, what: &str, numbers: &[f32], shape: &[usize]| -> Result<()> {
            named.insert(format!("{}.{what}", plan.name(node)), tensor(numbers.to_vec(), shape)?);
            Ok(())
        };
        for (layer, packed) in program.layers.iter().zip(&self.layers) {
            let Sizes { inputs, outputs, kernel, .. } = packed.line.sizes;
            let (weights, rest) =
                gradients[packed.gradient_at..].split_at(outputs * packed.line.sizes.taps());
            put(layer.node, "weight", weights, &[outputs, inputs, kernel, kernel])?;
            put(layer.node, "bias", &rest[..outputs], &[outputs])?;
        }
        let (classes, channels) = (program.classes, program.values[program.last].channels);
        let (weights, bias) = gradients[self.linear_at..].split_at(classes * channels);
        put(program.linear, "weight", weights, &[classes, channels])?;
        put(program.linear, "bias", bias, &[classes])?;
        Ok(named)
    }
}
