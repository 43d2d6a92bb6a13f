//! What is folded away: numbers of the file, changes of layout, sizes, sums and products with constants.

use std::rc::Rc;

use super::{Operator, SUPPORTED};
use crate::network::Op;
use crate::network::onnx::builder::{Affine, Layout, Value};
use crate::network::onnx::tensor::{Constant, Fault, Values};

impl Operator<'_> {
    pub(super) fn transpose(mut self) -> Result<Value, Fault> {
        let order = self.attributes.ints("perm");
        match self.input(0)?.clone() {
            Value::Constant(constant) => {
                let axes = constant.dims.len();
                let order: Vec<usize> = match order {
                    Some(order) => order.iter().map(|&axis| usize::try_from(axis).unwrap_or(axes)).collect(),
                    None => (0..axes).rev().collect(),
                };
                let turned = constant.transposed(&order).ok_or_else(|| {
                    (
                        format!("perm {order:?} of shape {:?}", constant.dims),
                        "an order of its axes".to_owned(),
                    )
                })?;
                Ok(Value::Constant(Rc::new(turned)))
            }
            Value::Pixels(affine, layout) => Ok(Value::Pixels(affine, turned(layout, order)?)),
            _ => {
                let (part, layout) = self.feature()?;
                Ok(Value::Feature(part, turned(layout, order)?))
            }
        }
    }

    pub(super) fn cast(self) -> Result<Value, Fault> {
        let value = self.input(0)?.clone();
        if !matches!(value, Value::Sizes | Value::Constant(_)) {
            self.attributes.demand_int("to", 1, 1)?;
        }
        Ok(value)
    }

    pub(super) fn constant(self) -> Result<Value, Fault> {
        let attributes = &self.attributes;
        let constant = if let Some(tensor) = attributes.get("value").and_then(|value| value.t.as_ref()) {
            Constant::read(tensor)?
        } else if let Some(value) = attributes.get("value_float") {
            Constant { dims: vec![], values: Values::Floats(vec![value.f]) }
        } else if let Some(value) = attributes.get("value_int") {
            Constant { dims: vec![], values: Values::Integers(vec![value.i]) }
        } else if let Some(value) = attributes.get("value_floats") {
            Constant::list(Values::Floats(value.floats.clone()))
        } else if let Some(value) = attributes.get("value_ints") {
            Constant::list(Values::Integers(value.ints.clone()))
        } else {
            return Err(("no numbers".into(), "a value".into()));
        };
        Ok(Value::Constant(Rc::new(constant)))
    }

    /// Numbers of the file with other sizes, if that is what the node asks for.
    pub(super) fn reshaped(&self) -> Option<Value> {
        let Ok(Value::Constant(constant)) = self.input(0) else { return None };
        let Ok(Value::Constant(sizes)) = self.input(1) else { return None };
        let sizes = sizes.integers()?;
        let sizes = match self.node.op_type.as_str() {
            "Reshape" => sizes.to_vec(),
            "Unsqueeze" => {
                let mut dims: Vec<i64> = constant.dims.iter().map(|&size| size as i64).collect();
                for &axis in sizes {
                    let axis = usize::try_from(axis).ok().filter(|axis| *axis <= dims.len())?;
                    dims.insert(axis, 1);
                }
                dims
            }
            _ => return None,
        };
        Some(Value::Constant(Rc::new(constant.reshaped(&sizes)?)))
    }

    /// A value that only says sizes: what a program computes to reshape by.
    pub(super) fn sizes(self) -> Result<Value, Fault> {
        if let Some(value) = self.reshaped() {
            return Ok(value);
        }
        let computed = |index: usize| !matches!(self.input(index), Ok(Value::Constant(_) | Value::Sizes));
        if self.node.op_type != "Shape" && (0..self.node.input.len()).any(computed) {
            return Err((
                format!("{} of what is computed from pixels", self.node.op_type),
                SUPPORTED.to_owned(),
            ));
        }
        self.input(0)?;
        Ok(Value::Sizes)
    }

    pub(super) fn arithmetic(mut self) -> Result<Value, Fault> {
        let is_number = |value: &Value| matches!(value, Value::Constant(_));
        let commutes = matches!(self.node.op_type.as_str(), "Add" | "Mul");
        let (value, number) = match (is_number(self.input(0)?), is_number(self.input(1)?)) {
            (false, true) => (0, 1),
            (true, false) if commutes => (1, 0),
            (false, false) if self.node.op_type == "Add" => return self.sum(),
            _ => {
                let found = format!("{} of two computed values, or of a constant first", self.node.op_type);
                return Err((found, format!("a computed value and a constant; or one of {SUPPORTED}")));
            }
        };
        let constant = self.numbers(number)?;
        let name = self.node.input[value].clone();
        let (channels, layout) = match self.builder.value(&name)?.clone() {
            Value::Pixels(_, layout) => (self.builder.parts[0].shape.channels, layout),
            _ => {
                let (part, layout) = self.builder.feature(&name)?;
                (self.channels(part), layout)
            }
        };
        let (axis, rank) = layout.channels();
        let numbers = constant.per_channel(channels, axis, rank).ok_or_else(|| {
            (
                format!("a constant of shape {:?}", constant.dims),
                format!("one float, or one for each of {channels} channels"),
            )
        })?;
        let factor = |number: f32| match self.node.op_type.as_str() {
            "Mul" => (f64::from(number), 0.0),
            "Div" => (1.0 / f64::from(number), 0.0),
            "Add" => (1.0, f64::from(number)),
            _ => (1.0, -f64::from(number)),
        };
        let factors: Vec<(f64, f64)> = numbers.into_iter().map(factor).collect();
        if let Value::Pixels(affine, layout) = self.builder.value(&name)? {
            let at = |channel: usize| factors[channel];
            let scale = std::array::from_fn(|channel| affine.scale[channel] * at(channel).0);
            let shift = std::array::from_fn(|channel| affine.shift[channel] * at(channel).0 + at(channel).1);
            return Ok(Value::Pixels(Affine { scale, shift }, *layout));
        }
        self.fold(&name, &factors)
    }

    /// Multiplies each channel of a value, and adds to it, by changing the weights that it comes from.
    pub(super) fn fold(&mut self, name: &str, factors: &[(f64, f64)]) -> Result<Value, Fault> {
        let (from, layout) = self.builder.feature(name)?;
        if !self.builder.is_read_once(name) {
            return Err((
                format!("{name:?}, which others read as well"),
                "a value that nothing else reads".into(),
            ));
        }
        let part = &mut self.builder.parts[from];
        if !matches!(part.op, Op::Conv { .. } | Op::Norm { .. } | Op::Linear { .. }) {
            let found = format!("{} by a constant after what has no weights", self.node.op_type);
            return Err((found, "it after Conv, BatchNormalization, Gemm or MatMul".into()));
        }
        for (suffix, _, values) in &mut part.tensors {
            let each = values.len() / factors.len().max(1);
            for (values, (scale, shift)) in values.chunks_mut(each.max(1)).zip(factors) {
                for value in values {
                    *value = match *suffix {
                        "weight" => (f64::from(*value) * scale) as f32,
                        "bias" => (f64::from(*value) * scale + shift) as f32,
                        _ => *value,
                    };
                }
            }
        }
        Ok(Value::Feature(from, layout))
    }
}

/// The axes after a transposition between channels first and channels last.
fn turned(layout: Layout, order: Option<&[i64]>) -> Result<Layout, Fault> {
    match (layout, order) {
        (Layout::ChannelsLast, Some([0, 3, 1, 2])) => Ok(Layout::ChannelsFirst),
        (Layout::ChannelsFirst, Some([0, 2, 3, 1])) => Ok(Layout::ChannelsLast),
        _ => Err((
            format!("perm {:?} of {layout:?}", order.unwrap_or_default()),
            "[0, 3, 1, 2] of channels last, or [0, 2, 3, 1] of channels first".into(),
        )),
    }
}
