//! An architecture, compiled into the steps that compute it: norm, ReLU and pool in a row become
//! one step, so that only what morphisms need is kept.

use crate::morphism::Pool;
use crate::network::{Architecture, NetworkError, Op, Shape};

/// What a step computes.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// A convolution.
    Conv {
        /// Rows and columns of its kernel.
        kernel: usize,
    },
    /// Norm, ReLU and pool, each where present.
    Activate {
        /// The norm's node, its ε and its momentum.
        norm: Option<(usize, f64, f64)>,
        /// Whether there is a ReLU.
        relu: bool,
        /// The pool.
        pool: Pool,
    },
    /// A sum.
    Add,
    /// The global average pool.
    GlobalAverage,
    /// The linear layer.
    Linear,
}

/// One step: reads the values of nodes, writes the value of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it computes.
    pub kind: StepKind,
    /// The nodes it reads.
    pub inputs: Vec<usize>,
    /// The node whose value it writes (of a fused chain, the last).
    pub output: usize,
}

/// An architecture ready to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The graph.
    pub architecture: Architecture,
    /// Shape at each node.
    pub shapes: Vec<Shape>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

impl Plan {
    /// Compiles with fused activations.
    pub fn new(architecture: &Architecture) -> Result<Self, NetworkError> {
        Self::compile(architecture, true)
    }

    /// Compiles with one step a node, so that every node has a value to show.
    pub fn unfused(architecture: &Architecture) -> Result<Self, NetworkError> {
        Self::compile(architecture, false)
    }

    fn compile(architecture: &Architecture, fuse: bool) -> Result<Self, NetworkError> {
        let shapes = architecture.shapes()?;
        let mut steps: Vec<Step> = Vec::new();
        for (index, node) in architecture.nodes.iter().enumerate() {
            let inputs = node
                .inputs
                .iter()
                .map(|input| architecture.index(input))
                .collect::<Result<Vec<usize>, _>>()?;
            let activate = |norm, relu, pool| StepKind::Activate { norm, relu, pool };
            let kind = match node.op {
                Op::Input { .. } => continue,
                Op::Conv { kernel, .. } => StepKind::Conv { kernel },
                Op::Norm { epsilon, momentum } => {
                    activate(Some((index, epsilon, momentum)), false, Pool::None)
                }
                Op::Relu => activate(None, true, Pool::None),
                Op::MaxPool { size } => activate(None, false, Pool::Max(size)),
                Op::AvgPool { size } => activate(None, false, Pool::Average(size)),
                Op::Add => StepKind::Add,
                Op::GlobalAvgPool => StepKind::GlobalAverage,
                Op::Linear { .. } => StepKind::Linear,
            };
            if fuse && let [input] = inputs.as_slice() {
                let alone = architecture.readers(&architecture.nodes[*input].name).len() == 1;
                let before = steps.last_mut().filter(|step| alone && step.output == *input);
                if let Some(fused) = before.as_ref().and_then(|before| fused(&before.kind, &kind)) {
                    let before = before.expect("there is a step to fuse with");
                    (before.kind, before.output) = (fused, index);
                    continue;
                }
            }
            steps.push(Step { kind, inputs, output: index });
        }
        Ok(Self { architecture: architecture.clone(), shapes, steps })
    }

    /// The name of a node.
    pub fn name(&self, node: usize) -> &str {
        &self.architecture.nodes[node].name
    }

    /// The node called `name`.
    pub fn index(&self, name: &str) -> Result<usize, NetworkError> {
        self.architecture.index(name)
    }

    /// Most numbers that one example has at any node.
    pub fn widest(&self) -> usize {
        self.shapes.iter().map(|shape| shape.elements()).max().unwrap_or(1)
    }
}

/// Two activations in one, if norm, ReLU and pool then still come in this order.
fn fused(before: &StepKind, after: &StepKind) -> Option<StepKind> {
    match (before, after) {
        (
            StepKind::Activate { norm, relu, pool: Pool::None },
            StepKind::Activate { norm: None, relu: more_relu, pool },
        ) if !(*relu && *more_relu) => {
            Some(StepKind::Activate { norm: *norm, relu: *relu || *more_relu, pool: *pool })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::preset;

    #[test]
    fn activations_fuse_and_streams_do_not() {
        let tiny = Plan::new(&preset("tiny", 10).unwrap()).unwrap();
        // Five convolutions, five activations, the global pool and the head.
        assert_eq!(tiny.steps.len(), 12);
        let pooled = tiny.steps.iter().find(|step| tiny.name(step.output) == "pool1").unwrap();
        assert_eq!(pooled.kind, StepKind::Activate { norm: None, relu: true, pool: Pool::Max(2) });

        let residual = Plan::new(&preset("residual-seed", 10).unwrap()).unwrap();
        let after_add = residual.steps.iter().find(|step| residual.name(step.output) == "relu3").unwrap();
        assert_eq!(after_add.kind, StepKind::Activate { norm: None, relu: true, pool: Pool::None });
        assert_eq!(residual.name(after_add.inputs[0]), "add1");
    }
}
