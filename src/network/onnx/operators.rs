//! What each ONNX operator becomes.

use std::rc::Rc;

use super::attributes::Attributes;
use super::builder::{Affine, Builder, Layout, Value};
use super::proto::Node;
use super::tensor::{Constant, Fault, Values};
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
            _ => Err(("an input with channels last".into(), "channels first, [N, channels, rows, columns]".into())),
        }
    }

    fn channels(&self, part: usize) -> usize {
        self.builder.parts[part].shape.channels
    }

    fn conv(mut self) -> Result<Value, Fault> {
        let from = self.channels_first()?;
        let channels = self.channels(from);
        let weight = self.numbers(1)?;
        let (&[out, read, kernel, wide], Some(values)) = (weight.dims.as_slice(), weight.floats()) else {
            return Err((format!("weights of shape {:?}", weight.dims), "floats [out, in, k, k]".into()));
        };
        self.attributes.demand_int("group", 1, 1)?;
        if read != channels {
            return Err((format!("weights for {read} channels"), format!("{channels}, as it reads")));
        }
        if kernel != wide || kernel % 2 == 0 {
            return Err((format!("a {kernel}×{wide} kernel"), "a square kernel of odd size".into()));
        }
        self.attributes.demand("kernel_shape", &[kernel as i64; 2])?;
        self.attributes.demand("strides", &[1, 1])?;
        self.attributes.demand("dilations", &[1, 1])?;
        let padding = (kernel / 2) as i64;
        match self.attributes.auto_pad() {
            Some("SAME_UPPER" | "SAME_LOWER") => {}
            Some("VALID") if padding == 0 => {}
            Some(other) => return Err((format!("auto_pad {other}"), "padding that keeps the size".into())),
            None => {
                let found = self.attributes.ints("pads").unwrap_or(&[0; 4]);
                if found != [padding; 4] {
                    let expected = format!("pads {:?}, which keep the size", [padding; 4]);
                    return Err((format!("pads {found:?}"), expected));
                }
            }
        }
        let bias = match self.input_name(2) {
            Some(_) => self.vector(2, out)?,
            None => vec![0.0; out],
        };
        let tensors = vec![("weight", weight.dims.clone(), values.to_vec()), ("bias", vec![out], bias)];
        let part = self.builder.push(self.name, Op::conv(out, kernel), vec![from], tensors)?;
        Ok(Value::Feature(part, Layout::ChannelsFirst))
    }

    fn norm(mut self) -> Result<Value, Fault> {
        let from = self.channels_first()?;
        let channels = self.channels(from);
        self.attributes.demand_int("training_mode", 0, 0)?;
        self.attributes.demand_int("spatial", 1, 1)?;
        let mut tensors = Vec::new();
        for (index, suffix) in ["weight", "bias", "running_mean", "running_var"].into_iter().enumerate() {
            tensors.push((suffix, vec![channels], self.vector(index + 1, channels)?));
        }
        let epsilon = decimal(self.attributes.float("epsilon", 1e-5));
        if !(epsilon.is_finite() && epsilon >= 0.0) {
            return Err((format!("epsilon {epsilon}"), "a number from 0".into()));
        }
        // ONNX counts the weight of the old statistics. Some programs write any number here, since it means nothing for a
        // network that is not trained.
        let newest = decimal((1.0 - decimal(self.attributes.float("momentum", 0.9))) as f32);
        let momentum = if newest > 0.0 && newest <= 1.0 { newest } else { 0.1 };
        let part = self.builder.push(self.name, Op::Norm { epsilon, momentum }, vec![from], tensors)?;
        Ok(Value::Feature(part, Layout::ChannelsFirst))
    }

    fn relu(mut self) -> Result<Value, Fault> {
        let (from, layout) = self.map()?;
        Ok(Value::Feature(self.builder.push(self.name, Op::Relu, vec![from], vec![])?, layout))
    }

    fn pool(mut self) -> Result<Value, Fault> {
        let from = self.channels_first()?;
        let shape = self.builder.parts[from].shape;
        let kernel = self.attributes.ints("kernel_shape").unwrap_or_default();
        let &[rows, columns] = kernel else {
            return Err((format!("kernel_shape {kernel:?}"), "two sizes".into()));
        };
        let fault = |what: String, expected: &str| Err((what, expected.to_owned()));
        if matches!(self.attributes.auto_pad(), Some("SAME_UPPER" | "SAME_LOWER")) {
            let whole = |size: usize, window: i64| window > 0 && size as i64 % window == 0;
            if !whole(shape.height, rows) || !whole(shape.width, columns) {
                return fault("auto_pad SAME".into(), "windows without padding");
            }
        }
        self.attributes.demand("pads", &[0; 4])?;
        self.attributes.demand("dilations", &[1, 1])?;
        let is_max = self.node.op_type == "MaxPool";
        if !is_max && kernel == [shape.height as i64, shape.width as i64] {
            let part = self.builder.push(self.name, Op::GlobalAvgPool, vec![from], vec![])?;
            return Ok(Value::Feature(part, Layout::ChannelsFirst));
        }
        let strides = self.attributes.ints("strides").unwrap_or(&[1, 1]);
        let size = usize::try_from(rows).unwrap_or(0);
        if rows != columns || size == 0 {
            return fault(format!("kernel_shape {kernel:?}"), "a square window");
        }
        if strides != kernel {
            return fault(format!("windows of {rows}×{columns} with strides {strides:?}"), "strides as long as the window");
        }
        let partial = shape.height % size != 0 || shape.width % size != 0;
        if partial && self.attributes.int("ceil_mode", 0) != 0 {
            return fault("ceil_mode 1 with a partial window".into(), "ceil_mode 0");
        }
        let op = if is_max { Op::MaxPool { size } } else { Op::AvgPool { size } };
        Ok(Value::Feature(self.builder.push(self.name, op, vec![from], vec![])?, Layout::ChannelsFirst))
    }

    fn global_pool(mut self) -> Result<Value, Fault> {
        let from = self.channels_first()?;
        let part = self.builder.push(self.name, Op::GlobalAvgPool, vec![from], vec![])?;
        Ok(Value::Feature(part, Layout::ChannelsFirst))
    }

    fn mean(mut self) -> Result<Value, Fault> {
        let (from, layout) = self.map()?;
        self.check_axes(layout)?;
        let part = self.builder.push(self.name, Op::GlobalAvgPool, vec![from], vec![])?;
        let layout = if self.attributes.int("keepdims", 1) == 0 { Layout::Flat } else { layout };
        Ok(Value::Feature(part, layout))
    }

    /// Demands that the axes given, as an attribute or an input, are those of rows and columns.
    fn check_axes(&self, layout: Layout) -> Result<(), Fault> {
        let rank = layout.channels().1 as i64;
        let given = match self.attributes.ints("axes") {
            Some(axes) => axes.to_vec(),
            None => match self.input_name(1) {
                Some(_) => self.numbers(1)?.integers().unwrap_or_default().to_vec(),
                None => vec![],
            },
        };
        let mut axes: Vec<i64> =
            given.iter().map(|&axis| if axis < 0 { axis.saturating_add(rank) } else { axis }).collect();
        axes.sort_unstable();
        match axes == layout.positions() {
            true => Ok(()),
            false => Err((format!("axes {given:?}"), format!("{:?}, rows and columns", layout.positions()))),
        }
    }

    fn flatten(mut self) -> Result<Value, Fault> {
        // Sizes and numbers of the file are only moved about.
        match self.input(0)? {
            Value::Constant(_) | Value::Sizes => return self.sizes(),
            _ => {}
        }
        let (mut part, layout) = self.feature()?;
        if layout == Layout::Flat {
            return Ok(Value::Feature(part, layout));
        }
        let shape = self.builder.parts[part].shape;
        if shape.positions() != 1 {
            return Err((
                format!("{} rows and {} columns of {} channels", shape.height, shape.width, shape.channels),
                "a global average pool (GlobalAveragePool) before it".into(),
            ));
        }
        let features = shape.channels as i64;
        match self.node.op_type.as_str() {
            "Flatten" => self.attributes.demand_int("axis", 1, 1)?,
            "Squeeze" => self.check_axes(layout)?,
            _ => match self.input(1)? {
                Value::Sizes => {}
                Value::Constant(sizes) => match sizes.integers() {
                    Some([_, last]) if *last == -1 || *last == features => {}
                    _ => {
                        return Err((format!("the new shape {:?}", sizes.values), format!("[-1, {features}]")));
                    }
                },
                _ => return Err(("a computed shape".into(), format!("[-1, {features}]"))),
            },
        }
        if !matches!(self.builder.parts[part].op, Op::GlobalAvgPool) {
            // A mean of one number, so that the linear layer finds what it always reads.
            part = self.builder.push("", Op::GlobalAvgPool, vec![part], vec![])?;
        }
        Ok(Value::Feature(part, Layout::Flat))
    }

    fn transpose(mut self) -> Result<Value, Fault> {
        let order = self.attributes.ints("perm");
        match self.input(0)?.clone() {
            Value::Constant(constant) => {
                let axes = constant.dims.len();
                let order: Vec<usize> = match order {
                    Some(order) => order.iter().map(|&axis| usize::try_from(axis).unwrap_or(axes)).collect(),
                    None => (0..axes).rev().collect(),
                };
                let turned = constant.transposed(&order).ok_or_else(|| {
                    (format!("perm {order:?} of shape {:?}", constant.dims), "an order of its axes".to_owned())
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

    /// A linear layer: `weight` is `[features, channels]`.
    fn linear(&mut self, weight: Constant, bias: Option<usize>) -> Result<Value, Fault> {
        let (from, layout) = self.feature()?;
        let part = &self.builder.parts[from];
        if layout != Layout::Flat || !matches!(part.op, Op::GlobalAvgPool) {
            let found = match part.op {
                Op::Linear { .. } => "a second linear layer",
                _ => "a linear layer on rows and columns",
            };
            return Err((found.into(), "one linear layer, after a global average pool and Flatten".into()));
        }
        let channels = part.shape.channels;
        let (&[features, read], Some(values)) = (weight.dims.as_slice(), weight.floats()) else {
            return Err((format!("weights of shape {:?}", weight.dims), "a matrix of floats".into()));
        };
        if read != channels {
            return Err((format!("weights for {read} channels"), format!("{channels}, as it reads")));
        }
        let bias = match bias {
            Some(index) => self.vector(index, features)?,
            None => vec![0.0; features],
        };
        let tensors = vec![("weight", weight.dims.clone(), values.to_vec()), ("bias", vec![features], bias)];
        let op = Op::Linear { out_features: features };
        Ok(Value::Feature(self.builder.push(self.name, op, vec![from], tensors)?, Layout::Flat))
    }

    fn gemm(mut self) -> Result<Value, Fault> {
        self.attributes.demand_float("alpha", 1.0)?;
        self.attributes.demand_float("beta", 1.0)?;
        self.attributes.demand_int("transA", 0, 0)?;
        let weight = match self.attributes.int("transB", 0) {
            0 => self.matrix(1)?,
            _ => self.numbers(1)?.as_ref().clone(),
        };
        let bias = self.input_name(2).is_some().then_some(2);
        self.linear(weight, bias)
    }

    fn mat_mul(mut self) -> Result<Value, Fault> {
        let weight = self.matrix(1)?;
        self.linear(weight, None)
    }

    /// Input `index`, `[channels, features]`, turned to `[features, channels]`.
    fn matrix(&self, index: usize) -> Result<Constant, Fault> {
        let constant = self.numbers(index)?;
        let fault = || (format!("weights of shape {:?}", constant.dims), "a matrix of floats".to_owned());
        constant.transposed(&[1, 0]).ok_or_else(fault)
    }

    fn softmax(mut self) -> Result<Value, Fault> {
        match self.feature()? {
            (part, Layout::Flat) => Ok(Value::Probabilities(part)),
            _ => Err(("a softmax of rows and columns".into(), "a softmax at the end only".into())),
        }
    }

    fn cast(self) -> Result<Value, Fault> {
        let value = self.input(0)?.clone();
        if !matches!(value, Value::Sizes | Value::Constant(_)) {
            self.attributes.demand_int("to", 1, 1)?;
        }
        Ok(value)
    }

    fn constant(self) -> Result<Value, Fault> {
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

    /// A value that only says sizes: what a program computes to reshape by.
    fn sizes(self) -> Result<Value, Fault> {
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

    fn arithmetic(mut self) -> Result<Value, Fault> {
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
            (format!("a constant of shape {:?}", constant.dims), format!("one float, or one for each of {channels} channels"))
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
    fn fold(&mut self, name: &str, factors: &[(f64, f64)]) -> Result<Value, Fault> {
        let (from, layout) = self.builder.feature(name)?;
        if !self.builder.is_read_once(name) {
            return Err((format!("{name:?}, which others read as well"), "a value that nothing else reads".into()));
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

    /// The sum of two computed values.
    fn sum(mut self) -> Result<Value, Fault> {
        let (first, layout) = self.map()?;
        let (second, other) = self.builder.feature(&self.node.input[1])?;
        if layout != other {
            return Err((format!("a sum of {layout:?} and {other:?}"), "equal shapes".into()));
        }
        Ok(Value::Feature(self.builder.push(self.name, Op::Add, vec![first, second], vec![])?, layout))
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

/// The number that people meant: 0.00001 for the 32-bit float next to it.
fn decimal(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}
