//! What there is to draw of a network: its layers, and the shortcuts around them.

use super::{Architecture, Op};

/// A layer of the network, as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The convolution.
    pub name: String,
    /// Its channels.
    pub channels: usize,
    /// Rows and columns of its kernels.
    pub kernel: usize,
    /// Rows and columns of each channel.
    pub side: usize,
    /// The pooling after it.
    pub pool: Option<Pooling>,
    /// The node whose output is shown as its activation: the ReLU after it, if there is one.
    pub shown: String,
}

/// What becomes of a layer's channels before the next one reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// The largest of a few neighbours.
    Max,
    /// Their mean.
    Mean,
    /// The mean of the whole channel.
    MeanOfAll,
}

/// A shortcut around layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortcut {
    /// The node that adds it.
    pub node: String,
    /// The layer whose output it takes, by its place; none for the image.
    pub from: Option<usize>,
    /// The layer to whose output it is added.
    pub to: usize,
}

/// What there is to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagram {
    /// The layers in order.
    pub layers: Vec<Layer>,
    /// The shortcuts, their layers by the places in `layers`.
    pub skips: Vec<Shortcut>,
}

impl Diagram {
    /// The diagram of an architecture.
    pub fn of(architecture: &Architecture) -> Self {
        let shapes = architecture.shapes().unwrap_or_default();
        let mut layers: Vec<Layer> = Vec::new();
        let mut skips = Vec::new();
        // For each node the last layer that it depends on.
        let mut behind: Vec<Option<usize>> = Vec::new();
        for (node, shape) in architecture.nodes.iter().zip(&shapes) {
            let inputs: Vec<Option<usize>> = node
                .inputs
                .iter()
                .filter_map(|input| Some(behind[architecture.index(input).ok()?]))
                .collect();
            let mut last = inputs.iter().copied().max().flatten();
            match node.op {
                Op::Conv { out_channels, kernel, .. } => {
                    last = Some(layers.len());
                    let (name, shown) = (node.name.clone(), node.name.clone());
                    let side = shape.height;
                    let layer = Layer { name, channels: out_channels, kernel, side, pool: None, shown };
                    layers.push(layer);
                }
                Op::Relu => {
                    if let Some(layer) = last.and_then(|last| layers.get_mut(last)) {
                        layer.shown.clone_from(&node.name);
                    }
                }
                Op::MaxPool { .. } | Op::AvgPool { .. } | Op::GlobalAvgPool => {
                    if let Some(layer) = last.and_then(|last| layers.get_mut(last)) {
                        layer.pool = Some(match node.op {
                            Op::MaxPool { .. } => Pooling::Max,
                            Op::AvgPool { .. } => Pooling::Mean,
                            _ => Pooling::MeanOfAll,
                        });
                    }
                }
                Op::Add => {
                    if let (Some(from), Some(to)) = (inputs.iter().copied().min(), last) {
                        skips.push(Shortcut { node: node.name.clone(), from, to });
                    }
                }
                Op::Input { .. } | Op::Norm { .. } | Op::Linear { .. } => {}
            }
            behind.push(last);
        }
        Self { layers, skips }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::preset;

    #[test]
    fn a_chain_has_its_layers_with_pools_and_what_they_show() {
        let diagram = Diagram::of(&preset("tiny", 10).unwrap());
        let channels: Vec<usize> = diagram.layers.iter().map(|layer| layer.channels).collect();
        let pools: Vec<Option<Pooling>> = diagram.layers.iter().map(|layer| layer.pool).collect();
        assert_eq!(channels, [8, 8, 16, 16, 16]);
        assert_eq!(pools, [None, Some(Pooling::Max), None, Some(Pooling::Max), Some(Pooling::MeanOfAll)]);
        assert_eq!((diagram.layers[1].shown.as_str(), diagram.layers[1].side), ("relu2", 32));
        assert!(diagram.skips.is_empty());
    }

    #[test]
    fn residual_streams_span_their_blocks() {
        let diagram = Diagram::of(&preset("residual-seed", 10).unwrap());
        assert_eq!(diagram.layers.len(), 13);
        let spans: Vec<(Option<usize>, usize)> =
            diagram.skips.iter().map(|skip| (skip.from, skip.to)).collect();
        assert_eq!(spans, [(0, 2), (2, 4), (4, 6), (6, 8), (8, 10), (10, 12)].map(|(a, b)| (Some(a), b)));
    }
}
