//! An ONNX file as a network of ours, with its weights.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use prost::Message;

use super::builder::{Affine, Builder, Layout, Value};
use super::operators::{SUPPORTED, apply};
use super::proto::{Graph, Model, Node, Size, ValueInfo, data_type};
use super::tensor::{Constant, Fault};
use crate::data::{Normalization, SIDE};
use crate::files;
use crate::network::{Network, NetworkError, Op, Shape};

/// Bytes of a file: the weights of the largest network, and what stands around them.
const MOST_FILE: u64 = (1 << 30) + (64 << 20);
/// Nodes of a graph, at most.
const MOST_NODES: usize = 1 << 13;
/// Channels of the images.
const COLOURS: usize = 3;

/// What an ONNX file holds.
#[derive(Clone, Debug)]
pub struct OnnxNetwork {
    /// The network, from normalised pixels to logits.
    pub network: Network,
    /// How it normalises pixels in 0…1, if it does: else it expects them normalised.
    pub normalization: Option<Normalization>,
}

/// Reads a network from an ONNX file: as [`super::onnx_bytes`] writes them, or as PyTorch and Keras (by tf2onnx) export
/// them. Biases, normalisation of the pixels, changes of layout and a softmax at the end are folded away.
///
/// # Errors
///
/// Where the file is broken, and where a node does what no network here can: with its name and operator, and what could
/// be there instead.
pub fn load_onnx(path: &Path) -> Result<OnnxNetwork, NetworkError> {
    let bytes = files::read_at_most(path, MOST_FILE)?;
    let fail = |what: String, (found, expected): Fault| NetworkError::Checkpoint {
        path: path.to_owned(),
        what,
        found,
        expected,
    };
    let model = Model::decode(bytes.as_slice())
        .map_err(|error| fail("file".into(), (error.to_string(), "a whole ONNX file".into())))?;
    let graph = model
        .graph
        .ok_or_else(|| fail("file".into(), ("no graph".into(), "an ONNX file of a network".into())))?;
    if graph.node.len() > MOST_NODES {
        let found = format!("{} nodes", graph.node.len());
        return Err(fail("graph".into(), (found, format!("at most {MOST_NODES}"))));
    }
    let (input, image, layout) = images(&graph).map_err(|fault| fail("input".into(), fault))?;
    let mut builder = Builder::new(image, readers(&graph));
    for tensor in &graph.initializer {
        Constant::read(tensor)
            .and_then(|constant| builder.bind(&tensor.name, Value::Constant(Rc::new(constant))))
            .map_err(|fault| fail(format!("initialiser \"{}\"", tensor.name), fault))?;
    }
    builder
        .bind(input, Value::Pixels(Affine::IDENTITY, layout))
        .map_err(|fault| fail(format!("input \"{input}\""), fault))?;
    for node in &graph.node {
        apply(&mut builder, node).map_err(|fault| fail(said(node), fault))?;
    }
    let last = logits(&mut builder, &graph).map_err(|fault| fail("output".into(), fault))?;
    let consistent = builder.finish(last);
    let (network, normalization) = consistent
        .map_err(|error| fail("network".into(), (error.to_string(), "a consistent network".into())))?;
    Ok(OnnxNetwork { network, normalization })
}

/// A node as errors name it.
fn said(node: &Node) -> String {
    let name = if node.name.is_empty() { node.output.first() } else { Some(&node.name) };
    format!("node \"{}\" ({})", name.map_or("", String::as_str), node.op_type)
}

/// How often each value is read, an output of the graph once.
fn readers(graph: &Graph) -> BTreeMap<String, usize> {
    let mut readers = BTreeMap::new();
    let outputs = graph.output.iter().map(|output| &output.name);
    for name in graph.node.iter().flat_map(|node| &node.input).chain(outputs) {
        *readers.entry(name.clone()).or_insert(0) += 1;
    }
    readers
}

/// The name of the images, their shape, and the order of their axes.
fn images(graph: &Graph) -> Result<(&str, Shape, Layout), Fault> {
    let given: BTreeSet<&str> = graph.initializer.iter().map(|tensor| tensor.name.as_str()).collect();
    let inputs: Vec<&ValueInfo> =
        graph.input.iter().filter(|input| !given.contains(input.name.as_str())).collect();
    let &[input] = inputs.as_slice() else {
        let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
        return Err((format!("the inputs {names:?}"), "one input, the images".into()));
    };
    let expected = format!("32-bit floats [N, {COLOURS}, {SIDE}, {SIDE}] or [N, {SIDE}, {SIDE}, {COLOURS}]");
    let tensor = input.r#type.as_ref().and_then(|r#type| r#type.tensor_type.as_ref());
    let element = tensor.map_or(0, |tensor| tensor.elem_type);
    if element != data_type::FLOAT {
        return Err((format!("\"{}\" of type {element}", input.name), expected));
    }
    let sizes: Vec<Option<i64>> = match tensor.and_then(|tensor| tensor.shape.as_ref()) {
        Some(shape) => shape.dim.iter().map(|dim| known(dim.value.as_ref())).collect(),
        None => vec![None; 4],
    };
    let [colours, side] = [COLOURS as i64, SIDE as i64];
    let fits = |whole: [i64; 3]| {
        sizes.len() == 4
            && sizes[1..].iter().zip(whole).all(|(found, size)| found.is_none_or(|found| found == size))
    };
    let layout = if fits([colours, side, side]) {
        Layout::ChannelsFirst
    } else if fits([side, side, colours]) {
        Layout::ChannelsLast
    } else {
        let sizes: Vec<String> =
            sizes.iter().map(|size| size.map_or("N".into(), |size| size.to_string())).collect();
        return Err((format!("\"{}\" of shape [{}]", input.name, sizes.join(", ")), expected));
    };
    Ok((&input.name, Shape { channels: COLOURS, height: SIDE, width: SIDE }, layout))
}

/// A size that is fixed.
fn known(size: Option<&Size>) -> Option<i64> {
    match size {
        Some(Size::Number(number)) if *number > 0 => Some(*number),
        _ => None,
    }
}

/// The part that gives the logits.
fn logits(builder: &mut Builder, graph: &Graph) -> Result<usize, Fault> {
    let [output] = graph.output.as_slice() else {
        return Err((format!("{} outputs", graph.output.len()), "one, the logits".into()));
    };
    let part = match builder.value(&output.name)? {
        Value::Probabilities(part) => *part,
        _ => builder.feature(&output.name)?.0,
    };
    match builder.parts[part].op {
        Op::Linear { .. } => Ok(part),
        _ => Err((
            format!("\"{}\", which no linear layer gives", output.name),
            format!("Gemm or MatMul at the end; supported: {SUPPORTED}"),
        )),
    }
}
