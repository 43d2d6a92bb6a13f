//! The slopes that learners descend along, and the scores they give, against central differences of the loss of
//! networks that were really rewritten, in f64.

use std::sync::Arc;

use candle_core::{DType, Tensor};
use pollster::block_on;

use super::super::CandleEngine;
use super::super::families::{Grouped, Scene, group, responses};
use super::super::observe::{lowest_target, observe_with};
use super::super::plan::Plan;
use super::{Task, descent, gates, numbers};
use crate::data::{Data, Images, Normalization, PIXELS};
use crate::engine::tests::Heard;
use crate::engine::{Draws, Engine, EstimateRequest, LearnRequest, Learner, Part, Unwatched, label_draws};
use crate::estimate::Estimator;
use crate::morphism::{Candidate, Family, Morphism, apply, initial_phi, propose};
use crate::network::{Architecture, Model, Network, plain, preset};
use crate::random::Stream;

const CLASSES: usize = 3;
const EXAMPLES: usize = 5;
/// Small, because the loss bends wherever a ReLU or a pool switches within a step; f64 leaves 1e-8 of the slope.
const STEP: f64 = 1e-7;
/// What rounding leaves, and a bend now and then.
const ALLOWED: f64 = 1e-6;
/// Gates are kept as f32: each is off by up to 3e-8 of itself, and the slope with it, times its own bend.
const GATE_ALLOWED: f64 = 1e-5;

fn data() -> Arc<Data> {
    let part = |index| {
        let mut stream = Stream::new(3, "noise images", index);
        let pixels = (0..EXAMPLES * PIXELS).map(|_| stream.below(256) as u8).collect();
        let labels = (0..EXAMPLES).map(|example| (example % CLASSES) as u8).collect();
        Arc::new(Images { pixels, labels, indices: (0..EXAMPLES as u32).collect() })
    };
    Arc::new(Data {
        name: "noise".into(),
        source: "test".into(),
        classes: (0..CLASSES as u8).collect(),
        class_names: Vec::new(),
        train: part(0),
        validation: part(1),
        held_out: part(2),
        normalization: Normalization { mean: [0.5; 3], std: [0.3; 3] },
        sha256: String::new(),
        notices: Vec::new(),
    })
}

/// A network in f64 with no neutral parameter.
fn network(architecture: Architecture) -> Network {
    let mut network = Network::initialise(architecture, 8).unwrap();
    for (name, tensor) in &mut network.tensors {
        let noise = Stream::new(8, name, 0).normals(tensor.elem_count(), 0.2);
        let noise = Tensor::from_vec(noise, tensor.dims(), tensor.device()).unwrap();
        let noise = if name.ends_with("running_var") { noise.abs().unwrap() } else { noise };
        *tensor = (&*tensor + noise).unwrap().to_dtype(DType::F64).unwrap();
    }
    network
}

fn networks() -> Vec<Network> {
    let mut residual = preset("residual-seed", CLASSES).unwrap();
    for node in &mut residual.nodes {
        if let crate::network::Op::Conv { out_channels, .. } = &mut node.op {
            *out_channels = 2;
        }
    }
    vec![
        network(plain("A-A-3-M-2-2", false, CLASSES).unwrap()),
        network(plain("A-A-2-M-3", true, CLASSES).unwrap()),
        network(residual),
    ]
}

fn request(learner: Learner, candidates: Vec<Candidate>) -> LearnRequest {
    LearnRequest {
        seed: 5,
        round: 1,
        candidates,
        learner,
        estimator: Estimator::Sampled,
        together: false,
        steps: 1,
        batch: EXAMPLES,
        learning_rate: 0.1,
    }
}

/// Morphisms with φ that is not neutral anywhere.
fn morphisms(network: &Network, candidates: &[Candidate]) -> Vec<Morphism> {
    let morphism = |candidate: &Candidate| {
        let mut phi = initial_phi(network, candidate, 5, 1).unwrap();
        for (name, tensor) in &mut phi {
            let noise = Stream::new(5, &format!("{} {name}", candidate.id()), 0);
            let mut noise = noise;
            let numbers: Vec<f64> = (0..tensor.elem_count()).map(|_| 0.2 * noise.normal()).collect();
            *tensor = Tensor::from_vec(numbers, tensor.dims(), tensor.device()).unwrap();
        }
        Morphism { candidate: candidate.clone(), phi, scale: 1.0 }
    };
    candidates.iter().map(morphism).collect()
}

/// Mean loss on the training part of the network with `morphisms` applied.
fn loss(network: &Network, data: &Arc<Data>, morphisms: &[Morphism]) -> f64 {
    let grown = apply(&Model::new(network.clone()), morphisms).unwrap();
    let mut engine = CandleEngine::new();
    block_on(engine.set_data(data.clone())).unwrap();
    block_on(engine.load(&grown)).unwrap();
    block_on(engine.evaluate(Part::Train, &Unwatched)).unwrap().loss
}

/// Central difference of the loss along φ's number `index` of `name` of one of the morphisms.
fn difference(
    network: &Network,
    data: &Arc<Data>,
    morphisms: &[Morphism],
    (member, name, index): (usize, &str, usize),
) -> f64 {
    let moved = |step: f64| {
        let mut morphisms = morphisms.to_vec();
        let tensor = &morphisms[member].phi[name];
        let mut values = numbers(tensor).unwrap();
        values[index] += step;
        let tensor = Tensor::from_vec(values, tensor.dims(), tensor.device()).unwrap();
        morphisms[member].phi.insert(name.to_owned(), tensor);
        loss(network, data, &morphisms)
    };
    (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
}

fn learned_families() -> Vec<Family> {
    Learner::Direct.families()
}

#[test]
fn directs_slope_is_that_of_the_true_loss_of_each_candidate_alone() {
    let data = data();
    for network in networks() {
        let plan = Plan::new(&network.architecture).unwrap();
        // The first candidate of each family at each layer stands for the others.
        let mut candidates = propose(&network.architecture, &learned_families()).unwrap();
        candidates.retain(|candidate| candidate.channel().is_none_or(|channel| channel == 1));
        let morphisms = morphisms(&network, &candidates);
        let request = request(Learner::Direct, candidates);
        let task = Task { plan: &plan, network: &network, data: &data, request: &request, watch: &Unwatched };
        let mut groups = group(&plan, &morphisms).unwrap();
        let batch: Vec<usize> = (0..EXAMPLES).collect();
        let gradients = block_on(descent::gradients(&task, &groups, &batch, 0, None)).unwrap();
        for (Grouped { group, members }, gradients) in groups.iter_mut().zip(gradients) {
            group.set_phi(gradients);
            for (member, position) in members.iter().enumerate() {
                for (name, gradient) in group.member_phi(member).unwrap() {
                    let gradient = numbers(&gradient).unwrap();
                    let index = gradient.len() / 2;
                    let alone = std::slice::from_ref(&morphisms[*position]);
                    let expected = difference(&network, &data, alone, (0, &name, index));
                    let id = morphisms[*position].candidate.id();
                    assert!(
                        (gradient[index] - expected).abs() <= ALLOWED,
                        "{id} {name}: {} {expected}",
                        gradient[index]
                    );
                }
            }
        }
    }
}

#[test]
fn fireflys_slope_is_that_of_the_true_loss_with_all_candidates_of_the_layer() {
    let data = data();
    for network in networks() {
        let plan = Plan::new(&network.architecture).unwrap();
        for family in Learner::Firefly.families() {
            let candidates = propose(&network.architecture, &[family]).unwrap();
            let Some(layer) = candidates.first().map(|candidate| candidate.layer().to_owned()) else {
                continue;
            };
            let candidates: Vec<Candidate> = candidates.into_iter().filter(|c| c.layer() == layer).collect();
            let morphisms = morphisms(&network, &candidates);
            let request = request(Learner::Firefly, candidates);
            let task =
                Task { plan: &plan, network: &network, data: &data, request: &request, watch: &Unwatched };
            let mut groups = group(&plan, &morphisms).unwrap();
            let batch: Vec<usize> = (0..EXAMPLES).collect();
            let gradients = block_on(descent::gradients(&task, &groups, &batch, 0, None)).unwrap();
            assert_eq!(groups.len(), 1);
            groups[0].group.set_phi(gradients.into_iter().next().unwrap());
            for member in 0..morphisms.len() {
                for (name, gradient) in groups[0].group.member_phi(member).unwrap() {
                    let gradient = numbers(&gradient).unwrap();
                    let index = gradient.len() / 3;
                    let expected = difference(&network, &data, &morphisms, (member, &name, index));
                    assert!((gradient[index] - expected).abs() <= ALLOWED, "{family} {name}");
                }
            }
            // The score: minus the slope along each gate, at the middles of three thirds, all gates alike.
            let scores = block_on(gates::scores(&task, &morphisms)).unwrap();
            for (member, score) in scores.iter().enumerate() {
                let along = |gate: f64| {
                    let moved = |step: f64| {
                        let mut morphisms = morphisms.clone();
                        for (other, morphism) in morphisms.iter_mut().enumerate() {
                            let gate = if other == member { gate + step } else { gate };
                            for (name, tensor) in &mut morphism.phi {
                                if crate::morphism::morph(family).is_scaled(name) {
                                    *tensor = (&*tensor * gate).unwrap();
                                }
                            }
                        }
                        loss(&network, &data, &morphisms)
                    };
                    (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
                };
                let expected = -[1.0 / 6.0, 0.5, 5.0 / 6.0].map(along).iter().sum::<f64>() / 3.0;
                assert!((score.unwrap() - expected).abs() <= GATE_ALLOWED, "{family}: {score:?} {expected}");
            }
        }
    }
}

/// The predicted mean change of the loss with all changes made at once, by the definition: the estimator of the summed
/// responses.
fn predicted(task: &Task<'_>, morphisms: &[Morphism]) -> f64 {
    let groups = group(task.plan, morphisms).unwrap();
    let batch: Vec<usize> = (0..EXAMPLES).collect();
    let estimator = task.request.estimator;
    let draws = label_draws(task.request.seed, task.request.round, Draws::Learning(0), EXAMPLES);
    let parameters = &task.network.tensors;
    let bank = (estimator.bank(), lowest_target(&groups));
    let observed =
        observe_with(task.plan, parameters, task.data, &task.data.train, &batch, &draws, bank).unwrap();
    let scene = Scene { plan: task.plan, parameters, values: &observed.values };
    let mut sums = vec![vec![0.0; estimator.bank().size(CLASSES)]; EXAMPLES];
    for Grouped { group, members } in &groups {
        let changes = group.probe(&scene).unwrap().changes(&vec![1.0; members.len()]).unwrap();
        let rows = responses(&scene, &group.layout(), &observed.cotangents, &changes).unwrap();
        let rows = rows.sum(2).unwrap().to_vec2::<f64>().unwrap();
        for (set, row) in rows.iter().enumerate() {
            sums.iter_mut().zip(row).for_each(|(sum, response)| sum[set] += response);
        }
    }
    let each = sums.iter().zip(&observed.locals);
    each.map(|(sum, local)| estimator.predict(estimator.bank(), sum, local)).sum::<f64>() / EXAMPLES as f64
}

#[test]
fn together_the_slope_is_that_of_the_predicted_loss_of_the_sum() {
    let data = data();
    for network in networks() {
        let plan = Plan::new(&network.architecture).unwrap();
        let families = [Family::Split, Family::Widen, Family::Deepen, Family::Kernel, Family::Skip];
        let mut candidates = propose(&network.architecture, &families).unwrap();
        candidates.retain(|candidate| candidate.channel().is_none_or(|channel| channel < 2));
        let morphisms = morphisms(&network, &candidates);
        for estimator in [Estimator::Sampled, Estimator::GaussNewton, Estimator::Linearised] {
            let request =
                LearnRequest { together: true, estimator, ..request(Learner::Estimate, candidates.clone()) };
            let task =
                Task { plan: &plan, network: &network, data: &data, request: &request, watch: &Unwatched };
            let mut groups = group(&plan, &morphisms).unwrap();
            let batch: Vec<usize> = (0..EXAMPLES).collect();
            let gradients = block_on(descent::gradients(&task, &groups, &batch, 0, None)).unwrap();
            for (Grouped { group, members }, gradients) in groups.iter_mut().zip(gradients) {
                group.set_phi(gradients);
                for (member, position) in members.iter().enumerate() {
                    for (name, gradient) in group.member_phi(member).unwrap() {
                        let gradient = numbers(&gradient).unwrap();
                        let index = gradient.len() / 2;
                        let moved = |step: f64| {
                            let mut morphisms = morphisms.clone();
                            let tensor = &morphisms[*position].phi[&name];
                            let mut values = numbers(tensor).unwrap();
                            values[index] += step;
                            let tensor = Tensor::from_vec(values, tensor.dims(), tensor.device()).unwrap();
                            morphisms[*position].phi.insert(name.clone(), tensor);
                            predicted(&task, &morphisms)
                        };
                        let expected = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
                        let id = morphisms[*position].candidate.id();
                        assert!(
                            (gradient[index] - expected).abs() <= ALLOWED,
                            "{estimator} {id} {name}: {} {expected}",
                            gradient[index]
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_family_that_a_learner_does_not_serve_is_refused_by_name() {
    let network = networks().remove(0);
    let mut engine = CandleEngine::new();
    block_on(engine.set_data(data())).unwrap();
    block_on(engine.load(&Model::new(network.clone()))).unwrap();
    let candidates = propose(&network.architecture, &[Family::Prune, Family::Deepen]).unwrap();
    let message = block_on(engine.learn(&request(Learner::Steepest, candidates), &Unwatched)).unwrap_err();
    let message = message.to_string();
    for part in ["steepest", "deepen:conv1", "split or split-symmetric"] {
        assert!(message.contains(part), "{message}");
    }
    let prunes = propose(&network.architecture, &[Family::Prune]).unwrap();
    for learner in Learner::ALL {
        let learned = block_on(engine.learn(&request(learner, prunes.clone()), &Unwatched)).unwrap();
        assert_eq!((learned.morphisms.len(), learned.scores), (prunes.len(), vec![None; prunes.len()]));
    }
}

#[test]
fn what_is_foreseen_while_learning_is_the_estimate_and_changes_nothing() {
    let network = Network::initialise(plain("3-M-2", false, CLASSES).unwrap(), 8).unwrap();
    let candidates = propose(&network.architecture, &[Family::Prune, Family::Split, Family::Widen]).unwrap();
    for together in [false, true] {
        let request = LearnRequest {
            estimator: Estimator::Linearised,
            together,
            steps: 11,
            ..request(Learner::Estimate, candidates.clone())
        };
        let mut engine = CandleEngine::new();
        block_on(engine.set_data(data())).unwrap();
        block_on(engine.load(&Model::new(network.clone()))).unwrap();
        let heard = Heard::new(true);
        let told = block_on(engine.learn(&request, &heard)).unwrap().morphisms;
        let untold = block_on(engine.learn(&request, &Unwatched)).unwrap().morphisms;
        for (told, untold) in told.iter().zip(&untold) {
            for (name, phi) in &told.phi {
                assert_eq!(numbers(phi).unwrap(), numbers(&untold.phi[name]).unwrap());
            }
        }
        let heard = heard.told.into_inner();
        assert_eq!(heard.len(), 3, "of steps 0, 5 and 10");
        // The first is of φ as it begins, on all images.
        let begin = |candidate: &Candidate| {
            let phi = initial_phi(&network, candidate, request.seed, request.round).unwrap();
            Morphism { candidate: candidate.clone(), phi, scale: 1.0 }
        };
        let morphisms: Vec<Morphism> = candidates.iter().map(begin).collect();
        let estimate = EstimateRequest {
            seed: request.seed,
            round: request.round,
            morphisms: &morphisms,
            scales: vec![vec![1.0]; morphisms.len()],
            part: Part::Train,
            estimators: vec![Estimator::Linearised],
        };
        let gains = block_on(engine.estimate(&estimate, &Unwatched)).unwrap();
        for ((candidate, foreseen), gains) in candidates.iter().zip(&heard[0]).zip(&gains) {
            let expected = if candidate.family == Family::Prune { 0.0 } else { gains[0][0] };
            assert!((foreseen - expected).abs() < 1e-6, "{}: {foreseen} {expected}", candidate.id());
        }
        let sum = |gains: &[f64]| gains.iter().sum::<f64>();
        assert!(sum(&heard[2]) > sum(&heard[0]), "{heard:?}");
    }
}
