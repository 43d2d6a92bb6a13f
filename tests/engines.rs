//! One suite for every engine, and engines against each other. The WebGPU engine takes any adapter, software ones
//! too; without one these tests fail.

mod common;

use std::cell::Cell;
use std::sync::Arc;

use common::random_network;
use pollster::block_on;
use seedling::data::{Class, Data, DataConfig, load};
use seedling::engine::candle::CandleEngine;
use seedling::engine::webgpu::{AdapterChoice, WebGpuEngine};
use seedling::engine::{
    Engine, EngineError, EstimateRequest, LearnRequest, Learner, OptimizerConfig, Part, Phase, Rule,
    TrainRequest, Unwatched, Watch,
};
use seedling::estimate::{Estimator, log_sum_exp, spearman};
use seedling::morphism::{Family, Morphism, apply, morph, neutral_phi, propose};
use seedling::network::{Architecture, Model, Op, Tensors, plain, preset};

fn data() -> Arc<Data> {
    let config = DataConfig {
        train: Some(60),
        validation: Some(30),
        held_out: Some(50),
        classes: Some(Class::numbers(&[0, 3, 5, 8])),
        ..Default::default()
    };
    Arc::new(load(&config, 7).expect("the embedded data loads"))
}

fn candle(data: &Arc<Data>) -> Box<dyn Engine> {
    let mut engine = CandleEngine::new();
    block_on(engine.set_data(data.clone())).expect("data fits");
    Box::new(engine)
}

fn webgpu(data: &Arc<Data>) -> Box<dyn Engine> {
    let mut engine = block_on(WebGpuEngine::open(&AdapterChoice::Any)).expect("a graphics adapter");
    block_on(engine.set_data(data.clone())).expect("data fits");
    Box::new(engine)
}

fn every_engine(data: &Arc<Data>) -> Vec<Box<dyn Engine>> {
    vec![candle(data), webgpu(data)]
}

/// Networks that together have every operation: pools of both kinds, norms, odd channel counts, a residual stream.
fn networks() -> Vec<(&'static str, Architecture)> {
    let mut residual = preset("residual-seed", 4).expect("a preset");
    // Its first block and the head are enough.
    let gap = residual.nodes.iter().position(|node| node.name == "gap1").expect("a pool");
    let end = residual.nodes.split_off(gap);
    let block = residual.nodes.iter().position(|node| node.name == "pool1").expect("a pool") + 1;
    residual.nodes.truncate(block);
    residual.nodes.extend(end);
    residual.nodes[block].inputs = vec!["pool1".into()];
    for node in &mut residual.nodes {
        if let Op::Conv { out_channels, .. } = &mut node.op {
            *out_channels = 5;
        }
    }
    vec![
        ("small", plain("6-M-7-M-5", false, 4).expect("layers")),
        ("norms and means", plain("5-A-6-M-3", true, 4).expect("layers")),
        ("residual", residual),
    ]
}

fn request(steps: std::ops::Range<u64>) -> TrainRequest {
    TrainRequest {
        seed: 7,
        phase: Phase::Train(2),
        steps,
        phase_steps: 20,
        batch: 13,
        optimizer: OptimizerConfig::default(),
        augment: true,
    }
}

fn numbers(tensors: &Tensors) -> Vec<(String, Vec<f32>)> {
    let flat = |tensor: &candle_core::Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    tensors.iter().map(|(name, tensor)| (name.clone(), flat(tensor))).collect()
}

fn trained(engine: &mut dyn Engine, model: &Model, request: &TrainRequest) -> (Vec<f32>, Model) {
    block_on(engine.load(model)).expect("the model fits");
    let report = block_on(engine.train(request, &Unwatched)).expect("training goes on");
    (report.losses, block_on(engine.read_back()).expect("a model"))
}

#[test]
fn engines_agree_on_scores() {
    let data = data();
    let (mut reference, mut device) = (candle(&data), webgpu(&data));
    for (name, architecture) in networks() {
        let model = Model::new(random_network(architecture, 3));
        block_on(reference.load(&model)).unwrap();
        block_on(device.load(&model)).unwrap();
        for part in [Part::Train, Part::Validation, Part::HeldOut] {
            let expected = block_on(reference.evaluate(part, &Unwatched)).unwrap();
            let found = block_on(device.evaluate(part, &Unwatched)).unwrap();
            let error = (found.loss - expected.loss).abs() / expected.loss;
            assert!(error < 1e-5, "{name} {part:?}: {} against {}", found.loss, expected.loss);
            assert_eq!(found.accuracy, expected.accuracy, "{name} {part:?}");
        }
    }
}

#[test]
fn engines_agree_on_training() {
    let data = data();
    let (mut reference, mut device) = (candle(&data), webgpu(&data));
    for (name, architecture) in networks() {
        let plain_network = name == "small";
        let mut rules = vec![
            ("Nesterov", OptimizerConfig::default()),
            ("clipped", OptimizerConfig { clip: 0.1, nesterov: false, ..Default::default() }),
        ];
        if plain_network {
            // A bias before a norm has no gradient but rounding, of which Adam would make full steps.
            let adamw = OptimizerConfig { rule: Rule::Adamw, learning_rate: 0.003, ..Default::default() };
            rules.push(("AdamW", adamw));
        }
        for (rule, optimizer) in rules {
            let model = Model::new(random_network(architecture.clone(), 3));
            let request = TrainRequest { optimizer, ..request(0..6) };
            let (expected_losses, expected) = trained(&mut *reference, &model, &request);
            let (losses, found) = trained(&mut *device, &model, &request);
            assert_eq!(losses.len(), 6);
            for (found, expected) in losses.iter().zip(&expected_losses) {
                assert!((found - expected).abs() < 1e-4 * expected, "{name} {rule}: {found} {expected}");
            }
            assert_eq!(found.optimizer.steps, expected.optimizer.steps);
            assert_eq!(
                found.optimizer.slots.keys().collect::<Vec<_>>(),
                expected.optimizer.slots.keys().collect::<Vec<_>>()
            );
            let pairs = numbers(&found.network.tensors).into_iter().zip(numbers(&expected.network.tensors));
            for ((tensor, found), (_, expected)) in pairs {
                for (found, expected) in found.iter().zip(&expected) {
                    let error = (found - expected).abs();
                    assert!(
                        error < 2e-4 + 1e-3 * expected.abs(),
                        "{name} {rule} {tensor}: {found} against {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn training_in_pieces_is_training_in_one_go_to_the_bit() {
    let data = data();
    for mut engine in every_engine(&data) {
        for rule in [Rule::Sgd, Rule::Adamw] {
            let optimizer = OptimizerConfig { rule, learning_rate: 0.01, ..Default::default() };
            let model = Model::new(random_network(networks()[1].1.clone(), 5));
            let whole = TrainRequest { optimizer: optimizer.clone(), ..request(0..7) };
            let (losses, once) = trained(&mut *engine, &model, &whole);
            let first = TrainRequest { optimizer: optimizer.clone(), ..request(0..3) };
            let (mut pieces, half) = trained(&mut *engine, &model, &first);
            let rest = TrainRequest { optimizer, ..request(3..7) };
            let (more, twice) = trained(&mut *engine, &half, &rest);
            pieces.extend(more);
            let name = engine.info().name;
            assert_eq!(losses, pieces, "{name} {rule:?}");
            assert_eq!(numbers(&once.network.tensors), numbers(&twice.network.tensors), "{name} {rule:?}");
            for (slot, tensors) in &once.optimizer.slots {
                assert_eq!(numbers(tensors), numbers(&twice.optimizer.slots[slot]), "{name} {slot}");
            }
        }
    }
}

#[test]
fn what_is_loaded_is_read_back() {
    let data = data();
    for mut engine in every_engine(&data) {
        let model = Model::new(random_network(networks()[2].1.clone(), 5));
        let (_, model) = trained(&mut *engine, &model, &request(0..1));
        block_on(engine.load(&model)).unwrap();
        let back = block_on(engine.read_back()).unwrap();
        assert_eq!(numbers(&model.network.tensors), numbers(&back.network.tensors));
        assert_eq!(model.optimizer.steps, back.optimizer.steps);
        for (slot, tensors) in &model.optimizer.slots {
            assert_eq!(numbers(tensors), numbers(&back.optimizer.slots[slot]));
        }
    }
}

/// Cancels when it has been asked a number of times.
struct Impatient(Cell<u32>);

impl Watch for Impatient {
    fn progress(&self, _done: u64, _total: u64, _loss: Option<f32>) {}

    fn cancelled(&self) -> bool {
        self.0.set(self.0.get().saturating_sub(1));
        self.0.get() == 0
    }
}

#[test]
fn cancelled_or_diverged_training_leaves_the_model_alone() {
    let data = data();
    for mut engine in every_engine(&data) {
        let name = engine.info().name;
        let model = Model::new(random_network(networks()[1].1.clone(), 5));
        block_on(engine.load(&model)).unwrap();
        let cancelled = block_on(engine.train(&request(0..20), &Impatient(Cell::new(3))));
        assert!(matches!(cancelled, Err(EngineError::Cancelled)), "{name}");
        let cancelled = block_on(engine.evaluate(Part::HeldOut, &Impatient(Cell::new(0))));
        assert!(matches!(cancelled, Err(EngineError::Cancelled)), "{name}");
        let unchanged = |engine: &mut dyn Engine| {
            let back = block_on(engine.read_back()).unwrap();
            assert_eq!(numbers(&model.network.tensors), numbers(&back.network.tensors), "{name}");
            assert_eq!((back.optimizer.steps, back.optimizer.slots.len()), (0, 0), "{name}");
        };
        unchanged(&mut *engine);
        let wild = OptimizerConfig { learning_rate: 1e30, clip: 0.0, ..Default::default() };
        let plain_network = Model::new(random_network(networks()[0].1.clone(), 5));
        block_on(engine.load(&plain_network)).unwrap();
        let request = TrainRequest { optimizer: wild, ..request(0..20) };
        let diverged = block_on(engine.train(&request, &Unwatched));
        match diverged {
            Err(EngineError::Diverged { stage, step, .. }) => {
                assert_eq!(stage, "training", "{name}");
                assert!(step <= 3, "{name}: step {step}");
            }
            other => panic!("{name}: {other:?}"),
        }
        let back = block_on(engine.read_back()).unwrap();
        assert_eq!(numbers(&plain_network.network.tensors), numbers(&back.network.tensors), "{name}");
    }
}

#[test]
fn requests_that_do_not_fit_are_refused() {
    let data = data();
    for mut engine in every_engine(&data) {
        let name = engine.info().name;
        let message = block_on(engine.evaluate(Part::Train, &Unwatched)).unwrap_err().to_string();
        assert!(message.contains("a model"), "{name}: {message}");
        let model = Model::new(random_network(plain("3-M", false, 7).unwrap(), 5));
        let message = block_on(engine.load(&model)).unwrap_err().to_string();
        assert!(message.contains('7') && message.contains('4'), "{name}: {message}");
        let model = Model::new(random_network(plain("3-M", false, 4).unwrap(), 5));
        block_on(engine.load(&model)).unwrap();
        let none = TrainRequest { batch: 0, ..request(0..1) };
        assert!(
            block_on(engine.train(&none, &Unwatched)).unwrap_err().to_string().contains("batch"),
            "{name}"
        );
    }
}

#[test]
fn device_memory_is_given_back() {
    let data = data();
    let mut engine = block_on(WebGpuEngine::open(&AdapterChoice::Any)).unwrap();
    block_on(engine.set_data(data.clone())).unwrap();
    let empty = engine.memory_in_use();
    let mut sizes = Vec::new();
    for round in 0..12 {
        let layers = if round % 2 == 0 { "3-M-4" } else { "5-M-6-7" };
        let model = Model::new(random_network(plain(layers, false, 4).unwrap(), round));
        block_on(engine.load(&model)).unwrap();
        block_on(engine.train(&request(0..2), &Unwatched)).unwrap();
        block_on(engine.evaluate(Part::Validation, &Unwatched)).unwrap();
        sizes.push(engine.memory_in_use());
    }
    assert!(sizes[0] > empty);
    assert!((2..12).all(|round| sizes[round] == sizes[round % 2]), "{sizes:?}");
}

fn learning(architecture: &Architecture, estimator: Estimator, steps: u64) -> LearnRequest {
    LearnRequest {
        learner: Learner::default(),
        seed: 7,
        round: 1,
        candidates: propose(architecture, &Family::ALL).expect("candidates"),
        estimator,
        together: false,
        steps,
        batch: 40,
        learning_rate: 0.01,
    }
}

/// Both engines with the same model, and morphisms of every family, learned a little by the reference.
fn prepared(
    data: &Arc<Data>,
    architecture: &Architecture,
) -> (Box<dyn Engine>, Box<dyn Engine>, Model, Vec<Morphism>) {
    let (mut reference, mut device) = (candle(data), webgpu(data));
    let model = Model::new(random_network(architecture.clone(), 3));
    block_on(reference.load(&model)).unwrap();
    block_on(device.load(&model)).unwrap();
    let request = learning(architecture, Estimator::Sampled, 10);
    let mut morphisms = block_on(reference.learn(&request, &Unwatched)).unwrap().morphisms;
    for (index, morphism) in morphisms.iter_mut().enumerate() {
        morphism.scale = [1.0, 0.5, 0.0, 0.25][index % 4];
    }
    (reference, device, model, morphisms)
}

#[test]
fn engines_agree_on_learning() {
    let data = data();
    for (name, architecture) in networks() {
        let (mut reference, mut device) = (candle(&data), webgpu(&data));
        let model = Model::new(random_network(architecture.clone(), 3));
        block_on(reference.load(&model)).unwrap();
        block_on(device.load(&model)).unwrap();
        for estimator in Estimator::ALL {
            let request = learning(&architecture, estimator, 2);
            let expected = block_on(reference.learn(&request, &Unwatched)).unwrap().morphisms;
            let found = block_on(device.learn(&request, &Unwatched)).unwrap().morphisms;
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!((&found.candidate, found.scale), (&expected.candidate, 1.0));
                for ((tensor, found), (_, expected)) in numbers(&found.phi).iter().zip(numbers(&expected.phi))
                {
                    let square = |(a, b): (&f32, &f32)| f64::from(a - b).powi(2);
                    let apart = found.iter().zip(&expected).map(square).sum::<f64>().sqrt();
                    // Each of Adam's first steps moves every number by nearly the learning rate. Rounding may
                    // decide at which side of a ReLU's corner one position of one example lies: 1 % of that.
                    let way = 2.0 * request.learning_rate * (expected.len() as f64).sqrt();
                    assert!(apart < 0.01 * way, "{name} {estimator} {tensor}: {apart} of {way}");
                }
            }
        }
    }
}

#[test]
fn engines_agree_on_estimates_and_rank_alike() {
    let data = data();
    for (name, architecture) in networks() {
        let (mut reference, mut device, _, morphisms) = prepared(&data, &architecture);
        for estimators in
            [vec![Estimator::FirstOrder, Estimator::Rank1], vec![Estimator::Sampled], Estimator::ALL.into()]
        {
            let request = EstimateRequest {
                seed: 7,
                round: 1,
                morphisms: &morphisms,
                scales: morphisms
                    .iter()
                    .enumerate()
                    .map(|(i, _)| vec![1.0, 0.35, 0.1][..1 + i % 3].to_vec())
                    .collect(),
                part: Part::HeldOut,
                estimators: estimators.clone(),
            };
            let expected = block_on(reference.estimate(&request, &Unwatched)).unwrap();
            let found = block_on(device.estimate(&request, &Unwatched)).unwrap();
            for (position, estimator) in estimators.iter().enumerate() {
                let (mut ours, mut theirs) = (Vec::new(), Vec::new());
                for ((morphism, found), expected) in morphisms.iter().zip(&found).zip(&expected) {
                    assert_eq!(found.len(), expected.len());
                    for (found, expected) in found.iter().zip(expected) {
                        let (found, expected) = (found[position], expected[position]);
                        let error = (found - expected).abs();
                        let id = morphism.candidate.id();
                        assert!(
                            error < 1e-6 + 1e-3 * expected.abs(),
                            "{name} {id} {estimator}: {found} {expected}"
                        );
                        ours.push(found);
                        theirs.push(expected);
                    }
                }
                let rank = spearman(&ours, &theirs).expect("estimates differ");
                assert!(rank >= 0.999, "{name} {estimator}: {rank}");
            }
        }
    }
}

#[test]
fn the_table_for_the_joint_choice_is_what_linearised_estimates_are_made_of() {
    let data = data();
    for (name, architecture) in networks() {
        let (mut reference, mut device, _, morphisms) = prepared(&data, &architecture);
        let request = EstimateRequest {
            seed: 7,
            round: 1,
            morphisms: &morphisms,
            scales: morphisms.iter().map(|morphism| vec![morphism.scale]).collect(),
            part: Part::Validation,
            estimators: vec![Estimator::Linearised],
        };
        let estimates = block_on(reference.estimate(&request, &Unwatched)).unwrap();
        let expected = block_on(reference.joint(&morphisms, Part::Validation, &Unwatched)).unwrap();
        assert!(expected.is_sound(), "{name}");
        for engine in [&mut reference, &mut device] {
            let table = block_on(engine.joint(&morphisms, Part::Validation, &Unwatched)).unwrap();
            let engine = engine.info().name;
            assert_eq!(table.labels, expected.labels, "{engine}");
            for ((morphism, change), gains) in morphisms.iter().zip(&table.changes).zip(&estimates) {
                let moved = |by: f32| {
                    let logits = table.logits.iter().zip(change);
                    logits.map(|(o, d)| f64::from(*o) + f64::from(by * d)).collect::<Vec<f64>>()
                };
                let loss = |logits: &[f64]| {
                    let rows = logits.chunks(table.classes).zip(&table.labels);
                    let losses = rows.map(|(row, y)| log_sum_exp(row) - row[usize::from(*y)]);
                    losses.sum::<f64>() / table.labels.len() as f64
                };
                let gain = loss(&moved(0.0)) - loss(&moved(1.0));
                let (id, estimate) = (morphism.candidate.id(), gains[0][0]);
                // As engines agree on estimates, plus logits of 24 bits.
                assert!(
                    (gain - estimate).abs() < 1e-6 + 1e-3 * estimate.abs(),
                    "{engine} {name} {id}: {gain} {estimate}"
                );
            }
            let rows = table.changes.iter().chain([&table.logits]);
            for (found, expected) in rows.zip(expected.changes.iter().chain([&expected.logits])) {
                assert_eq!(found.len(), data.validation.len() * table.classes);
                for (found, expected) in found.iter().zip(expected) {
                    let error = (found - expected).abs();
                    assert!(error < 1e-5 + 1e-4 * expected.abs(), "{engine} {name}: {found} {expected}");
                }
            }
        }
    }
}

#[test]
fn engines_agree_on_actual_gains_and_with_the_rewrite() {
    let data = data();
    for (name, architecture) in networks() {
        let (mut reference, mut device, model, morphisms) = prepared(&data, &architecture);
        let expected = block_on(reference.measure(&morphisms, Part::HeldOut, &Unwatched)).unwrap();
        let found = block_on(device.measure(&morphisms, Part::HeldOut, &Unwatched)).unwrap();
        let before = block_on(device.evaluate(Part::HeldOut, &Unwatched)).unwrap().loss;
        for ((morphism, found), expected) in morphisms.iter().zip(&found).zip(&expected) {
            let id = morphism.candidate.id();
            assert!((found - expected).abs() < 1e-5 * before, "{name} {id}: {found} against {expected}");
        }
        // A few by the definition, on the device: rewrite the network and run it.
        for at in (0..morphisms.len()).step_by(morphisms.len() / 7) {
            let grown = apply(&model, &morphisms[at..=at]).unwrap();
            block_on(device.load(&grown)).unwrap();
            let gain = before - block_on(device.evaluate(Part::HeldOut, &Unwatched)).unwrap().loss;
            let id = morphisms[at].candidate.id();
            assert!((found[at] - gain).abs() < 1e-4 * before, "{name} {id}: {} against {gain}", found[at]);
        }
    }
}

#[test]
fn engines_agree_on_activations() {
    let data = data();
    for (name, architecture) in networks() {
        let (mut reference, mut device, _, _) = prepared(&data, &architecture);
        let expected = numbers(&block_on(reference.activations(Part::Train, 5)).unwrap());
        let found = numbers(&block_on(device.activations(Part::Train, 5)).unwrap());
        assert_eq!(found.len(), architecture.nodes.len());
        for ((node, found), (same, expected)) in found.iter().zip(&expected) {
            assert_eq!((node, found.len()), (same, expected.len()), "{name}");
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-4 + 1e-4 * expected.abs(), "{name} {node}");
            }
        }
        assert!(block_on(device.activations(Part::Train, 60)).is_err());
    }
}

#[test]
fn two_runs_on_one_adapter_agree_to_the_bit() {
    let data = data();
    let run = || {
        let mut engine = webgpu(&data);
        let model = Model::new(random_network(networks()[1].1.clone(), 3));
        let (losses, model) = trained(&mut *engine, &model, &request(0..3));
        let request = learning(&model.network.architecture, Estimator::GaussNewton, 3);
        let morphisms = block_on(engine.learn(&request, &Unwatched)).unwrap().morphisms;
        let phi: Vec<_> = morphisms.iter().map(|morphism| numbers(&morphism.phi)).collect();
        let gains = block_on(engine.measure(&morphisms, Part::Validation, &Unwatched)).unwrap();
        (losses, numbers(&model.network.tensors), phi, gains)
    };
    assert_eq!(run(), run());
}

/// The logits of a few held-out examples.
fn outputs(engine: &mut dyn Engine, model: &Model) -> Vec<f32> {
    block_on(engine.load(model)).expect("the model fits");
    let logits = |index| {
        let activations = block_on(engine.activations(Part::HeldOut, index)).expect("activations");
        activations["head"].flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    (0..3).flat_map(logits).collect()
}

#[test]
fn neutral_morphisms_keep_the_logits_in_every_engine() {
    let data = data();
    for mut engine in every_engine(&data) {
        for (name, architecture) in networks() {
            let model = Model::new(random_network(architecture.clone(), 3));
            let before = outputs(&mut *engine, &model);
            let scale = before.iter().fold(0f32, |largest, logit| largest.max(logit.abs()));
            let families: Vec<Family> =
                Family::ALL.into_iter().filter(|family| morph(*family).is_learned()).collect();
            // Of the families of channels, each layer's second will do.
            let all = propose(&architecture, &families).unwrap();
            let chosen =
                all.iter().filter(|candidate| candidate.channel().is_none_or(|channel| channel == 1));
            for candidate in chosen {
                let phi = neutral_phi(&model.network, candidate, 3).unwrap();
                let neutral = Morphism { candidate: candidate.clone(), phi, scale: 1.0 };
                let after = outputs(&mut *engine, &apply(&model, &[neutral]).unwrap());
                let error = before.iter().zip(&after).fold(0f32, |error, (a, b)| error.max((a - b).abs()));
                assert!(error <= 1e-5 * scale, "{name} {}: {error} of {scale}", candidate.id());
            }
        }
    }
}
