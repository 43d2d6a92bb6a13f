//! Files of other programs, built by hand in the forms that they write.

use std::path::Path;

use candle_core::Tensor as Numbers;
use prost::Message;

use super::proto::{
    Attribute, Dimension, Entry, Graph, Model, Node, Shape, Size, Tensor, TensorType, Type, ValueInfo,
    attribute_type, data_type,
};
use super::{OnnxInfo, OnnxNetwork, load_onnx, onnx_bytes};
use crate::data::Normalization;
use crate::mutation_tests::survive;
use crate::network::{CheckpointInfo, Network, NetworkError, Op, preset};
use crate::random::Stream;

/// A graph that grows line by line.
struct Sketch(Graph);

impl Sketch {
    /// That reads images of this shape, 0 for any size.
    fn reading(shape: &[i64]) -> Self {
        let size = |&size: &i64| match size {
            0 => Dimension { value: Some(Size::Any("batch".into())) },
            size => Dimension { value: Some(Size::Number(size)) },
        };
        let shape = Some(Shape { dim: shape.iter().map(size).collect() });
        let tensor_type = Some(TensorType { elem_type: data_type::FLOAT, shape });
        let input = ValueInfo {
            name: "images".into(),
            r#type: Some(Type { tensor_type }),
            doc_string: String::new(),
        };
        let output = ValueInfo { name: "out".into(), ..ValueInfo::default() };
        Self(Graph { input: vec![input], output: vec![output], ..Graph::default() })
    }

    /// Adds numbers that are drawn by their name.
    fn numbers(mut self, name: &str, dims: &[i64]) -> Self {
        let mut stream = Stream::new(1, name, 0);
        let count = dims.iter().product::<i64>();
        let float_data = (0..count).map(|_| stream.normal().abs() as f32 + 0.1).collect();
        self.0.initializer.push(Tensor {
            dims: dims.to_vec(),
            data_type: data_type::FLOAT,
            float_data,
            name: name.into(),
            ..Tensor::default()
        });
        self
    }

    fn floats(self, name: &str, dims: &[i64], values: &[f32]) -> Self {
        let mut sketch = self.numbers(name, dims);
        sketch.0.initializer.last_mut().unwrap().float_data = values.to_vec();
        sketch
    }

    fn integers(mut self, name: &str, values: &[i64]) -> Self {
        self.0.initializer.push(Tensor {
            dims: vec![values.len() as i64],
            data_type: data_type::INT64,
            int64_data: values.to_vec(),
            name: name.into(),
            ..Tensor::default()
        });
        self
    }

    /// Adds a node: `output = Op(input, …)`, attributes being whole numbers.
    fn node(mut self, line: &str, attributes: &[(&str, &[i64])]) -> Self {
        let (output, call) = line.split_once(" = ").unwrap();
        let (op_type, inputs) = call.trim_end_matches(')').split_once('(').unwrap();
        let attribute = |(name, ints): &(&str, &[i64])| Attribute {
            name: (*name).into(),
            i: ints.first().copied().unwrap_or(0),
            ints: ints.to_vec(),
            r#type: attribute_type::INTS,
            ..Attribute::default()
        };
        self.0.node.push(Node {
            input: inputs.split(", ").map(str::to_owned).collect(),
            output: vec![output.into()],
            name: format!("/net/{output}"),
            op_type: op_type.into(),
            attribute: attributes.iter().map(attribute).collect(),
            domain: String::new(),
        });
        self
    }

    fn bytes(self) -> Vec<u8> {
        Model { ir_version: 8, graph: Some(self.0), ..Model::default() }.encode_to_vec()
    }

    fn read(self) -> Result<OnnxNetwork, NetworkError> {
        read(&self.bytes())
    }

    /// The error's text.
    fn fault(self) -> String {
        self.read().unwrap_err().to_string()
    }
}

fn read(bytes: &[u8]) -> Result<OnnxNetwork, NetworkError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.onnx");
    std::fs::write(&path, bytes).unwrap();
    load_onnx(&path)
}

fn values(tensor: &Numbers) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

/// The names of the nodes.
fn layers(network: &Network) -> String {
    let names: Vec<&str> = network.architecture.nodes.iter().map(|node| node.name.as_str()).collect();
    names.join(" ")
}

const FIRST: &[i64] = &[0, 3, 32, 32];
const SAME: &[(&str, &[i64])] = &[("kernel_shape", &[3, 3]), ("pads", &[1, 1, 1, 1]), ("strides", &[1, 1])];

/// Convolution, ReLU, as PyTorch writes it.
fn begun() -> Sketch {
    Sketch::reading(FIRST)
        .numbers("w", &[4, 3, 3, 3])
        .numbers("head.w", &[2, 4])
        .numbers("head.b", &[2])
        .node("c = Conv(images, w)", SAME)
        .node("r = Relu(c)", &[])
}

/// [`begun`] with a linear layer.
fn ended(sketch: Sketch, last: &str) -> Sketch {
    sketch
        .node(&format!("g = GlobalAveragePool({last})"), &[])
        .node("f = Flatten(g)", &[("axis", &[1])])
        .node("out = Gemm(f, head.w, head.b)", &[("transB", &[1])])
}

#[test]
fn what_is_written_is_read_bit_for_bit() {
    let info = OnnxInfo {
        checkpoint: CheckpointInfo {
            mean: vec![0.49, 0.48, 0.45],
            std: vec![0.24, 0.25, 1e-3],
            sha256: "ab".into(),
        },
        class_names: vec!["cat".into(); 3],
    };
    for layers in ["tiny", "vgg-seed", "residual-seed", "3-A-4n-4r-M-5"] {
        let network = Network::initialise(preset(layers, 3).unwrap(), 5).unwrap();
        let bytes = onnx_bytes(&network, &info).unwrap();
        let found = read(&bytes).unwrap();
        assert_eq!(found.network.architecture, network.architecture);
        assert!(network.tensors.keys().eq(found.network.tensors.keys()));
        for (name, tensor) in &network.tensors {
            assert_eq!(values(&found.network.tensors[name]), values(tensor), "{name}");
        }
        let Normalization { mean, std } = found.normalization.unwrap();
        assert_eq!(
            (mean.to_vec(), std.to_vec()),
            (info.checkpoint.mean.clone(), info.checkpoint.std.clone())
        );
        assert_eq!(onnx_bytes(&found.network, &info).unwrap(), bytes);
    }
}

#[test]
fn a_network_of_pytorchs_form_is_read() {
    let whole = ended(
        begun()
            .numbers("b2", &[4])
            .numbers("w2", &[4, 4, 1, 1])
            .numbers("n.w", &[4])
            .numbers("n.b", &[4])
            .numbers("n.m", &[4])
            .numbers("n.v", &[4])
            .node("p = MaxPool(r)", &[("kernel_shape", &[2, 2]), ("strides", &[2, 2])])
            .node("c2 = Conv(p, w2, b2)", &[("kernel_shape", &[1, 1])])
            .node("n = BatchNormalization(c2, n.w, n.b, n.m, n.v)", &[])
            .node("a = Add(n, p)", &[])
            .node("i = Identity(a)", &[]),
        "i",
    );
    let OnnxNetwork { network, normalization } = whole.read().unwrap();
    assert_eq!(layers(&network), "input conv1 relu1 pool1 conv2 norm1 add1 gap1 head");
    assert!(normalization.is_none());
    assert_eq!(values(&network.tensors["conv1.bias"]), [0.0; 4]);
    assert_eq!(network.architecture.node("norm1").unwrap().op, Op::norm());
    assert_eq!(network.architecture.node("add1").unwrap().inputs, ["norm1", "pool1"]);
}

#[test]
fn a_network_of_kerass_form_is_read() {
    let sketch = Sketch::reading(&[0, 32, 32, 3])
        .floats("by", &[], &[1.0 / 255.0])
        .floats("minus", &[3], &[0.5, 0.25, 0.125])
        .floats("w", &[3, 3, 3, 2], &(0..54).map(|index| index as f32).collect::<Vec<_>>())
        .floats("b", &[1, 2, 1, 1], &[7.0, 8.0])
        .floats("head.w", &[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
        .floats("head.b", &[3], &[0.5, 0.25, 0.125])
        .integers("axes", &[2, 3])
        .node("m = Mul(images, by)", &[])
        .node("s = Sub(m, minus)", &[])
        .node("t = Transpose(s)", &[("perm", &[0, 3, 1, 2])])
        .node("wt = Transpose(w)", &[("perm", &[3, 2, 0, 1])])
        .node("c = Conv(t, wt)", SAME)
        .node("cb = Add(c, b)", &[])
        .node("r = Relu(cb)", &[])
        .node("g = GlobalAveragePool(r)", &[])
        .node("q = Squeeze(g, axes)", &[])
        .node("l = MatMul(q, head.w)", &[])
        .node("lb = Add(head.b, l)", &[])
        .node("out = Softmax(lb)", &[]);
    let OnnxNetwork { network, normalization } = sketch.read().unwrap();
    assert_eq!(layers(&network), "input conv1 relu1 gap1 head");
    // Bytes go in there: (p · 255) / 255 − ½ is p − ½ for pixels in 0…1, but for the rounding of 1/255.
    let Normalization { mean, std } = normalization.unwrap();
    let near = |found: [f32; 3], expected: [f32; 3]| {
        found.iter().zip(expected).all(|(found, expected)| (found / expected - 1.0).abs() <= f32::EPSILON)
    };
    assert!(near(mean, [0.5, 0.25, 0.125]) && near(std, [1.0; 3]), "{mean:?} {std:?}");
    assert_eq!(values(&network.tensors["conv1.bias"]), [7.0, 8.0]);
    let weight = values(&network.tensors["conv1.weight"]);
    // [out, in, row, column] from [row, column, in, out]: first of two out, second of three in, row 1, column 2.
    assert_eq!(weight[9 + 3 + 2], (18 + 2 * 6 + 2) as f32);
    assert_eq!(values(&network.tensors["head.weight"]), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    assert_eq!(values(&network.tensors["head.bias"]), [0.5, 0.25, 0.125]);
}

#[test]
fn ways_to_pool_and_flatten_are_all_read() {
    let end = |sketch: Sketch| sketch.node("out = Gemm(f, head.w, head.b)", &[("transB", &[1])]);
    let mean = end(begun().node("f = ReduceMean(r)", &[("axes", &[-1, -2]), ("keepdims", &[0])]));
    let reshaped = end(begun()
        .integers("sizes", &[-1, 4])
        .node("g = AveragePool(r)", &[("kernel_shape", &[32, 32])])
        .node("f = Reshape(g, sizes)", &[]));
    // As `x.view(x.size(0), -1)` is written.
    let computed = end(begun()
        .integers("at", &[0])
        .integers("rest", &[-1])
        .node("g = GlobalAveragePool(r)", &[])
        .node("s = Shape(g)", &[])
        .node("s0 = Gather(s, at)", &[])
        .node("sizes = Concat(s0, rest)", &[])
        .node("f = Reshape(g, sizes)", &[]));
    for sketch in [mean, reshaped, computed] {
        assert_eq!(layers(&sketch.read().unwrap().network), "input conv1 relu1 gap1 head");
    }
    // Pools down to one position need no global pool; ours has one.
    let pooled = end(begun()
        .node("p = MaxPool(r)", &[("kernel_shape", &[32, 32]), ("strides", &[32, 32])])
        .node("f = Flatten(p)", &[]));
    assert_eq!(layers(&pooled.read().unwrap().network), "input conv1 relu1 pool1 gap1 head");
}

#[test]
fn what_no_network_here_can_do_is_named_with_what_could_be() {
    let strided: &[(&str, &[i64])] = &[("pads", &[1, 1, 1, 1]), ("strides", &[2, 2])];
    let conv = |attributes| {
        let sketch = Sketch::reading(FIRST).numbers("w", &[4, 3, 3, 3]);
        ended(sketch.node("c = Conv(images, w)", attributes), "c").fault()
    };
    for (found, parts) in [
        (conv(strided), ["node \"/net/c\" (Conv)", "strides [2, 2]", "strides [1, 1]"]),
        (conv(&[]), ["(Conv)", "pads [0, 0, 0, 0]", "pads [1, 1, 1, 1]"]),
        (conv(&[("group", &[3]), SAME[1]]), ["(Conv)", "group 3", "group 1"]),
        (conv(&[("dilations", &[2, 2]), SAME[1]]), ["(Conv)", "dilations [2, 2]", "[1, 1]"]),
        (
            ended(begun().node("h = HardSwish(r)", &[]), "h").fault(),
            ["node \"/net/h\" (HardSwish)", "operator", "GlobalAveragePool"],
        ),
        (
            ended(begun().node("p = MaxPool(r)", &[("kernel_shape", &[3, 3]), ("strides", &[2, 2])]), "p")
                .fault(),
            ["(MaxPool)", "strides [2, 2]", "as long as the window"],
        ),
        (
            begun().node("f = Flatten(r)", &[]).node("out = Gemm(f, head.w)", &[]).fault(),
            ["(Flatten)", "32 rows and 32 columns of 4 channels", "global average pool"],
        ),
        (
            ended(begun(), "r").node("x = Relu(out)", &[]).fault(),
            ["(Relu)", "after the global average pool", "one linear layer"],
        ),
        (ended(begun(), "x").fault(), ["(GlobalAveragePool)", "no value \"x\"", "before"]),
        (begun().node("out = GlobalAveragePool(r)", &[]).fault(), ["output", "no linear layer", "Gemm"]),
        (
            Sketch::reading(&[0, 1, 28, 28]).fault(),
            ["input", "[N, 1, 28, 28]", "[N, 3, 32, 32] or [N, 32, 32, 3]"],
        ),
        (
            ended(begun().numbers("c5", &[5]).node("m = Mul(r, c5)", &[]), "m").fault(),
            ["(Mul)", "shape [5]", "4 channels"],
        ),
    ] {
        assert!(found.contains("net.onnx") && parts.iter().all(|part| found.contains(part)), "{found}");
    }
}

#[test]
fn numbers_that_are_elsewhere_or_nowhere_are_named() {
    let mut elsewhere = ended(begun(), "r");
    elsewhere.0.initializer[0].external_data =
        vec![Entry { key: "location".into(), value: "net.onnx.data".into() }];
    let message = elsewhere.fault();
    assert!(message.contains("initialiser \"w\"") && message.contains("net.onnx.data"), "{message}");
    let mut huge = ended(begun(), "r");
    huge.0.initializer[0] =
        Tensor { dims: vec![1 << 28], data_type: data_type::FLOAT, name: "w".into(), ..Tensor::default() };
    let message = huge.fault();
    assert!(message.contains("initialiser \"w\"") && message.contains("found 0 numbers"), "{message}");
    assert!(message.contains("1073741824 bytes"), "{message}");
}

#[test]
fn four_gibibytes_are_refused_by_name_whether_they_are_there_or_not() {
    let mut sketch = ended(begun(), "r");
    sketch.0.initializer[0] =
        Tensor { dims: vec![1 << 30], data_type: data_type::FLOAT, name: "w".into(), ..Tensor::default() };
    let bytes = sketch.bytes();
    let message = read(&bytes).unwrap_err().to_string();
    assert!(message.contains("initialiser \"w\"") && message.contains("[1073741824]"), "{message}");
    // A file of that size, which takes no place on the disk.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.onnx");
    std::fs::write(&path, &bytes).unwrap();
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len((4 << 30) + bytes.len() as u64).unwrap();
    let message = load_onnx(&path).unwrap_err().to_string();
    assert!(message.contains("large.onnx") && message.contains("1140850688 bytes"), "{message}");
}

#[test]
fn constants_are_folded_only_into_what_nothing_else_reads() {
    let folded = ended(begun().numbers("k", &[4, 1, 1]).node("k2 = Mul(c, k)", &[]), "k2");
    // The ReLU reads the convolution as well.
    let message = folded.fault();
    assert!(message.contains("(Mul)") && message.contains("others read"), "{message}");
    let alone = Sketch::reading(FIRST)
        .floats("w", &[2, 3, 1, 1], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
        .floats("b", &[2], &[1.0, 10.0])
        .floats("k", &[2], &[2.0, 0.5])
        .numbers("head.w", &[2, 2])
        .numbers("head.b", &[2])
        .integers("sizes", &[-1, 1, 1])
        .node("c = Conv(images, w, b)", &[])
        .node("k3 = Reshape(k, sizes)", &[])
        .node("k2 = Mul(k3, c)", &[]);
    let network = ended(alone, "k2").read().unwrap().network;
    assert_eq!(values(&network.tensors["conv1.weight"]), [2.0, 4.0, 6.0, 2.0, 2.5, 3.0]);
    assert_eq!(values(&network.tensors["conv1.bias"]), [2.0, 5.0]);
}

#[test]
fn onnx_files_of_strangers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.onnx");
    let info = OnnxInfo {
        checkpoint: CheckpointInfo { mean: vec![0.5; 3], std: vec![0.25; 3], sha256: "ab".into() },
        class_names: vec!["cat".into(); 3],
    };
    let ours = Network::initialise(preset("4n-4r-M-4", 3).unwrap(), 1).unwrap();
    let keras = Sketch::reading(&[0, 32, 32, 3])
        .integers("axes", &[2, 3])
        .numbers("w", &[4, 3, 3, 3])
        .numbers("head.w", &[4, 2])
        .node("t = Transpose(images)", &[("perm", &[0, 3, 1, 2])])
        .node("c = Conv(t, w)", SAME)
        .node("g = ReduceMean(c, axes)", &[("keepdims", &[0])])
        .node("out = MatMul(g, head.w)", &[]);
    let seeds = [onnx_bytes(&ours, &info).unwrap(), ended(begun(), "r").bytes(), keras.bytes()];
    for seed in &seeds {
        read(seed).unwrap();
    }
    survive("ONNX files", &seeds, |input| {
        std::fs::write(&path, input).unwrap();
        if let Ok(found) = load_onnx(&path) {
            let _ = found.network.architecture.cost();
        }
    });
    assert!(load_onnx(Path::new("absent.onnx")).unwrap_err().to_string().contains("absent.onnx"));
}
