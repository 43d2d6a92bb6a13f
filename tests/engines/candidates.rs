//! Learning, estimating and measuring candidates.

use super::*;

fn learning(architecture: &Architecture, estimator: Estimator, steps: u64) -> LearnRequest {
    LearnRequest {
        learner: Learner::default(),
        seed: 7,
        round: 1,
        candidates: common::candidates(architecture, &Family::ALL),
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

/// What the device and the reference learn by the same requests, of every network: for each tensor of φ its name, the
/// device's numbers and the reference's.
fn learned_by_both(
    requests: impl Fn(&Architecture) -> Vec<LearnRequest>,
    mut check: impl FnMut(&str, &LearnRequest, &[f32], &[f32]),
) {
    let data = data();
    for (name, architecture) in networks() {
        let (mut reference, mut device) = (candle(&data), webgpu(&data));
        let model = Model::new(random_network(architecture.clone(), 3));
        block_on(reference.load(&model)).unwrap();
        block_on(device.load(&model)).unwrap();
        for request in requests(&architecture) {
            let expected = block_on(reference.learn(&request, &Unwatched)).unwrap().morphisms;
            let found = block_on(device.learn(&request, &Unwatched)).unwrap().morphisms;
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!((&found.candidate, found.scale), (&expected.candidate, 1.0));
                let id = found.candidate.id();
                for ((tensor, found), (_, expected)) in numbers(&found.phi).iter().zip(numbers(&expected.phi))
                {
                    let place = format!("{name} {} {id} {tensor}", request.estimator);
                    check(&place, &request, found, &expected);
                }
            }
        }
    }
}

/// How far numbers may move in the two steps, all together: each of Adam's first steps moves every one by nearly the
/// learning rate.
fn way(request: &LearnRequest, count: usize) -> f64 {
    2.0 * request.learning_rate * (count as f64).sqrt()
}

/// Adam moves a number by a whole step whatever the size of its gradient, so that rounding decides which way
/// one goes whose gradient is nearly 0: one in 200 may be such a number. It may also decide at which side of
/// a ReLU's corner one position of one example lies: 1 % of the way for the others.
fn assert_learned_alike(place: &str, request: &LearnRequest, found: &[f32], expected: &[f32]) {
    let mut apart: Vec<f64> = found.iter().zip(expected).map(|(a, b)| f64::from((a - b).abs())).collect();
    apart.sort_by(f64::total_cmp);
    let torn = apart.split_off(apart.len() - apart.len() / 200);
    assert!(torn.iter().all(|apart| *apart < 4.0 * request.learning_rate), "{place}");
    let rest = apart.iter().map(|apart| apart * apart).sum::<f64>().sqrt();
    let way = way(request, expected.len());
    assert!(rest < 0.01 * way, "{place}: {rest} of {way}");
}

#[test]
fn engines_agree_on_learning() {
    let requests = |architecture: &Architecture| {
        Estimator::ALL.iter().map(|estimator| learning(architecture, *estimator, 2)).collect()
    };
    learned_by_both(requests, assert_learned_alike);
}

#[test]
fn engines_agree_on_learning_together() {
    let requests = |architecture: &Architecture| {
        let together = |estimator| LearnRequest { together: true, ..learning(architecture, estimator, 2) };
        [Estimator::Sampled, Estimator::GaussNewton].map(together).to_vec()
    };
    learned_by_both(requests, assert_learned_alike);
}

/// Keeps what is foreseen.
#[derive(Default)]
struct Heard(RefCell<Vec<Vec<f64>>>);

impl Watch for Heard {
    fn progress(&self, _done: u64, _total: u64, _loss: Option<f32>) {}

    fn cancelled(&self) -> bool {
        false
    }

    fn wants_foreseen(&self) -> bool {
        true
    }

    fn foreseen(&self, gains: &[f64]) {
        self.0.borrow_mut().push(gains.to_vec());
    }
}

#[test]
fn engines_agree_on_what_is_foreseen_while_learning_and_learn_the_same() {
    let data = data();
    let networks = networks();
    for ((name, architecture), (estimator, together)) in
        [(&networks[0], (Estimator::Linearised, true)), (&networks[2], (Estimator::Sampled, false))]
    {
        let (mut reference, mut device) = (candle(&data), webgpu(&data));
        let model = Model::new(random_network(architecture.clone(), 3));
        block_on(reference.load(&model)).unwrap();
        block_on(device.load(&model)).unwrap();
        let request = LearnRequest { together, ..learning(architecture, estimator, 6) };
        let [expected, found] = [&mut reference, &mut device].map(|engine| {
            let heard = Heard::default();
            let told = block_on(engine.learn(&request, &heard)).unwrap().morphisms;
            let untold = block_on(engine.learn(&request, &Unwatched)).unwrap().morphisms;
            for (told, untold) in told.iter().zip(&untold) {
                assert_eq!(numbers(&told.phi), numbers(&untold.phi), "{name}: telling changes nothing");
            }
            heard.0.into_inner()
        });
        // Both tell of the first and of the sixth step; whether of others, the device's pace decides.
        let ends = [(&found[0], &expected[0]), (found.last().unwrap(), expected.last().unwrap())];
        for ((found, expected), tolerance) in ends.into_iter().zip([1e-3, 2e-2]) {
            assert_eq!((found.len(), expected.len()), (request.candidates.len(), request.candidates.len()));
            for ((found, expected), candidate) in found.iter().zip(expected).zip(&request.candidates) {
                let error = (found - expected).abs();
                let id = candidate.id();
                assert!(error < 1e-6 + tolerance * expected.abs(), "{name} {id}: {found} {expected}");
            }
            assert!(expected.iter().any(|gain| gain.abs() > 1e-4), "{name}: {expected:?}");
        }
        assert!(found.last() != found.first() && expected.len() == 2, "{name}");
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
fn engines_agree_on_the_existing_weights_own_step() {
    let data = data();
    for (name, architecture) in networks() {
        let model = Model::new(random_network(architecture.clone(), 3));
        let request = TrainRequest { augment: false, ..TrainRequest::whole(7, Phase::Learn(1), 4, 20) };
        let mut engines = every_engine(&data);
        let steps: Vec<Vec<f32>> = engines
            .iter_mut()
            .map(|engine| {
                let engine = &mut **engine;
                block_on(own_step(engine, &model, &request, Part::Validation, &Unwatched)).unwrap()
            })
            .collect();
        let (expected, found) = (&steps[0], &steps[1]);
        assert_eq!((expected.len(), found.len()), (30 * 4, 30 * 4));
        let square = |(a, b): (&f32, &f32)| f64::from(a - b).powi(2);
        let apart = expected.iter().zip(found).map(square).sum::<f64>().sqrt();
        let size = expected.iter().map(|d| f64::from(*d).powi(2)).sum::<f64>().sqrt();
        // Logits of 24 bits, 1e-7 of them, are told apart where they are 1e-3 apart.
        assert!(apart < 2e-3 * size, "{name}: {apart} of {size}");
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
            let all = common::candidates(&architecture, &families);
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
