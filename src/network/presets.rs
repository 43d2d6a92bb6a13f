//! The networks that a run can start from.

use super::{Architecture, NetworkError, Node, Op};

/// Names and descriptions of the presets.
pub const PRESETS: [(&str, &str); 4] = [
    ("tiny", "8-8-M-16-16-M-16: five small convolutions, trains in seconds"),
    ("small", "16-M-32-M-32: three convolutions"),
    ("vgg-seed", "VGG-19's sixteen convolutions with batch norm, 16 channels each"),
    ("residual-seed", "six residual blocks with batch norm, 16 channels each"),
];

const VGG_19: &str = "16-16-M-16-16-M-16-16-16-16-M-16-16-16-16-M-16-16-16-16-M";

/// The preset `name` for 3×32×32 images and `classes` classes. A list of layers in the notation of [`plain`] works as a
/// name too: `8-8-M-16`, `16n-16n-M-32n` with batch norm, `16n-16r-M-16r` with residual blocks.
pub fn preset(name: &str, classes: usize) -> Result<Architecture, NetworkError> {
    match name {
        "tiny" => plain("8-8-M-16-16-M-16", false, classes),
        "small" => plain("16-M-32-M-32", false, classes),
        "vgg-seed" => plain(VGG_19, true, classes),
        "residual-seed" => Ok(residual(16, 3, 2, classes)),
        layers => plain(layers, false, classes),
    }
}

/// Bytes of the layers' notation.
const MOST_TEXT: usize = 4096;

/// A network from its layers: a number is a 3×3 convolution of so many channels and ReLU, with n after it a convolution,
/// batch norm and ReLU, with r a residual block (two convolutions with batch norm around a ReLU, added to what they read,
/// which must have as many channels, then ReLU); M and A are 2×2 max and average pools. A global average pool and a
/// linear layer end it. With `norm`, plain numbers are read as if n stood after them.
pub fn plain(layers: &str, norm: bool, classes: usize) -> Result<Architecture, NetworkError> {
    let unknown = |expected: String| NetworkError::UnknownPreset { found: layers.to_owned(), expected };
    if layers.len() > MOST_TEXT {
        let found = format!("{} bytes", layers.len());
        return Err(NetworkError::UnknownPreset { found, expected: format!("at most {MOST_TEXT}") });
    }
    let mut builder = Builder::new();
    let mut stream = 0;
    for layer in layers.split('-') {
        let (digits, kind) = match layer.strip_suffix(['n', 'r']) {
            Some(digits) => (digits, &layer[digits.len()..]),
            None => (layer, if norm { "n" } else { "" }),
        };
        match (layer, digits.parse::<usize>()) {
            ("M", _) => builder.push("pool", Op::MaxPool { size: 2 }),
            ("A", _) => builder.push("pool", Op::AvgPool { size: 2 }),
            (_, Ok(channels @ 1..=4096)) if kind == "r" => {
                if channels != stream {
                    return Err(unknown(format!(
                        "{stream}r, since a residual block has as many channels as what it reads"
                    )));
                }
                builder.residual_block(channels);
            }
            (_, Ok(channels @ 1..=4096)) => {
                builder.block(channels, kind == "n");
                stream = channels;
            }
            _ => {
                let names: Vec<&str> = PRESETS.iter().map(|(name, _)| *name).collect();
                let names = names.join(", ");
                return Err(unknown(format!(
                    "{names}, or a list of layers such as 8-8-M-16 or 16n-16r-M-32n"
                )));
            }
        }
    }
    let architecture = builder.finish(classes);
    architecture.shapes()?;
    Ok(architecture)
}

/// The layers of a network as [`plain`] reads them, without `norm`; none for a network that this notation cannot say.
pub fn layers_of(architecture: &Architecture) -> Option<String> {
    let nodes = &architecture.nodes;
    let mut layers = Vec::new();
    let mut at = 1;
    while let Some(node) = nodes.get(at) {
        let next = |ahead: usize| nodes.get(at + ahead).map(|node| &node.op);
        let mut taken = 1;
        match node.op {
            Op::Conv { out_channels, kernel: 3, .. } => match (next(1), next(2), next(5)) {
                (Some(Op::Norm { .. }), _, Some(Op::Add)) => {
                    layers.push(format!("{out_channels}r"));
                    taken = 7;
                }
                (Some(Op::Norm { .. }), Some(Op::Relu), _) => {
                    layers.push(format!("{out_channels}n"));
                    taken = 3;
                }
                (Some(Op::Relu), ..) => {
                    layers.push(out_channels.to_string());
                    taken = 2;
                }
                _ => return None,
            },
            Op::MaxPool { size: 2 } => layers.push("M".to_owned()),
            Op::AvgPool { size: 2 } => layers.push("A".to_owned()),
            Op::GlobalAvgPool | Op::Linear { .. } => {}
            _ => return None,
        }
        at += taken;
    }
    let layers = layers.join("-");
    let again = plain(&layers, false, architecture.classes().ok()?).ok()?;
    // Names may differ, the graph may not.
    (wiring(&again)? == wiring(architecture)?).then_some(layers)
}

/// Each node's operation and the positions of its inputs.
fn wiring(architecture: &Architecture) -> Option<Vec<(&Op, Vec<usize>)>> {
    let positions = |node: &Node| -> Option<Vec<usize>> {
        node.inputs.iter().map(|input| architecture.index(input).ok()).collect()
    };
    architecture.nodes.iter().map(|node| Some((&node.op, positions(node)?))).collect()
}

/// A stem, then `stages` stages of `blocks` residual blocks, a max pool between stages.
fn residual(channels: usize, stages: usize, blocks: usize, classes: usize) -> Architecture {
    let mut builder = Builder::new();
    builder.block(channels, true);
    for stage in 0..stages {
        if stage > 0 {
            builder.push("pool", Op::MaxPool { size: 2 });
        }
        for _ in 0..blocks {
            builder.residual_block(channels);
        }
    }
    builder.finish(classes)
}

struct Builder {
    nodes: Vec<Node>,
}

impl Builder {
    fn new() -> Self {
        let op = Op::Input { channels: 3, height: 32, width: 32 };
        Self { nodes: vec![Node { name: "input".into(), op, inputs: vec![] }] }
    }

    fn last(&self) -> String {
        self.nodes[self.nodes.len() - 1].name.clone()
    }

    fn push(&mut self, prefix: &str, op: Op) {
        self.push_reading(prefix, op, vec![self.last()]);
    }

    fn push_reading(&mut self, prefix: &str, op: Op, inputs: Vec<String>) {
        let count = self.nodes.iter().filter(|node| node.name.starts_with(prefix)).count();
        self.nodes.push(Node { name: format!("{prefix}{}", count + 1), op, inputs });
    }

    fn block(&mut self, channels: usize, norm: bool) {
        self.push("conv", Op::conv(channels, 3));
        if norm {
            self.push("norm", Op::norm());
        }
        self.push("relu", Op::Relu);
    }

    fn residual_block(&mut self, channels: usize) {
        let stream = self.last();
        self.block(channels, true);
        self.push("conv", Op::conv(channels, 3));
        self.push("norm", Op::norm());
        let branch = self.last();
        self.push_reading("add", Op::Add, vec![stream, branch]);
        self.push("relu", Op::Relu);
    }

    fn finish(mut self, classes: usize) -> Architecture {
        self.push("gap", Op::GlobalAvgPool);
        let inputs = vec![self.last()];
        let head = Op::Linear { out_features: classes };
        self.nodes.push(Node { name: "head".into(), op: head, inputs });
        Architecture { nodes: self.nodes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_infers() {
        for (name, _) in PRESETS {
            assert_eq!(preset(name, 10).unwrap().classes().unwrap(), 10, "{name}");
        }
        assert_eq!(preset("vgg-seed", 10).unwrap().convolutions().count(), 16);
        assert_eq!(preset("residual-seed", 10).unwrap().convolutions().count(), 13);
    }

    #[test]
    fn an_unknown_preset_lists_the_known() {
        let message = preset("huge", 10).unwrap_err().to_string();
        assert!(message.contains("\"huge\"") && message.contains("residual-seed"), "{message}");
    }

    #[test]
    fn a_chain_is_written_as_it_is_read() {
        for layers in ["8-8-M-16-A-4", "3", "16n-8-M-32n", "8n-8r-8r-M-8r-16n"] {
            assert_eq!(layers_of(&plain(layers, false, 7).unwrap()).as_deref(), Some(layers));
        }
        let residual = preset("residual-seed", 10).unwrap();
        assert_eq!(layers_of(&residual).as_deref(), Some("16n-16r-16r-M-16r-16r-M-16r-16r"));
        assert_eq!(preset("16n-16r-16r-M-16r-16r-M-16r-16r", 10).unwrap(), residual);
        let vgg = layers_of(&preset("vgg-seed", 10).unwrap()).unwrap();
        assert_eq!(preset(&vgg, 10).unwrap(), preset("vgg-seed", 10).unwrap());
        // A block whose inner layer has grown is not to be said.
        let mut grown = residual;
        let inner = grown.nodes.iter_mut().filter(|node| matches!(node.op, Op::Conv { .. })).nth(1).unwrap();
        inner.op = Op::conv(17, 3);
        assert_eq!(layers_of(&grown), None);
    }

    #[test]
    fn a_residual_block_must_fit_what_it_reads() {
        let message = preset("8n-16r", 10).unwrap_err().to_string();
        assert!(message.contains("8n-16r") && message.contains("8r, since a residual block"), "{message}");
        assert!(preset("8r", 10).is_err() && preset("8nr", 10).is_err() && preset("n", 10).is_err());
    }

    #[test]
    fn too_many_pools_are_a_shape_error() {
        assert!(preset("8-M-M-M-M-M-M", 10).unwrap_err().to_string().contains("pool6"));
    }
}
