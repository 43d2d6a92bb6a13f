//! An architecture as layers in order, each ReLU fused into the convolution or norm before it.

use crate::network::{Architecture, NetworkError, Op, Shape};

/// Work counted for each number of a layer without multiplications, such as a pool: the number is loaded and stored a
/// few times.
const NUMBER_WORK: usize = 40;

/// What a layer computes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LayerKind {
    /// A convolution.
    Conv {
        /// Rows and columns of its kernel.
        kernel: usize,
        /// Whether a ReLU ends it.
        relu: bool,
    },
    /// Batch norm.
    Norm {
        /// ε.
        epsilon: f64,
        /// Weight of the newest batch in the running statistics.
        momentum: f64,
        /// Whether a ReLU ends it.
        relu: bool,
    },
    /// max(x, 0).
    Relu,
    /// Max or mean pool.
    Pool {
        /// Mean, not max.
        mean: bool,
        /// Rows and columns of a window.
        size: usize,
    },
    /// A sum.
    Add,
    /// The mean over positions.
    GlobalPool,
    /// The linear layer.
    Linear,
}

/// A layer: reads the values of nodes, writes that of `output`.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// What it computes.
    pub kind: LayerKind,
    /// The nodes it reads.
    pub inputs: Vec<usize>,
    /// The node whose parameters it has.
    pub node: usize,
    /// The node whose value it writes.
    pub output: usize,
}

/// A network's layers.
#[derive(Clone, Debug)]
pub struct Graph {
    /// The architecture.
    pub architecture: Architecture,
    /// The shape at every node.
    pub shapes: Vec<Shape>,
    /// The layers, in order.
    pub layers: Vec<Layer>,
    /// Whether a node's gradient is kept with the ReLU's derivative already in it: it is the output of a ReLU
    /// and its one reader can take care of that.
    pub gated: Vec<bool>,
}

impl Graph {
    /// The layers of `architecture`. With `fuse`, a convolution's or norm's own value is not computed where
    /// only a ReLU reads it.
    pub fn new(architecture: &Architecture, fuse: bool) -> Result<Self, NetworkError> {
        let shapes = architecture.shapes()?;
        let mut layers: Vec<Layer> = Vec::new();
        for (node, described) in architecture.nodes.iter().enumerate() {
            let inputs = described
                .inputs
                .iter()
                .map(|name| architecture.index(name))
                .collect::<Result<Vec<_>, _>>()?;
            let kind = match described.op {
                Op::Input { .. } => continue,
                Op::Conv { kernel, .. } => LayerKind::Conv { kernel, relu: false },
                Op::Norm { epsilon, momentum } => LayerKind::Norm { epsilon, momentum, relu: false },
                Op::Relu => LayerKind::Relu,
                Op::MaxPool { size } => LayerKind::Pool { mean: false, size },
                Op::AvgPool { size } => LayerKind::Pool { mean: true, size },
                Op::Add => LayerKind::Add,
                Op::GlobalAvgPool => LayerKind::GlobalPool,
                Op::Linear { .. } => LayerKind::Linear,
            };
            let alone = |input: usize| architecture.readers(&architecture.nodes[input].name).len() == 1;
            if fuse
                && kind == LayerKind::Relu
                && alone(inputs[0])
                && let Some(before) = layers.last_mut().filter(|layer| layer.output == inputs[0])
                && let LayerKind::Conv { relu, .. } | LayerKind::Norm { relu, .. } = &mut before.kind
            {
                *relu = true;
                before.output = node;
                continue;
            }
            layers.push(Layer { kind, inputs, node, output: node });
        }
        let mut gated = vec![false; shapes.len()];
        for (node, described) in architecture.nodes.iter().enumerate() {
            let readers = architecture.readers(&described.name);
            let able = |op: &Op| {
                matches!(op, Op::Conv { .. } | Op::MaxPool { .. } | Op::AvgPool { .. } | Op::GlobalAvgPool)
            };
            gated[node] = described.op == Op::Relu && readers.len() == 1 && able(&readers[0].op);
        }
        Ok(Self { architecture: architecture.clone(), shapes, layers, gated })
    }

    /// The layers for estimating: nothing fused, and at `sites` the gradient after the ReLU.
    pub fn open(architecture: &Architecture, sites: &[usize]) -> Result<Self, NetworkError> {
        let mut graph = Self::new(architecture, false)?;
        for &site in sites {
            graph.gated[site] = false;
        }
        Ok(graph)
    }

    /// The name of a node.
    pub fn name(&self, node: usize) -> &str {
        &self.architecture.nodes[node].name
    }

    /// Most numbers that one example has at any node.
    pub fn widest(&self) -> usize {
        self.shapes.iter().map(|shape| shape.elements()).max().unwrap_or(1)
    }

    /// Most work that a layer from node `first` on takes for one example: its multiply-adds, or what pools and sums
    /// over its numbers do.
    pub fn heaviest(&self, first: usize) -> u64 {
        let of = |layer: &Layer| {
            let (input, output) = (self.shapes[layer.inputs[0]], self.shapes[layer.output]);
            let products = match layer.kind {
                LayerKind::Conv { kernel, .. } => output.elements() * input.channels * kernel * kernel,
                _ => 0,
            };
            products.max(input.elements().max(output.elements()) * NUMBER_WORK) as u64
        };
        self.layers.iter().filter(|layer| layer.output >= first).map(of).max().unwrap_or(1)
    }

    /// Features of the last layer.
    pub fn classes(&self) -> usize {
        self.shapes.last().map_or(0, |shape| shape.channels)
    }

    /// The node that gives the logits.
    pub fn last(&self) -> usize {
        self.shapes.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::preset;

    #[test]
    fn relus_are_fused_and_a_single_reader_applies_their_derivative() {
        let tiny = Graph::new(&preset("tiny", 10).unwrap(), true).unwrap();
        // Five convolutions, two pools, the global pool and the head.
        assert_eq!(tiny.layers.len(), 9);
        let at = |graph: &Graph, name: &str| graph.architecture.index(name).unwrap();
        assert!(tiny.gated[at(&tiny, "relu1")] && !tiny.gated[at(&tiny, "pool1")]);

        let residual = Graph::new(&preset("residual-seed", 10).unwrap(), true).unwrap();
        assert!(!residual.gated[at(&residual, "relu1")], "the stream has two readers");
        assert!(residual.gated[at(&residual, "relu2")]);
    }
}
