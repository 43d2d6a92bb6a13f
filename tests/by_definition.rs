//! The Candle engine's fast methods against slow and plain ones, in f64: estimates against their definitions,
//! measurements against rewriting the network and running it, gradients against central differences.

mod common;

use std::sync::Arc;

use candle_core::{DType, Device, Tensor};
use common::{noise_data, numbers, part_images, random_network, random_phi, small_networks, to_dtype};
use pollster::block_on;
use seedling::data::Data;
use seedling::engine::candle::CandleEngine;
use seedling::engine::candle::autograd::{Activate, Convolution};
use seedling::engine::candle::plan::Plan;
use seedling::engine::candle::tape::{Mode, backward, forward};
use seedling::engine::{
    Draws, Engine, EstimateRequest, OptimizerConfig, Part, Phase, Rule, TrainRequest, Unwatched, label_draws,
    own_step,
};
use seedling::estimate::Estimator;
use seedling::morphism::{Family, Morphism, Place, Pool, Reader, SiteValues, apply, delta};
use seedling::network::{Model, Network, Tensors, is_trained};

const CLASSES: usize = 4;
const SEED: u64 = 11;

/// Every candidate of a network, with φ far from neutral, at differing scales.
fn morphisms(network: &Network) -> Vec<Morphism> {
    let candidates = common::candidates(&network.architecture, &Family::ALL);
    assert!(!candidates.is_empty());
    let scales = [1.0, 0.75, 0.5, 0.35, 0.25, 0.1];
    let morphisms = candidates.into_iter().enumerate().map(|(index, candidate)| {
        let scale = match candidate.family {
            Family::Prune | Family::PruneMean => 1.0,
            _ => scales[index % scales.len()],
        };
        Morphism { phi: random_phi(network, &candidate, SEED, 0.2), candidate, scale }
    });
    morphisms.collect()
}

fn engine(network: &Network, data: &Arc<Data>) -> CandleEngine {
    let mut engine = CandleEngine::new();
    block_on(engine.set_data(data.clone())).unwrap();
    block_on(engine.load(&Model::new(network.clone()))).unwrap();
    engine
}

fn rows(logits: &Tensor) -> Vec<Vec<f64>> {
    let logits = logits.to_dtype(DType::F64).unwrap();
    logits.reshape((logits.dim(0).unwrap(), CLASSES)).unwrap().to_vec2().unwrap()
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
    logits.iter().map(|logit| logit.exp() / sum).collect()
}

fn mean_loss(logits: &Tensor, labels: &[u8]) -> f64 {
    let loss = |(row, label): (&Vec<f64>, &u8)| -softmax(row)[usize::from(*label)].ln();
    rows(logits).iter().zip(labels).map(loss).sum::<f64>() / labels.len() as f64
}

/// d = JΔz of each example, by central differences of the logits along Δz.
fn directional(network: &Network, images: &Tensor, morphism: &Morphism) -> Vec<Vec<f64>> {
    let outputs = common::activations(network, images);
    let place = Place::of(&network.architecture, &morphism.candidate).unwrap();
    let change = delta(&SiteValues::new(network, &place, &outputs).unwrap(), morphism).unwrap();
    let site = place.site;
    let target = match (morphism.candidate.family, &site.reader) {
        (Family::Widen, Some(Reader::Conv(name) | Reader::Head { name, .. })) => name.clone(),
        _ => site.z.clone(),
    };
    let value = &outputs[&target];
    // The change of one channel, put where the channel is.
    let change = match morphism.candidate.channel() {
        None => change,
        Some(channel) => {
            let mask: Vec<f64> =
                (0..value.dim(1).unwrap()).map(|c| f64::from(u8::from(c == channel))).collect();
            let mask = Tensor::from_vec(mask, (1, value.dim(1).unwrap(), 1, 1), &Device::Cpu).unwrap();
            change.broadcast_mul(&mask).unwrap()
        }
    };
    let step = 1e-6;
    let moved = |step: f64| {
        let value = (value + (&change * step).unwrap()).unwrap();
        rows(&common::logits_with(network, images, &Tensors::from([(target.clone(), value)])))
    };
    let difference = |(plus, minus): (&Vec<f64>, &Vec<f64>)| {
        plus.iter().zip(minus).map(|(plus, minus)| (plus - minus) / (2.0 * step)).collect()
    };
    moved(step).iter().zip(&moved(-step)).map(difference).collect()
}

/// The five formulas, written a second time.
fn predicted(estimator: Estimator, o: &[f64], y: usize, drawn: usize, d: &[f64]) -> f64 {
    let p = softmax(o);
    let loss = -p[y].ln();
    let along = |label: usize| -> f64 {
        (0..CLASSES).map(|k| (p[k] - if k == label { 1.0 } else { 0.0 }) * d[k]).sum()
    };
    let a = along(y);
    match estimator {
        Estimator::FirstOrder => a,
        Estimator::Rank1 => loss * (1.0 + a / (2.0 * loss)).powi(2) - loss,
        Estimator::GaussNewton => {
            let mean: f64 = (0..CLASSES).map(|k| p[k] * d[k]).sum();
            a + 0.5 * (0..CLASSES).map(|k| p[k] * (d[k] - mean).powi(2)).sum::<f64>()
        }
        Estimator::Sampled => a + 0.5 * along(drawn).powi(2),
        Estimator::Linearised => {
            let moved: Vec<f64> = o.iter().zip(d).map(|(o, d)| o + d).collect();
            -softmax(&moved)[y].ln() - loss
        }
    }
}

#[test]
fn estimates_are_their_definitions() {
    let data = noise_data(5, CLASSES as u8, SEED);
    let part = &data.held_out;
    let draws = label_draws(SEED, 1, Draws::Estimate(Part::HeldOut), part.len());
    for architecture in small_networks(CLASSES) {
        let network = to_dtype(&random_network(architecture, SEED), DType::F64);
        let morphisms = morphisms(&network);
        let request = EstimateRequest {
            seed: SEED,
            round: 1,
            morphisms: &morphisms,
            scales: morphisms.iter().map(|morphism| vec![morphism.scale]).collect(),
            part: Part::HeldOut,
            estimators: Estimator::ALL.to_vec(),
        };
        let found = block_on(engine(&network, &data).estimate(&request, &Unwatched)).unwrap();
        let images = part_images(&data, part);
        let logits = rows(&common::logits(&network, &images));
        for (morphism, found) in morphisms.iter().zip(&found) {
            let d = directional(&network, &images, morphism);
            for (estimator, found) in Estimator::ALL.into_iter().zip(&found[0]) {
                let changes = (0..part.len()).map(|n| {
                    let mut cumulative = 0.0;
                    let drawn = softmax(&logits[n]).iter().position(|p| {
                        cumulative += p;
                        draws[n] < cumulative
                    });
                    let y = usize::from(part.labels[n]);
                    predicted(estimator, &logits[n], y, drawn.unwrap_or(CLASSES - 1), &d[n])
                });
                let changes: Vec<f64> = changes.collect();
                let expected = -changes.iter().sum::<f64>() / part.len() as f64;
                let size = changes.iter().map(|change| change.abs()).sum::<f64>() / part.len() as f64;
                let id = morphism.candidate.id();
                assert!((found - expected).abs() <= 1e-5 * size, "{id} {estimator}: {found} {expected}");
            }
        }
    }
}

#[test]
fn measuring_is_rewriting_and_running() {
    let data = noise_data(6, CLASSES as u8, SEED + 1);
    let part = &data.held_out;
    let images = part_images(&data, part);
    for architecture in small_networks(CLASSES) {
        let network = random_network(architecture, SEED + 1);
        for (dtype, allowed) in [(DType::F64, 1e-10), (DType::F32, 1e-4)] {
            let network = to_dtype(&network, dtype);
            let morphisms = morphisms(&network);
            let found =
                block_on(engine(&network, &data).measure(&morphisms, Part::HeldOut, &Unwatched)).unwrap();
            let honest = |network: &Network| {
                mean_loss(&common::logits(&to_dtype(network, DType::F64), &images), &part.labels)
            };
            let before = honest(&network);
            let model = Model::new(network);
            for (morphism, found) in morphisms.iter().zip(&found) {
                let grown = apply(&model, std::slice::from_ref(morphism)).unwrap();
                let expected = before - honest(&grown.network);
                let id = morphism.candidate.id();
                assert!((found - expected).abs() <= allowed * before, "{id} {dtype:?}: {found} {expected}");
                assert!(expected != 0.0, "{id} changes something");
            }
        }
    }
}

#[test]
fn the_own_step_is_what_training_moves_times_the_jacobian() {
    let data = noise_data(12, CLASSES as u8, SEED + 3);
    let images = part_images(&data, &data.validation);
    for architecture in small_networks(CLASSES) {
        let network = to_dtype(&random_network(architecture, SEED + 3), DType::F64);
        let optimizer = OptimizerConfig { rule: Rule::Adamw, learning_rate: 0.01, ..Default::default() };
        let request = TrainRequest { optimizer, ..TrainRequest::whole(SEED, Phase::Learn(1), 5, 4) };
        // Whatever the optimiser remembers is no part of it.
        let mut model = Model::new(network.clone());
        let memory = network.tensors.iter().filter(|(name, _)| is_trained(name));
        let ones = memory.map(|(name, tensor)| (name.clone(), tensor.ones_like().unwrap())).collect();
        model.optimizer.slots.insert("m".into(), ones);
        let mut engine = engine(&network, &data);
        let found = block_on(own_step(&mut engine, &model, &request, Part::Validation, &Unwatched)).unwrap();
        let kept = block_on(engine.read_back()).unwrap();
        for (name, tensor) in &network.tensors {
            assert_eq!(numbers(tensor), numbers(&kept.network.tensors[name]), "{name} is what it was");
        }

        block_on(engine.load(&Model::new(network.clone()))).unwrap();
        block_on(engine.train(&request, &Unwatched)).unwrap();
        let after = block_on(engine.read_back()).unwrap().network;
        let along = |by: f64| {
            let mut moved = network.clone();
            for (name, tensor) in moved.tensors.iter_mut().filter(|(name, _)| is_trained(name)) {
                *tensor = (&*tensor + ((&after.tensors[name] - &*tensor).unwrap() * by).unwrap()).unwrap();
            }
            rows(&common::logits(&moved, &images)).concat()
        };
        let (ahead, behind) = (along(1e-7), along(-1e-7));
        let expected: Vec<f64> = ahead.iter().zip(&behind).map(|(a, b)| (a - b) / 2e-7).collect();
        let size = expected.iter().map(|d| d * d).sum::<f64>().sqrt();
        let apart = expected.iter().zip(&found).map(|(d, found)| (d - f64::from(*found)).powi(2));
        let apart = apart.sum::<f64>().sqrt();
        println!("{apart} of {size}");
        // A few ReLUs change sides within a thousandth of the weights' length.
        assert!(found.len() == expected.len() && apart < 0.01 * size, "{apart} of {size}");
    }
}

#[test]
fn every_parameter_gradient_matches_central_differences_in_both_modes() {
    let data = noise_data(3, CLASSES as u8, SEED + 2);
    let images = part_images(&data, &data.train);
    let weights = common::normal(&[3, CLASSES], SEED, "cotangent");
    for architecture in small_networks(CLASSES) {
        let plan = Plan::new(&architecture).unwrap();
        let network = to_dtype(&random_network(architecture, SEED + 2), DType::F64);
        // Evaluation mode has no gradients of the norms: their parameters are left alone there.
        for mode in [Mode::Training, Mode::Evaluation] {
            let value = |parameters: &Tensors| {
                let values = forward(&plan, parameters, images.clone(), mode).unwrap();
                let products = (values.logits().unwrap() * &weights).unwrap();
                numbers(&products).iter().sum::<f64>()
            };
            let values = forward(&plan, &network.tensors, images.clone(), mode).unwrap();
            let gradients = backward(&plan, &network.tensors, &values, &weights, true).unwrap().gradients;
            let trained = |name: &&String| seedling::network::is_trained(name);
            let names: Vec<&String> = network.tensors.keys().filter(trained).collect();
            for name in names {
                let Some(gradient) = gradients.get(name) else {
                    assert!(mode == Mode::Evaluation && name.starts_with("norm"), "no gradient of {name}");
                    continue;
                };
                let before = &network.tensors[name];
                let gradient = numbers(gradient);
                // The first, the last, and one in the middle of every tensor.
                for index in [0, gradient.len() / 2, gradient.len() - 1] {
                    let moved = |step: f64| {
                        let mut values = numbers(before);
                        values[index] += step;
                        let tensor = Tensor::from_vec(values, before.dims(), &Device::Cpu).unwrap();
                        let mut parameters = network.tensors.clone();
                        parameters.insert(name.clone(), tensor);
                        value(&parameters)
                    };
                    let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                    let error = (gradient[index] - difference).abs();
                    assert!(error <= 1e-6 * (1.0 + difference.abs()), "{name}[{index}] {mode:?}: {error}");
                }
            }
        }
    }
}

#[test]
fn custom_operators_differentiate_rightly_in_the_middle_of_candles_graph() {
    let variable = |shape: &[usize], purpose: &str| {
        candle_core::Var::from_tensor(&common::normal(shape, SEED, purpose)).unwrap()
    };
    let (x, w, b) = (variable(&[2, 3, 6, 5], "x"), variable(&[4, 3, 3, 3], "w"), variable(&[4], "b"));
    for (relu, pool) in [(true, Pool::Max(2)), (false, Pool::Average(2)), (true, Pool::None)] {
        let value = |x: &Tensor, w: &Tensor, b: &Tensor| {
            let u = (x * 0.7).unwrap().apply_op3(w, b, Convolution).unwrap();
            let z = u.apply_op1(Activate { relu, pool }).unwrap();
            (z.sqr().unwrap() * 0.3).unwrap().sum_all().unwrap()
        };
        let gradients = value(&x, &w, &b).backward().unwrap();
        for (which, variable) in [&x, &w, &b].into_iter().enumerate() {
            let gradient = numbers(gradients.get(variable).unwrap());
            let index = gradient.len() / 3;
            let moved = |step: f64| {
                let mut values = numbers(variable);
                values[index] += step;
                let tensor = Tensor::from_vec(values, variable.dims(), &Device::Cpu).unwrap();
                let mut inputs = [x.as_tensor().clone(), w.as_tensor().clone(), b.as_tensor().clone()];
                inputs[which] = tensor;
                numbers(&value(&inputs[0], &inputs[1], &inputs[2]))[0]
            };
            let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!(
                (gradient[index] - difference).abs() < 1e-6 * (1.0 + difference.abs()),
                "{pool:?} {which}"
            );
        }
    }
}
