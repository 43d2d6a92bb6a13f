//! A forward pass to test against: Candle's plain operations, independent of the engines, any float type.

// Every test binary compiles this file and uses its own part of it.
#![allow(dead_code)]

use std::sync::Arc;

use candle_core::{DType, Device, Result, Tensor};
use seedling::data::{Data, Images, Normalization, PIXELS};
use seedling::morphism::{Candidate, Family, Phi, phi_shapes, propose};
use seedling::network::{Architecture, Network, Op, Tensors, plain, preset};
use seedling::random::Stream;

/// Every candidate of `families`, and each widening a second time, by three channels at once.
pub fn candidates(architecture: &Architecture, families: &[Family]) -> Vec<Candidate> {
    let mut candidates = propose(architecture, families).expect("candidates");
    let wide = candidates.iter().filter(|candidate| candidate.family == Family::Widen);
    let wide: Vec<Candidate> = wide.map(|candidate| candidate.clone().of_width(3)).collect();
    candidates.extend(wide);
    candidates
}

/// The logits of `images` `[N, channels, height, width]` in evaluation mode, `[N, classes]`. Images and network
/// must have one float type.
pub fn logits(network: &Network, images: &Tensor) -> Tensor {
    logits_with(network, images, &Tensors::new())
}

/// Every node's output in evaluation mode, by name: `[N, channels, height, width]`, after the global pool and
/// the linear layer `[N, features]`.
pub fn activations(network: &Network, images: &Tensor) -> Tensors {
    activations_with(network, images, &Tensors::new())
}

/// [`logits`], with the outputs of some nodes replaced by the tensors given.
pub fn logits_with(network: &Network, images: &Tensor, replaced: &Tensors) -> Tensor {
    let outputs = activations_with(network, images, replaced);
    outputs[&network.architecture.nodes.last().expect("nodes").name].clone()
}

/// [`activations`], with the outputs of some nodes replaced by the tensors given.
pub fn activations_with(network: &Network, images: &Tensor, replaced: &Tensors) -> Tensors {
    let mut outputs = Tensors::new();
    for node in &network.architecture.nodes {
        let inputs: Vec<&Tensor> = node.inputs.iter().map(|input| &outputs[input]).collect();
        let output = match replaced.get(&node.name) {
            Some(tensor) => tensor.clone(),
            None => compute(network, &node.name, &node.op, &inputs, images)
                .unwrap_or_else(|error| panic!("node {}: {error}", node.name)),
        };
        outputs.insert(node.name.clone(), output);
    }
    outputs
}

fn compute(network: &Network, name: &str, op: &Op, inputs: &[&Tensor], images: &Tensor) -> Result<Tensor> {
    let parameter = |suffix: &str| network.tensor(&format!("{name}.{suffix}")).expect("a parameter");
    let spread = |suffix: &str| parameter(suffix).reshape((1, parameter(suffix).elem_count(), 1, 1));
    match *op {
        Op::Input { .. } => Ok(images.clone()),
        Op::Conv { stride, padding, .. } => {
            let sums = inputs[0].contiguous()?.conv2d(parameter("weight"), padding, stride, 1, 1)?;
            sums.broadcast_add(&spread("bias")?)
        }
        Op::Norm { epsilon, .. } => {
            let deviation = (spread("running_var")? + epsilon)?.sqrt()?;
            let normed = inputs[0].broadcast_sub(&spread("running_mean")?)?.broadcast_div(&deviation)?;
            normed.broadcast_mul(&spread("weight")?)?.broadcast_add(&spread("bias")?)
        }
        Op::Relu => inputs[0].relu(),
        Op::MaxPool { size } => inputs[0].max_pool2d(size),
        Op::AvgPool { size } => inputs[0].avg_pool2d(size),
        Op::Add => inputs[0].add(inputs[1]),
        Op::GlobalAvgPool => inputs[0].mean((2, 3)),
        Op::Linear { .. } => inputs[0].matmul(&parameter("weight").t()?)?.broadcast_add(parameter("bias")),
    }
}

/// The same network in another float type.
pub fn to_dtype(network: &Network, dtype: DType) -> Network {
    let convert =
        |(name, tensor): (&String, &Tensor)| (name.clone(), tensor.to_dtype(dtype).expect("a float"));
    Network {
        architecture: network.architecture.clone(),
        tensors: network.tensors.iter().map(convert).collect(),
    }
}

/// A network in which no parameter is neutral: random biases, norms and running statistics too.
pub fn random_network(architecture: Architecture, seed: u64) -> Network {
    let mut network = Network::initialise(architecture, seed).expect("a valid architecture");
    for (name, tensor) in &mut network.tensors {
        if tensor.rank() == 1 {
            let noise = normal(tensor.dims(), seed, name).to_dtype(DType::F32).expect("f32");
            let positive = name.ends_with(".running_var");
            let noise = if positive { noise.abs().expect("abs") } else { noise };
            *tensor = (&*tensor + (noise * 0.3).expect("scaled")).expect("sum");
        }
    }
    network
}

/// Standard normal numbers, f64.
pub fn normal(shape: &[usize], seed: u64, purpose: &str) -> Tensor {
    let mut stream = Stream::new(seed, purpose, 0);
    let values: Vec<f64> = (0..shape.iter().product()).map(|_| stream.normal()).collect();
    Tensor::from_vec(values, shape, &Device::Cpu).expect("a tensor")
}

/// All numbers of a tensor, in order.
pub fn numbers(tensor: &Tensor) -> Vec<f64> {
    let flat = tensor.to_dtype(DType::F64).and_then(|tensor| tensor.flatten_all()?.to_vec1());
    flat.expect("numbers")
}

/// Largest difference between two tensors, relative to the largest number of the first.
pub fn relative_difference(expected: &Tensor, found: &Tensor) -> f64 {
    assert_eq!(expected.dims(), found.dims());
    let (expected, found) = (numbers(expected), numbers(found));
    let scale = expected.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let differences = expected.iter().zip(&found).map(|(expected, found)| (expected - found).abs());
    let largest = differences.fold(0.0, |largest: f64, value| if value > largest { value } else { largest });
    assert!(found.iter().all(|value| value.is_finite()), "a number is not finite");
    largest / scale.max(f64::MIN_POSITIVE)
}

/// Random images in three parts of `examples` each, `classes` classes.
pub fn noise_data(examples: usize, classes: u8, seed: u64) -> Arc<Data> {
    let part = |index: u64| {
        let mut stream = Stream::new(seed, "noise images", index);
        let pixels = (0..examples * PIXELS).map(|_| stream.below(256) as u8).collect();
        let labels = (0..examples).map(|_| stream.below(usize::from(classes)) as u8).collect();
        Arc::new(Images { pixels, labels, indices: (0..examples as u32).collect() })
    };
    Arc::new(Data {
        name: "noise".into(),
        source: "test".into(),
        classes: (0..classes).collect(),
        class_names: (0..classes).map(|class| class.to_string()).collect(),
        train: part(0),
        validation: part(1),
        held_out: part(2),
        normalization: Normalization { mean: [0.5; 3], std: [0.3; 3] },
        sha256: String::new(),
        notices: Vec::new(),
    })
}

/// Images of a part as the network sees them, f64 `[N, 3, 32, 32]`.
pub fn part_images(data: &Data, part: &Images) -> Tensor {
    let all: Vec<usize> = (0..part.len()).collect();
    let pixels = part.gather(&all, &data.normalization, None);
    let images = Tensor::from_vec(pixels, (part.len(), 3, 32, 32), &Device::Cpu);
    images.and_then(|images| images.to_dtype(DType::F64)).expect("images")
}

/// φ far from neutral: normal numbers of standard deviation `size`.
pub fn random_phi(network: &Network, candidate: &Candidate, seed: u64, size: f64) -> Phi {
    let shapes = phi_shapes(&network.architecture, candidate).expect("a candidate of this network");
    let dtype = network.tensors.values().next().expect("parameters").dtype();
    let tensor = |name: &str, shape: &[usize]| {
        let numbers = normal(shape, seed, &format!("{} {name}", candidate.id())) * size;
        numbers.and_then(|numbers| numbers.to_dtype(dtype)).expect("φ")
    };
    shapes.into_iter().map(|(name, shape)| (name.to_owned(), tensor(name, &shape))).collect()
}

/// Networks that between them have every op: plain pools, average pools, batch norm, residual streams.
pub fn small_networks(classes: usize) -> Vec<Architecture> {
    let mut residual = preset("residual-seed", classes).expect("a preset");
    let mut convolutions = 0;
    for node in &mut residual.nodes {
        if let Op::Conv { out_channels, .. } = &mut node.op {
            convolutions += 1;
            // Branches are two channels wide, the stream four.
            *out_channels = if convolutions > 1 && convolutions % 2 == 0 { 2 } else { 4 };
        }
    }
    vec![
        plain("3-M-4-A-3", false, classes).expect("a chain"),
        plain("2-M-3-M-2", true, classes).expect("a chain with norms"),
        residual,
    ]
}
