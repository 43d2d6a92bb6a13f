//! The graph of layers: nodes in order, each reading earlier ones, with shape inference.

use serde::{Deserialize, Serialize};

use super::NetworkError;

/// Bounds of what can be computed with: a file of strangers may say any number. Nodes in all.
const MOST_NODES: usize = 4096;
/// Channels, rows, columns, or a kernel's width.
const MOST_SIZE: usize = 1 << 16;
/// Numbers in one example at a node.
const MOST_ELEMENTS: u64 = 1 << 31;
/// Weights of the whole network: 1 GiB.
const MOST_WEIGHTS: u64 = 1 << 28;

/// What a node computes. Convolutions and pools keep to the forms that every family of morphisms
/// understands: stride 1 with "same" padding, and pools whose stride is their size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub enum Op {
    /// The images, `[channels, height, width]`.
    Input { channels: usize, height: usize, width: usize },
    /// Cross-correlation with a square odd kernel, plus a bias.
    Conv { out_channels: usize, kernel: usize, stride: usize, padding: usize },
    /// Batch norm; `momentum` is the weight of the newest batch in the running statistics.
    Norm { epsilon: f64, momentum: f64 },
    /// max(x, 0), with derivative 0 at 0.
    Relu,
    /// Maximum over `size`×`size` windows; rows and columns that fill no window are dropped.
    MaxPool { size: usize },
    /// Mean over `size`×`size` windows; rows and columns that fill no window are dropped.
    AvgPool { size: usize },
    /// Sum of two equal shapes.
    Add,
    /// Mean over all positions.
    GlobalAvgPool,
    /// Matrix product plus a bias, from a 1×1 input.
    Linear { out_features: usize },
}

impl Op {
    /// A "same" convolution.
    pub fn conv(out_channels: usize, kernel: usize) -> Self {
        Op::Conv { out_channels, kernel, stride: 1, padding: kernel / 2 }
    }

    /// Batch norm with the usual constants (those of PyTorch).
    pub fn norm() -> Self {
        Op::Norm { epsilon: 1e-5, momentum: 0.1 }
    }
}

/// A named node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Unique; parameters are named after it (`conv1.weight`).
    pub name: String,
    /// What it computes.
    #[serde(flatten)]
    pub op: Op,
    /// The nodes it reads, all earlier in the list.
    pub inputs: Vec<String>,
}

/// Shape of one example at a node. After the global pool and the linear layer, height and width are 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Channels, or features.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl Shape {
    /// Positions of one channel.
    pub fn positions(self) -> usize {
        self.height * self.width
    }

    /// Numbers in one example.
    pub fn elements(self) -> usize {
        self.channels * self.positions()
    }
}

/// Nodes in an order in which they can be computed: the first is the input, the last gives the logits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Architecture {
    /// The nodes.
    pub nodes: Vec<Node>,
}

impl Architecture {
    /// Position of the node called `name`.
    pub fn index(&self, name: &str) -> Result<usize, NetworkError> {
        self.nodes
            .iter()
            .position(|node| node.name == name)
            .ok_or_else(|| NetworkError::UnknownNode { name: name.to_owned() })
    }

    /// The node called `name`.
    pub fn node(&self, name: &str) -> Result<&Node, NetworkError> {
        Ok(&self.nodes[self.index(name)?])
    }

    /// The nodes that read `name`, in order.
    pub fn readers(&self, name: &str) -> Vec<&Node> {
        self.nodes.iter().filter(|node| node.inputs.iter().any(|input| input == name)).collect()
    }

    /// Names of the convolutions, in order.
    pub fn convolutions(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter(|node| matches!(node.op, Op::Conv { .. })).map(|node| node.name.as_str())
    }

    /// The shape at every node. Checks the whole graph on its way: names, order, arity, sizes.
    pub fn shapes(&self) -> Result<Vec<Shape>, NetworkError> {
        let mut shapes: Vec<Shape> = Vec::with_capacity(self.nodes.len().min(MOST_NODES));
        let mut weights = 0;
        for (position, node) in self.nodes.iter().enumerate() {
            let fail = |found: String, expected: &str| NetworkError::Shape {
                node: node.name.clone(),
                found,
                expected: expected.to_owned(),
            };
            if position == MOST_NODES {
                return Err(fail(format!("{} nodes", self.nodes.len()), &format!("at most {MOST_NODES}")));
            }
            let earlier = &self.nodes[..position];
            if earlier.iter().any(|other| other.name == node.name) {
                return Err(fail("a second node of that name".into(), "unique names"));
            }
            let inputs = node
                .inputs
                .iter()
                .map(|input| {
                    let index = earlier.iter().position(|other| &other.name == input);
                    index
                        .map(|index| shapes[index])
                        .ok_or_else(|| fail(format!("input \"{input}\""), "the name of an earlier node"))
                })
                .collect::<Result<Vec<_>, _>>()?;
            let arity = match node.op {
                Op::Input { .. } => 0,
                Op::Add => 2,
                _ => 1,
            };
            if inputs.len() != arity {
                return Err(fail(format!("{} inputs", inputs.len()), &format!("{arity}")));
            }
            if matches!(node.op, Op::Input { .. }) != (position == 0) {
                return Err(fail("an input".into(), "exactly one input node, the first"));
            }
            let shape = infer(&node.op, &inputs, &fail)?;
            weights += match (&node.op, inputs.first()) {
                (Op::Conv { kernel, .. }, Some(input)) => [shape.channels, input.channels, *kernel, *kernel]
                    .iter()
                    .map(|size| *size as u64)
                    .product(),
                (Op::Linear { .. }, Some(input)) => shape.channels as u64 * input.channels as u64,
                _ => 0,
            };
            if weights > MOST_WEIGHTS {
                return Err(fail(
                    format!("{weights} weights up to here"),
                    &format!("at most {MOST_WEIGHTS}"),
                ));
            }
            shapes.push(shape);
        }
        match self.nodes.last().map(|node| &node.op) {
            Some(Op::Linear { .. }) => Ok(shapes),
            _ => Err(NetworkError::Shape {
                node: self.nodes.last().map_or(String::new(), |node| node.name.clone()),
                found: "the last node is not linear".into(),
                expected: "a linear layer that gives the logits".into(),
            }),
        }
    }

    /// Number of classes: the features of the last layer.
    pub fn classes(&self) -> Result<usize, NetworkError> {
        Ok(self.shapes()?.last().map_or(0, |shape| shape.channels))
    }

    /// Drops every node that nothing reads, and what only such nodes read; the input and the last node stay.
    pub fn drop_unread(&mut self) {
        let unread = |nodes: &[Node]| {
            let last = nodes.len().saturating_sub(1);
            let is_read = |node: &Node| nodes.iter().any(|other| other.inputs.contains(&node.name));
            (1..last).find(|&index| !is_read(&nodes[index]))
        };
        while let Some(index) = unread(&self.nodes) {
            self.nodes.remove(index);
        }
    }

    /// `N` names `prefixI` that no node has, the first I being one more than the largest in use.
    pub fn fresh_names<const N: usize>(&self, prefix: &str) -> [String; N] {
        let number = |node: &Node| node.name.strip_prefix(prefix)?.parse::<usize>().ok();
        let largest = self.nodes.iter().filter_map(number).max().unwrap_or(0);
        std::array::from_fn(|index| format!("{prefix}{}", largest + 1 + index))
    }
}

/// What an operation gives for inputs of these shapes; `fail` makes an error of what was found and what was expected.
pub(super) fn infer<E>(op: &Op, inputs: &[Shape], fail: &dyn Fn(String, &str) -> E) -> Result<Shape, E> {
    let positive = |shape: Shape| {
        let sizes = [shape.channels, shape.height, shape.width];
        // Each as 64 bits: the product does not fit the 32 of a page.
        let elements: u64 = sizes.iter().map(|size| *size.min(&MOST_SIZE) as u64).product();
        match elements {
            0 => Err(fail(format!("an empty output {shape:?}"), "at least one element")),
            1..=MOST_ELEMENTS if sizes.iter().all(|size| *size <= MOST_SIZE) => Ok(shape),
            _ => Err(fail(
                format!("an output {shape:?}"),
                &format!("sizes of at most {MOST_SIZE} and {MOST_ELEMENTS} numbers"),
            )),
        }
    };
    match *op {
        Op::Input { channels, height, width } => positive(Shape { channels, height, width }),
        Op::Conv { out_channels, kernel, stride, padding } => {
            if kernel % 2 == 0 || kernel > MOST_SIZE || stride != 1 || padding != kernel / 2 {
                let found = format!("kernel {kernel}, stride {stride}, padding {padding}");
                return Err(fail(found, "an odd kernel, stride 1, padding kernel/2"));
            }
            positive(Shape { channels: out_channels, ..inputs[0] })
        }
        Op::Norm { .. } | Op::Relu => Ok(inputs[0]),
        Op::MaxPool { size } | Op::AvgPool { size } => {
            let Shape { channels, height, width } = inputs[0];
            if size == 0 || height < size || width < size {
                let found = format!("size {size} on {height}×{width}");
                return Err(fail(found, "a window that fits the input"));
            }
            Ok(Shape { channels, height: height / size, width: width / size })
        }
        Op::Add if inputs[0] != inputs[1] => {
            Err(fail(format!("{:?} and {:?}", inputs[0], inputs[1]), "equal shapes"))
        }
        Op::Add => Ok(inputs[0]),
        Op::GlobalAvgPool => Ok(Shape { height: 1, width: 1, ..inputs[0] }),
        Op::Linear { out_features } => {
            if inputs[0].positions() != 1 {
                let found = format!("{}×{} positions", inputs[0].height, inputs[0].width);
                return Err(fail(found, "1×1: put a global average pool before it"));
            }
            positive(Shape { channels: out_features, height: 1, width: 1 })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::preset;

    #[test]
    fn shapes_follow_pools_down_to_the_head() {
        let tiny = preset("tiny", 10).unwrap();
        let shapes = tiny.shapes().unwrap();
        let at = |name: &str| shapes[tiny.index(name).unwrap()];
        assert_eq!(at("conv3"), Shape { channels: 16, height: 16, width: 16 });
        assert_eq!(at("conv5"), Shape { channels: 16, height: 8, width: 8 });
        assert_eq!(tiny.classes().unwrap(), 10);
    }

    #[test]
    fn faults_are_named() {
        let mut twice = preset("tiny", 10).unwrap();
        twice.nodes[3].name = "conv1".into();
        assert!(twice.shapes().unwrap_err().to_string().contains("conv1"));

        let mut even = preset("tiny", 10).unwrap();
        even.nodes[1].op = Op::Conv { out_channels: 8, kernel: 4, stride: 1, padding: 2 };
        let message = even.shapes().unwrap_err().to_string();
        assert!(message.contains("kernel 4") && message.contains("odd kernel"), "{message}");

        let mut dangling = preset("tiny", 10).unwrap();
        dangling.nodes[2].inputs = vec!["conv9".into()];
        assert!(dangling.shapes().unwrap_err().to_string().contains("conv9"));

        let headless = Architecture { nodes: preset("tiny", 10).unwrap().nodes[..3].to_vec() };
        assert!(headless.shapes().is_err());
    }

    #[test]
    fn absurd_sizes_are_refused_before_anything_is_multiplied_or_allocated() {
        let problem = |change: fn(&mut Architecture)| {
            let mut tiny = preset("tiny", 10).unwrap();
            change(&mut tiny);
            tiny.shapes().unwrap_err().to_string()
        };
        let wide = problem(|tiny| tiny.nodes[1].op = Op::conv(usize::MAX, 3));
        assert!(wide.contains("conv1") && wide.contains("at most 65536"), "{wide}");
        let kernel = problem(|tiny| tiny.nodes[1].op = Op::conv(8, usize::MAX));
        assert!(kernel.contains("odd kernel"), "{kernel}");
        let image = problem(|tiny| {
            tiny.nodes[0].op = Op::Input { channels: 1 << 16, height: 1 << 16, width: 1 << 16 };
        });
        assert!(image.contains("2147483648 numbers"), "{image}");
        let heavy = preset("4096-4096-4096", 10).unwrap_err().to_string();
        assert!(heavy.contains("conv3") && heavy.contains("weights up to here"), "{heavy}");
        let nodes = problem(|tiny| {
            let node =
                |number| Node { name: format!("r{number}"), op: Op::Relu, inputs: vec!["input".into()] };
            tiny.nodes.splice(1..1, (0..5000).map(node));
        });
        assert!(nodes.contains("at most 4096"), "{nodes}");
        assert!(preset(&"2-".repeat(5000), 10).is_err());
    }

    #[test]
    fn architecture_survives_json() {
        let before = preset("residual-seed", 10).unwrap();
        let json = serde_json::to_string(&before).unwrap();
        assert_eq!(serde_json::from_str::<Architecture>(&json).unwrap(), before);
    }
}
