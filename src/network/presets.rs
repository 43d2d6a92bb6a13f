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

/// The preset `name` for 3×32×32 images and `classes` classes. A list of layers in the presets' own notation
/// (`8-8-M-16`; M is a 2×2 max pool, A an average pool) works as a name too.
pub fn preset(name: &str, classes: usize) -> Result<Architecture, NetworkError> {
    match name {
        "tiny" => plain("8-8-M-16-16-M-16", false, classes),
        "small" => plain("16-M-32-M-32", false, classes),
        "vgg-seed" => plain(VGG_19, true, classes),
        "residual-seed" => Ok(residual(16, 3, 2, classes)),
        layers => plain(layers, false, classes),
    }
}

/// A chain: each number is a 3×3 convolution of so many channels, with batch norm where `norm`, and ReLU; M and
/// A are 2×2 max and average pools; a global average pool and a linear layer end it.
pub fn plain(layers: &str, norm: bool, classes: usize) -> Result<Architecture, NetworkError> {
    let mut builder = Builder::new();
    for layer in layers.split('-') {
        match layer {
            "M" => builder.push("pool", Op::MaxPool { size: 2 }),
            "A" => builder.push("pool", Op::AvgPool { size: 2 }),
            channels => match channels.parse() {
                Ok(channels @ 1..=4096) => builder.block(channels, norm),
                _ => {
                    let names: Vec<&str> = PRESETS.iter().map(|(name, _)| *name).collect();
                    return Err(NetworkError::UnknownPreset {
                        found: layers.to_owned(),
                        expected: format!("{}, or a list of layers such as 8-8-M-16", names.join(", ")),
                    });
                }
            },
        }
    }
    let architecture = builder.finish(classes);
    architecture.shapes()?;
    Ok(architecture)
}

/// The layers of a chain without norms, as [`plain`] reads them; none for any other network.
pub fn layers_of(architecture: &Architecture) -> Option<String> {
    let mut layers = Vec::new();
    for node in &architecture.nodes {
        match node.op {
            Op::Conv { out_channels, kernel: 3, .. } => layers.push(out_channels.to_string()),
            Op::MaxPool { size: 2 } => layers.push("M".to_owned()),
            Op::AvgPool { size: 2 } => layers.push("A".to_owned()),
            Op::Input { .. } | Op::Relu | Op::GlobalAvgPool | Op::Linear { .. } => {}
            _ => return None,
        }
    }
    let layers = layers.join("-");
    let shapes = |architecture: &Architecture| architecture.shapes().ok();
    let again = plain(&layers, false, architecture.classes().ok()?).ok()?;
    (shapes(&again) == shapes(architecture)).then_some(layers)
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
            let stream = builder.last();
            builder.block(channels, true);
            builder.push("conv", Op::conv(channels, 3));
            builder.push("norm", Op::norm());
            let branch = builder.last();
            builder.push_reading("add", Op::Add, vec![stream, branch]);
            builder.push("relu", Op::Relu);
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
        for layers in ["8-8-M-16-A-4", "3"] {
            assert_eq!(layers_of(&plain(layers, false, 7).unwrap()).as_deref(), Some(layers));
        }
        for name in ["vgg-seed", "residual-seed"] {
            assert_eq!(layers_of(&preset(name, 10).unwrap()), None);
        }
    }

    #[test]
    fn too_many_pools_are_a_shape_error() {
        assert!(preset("8-M-M-M-M-M-M", 10).unwrap_err().to_string().contains("pool6"));
    }
}
