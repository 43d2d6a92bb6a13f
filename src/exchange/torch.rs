//! A network as a module of PyTorch, for people to read.

use std::fmt::Write;

use crate::network::{Network, NetworkError, Node, OnnxInfo, Op};

/// Names that the module uses itself, and Python's own.
const TAKEN: [&str; 45] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "F", "nn",
    "torch", "self", "pixels", "mean", "std", "forward", "train", "eval",
];

/// The source of `model.py`: an `nn.Module` of the network's layers under their own names, whose `load` reads the weights
/// from a safetensors file beside it. Pixels in 0…1 go in; they are normalised within.
///
/// # Errors
///
/// If the network is inconsistent, or a node has a name that cannot be one in Python.
pub fn model_py(network: &Network, info: &OnnxInfo, about: &str) -> Result<String, NetworkError> {
    network.check()?;
    let (mut layers, mut steps) = (String::new(), String::new());
    let shapes = network.architecture.shapes()?;
    for node in &network.architecture.nodes {
        check_name(&node.name)?;
        let channels = match node.inputs.first() {
            Some(input) => shapes[network.architecture.index(input)?].channels,
            None => 0,
        };
        if let Some(layer) = layer(node, channels) {
            let _ = writeln!(layers, "        self.{} = {layer}", node.name);
        }
        let _ = writeln!(steps, "        {} = {}", node.name, step(node));
    }
    let numbers = |values: &[f32]| {
        let texts: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
        texts.join(", ")
    };
    // A text of JSON is one of Python.
    let classes: Vec<String> =
        info.class_names.iter().map(|name| serde_json::json!(name).to_string()).collect();
    let last = network.architecture.nodes.last().map_or("", |node| node.name.as_str());
    Ok(format!(
        r#""""{about}

Needs torch and safetensors. Pixels in 0..1 go in, [N, 3, 32, 32]; logits come out, one for each of CLASSES.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

CLASSES = [{classes}]


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        # Of the images that the network was trained on, red, green and blue.
        self.register_buffer("mean", torch.tensor([{mean}]).view(1, -1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor([{std}]).view(1, -1, 1, 1), persistent=False)
{layers}
    def forward(self, pixels):
{steps}        return {last}


def load(path=Path(__file__).with_name("model.safetensors")):
    """The network with the weights in a file, ready to predict."""
    network = Network()
    network.load_state_dict(load_file(path))
    return network.eval()
"#,
        about = about.replace(['"', '\\'], "'"),
        classes = classes.join(", "),
        mean = numbers(&info.checkpoint.mean),
        std = numbers(&info.checkpoint.std),
    ))
}

/// What a node with parameters is in PyTorch.
fn layer(node: &Node, channels: usize) -> Option<String> {
    match node.op {
        Op::Conv { out_channels, kernel, padding, .. } => {
            let padding = if padding == 0 { String::new() } else { format!(", padding={padding}") };
            Some(format!("nn.Conv2d({channels}, {out_channels}, {kernel}{padding})"))
        }
        Op::Norm { epsilon, momentum } => {
            Some(format!("nn.BatchNorm2d({channels}, eps={epsilon:?}, momentum={momentum:?})"))
        }
        Op::Linear { out_features } => Some(format!("nn.Linear({channels}, {out_features})")),
        _ => None,
    }
}

/// What a node computes.
fn step(node: &Node) -> String {
    let from = node.inputs.first().map_or("", String::as_str);
    match node.op {
        Op::Input { .. } => "(pixels - self.mean) / self.std".into(),
        Op::Conv { .. } | Op::Norm { .. } | Op::Linear { .. } => format!("self.{}({from})", node.name),
        Op::Relu => format!("F.relu({from})"),
        Op::MaxPool { size } => format!("F.max_pool2d({from}, {size})"),
        Op::AvgPool { size } => format!("F.avg_pool2d({from}, {size})"),
        Op::Add => node.inputs.join(" + "),
        Op::GlobalAvgPool => format!("{from}.mean(dim=(2, 3))"),
    }
}

fn check_name(name: &str) -> Result<(), NetworkError> {
    let begins = name.chars().next().is_some_and(|letter| letter.is_ascii_alphabetic());
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    match begins && plain && !TAKEN.contains(&name) {
        true => Ok(()),
        false => Err(NetworkError::Shape {
            node: name.to_owned(),
            found: "a name that Python cannot use here".into(),
            expected: "a letter, then letters, digits and _".into(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{CheckpointInfo, preset};

    fn info() -> OnnxInfo {
        let checkpoint =
            CheckpointInfo { mean: vec![0.5, 0.25, 1e-7], std: vec![0.25; 3], sha256: "ab".into() };
        OnnxInfo { checkpoint, class_names: vec!["cat".into(), "dog \"x\"".into()] }
    }

    #[test]
    fn the_module_reads_like_the_network() {
        let network = Network::initialise(preset("4n-4r-M-6", 2).unwrap(), 1).unwrap();
        let text = model_py(&network, &info(), "A network.").unwrap();
        for line in [
            "CLASSES = [\"cat\", \"dog \\\"x\\\"\"]",
            "        self.conv1 = nn.Conv2d(3, 4, 3, padding=1)",
            "        self.norm1 = nn.BatchNorm2d(4, eps=1e-5, momentum=0.1)",
            "        self.head = nn.Linear(6, 2)",
            "        input = (pixels - self.mean) / self.std",
            "        add1 = relu1 + norm3",
            "        pool1 = F.max_pool2d(relu3, 2)",
            "        head = self.head(gap1)",
            "        return head",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
        assert!(text.contains("torch.tensor([0.5, 0.25, 1e-7])"), "{text}");
    }

    #[test]
    fn names_that_python_would_misread_are_refused() {
        for name in ["conv 1", "1conv", "lambda", "self", "a;b", ""] {
            let mut network = Network::initialise(preset("4", 2).unwrap(), 1).unwrap();
            network.architecture.nodes[2].name = name.into();
            network.architecture.nodes[3].inputs = vec![name.into()];
            let message = model_py(&network, &info(), "").unwrap_err().to_string();
            assert!(message.contains(name) && message.contains("letters, digits"), "{message}");
        }
    }
}
