//! What a training step computes, in order: the plan's steps as operations on values, with each activation's ReLU drawn
//! into what computes its input.

use crate::engine::candle::plan::{Plan, StepKind};
use crate::morphism::Pool;

/// A value of each example: the images, or what an operation writes.
pub struct Value {
    /// Channels.
    pub channels: usize,
    /// Rows and columns.
    pub size: (usize, usize),
    /// Whether it is a ReLU's. Its gradient is then taken with respect to what the ReLU reads.
    pub relu: bool,
    /// How often operations read it.
    pub readers: usize,
}

/// A convolution's layer.
pub struct Layer {
    /// Its node in the plan.
    pub node: usize,
    /// Rows and columns of its kernel.
    pub kernel: usize,
}

/// A batch norm.
pub struct Norm {
    /// Its node in the plan.
    pub node: usize,
    /// ε.
    pub epsilon: f64,
    /// How far the running statistics move.
    pub momentum: f64,
}

/// An operation; `x`, `y` and so on are positions among the values.
pub enum Op {
    /// A convolution, by its position among the layers.
    Convolve { layer: usize, x: usize, y: usize },
    /// A batch norm, by its position among the norms.
    Norm { norm: usize, x: usize, y: usize },
    /// A ReLU that stands alone.
    Relu { x: usize, y: usize },
    /// A pool.
    Pool { pool: Pool, x: usize, y: usize },
    /// A sum.
    Add { a: usize, b: usize, y: usize },
}

impl Op {
    /// The values that it reads.
    pub fn reads(&self) -> Vec<usize> {
        match *self {
            Op::Convolve { x, .. } | Op::Norm { x, .. } | Op::Relu { x, .. } | Op::Pool { x, .. } => vec![x],
            Op::Add { a, b, .. } => vec![a, b],
        }
    }
}

/// The operations of a network; after them come the global average of `last` and the linear layer.
pub struct Program {
    /// The first are the images.
    pub values: Vec<Value>,
    /// In order.
    pub ops: Vec<Op>,
    /// In the order of their operations.
    pub layers: Vec<Layer>,
    /// The same.
    pub norms: Vec<Norm>,
    /// What the head reads.
    pub last: usize,
    /// The linear layer's node.
    pub linear: usize,
    /// Its outputs.
    pub classes: usize,
}

impl Program {
    /// The program of a plan; none if it does not end in a global average and a linear layer, or if something in it leads
    /// nowhere.
    pub fn new(plan: &Plan) -> Option<Self> {
        let (head, body) = plan.steps.split_last_chunk::<2>().map(|(body, head)| (head, body))?;
        let [average, linear] = head;
        let ends = average.kind == StepKind::GlobalAverage
            && linear.kind == StepKind::Linear
            && linear.inputs == [average.output];
        if !ends {
            return None;
        }
        let (values, ops, layers, norms) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut building = Building { plan, values, ops, layers, norms };
        let mut value_of = vec![None; plan.shapes.len()];
        value_of[0] = Some(building.value(0, false));
        for step in body {
            let x = value_of[*step.inputs.first()?]?;
            let y = match step.kind {
                StepKind::Conv { kernel } => {
                    let y = building.value(step.output, false);
                    building.layers.push(Layer { node: step.output, kernel });
                    building.ops.push(Op::Convolve { layer: building.layers.len() - 1, x, y });
                    y
                }
                StepKind::Add => {
                    let (b, y) = (value_of[*step.inputs.get(1)?]?, building.value(step.output, false));
                    building.ops.push(Op::Add { a: x, b, y });
                    y
                }
                StepKind::Activate { norm, relu, pool } => {
                    let from = step.inputs[0];
                    let activated = building.activated(from, x, norm, relu);
                    match pool {
                        Pool::None => activated,
                        pool => {
                            let y = building.value(step.output, false);
                            building.ops.push(Op::Pool { pool, x: activated, y });
                            y
                        }
                    }
                }
                StepKind::GlobalAverage | StepKind::Linear => return None,
            };
            value_of[step.output] = Some(y);
        }
        let Building { mut values, ops, layers, norms, .. } = building;
        let last = value_of[average.inputs[0]]?;
        for read in ops.iter().flat_map(Op::reads).chain([last]) {
            values[read].readers += 1;
        }
        let classes = plan.shapes[linear.output].channels;
        let complete = values.iter().all(|value| value.readers > 0);
        complete.then_some(Self { values, ops, layers, norms, last, linear: linear.output, classes })
    }

    /// Weights of all convolutions.
    pub fn weights(&self) -> usize {
        let of_op = |op: &Op| match *op {
            Op::Convolve { layer, x, y } => {
                self.values[x].channels * self.values[y].channels * self.layers[layer].kernel.pow(2)
            }
            _ => 0,
        };
        self.ops.iter().map(of_op).sum()
    }

    /// The operation of each norm, and what it reads and writes.
    pub fn norms_at(&self) -> Vec<(usize, (usize, usize))> {
        let of_op = |(index, op): (usize, &Op)| match *op {
            Op::Norm { x, y, .. } => Some((index, (x, y))),
            _ => None,
        };
        self.ops.iter().enumerate().filter_map(of_op).collect()
    }
}

struct Building<'a> {
    plan: &'a Plan,
    values: Vec<Value>,
    ops: Vec<Op>,
    layers: Vec<Layer>,
    norms: Vec<Norm>,
}

impl Building<'_> {
    /// A new value of the shape that `node` has.
    fn value(&mut self, node: usize, relu: bool) -> usize {
        let shape = &self.plan.shapes[node];
        let size = (shape.height, shape.width);
        self.values.push(Value { channels: shape.channels, size, relu, readers: 0 });
        self.values.len() - 1
    }

    /// Norm and ReLU of value `x`, which is that of node `from`.
    fn activated(&mut self, from: usize, x: usize, norm: Option<(usize, f64, f64)>, relu: bool) -> usize {
        if let Some((node, epsilon, momentum)) = norm {
            let y = self.value(from, relu);
            self.norms.push(Norm { node, epsilon, momentum });
            self.ops.push(Op::Norm { norm: self.norms.len() - 1, x, y });
            return y;
        }
        if !relu {
            return x;
        }
        let readers = self.plan.steps.iter().flat_map(|step| &step.inputs).filter(|input| **input == from);
        let sums = matches!(
            self.ops.last(),
            Some(Op::Convolve { y, .. } | Op::Add { y, .. }) if *y == x
        );
        if sums && readers.count() == 1 {
            self.values[x].relu = true;
            return x;
        }
        let y = self.value(from, true);
        self.ops.push(Op::Relu { x, y });
        y
    }
}
