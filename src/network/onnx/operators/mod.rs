//! What each ONNX operator becomes.

mod constants;
mod layers;
mod linear;

use std::rc::Rc;

use super::attributes::Attributes;
use super::builder::{Builder, Layout, Value};
use super::proto::Node;
use super::tensor::{Constant, Fault};
use crate::network::Op;

/// What a network here can be made of, for people.
pub const SUPPORTED: &str = "Conv, BatchNormalization, Relu, MaxPool, AveragePool, Add, GlobalAveragePool or ReduceMean, \
     Flatten, Reshape or Squeeze after it, Gemm or MatMul, Softmax at the end; Sub, Div, Mul and Add of constants on the \
     pixels; Identity, Dropout, Cast, Constant, Transpose between channels first and last";

/// Adds what a node computes to the network.
pub fn apply(builder: &mut Builder, node: &Node) -> Result<(), Fault> {
    let name = match node.name.as_str() {
        "" => node.output.first().map_or("", String::as_str),
        name => name,
    };
    let op = Operator { builder, node, attributes: Attributes(node), name };
    let unknown = || Err(("an operator that no network here has".to_owned(), SUPPORTED.to_owned()));
    if !matches!(node.domain.as_str(), "" | "ai.onnx") {
        return unknown();
    }
    let value = match node.op_type.as_str() {
        "Conv" => op.conv()?,
        "BatchNormalization" => op.norm()?,
        "Relu" => op.relu()?,
        "MaxPool" | "AveragePool" => op.pool()?,
        "GlobalAveragePool" => op.global_pool()?,
        "ReduceMean" => op.mean()?,
        "Add" | "Sub" | "Mul" | "Div" => op.arithmetic()?,
        "Flatten" | "Reshape" | "Squeeze" => op.flatten()?,
        "Transpose" => op.transpose()?,
        "Gemm" => op.gemm()?,
        "MatMul" => op.mat_mul()?,
        "Softmax" | "LogSoftmax" => op.softmax()?,
        "Identity" | "Dropout" => op.input(0)?.clone(),
        "Cast" => op.cast()?,
        "Constant" => op.constant()?,
        "Shape" | "Gather" | "Concat" | "Unsqueeze" | "Slice" => op.sizes()?,
        _ => return unknown(),
    };
    let output = node.output.first().ok_or_else(|| ("no output".to_owned(), "one output".to_owned()))?;
    builder.bind(output, value)
}

/// A node on its way into the network.
struct Operator<'a> {
    builder: &'a mut Builder,
    node: &'a Node,
    attributes: Attributes<'a>,
    name: &'a str,
}

impl Operator<'_> {
    /// The name of input `index`, if it is there.
    fn input_name(&self, index: usize) -> Option<&str> {
        self.node.input.get(index).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// Input `index`.
    fn input(&self, index: usize) -> Result<&Value, Fault> {
        let missing = || (format!("{} inputs", self.node.input.len()), format!("{} at least", index + 1));
        self.builder.value(self.input_name(index).ok_or_else(missing)?)
    }

    /// Input `index`, which must be numbers of the file.
    fn numbers(&self, index: usize) -> Result<Rc<Constant>, Fault> {
        match self.input(index)? {
            Value::Constant(constant) => Ok(constant.clone()),
            _ => Err((format!("a computed input {}", index + 1), "numbers of the file".into())),
        }
    }

    /// Input `index`: `count` floats.
    fn vector(&self, index: usize, count: usize) -> Result<Vec<f32>, Fault> {
        let constant = self.numbers(index)?;
        let vector = constant.per_channel(count, constant.dims.len().saturating_sub(1), constant.dims.len());
        vector.ok_or_else(|| {
            (format!("input {} of shape {:?}", index + 1, constant.dims), format!("{count} floats"))
        })
    }

    /// The part that input 0 comes from, and its axes.
    fn feature(&mut self) -> Result<(usize, Layout), Fault> {
        self.input(0)?;
        self.builder.feature(&self.node.input[0])
    }

    /// The part that input 0 comes from, which must have rows and columns, and not be pooled over all of them.
    fn map(&mut self) -> Result<(usize, Layout), Fault> {
        let (part, layout) = self.feature()?;
        let pooled = matches!(self.builder.parts[part].op, Op::GlobalAvgPool);
        match pooled || layout == Layout::Flat {
            true => Err((
                "it after the global average pool or the linear layer".into(),
                "one linear layer (Gemm or MatMul) after the global average pool, and nothing else".into(),
            )),
            false => Ok((part, layout)),
        }
    }

    /// [`Self::map`] with channels first.
    fn channels_first(&mut self) -> Result<usize, Fault> {
        match self.map()? {
            (part, Layout::ChannelsFirst) => Ok(part),
            _ => Err((
                "an input with channels last".into(),
                "channels first, [N, channels, rows, columns]".into(),
            )),
        }
    }

    fn channels(&self, part: usize) -> usize {
        self.builder.parts[part].shape.channels
    }
}
