//! Layers of rows and columns: convolutions, norms, ReLUs, pools, sums.

use super::Operator;
use crate::network::Op;
use crate::network::onnx::builder::{Layout, Value};
use crate::network::onnx::tensor::Fault;

impl Operator<'_> {
    pub(super) fn conv(mut self) -> Result<Value, Fault> {
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

    pub(super) fn norm(mut self) -> Result<Value, Fault> {
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

    pub(super) fn relu(mut self) -> Result<Value, Fault> {
        let (from, layout) = self.map()?;
        Ok(Value::Feature(self.builder.push(self.name, Op::Relu, vec![from], vec![])?, layout))
    }

    pub(super) fn pool(mut self) -> Result<Value, Fault> {
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
            return fault(
                format!("windows of {rows}×{columns} with strides {strides:?}"),
                "strides as long as the window",
            );
        }
        let partial = !shape.height.is_multiple_of(size) || !shape.width.is_multiple_of(size);
        if partial && self.attributes.int("ceil_mode", 0) != 0 {
            return fault("ceil_mode 1 with a partial window".into(), "ceil_mode 0");
        }
        let op = if is_max { Op::MaxPool { size } } else { Op::AvgPool { size } };
        Ok(Value::Feature(self.builder.push(self.name, op, vec![from], vec![])?, Layout::ChannelsFirst))
    }

    pub(super) fn global_pool(mut self) -> Result<Value, Fault> {
        let from = self.channels_first()?;
        let part = self.builder.push(self.name, Op::GlobalAvgPool, vec![from], vec![])?;
        Ok(Value::Feature(part, Layout::ChannelsFirst))
    }

    pub(super) fn mean(mut self) -> Result<Value, Fault> {
        let (from, layout) = self.map()?;
        self.check_axes(layout)?;
        let part = self.builder.push(self.name, Op::GlobalAvgPool, vec![from], vec![])?;
        let layout = if self.attributes.int("keepdims", 1) == 0 { Layout::Flat } else { layout };
        Ok(Value::Feature(part, layout))
    }

    /// Demands that the axes given, as an attribute or an input, are those of rows and columns.
    pub(super) fn check_axes(&self, layout: Layout) -> Result<(), Fault> {
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

    /// The sum of two computed values.
    pub(super) fn sum(mut self) -> Result<Value, Fault> {
        let (first, layout) = self.map()?;
        let (second, other) = self.builder.feature(&self.node.input[1])?;
        if layout != other {
            return Err((format!("a sum of {layout:?} and {other:?}"), "equal shapes".into()));
        }
        Ok(Value::Feature(self.builder.push(self.name, Op::Add, vec![first, second], vec![])?, layout))
    }
}

/// The number that people meant: 0.00001 for the 32-bit float next to it.
fn decimal(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}
