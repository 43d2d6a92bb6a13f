//! A network as an ONNX file.

use candle_core::DType;

use super::proto::{
    Attribute, Dimension, Entry, Graph, Model, Node, OperatorSet, Shape, Size, Tensor, TensorType, Type,
    ValueInfo, attribute_type, data_type,
};
use crate::network::{AsType, CheckpointInfo, Network, NetworkError, Op};

/// Version of the format: that of the operators' version below (ONNX 1.12, 2022).
const IR_VERSION: i64 = 8;
/// Version of the operators.
const OPERATORS: i64 = 17;
/// What goes in: `[N, 3, 32, 32]`, pixels in 0…1.
pub const INPUT: &str = "pixels";
/// What comes out: `[N, classes]`.
const OUTPUT: &str = "logits";

/// What an ONNX file says of a network besides its graph.
#[derive(Clone, Debug, PartialEq)]
pub struct OnnxInfo {
    /// Normalisation of the pixels, which becomes a part of the graph, and the data's hash.
    pub checkpoint: CheckpointInfo,
    /// The classes' names, in the order of the logits.
    pub class_names: Vec<String>,
}

/// The network as an ONNX file: pixels in 0…1 go in (`pixels`, `[N, 3, 32, 32]`), normalised within the graph, and logits
/// come out (`logits`, `[N, classes]`). Nodes, and what they give, have the network's own names; the same network gives
/// the same bytes.
///
/// # Errors
///
/// If the network's tensors are not those of its architecture, or it does not read as many channels as are normalised.
pub fn onnx_bytes(network: &Network, info: &OnnxInfo) -> Result<Vec<u8>, NetworkError> {
    network.check()?;
    let mut graph = Graph { name: "seedling".into(), ..Graph::default() };
    for (name, tensor) in &network.tensors {
        let values = tensor.as_type(DType::F32)?.flatten_all()?.to_vec1::<f32>()?;
        graph.initializer.push(floats(name, tensor.dims(), &values));
    }
    let shapes = network.architecture.shapes()?;
    let input = shapes[0];
    let CheckpointInfo { mean, std, .. } = &info.checkpoint;
    for (name, values) in [("mean", mean), ("std", std)] {
        if values.len() != input.channels {
            return Err(NetworkError::Parameter {
                name: format!("normalization.{name}"),
                found: format!("{} numbers", values.len()),
                expected: format!("one for each of the {} channels", input.channels),
            });
        }
        let name = format!("normalization.{name}");
        graph.initializer.push(floats(&name, &[1, input.channels, 1, 1], values));
    }
    let last = network.architecture.nodes.len() - 1;
    for (index, node) in network.architecture.nodes.iter().enumerate() {
        let output = if index == last { OUTPUT } else { node.name.as_str() };
        push(&mut graph, node, output);
    }
    let size = |number: usize| Some(Size::Number(number as i64));
    let any = Some(Size::Any("N".into()));
    graph.input.push(value_info(
        INPUT,
        "Images: red, green, blue; pixels in 0…1, normalised within the graph.",
        [any.clone(), size(input.channels), size(input.height), size(input.width)],
    ));
    let classes = shapes[last].channels;
    graph.output.push(value_info(
        OUTPUT,
        "One number a class, before the softmax; metadata class_names has the order.",
        [any, size(classes)],
    ));
    let model = Model {
        ir_version: IR_VERSION,
        producer_name: "seedling".into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        doc_string: "An image classifier, grown from a seed by network morphisms.".into(),
        graph: Some(graph),
        opset_import: vec![OperatorSet { domain: String::new(), version: OPERATORS }],
        metadata_props: metadata(network, info),
    };
    Ok(prost::Message::encode_to_vec(&model))
}

fn metadata(network: &Network, info: &OnnxInfo) -> Vec<Entry> {
    let json = |value: Result<String, serde_json::Error>| value.expect("plain data serialises");
    [
        ("architecture", json(serde_json::to_string(&network.architecture))),
        ("class_names", json(serde_json::to_string(&info.class_names))),
        ("seedling", env!("CARGO_PKG_VERSION").to_owned()),
        ("sha256", info.checkpoint.sha256.clone()),
    ]
    .map(|(key, value)| Entry { key: key.into(), value })
    .to_vec()
}

/// Adds a node, whose value is called `output`.
fn push(graph: &mut Graph, node: &crate::network::Node, output: &str) {
    let own = |suffix: &str| format!("{}.{suffix}", node.name);
    let mut add = |name: &str, op_type: &str, input: Vec<String>, output: &str, attribute: Vec<Attribute>| {
        graph.node.push(Node {
            input,
            output: vec![output.to_owned()],
            name: name.to_owned(),
            op_type: op_type.to_owned(),
            attribute,
            domain: String::new(),
        });
    };
    let inputs = || node.inputs.clone();
    let with = |suffixes: &[&str]| [inputs(), suffixes.iter().map(|suffix| own(suffix)).collect()].concat();
    let square = |size: usize| vec![size as i64; 2];
    match node.op {
        Op::Input { .. } => {
            let shifted = own("shifted");
            add(&shifted, "Sub", vec![INPUT.into(), "normalization.mean".into()], &shifted, vec![]);
            add(&node.name, "Div", vec![shifted.clone(), "normalization.std".into()], output, vec![]);
        }
        Op::Conv { kernel, stride, padding, .. } => {
            let attributes = vec![
                ints("kernel_shape", square(kernel)),
                ints("pads", vec![padding as i64; 4]),
                ints("strides", square(stride)),
            ];
            add(&node.name, "Conv", with(&["weight", "bias"]), output, attributes);
        }
        Op::Norm { epsilon, momentum } => {
            let parameters = with(&["weight", "bias", "running_mean", "running_var"]);
            // ONNX counts the weight of the old statistics.
            let attributes =
                vec![float("epsilon", epsilon as f32), float("momentum", (1.0 - momentum) as f32)];
            add(&node.name, "BatchNormalization", parameters, output, attributes);
        }
        Op::Relu => add(&node.name, "Relu", inputs(), output, vec![]),
        Op::MaxPool { size } | Op::AvgPool { size } => {
            let op = if matches!(node.op, Op::MaxPool { .. }) { "MaxPool" } else { "AveragePool" };
            let attributes = vec![ints("kernel_shape", square(size)), ints("strides", square(size))];
            add(&node.name, op, inputs(), output, attributes);
        }
        Op::Add => add(&node.name, "Add", inputs(), output, vec![]),
        Op::GlobalAvgPool => add(&node.name, "GlobalAveragePool", inputs(), output, vec![]),
        Op::Linear { .. } => {
            let flat = own("input");
            add(&flat, "Flatten", inputs(), &flat, vec![int("axis", 1)]);
            let parameters = [vec![flat.clone()], vec![own("weight"), own("bias")]].concat();
            add(&node.name, "Gemm", parameters, output, vec![int("transB", 1)]);
        }
    }
}

fn floats(name: &str, dims: &[usize], values: &[f32]) -> Tensor {
    Tensor {
        dims: dims.iter().map(|&size| size as i64).collect(),
        data_type: data_type::FLOAT,
        name: name.to_owned(),
        raw_data: values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        ..Tensor::default()
    }
}

fn value_info<const N: usize>(name: &str, doc_string: &str, sizes: [Option<Size>; N]) -> ValueInfo {
    let dim = sizes.map(|value| Dimension { value }).to_vec();
    let tensor = TensorType { elem_type: data_type::FLOAT, shape: Some(Shape { dim }) };
    ValueInfo {
        name: name.to_owned(),
        r#type: Some(Type { tensor_type: Some(tensor) }),
        doc_string: doc_string.to_owned(),
    }
}

fn float(name: &str, f: f32) -> Attribute {
    Attribute { name: name.to_owned(), f, r#type: attribute_type::FLOAT, ..Attribute::default() }
}

fn int(name: &str, i: i64) -> Attribute {
    Attribute { name: name.to_owned(), i, r#type: attribute_type::INT, ..Attribute::default() }
}

fn ints(name: &str, ints: Vec<i64>) -> Attribute {
    Attribute { name: name.to_owned(), ints, r#type: attribute_type::INTS, ..Attribute::default() }
}
