//! A forward pass to test against: Candle's plain operations, independent of the engines, any float type.

// Every test binary compiles this file and uses its own part of it.
#![allow(dead_code)]

use candle_core::{DType, Device, Result, Tensor};
use seedling::network::{Architecture, Network, Op, Tensors};
use seedling::random::Stream;

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
