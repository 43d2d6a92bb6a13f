//! The end of a network: what is flattened, the linear layer, the softmax.

use super::Operator;
use crate::network::Op;
use crate::network::onnx::builder::{Layout, Value};
use crate::network::onnx::tensor::{Constant, Fault};

impl Operator<'_> {
    pub(super) fn flatten(mut self) -> Result<Value, Fault> {
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
                        return Err((
                            format!("the new shape {:?}", sizes.values),
                            format!("[-1, {features}]"),
                        ));
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

    /// A linear layer: `weight` is `[features, channels]`.
    pub(super) fn linear(&mut self, weight: Constant, bias: Option<usize>) -> Result<Value, Fault> {
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

    pub(super) fn gemm(mut self) -> Result<Value, Fault> {
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

    pub(super) fn mat_mul(mut self) -> Result<Value, Fault> {
        let weight = self.matrix(1)?;
        self.linear(weight, None)
    }

    /// Input `index`, `[channels, features]`, turned to `[features, channels]`.
    pub(super) fn matrix(&self, index: usize) -> Result<Constant, Fault> {
        let constant = self.numbers(index)?;
        let fault = || (format!("weights of shape {:?}", constant.dims), "a matrix of floats".to_owned());
        constant.transposed(&[1, 0]).ok_or_else(fault)
    }

    pub(super) fn softmax(mut self) -> Result<Value, Fault> {
        match self.feature()? {
            (part, Layout::Flat) => Ok(Value::Probabilities(part)),
            _ => Err(("a softmax of rows and columns".into(), "a softmax at the end only".into())),
        }
    }
}
