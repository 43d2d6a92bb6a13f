//! The fused step against the tape, in f32 and f64.

use candle_core::DType;

use super::*;
use crate::engine::candle::real::tensor_as;
use crate::engine::candle::tape::{Mode, backward, forward};
use crate::estimate::{log_sum_exp, softmax};
use crate::network::{Architecture, AsType, Network, Node, Op, plain, preset};
use crate::random::Stream;

fn labels(batch: usize, classes: usize) -> Vec<usize> {
    (0..batch).map(|example| example * 7 % classes).collect()
}

/// Loss, gradients and the norms' statistics by the tape, in numbers of type `dtype`.
fn by_tape(
    plan: &Plan,
    parameters: &Tensors,
    images: &[f32],
    labels: &[usize],
    dtype: DType,
) -> (f64, Tensors, Vec<Tensor>) {
    let of_type = |(name, tensor): (&String, &Tensor)| (name.clone(), tensor.as_type(dtype).unwrap());
    let parameters: Tensors = parameters.iter().map(of_type).collect();
    let shape = &plan.shapes[0];
    let dims = (labels.len(), shape.channels, shape.height, shape.width);
    let images = tensor_as(images.to_vec(), dims, dtype).unwrap();
    let values = forward(plan, &parameters, images, Mode::Training).unwrap();
    let logits = values.logits().unwrap().as_type(DType::F64).unwrap().to_vec2::<f64>().unwrap();
    let share = 1.0 / labels.len() as f64;
    let (mut loss, mut gradient) = (0.0, Vec::new());
    for (row, label) in logits.iter().zip(labels) {
        loss += share * (log_sum_exp(row) - row[*label]);
        gradient.extend(
            softmax(row)
                .iter()
                .enumerate()
                .map(|(class, p)| share * if class == *label { p - 1.0 } else { *p }),
        );
    }
    let gradient = tensor(gradient, (labels.len(), logits[0].len())).unwrap().as_type(dtype).unwrap();
    let gradients = backward(plan, &parameters, &values, &gradient, true).unwrap().gradients;
    (loss, gradients, values.norm_statistics(plan).map(|(_, _, batch)| batch.clone()).collect())
}

fn doubles(tensor: &Tensor) -> Vec<f64> {
    tensor.as_type(DType::F64).unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

/// The largest difference of two tensors.
fn apart(found: &Tensor, expected: &Tensor) -> f64 {
    assert_eq!(found.dims(), expected.dims());
    let pairs = doubles(found).into_iter().zip(doubles(expected));
    pairs.map(|(found, expected)| (found - expected).abs()).fold(0.0, f64::max)
}

fn largest<'a>(tensors: impl IntoIterator<Item = &'a Tensor>) -> f64 {
    tensors.into_iter().flat_map(doubles).fold(0.0, |most, number| most.max(number.abs()))
}

/// Compares a step of `batch` images with the tape's in f64, and the error with that of the tape in f32: in either, rounding
/// opens or closes a ReLU now and then.
fn check(network: &Network, batch: usize, what: &str) {
    let plan = Plan::new(&network.architecture).unwrap();
    let images = Stream::new(3, "images", batch as u64).normals(batch * plan.shapes[0].elements(), 1.0);
    let labels = labels(batch, network.architecture.classes().unwrap());
    let tape = |dtype| by_tape(&plan, &network.tensors, &images, &labels, dtype);
    let (loss, gradients, statistics) = tape(DType::F64);
    let (_, in_f32, _) = tape(DType::F32);
    let mut fused = Fused::new(&plan, batch).expect("a plan of the usual kind");
    let share = 1.0 / batch as f64;
    let most = largest(gradients.values());
    let usual = gradients.iter().map(|(name, expected)| apart(&in_f32[name], expected)).fold(0.0, f64::max);
    // Of fourteen layers of norms and 18 images one ReLU is a fiftieth of the largest gradient.
    assert!(usual < 3e-2 * most, "{what}: the tape itself is {usual} off, largest {most}");
    // Twice, because the second step finds the first one's numbers in its memory.
    for turn in 0..2 {
        let found = fused
            .step(&network.tensors, &images, &|example, logits| {
                let loss = log_sum_exp(logits) - logits[labels[example]];
                let shares = softmax(logits);
                logits.iter_mut().zip(shares).for_each(|(logit, p)| *logit = share * p);
                logits[labels[example]] -= share;
                loss
            })
            .unwrap();
        let what = format!("{what}, {batch} images, turn {turn}");
        let found_loss = found.losses * share;
        assert!((found_loss - loss).abs() < 1e-5 * loss.abs(), "{what}: {found_loss} {loss}");
        assert_eq!(found.gradients.len(), gradients.len(), "{what}");
        for (name, expected) in &gradients {
            let error = apart(&found.gradients[name], expected);
            let allowed = 4.0 * usual + 1e-5 * most;
            assert!(error <= allowed, "{what}, {name}: {error} off, largest {most}, allowed {allowed}");
        }
        assert_eq!(found.statistics.len(), statistics.len());
        for ((_, _, found), expected) in found.statistics.iter().zip(&statistics) {
            assert!(apart(found, expected) < 2e-5 * largest([expected]), "{what}: statistics");
        }
    }
}

fn network(architecture: Architecture) -> Network {
    Network::initialise(architecture, 5).unwrap()
}

#[test]
fn a_step_has_the_gradients_of_the_tape() {
    for (layers, norms) in [
        ("3", false),
        ("8-8-M-16-16-M-16", false),
        ("5-A-7-M-9", false),
        ("3-2-4-A-1", false),
        ("4-M-6-M-5-M-3-M-2", false),
        ("4-M-6", true),
        ("3-M-5-A-2", true),
    ] {
        for batch in [1, 3, 50, 66] {
            check(&network(plain(layers, norms, 4).unwrap()), batch, layers);
        }
    }
}

#[test]
fn blocks_with_norms_too() {
    for name in ["residual-seed", "vgg-seed"] {
        for batch in [18, 67] {
            check(&network(preset(name, 10).unwrap()), batch, name);
        }
    }
}

/// What the layers' notation does not say: several readers of one value, kernels of several widths, windows that do not
/// cover their image, a sum without a ReLU.
#[test]
fn graphs_of_any_shape_too() {
    let conv = |kernel| Op::conv(4, kernel);
    let norm = Op::norm();
    let nodes: Vec<(&str, Op, Vec<&str>)> = vec![
        ("input", Op::Input { channels: 3, height: 13, width: 11 }, vec![]),
        ("wide", conv(5), vec!["input"]),
        ("relu1", Op::Relu, vec!["wide"]),
        ("point", conv(1), vec!["relu1"]),
        ("both", Op::Add, vec!["point", "wide"]),
        ("third", Op::MaxPool { size: 3 }, vec!["both"]),
        ("normed", norm, vec!["third"]),
        ("left", conv(3), vec!["normed"]),
        ("relu2", Op::Relu, vec!["left"]),
        ("sum", Op::Add, vec!["relu2", "third"]),
        ("twice", Op::Add, vec!["sum", "sum"]),
        ("relu3", Op::Relu, vec!["twice"]),
        ("half", Op::AvgPool { size: 2 }, vec!["relu3"]),
        ("pool", Op::GlobalAvgPool, vec!["half"]),
        ("head", Op::Linear { out_features: 4 }, vec!["pool"]),
    ];
    let node = |(name, op, inputs): &(&str, Op, Vec<&str>)| Node {
        name: (*name).to_owned(),
        op: op.clone(),
        inputs: inputs.iter().map(|input| (*input).to_owned()).collect(),
    };
    let architecture = Architecture { nodes: nodes.iter().map(node).collect() };
    for batch in [1, 34, 65] {
        check(&network(architecture.clone()), batch, "a graph");
    }
}

#[test]
fn however_many_threads_the_numbers_are_the_same() {
    let network = network(preset("residual-seed", 10).unwrap());
    let plan = Plan::new(&network.architecture).unwrap();
    let images = Stream::new(4, "images", 0).normals(40 * plan.shapes[0].elements(), 1.0);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut fused = Fused::new(&plan, 40).unwrap();
        let found = pool.install(|| {
            fused.step(&network.tensors, &images, &|example, logits| {
                logits[example % 10] -= 1.0;
                logits[0]
            })
        });
        let found = found.unwrap();
        let numbers: Vec<Vec<f64>> = found.gradients.values().map(doubles).collect();
        (found.losses, numbers)
    };
    let one = with(1);
    assert_eq!(one, with(3));
    assert_eq!(one, with(16));
}
