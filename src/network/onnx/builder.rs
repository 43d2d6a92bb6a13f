//! A network of ours under construction from the nodes of an ONNX graph.

use std::collections::BTreeMap;
use std::rc::Rc;

use candle_core::{Device, Tensor};

use super::tensor::{Constant, Fault};
use crate::data::Normalization;
use crate::network::architecture::infer;
use crate::network::{Architecture, Network, NetworkError, Node, Op, Shape, Tensors};

/// A standard deviation from which on pixels must be in 0…255, not in 0…1.
const BYTES: f64 = 8.0;

/// In which order a value has its axes, the examples first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Channels, rows, columns.
    ChannelsFirst,
    /// Rows, columns, channels.
    ChannelsLast,
    /// Features only.
    Flat,
}

impl Layout {
    /// The axis of the channels, and how many axes there are.
    pub fn channels(self) -> (usize, usize) {
        match self {
            Layout::ChannelsFirst => (1, 4),
            Layout::ChannelsLast => (3, 4),
            Layout::Flat => (1, 2),
        }
    }

    /// The axes of rows and columns.
    pub fn positions(self) -> &'static [i64] {
        match self {
            Layout::ChannelsFirst => &[2, 3],
            Layout::ChannelsLast => &[1, 2],
            Layout::Flat => &[],
        }
    }
}

/// What pixels are multiplied by, and what is added then, for each channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    pub scale: [f64; 3],
    pub shift: [f64; 3],
}

impl Affine {
    /// Pixels as they are.
    pub const IDENTITY: Self = Self { scale: [1.0; 3], shift: [0.0; 3] };

    /// As mean and deviation of pixels in 0…1; none where nothing is done to them.
    fn normalization(&self) -> Result<Option<Normalization>, Fault> {
        if *self == Self::IDENTITY {
            return Ok(None);
        }
        let mut std = self.scale.map(|scale| 1.0 / scale);
        let mut mean: [f64; 3] = std::array::from_fn(|channel| -self.shift[channel] * std[channel] + 0.0);
        if std.iter().all(|std| *std >= BYTES) {
            std = std.map(|std| std / 255.0);
            mean = mean.map(|mean| mean / 255.0);
        }
        let sound = std.iter().all(|std| *std > 0.0 && (*std as f32).is_normal())
            && mean.iter().all(|mean| (*mean as f32).is_finite());
        match sound {
            true => {
                Ok(Some(Normalization { mean: mean.map(|mean| mean as f32), std: std.map(|std| std as f32) }))
            }
            false => Err((format!("mean {mean:?} and deviation {std:?}"), "deviations above 0".into())),
        }
    }
}

/// What a name of the graph stands for.
#[derive(Clone, Debug)]
pub enum Value {
    /// Numbers of the file.
    Constant(Rc<Constant>),
    /// The images, shifted and scaled.
    Pixels(Affine, Layout),
    /// What a part of the network computes.
    Feature(usize, Layout),
    /// Its softmax.
    Probabilities(usize),
    /// Sizes of a value, which programs compute to reshape by.
    Sizes,
}

/// A node of the network.
#[derive(Debug)]
pub struct Part {
    /// The ONNX node's name.
    pub name: String,
    pub op: Op,
    pub inputs: Vec<usize>,
    pub shape: Shape,
    /// Its parameters: the names' ends, shapes, numbers.
    pub tensors: Vec<(&'static str, Vec<usize>, Vec<f32>)>,
}

/// The network so far.
#[derive(Debug)]
pub struct Builder {
    pub parts: Vec<Part>,
    values: BTreeMap<String, Value>,
    /// How often each value is read.
    readers: BTreeMap<String, usize>,
    pixels: Option<Affine>,
}

impl Builder {
    /// A network that reads images of this shape; `readers` says how often each value of the graph is read.
    pub fn new(image: Shape, readers: BTreeMap<String, usize>) -> Self {
        let Shape { channels, height, width } = image;
        let input = Part {
            name: "input".into(),
            op: Op::Input { channels, height, width },
            inputs: vec![],
            shape: image,
            tensors: vec![],
        };
        Self { parts: vec![input], values: BTreeMap::new(), readers, pixels: None }
    }

    /// Gives a value its name.
    pub fn bind(&mut self, name: &str, value: Value) -> Result<(), Fault> {
        match self.values.insert(name.to_owned(), value) {
            Some(_) => Err((format!("a second value called {name:?}"), "one of each name".into())),
            None => Ok(()),
        }
    }

    /// The value called `name`.
    pub fn value(&self, name: &str) -> Result<&Value, Fault> {
        let missing = || (format!("no value {name:?}"), "a value that is given or computed before".into());
        self.values.get(name).ok_or_else(missing)
    }

    /// Whether one node alone reads a value.
    pub fn is_read_once(&self, name: &str) -> bool {
        self.readers.get(name) == Some(&1)
    }

    /// The part that computes a value, and the value's axes.
    pub fn feature(&mut self, name: &str) -> Result<(usize, Layout), Fault> {
        match self.value(name)?.clone() {
            Value::Feature(part, layout) => Ok((part, layout)),
            Value::Pixels(affine, layout) => {
                if *self.pixels.get_or_insert(affine) != affine {
                    return Err((
                        "pixels normalised in two ways".into(),
                        "one normalisation of the pixels".into(),
                    ));
                }
                Ok((0, layout))
            }
            Value::Constant(_) | Value::Sizes => Err((
                format!("{name:?}, which no pixel has a part in"),
                "a value computed from the pixels".into(),
            )),
            Value::Probabilities(_) => {
                Err((format!("{name:?}, a softmax"), "a softmax at the end only".into()))
            }
        }
    }

    /// Adds a part, and checks that it fits its inputs; its place.
    pub fn push(
        &mut self,
        name: &str,
        op: Op,
        inputs: Vec<usize>,
        tensors: Vec<(&'static str, Vec<usize>, Vec<f32>)>,
    ) -> Result<usize, Fault> {
        let shapes: Vec<Shape> = inputs.iter().map(|&input| self.parts[input].shape).collect();
        let shape = infer(&op, &shapes, &|found, expected| (found, expected.to_owned()))?;
        self.parts.push(Part { name: name.to_owned(), op, inputs, shape, tensors });
        Ok(self.parts.len() - 1)
    }

    /// The network whose last part is `last`, without what it does not need, and the normalisation of its pixels.
    pub fn finish(self, last: usize) -> Result<(Network, Option<Normalization>), NetworkError> {
        let parts = needed(self.parts, last);
        let names = names(&parts);
        let node = |(part, name): (&Part, &String)| Node {
            name: name.clone(),
            op: part.op.clone(),
            inputs: part.inputs.iter().map(|&input| names[input].clone()).collect(),
        };
        let architecture = Architecture { nodes: parts.iter().zip(&names).map(node).collect() };
        let mut tensors = Tensors::new();
        for (part, name) in parts.into_iter().zip(&names) {
            for (suffix, dims, values) in part.tensors {
                tensors.insert(format!("{name}.{suffix}"), Tensor::from_vec(values, dims, &Device::Cpu)?);
            }
        }
        let network = Network { architecture, tensors };
        network.check()?;
        let pixels = self.pixels.unwrap_or(Affine::IDENTITY);
        let normalization = pixels.normalization().map_err(|(found, expected)| NetworkError::Shape {
            node: "input".into(),
            found,
            expected,
        })?;
        Ok((network, normalization))
    }
}

/// The parts that `last` is computed from, with itself, in their order.
fn needed(parts: Vec<Part>, last: usize) -> Vec<Part> {
    let mut needed = vec![false; parts.len()];
    needed[last] = true;
    for index in (0..=last).rev() {
        if needed[index] {
            parts[index].inputs.iter().for_each(|&input| needed[input] = true);
        }
    }
    let mut kept: Vec<Part> = Vec::new();
    let mut places = vec![0; parts.len()];
    for (index, mut part) in parts.into_iter().enumerate().filter(|(index, _)| needed[*index]) {
        part.inputs.iter_mut().for_each(|input| *input = places[*input]);
        places[index] = kept.len();
        kept.push(part);
    }
    kept
}

/// The parts' names: the file's own if all are short and plain, as ours are, else counted by what they do.
fn names(parts: &[Part]) -> Vec<String> {
    let plain = |name: &str| {
        let digits = name.trim_start_matches(|letter: char| letter.is_ascii_lowercase());
        digits.len() < name.len() && digits.chars().all(|letter| letter.is_ascii_digit())
    };
    let own: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
    let mut sorted: Vec<&String> = own.iter().collect();
    sorted.sort_unstable();
    if own.iter().all(|name| plain(name)) && sorted.windows(2).all(|pair| pair[0] != pair[1]) {
        return own;
    }
    let mut counts = BTreeMap::new();
    let named = parts.iter().map(|part| {
        let kind = match part.op {
            Op::Input { .. } => return "input".to_owned(),
            // No other part reads a linear layer: it is the last.
            Op::Linear { .. } => return "head".to_owned(),
            Op::Conv { .. } => "conv",
            Op::Norm { .. } => "norm",
            Op::Relu => "relu",
            Op::MaxPool { .. } | Op::AvgPool { .. } => "pool",
            Op::Add => "add",
            Op::GlobalAvgPool => "gap",
        };
        let count = counts.entry(kind).or_insert(0);
        *count += 1;
        format!("{kind}{count}")
    });
    named.collect()
}
