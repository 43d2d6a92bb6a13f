//! Scores, training, and what a model is after it.

use super::*;

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
        let usual = || TrainRequest { schedule_span: (0.2, 0.6), ..request(0..6) };
        let clipped = OptimizerConfig { clip: 0.1, nesterov: false, ..Default::default() };
        let mut rules = vec![
            ("Nesterov", usual()),
            ("clipped", TrainRequest { optimizer: clipped, ..usual() }),
            ("smoothed labels", TrainRequest { label_smoothing: 0.2, ..usual() }),
            ("averaged", TrainRequest { average: 0.5, phase_steps: 6, ..usual() }),
            ("new weights", TrainRequest { new_rate: 2.5, ..usual() }),
        ];
        if plain_network {
            // A bias before a norm has no gradient but rounding, of which Adam would make full steps.
            let adamw = OptimizerConfig { rule: Rule::Adamw, learning_rate: 0.003, ..Default::default() };
            rules.push(("AdamW", TrainRequest { optimizer: adamw, ..usual() }));
        }
        for (rule, request) in rules {
            let model = marked(Model::new(random_network(architecture.clone(), 3)));
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
        for (rule, average, new_rate) in
            [(Rule::Sgd, 0.0, 1.0), (Rule::Adamw, 0.0, 1.0), (Rule::Sgd, 0.6, 3.0), (Rule::Adamw, 0.6, 0.5)]
        {
            let optimizer = OptimizerConfig { rule, learning_rate: 0.01, ..Default::default() };
            let model = marked(Model::new(random_network(networks()[1].1.clone(), 5)));
            let whole = TrainRequest { optimizer, average, new_rate, ..request(0..7) };
            let (losses, once) = trained(&mut *engine, &model, &whole);
            let (mut pieces, half) =
                trained(&mut *engine, &model, &TrainRequest { steps: 0..3, ..whole.clone() });
            let rest = TrainRequest { steps: 3..7, ..whole };
            let (more, twice) = trained(&mut *engine, &half, &rest);
            pieces.extend(more);
            let name = engine.info().name;
            assert_eq!(losses, pieces, "{name} {rule:?}");
            assert_eq!(numbers(&once.network.tensors), numbers(&twice.network.tensors), "{name} {rule:?}");
            assert_eq!(once.optimizer.slots.contains_key(OptimizerState::AVERAGE), average > 0.0);
            for (slot, tensors) in &once.optimizer.slots {
                assert_eq!(numbers(tensors), numbers(&twice.optimizer.slots[slot]), "{name} {slot}");
            }
        }
    }
}

/// The model with every third number of each trained tensor marked as new.
fn marked(mut model: Model) -> Model {
    model.mark_inherited().unwrap();
    for marks in model.optimizer.slots.get_mut(OptimizerState::INHERITED).unwrap().values_mut() {
        let numbers: Vec<f32> = (0..marks.elem_count()).map(|at| f32::from(u8::from(at % 3 != 0))).collect();
        *marks = candle_core::Tensor::from_vec(numbers, marks.dims(), marks.device()).unwrap();
    }
    model
}

/// a ← a + (1 − min(d, (1 + t)/(10 + t)))·(w − a) from the network before the phase on, in f64, running
/// statistics too.
#[test]
fn a_phase_ends_with_the_average_of_its_steps() {
    const STEPS: u64 = 6;
    let data = data();
    for mut engine in every_engine(&data) {
        let name = engine.info().name;
        for (network, architecture) in networks() {
            let start = Model::new(random_network(architecture, 3));
            let plain = TrainRequest { phase_steps: STEPS, ..request(0..STEPS) };
            let mut path = vec![start.clone()];
            for step in 0..STEPS {
                let one = TrainRequest { steps: step..step + 1, ..plain.clone() };
                let (_, next) = trained(&mut *engine, path.last().unwrap(), &one);
                path.push(next);
            }
            for decay in [0.3, 0.999] {
                let (_, found) =
                    trained(&mut *engine, &start, &TrainRequest { average: decay, ..plain.clone() });
                assert_eq!(found.optimizer.slots.keys().collect::<Vec<_>>(), [OptimizerState::MOMENTUM]);
                let last = path.last().unwrap();
                let memory = |model: &Model| numbers(&model.optimizer.slots[OptimizerState::MOMENTUM]);
                assert_eq!(memory(&found), memory(last), "{name} {network}: the optimiser's is its own");
                let mut moved = 0f64;
                for (tensor, found) in numbers(&found.network.tensors) {
                    let at = |step: usize, index: usize| f64::from(flat(&path[step], &tensor)[index]);
                    for (index, found) in found.iter().enumerate() {
                        let mut average = at(0, index);
                        for taken in 0..STEPS {
                            let kept = f64::min(decay, (1 + taken) as f64 / (10 + taken) as f64);
                            average = kept * average + (1.0 - kept) * at(taken as usize + 1, index);
                        }
                        // A step rounds share, difference, product and sum, by less than seven times 2⁻²⁴ of the
                        // largest value on the way, and keeps less than half of the error before.
                        let most = (0..=STEPS as usize).map(|step| at(step, index).abs()).fold(0.0, f64::max);
                        let error = (f64::from(*found) - average).abs();
                        assert!(
                            error <= 14.0 * most * 2f64.powi(-24),
                            "{name} {network} {decay} {tensor}: {found} against {average}"
                        );
                        moved = moved.max((at(STEPS as usize, index) - average).abs());
                    }
                }
                assert!(moved > 1e-3, "{name} {network}: the average is not the last step");
            }
        }
    }
}

fn flat(model: &Model, tensor: &str) -> Vec<f32> {
    model.network.tensors[tensor].flatten_all().unwrap().to_vec1().unwrap()
}

/// A step takes new weights `new_rate` times as far, and the mark lasts as long as the phase.
#[test]
fn new_weights_go_as_many_times_as_far_as_is_asked() {
    let data = data();
    for mut engine in every_engine(&data) {
        let name = engine.info().name;
        for rule in [Rule::Sgd, Rule::Adamw] {
            let optimizer = OptimizerConfig { rule, ..Default::default() };
            let before = marked(Model::new(random_network(networks()[0].1.clone(), 3)));
            let step = TrainRequest { optimizer, phase: Phase::Train(2), phase_steps: 2, ..request(0..1) };
            let (_, usual) = trained(&mut *engine, &before, &step);
            let hastened = TrainRequest { new_rate: 2.5, ..step.clone() };
            let (_, found) = trained(&mut *engine, &before, &hastened);
            for (tensor, found) in numbers(&found.network.tensors) {
                let (from, to) = (flat(&before, &tensor), flat(&usual, &tensor));
                for index in 0..found.len() {
                    let [from, to, found] = [from[index], to[index], found[index]].map(f64::from);
                    let times = if index % 3 == 0 { 2.5 } else { 1.0 };
                    let expected = from + times * (to - from);
                    // What both steps round, two products and two differences, the known one stretched.
                    let rounding = 13.0 * 2f64.powi(-24) * (from.abs() + to.abs() + found.abs());
                    assert!(
                        (found - expected).abs() <= rounding,
                        "{name} {rule:?} {tensor}: {found} {expected}"
                    );
                }
            }
            let marks = |model: &Model| model.optimizer.slots.contains_key(OptimizerState::INHERITED);
            assert!(marks(&found), "{name}: within the phase");
            let (_, after) = trained(&mut *engine, &found, &TrainRequest { steps: 1..2, ..hastened.clone() });
            assert!(!marks(&after), "{name}: at its end");
            // Distillation comes before the phase.
            block_on(engine.load(&before)).unwrap();
            let imitation = TrainRequest::whole(7, Phase::Distil(1), 2, 13);
            block_on(engine.distil(&imitation, &usual, &Unwatched)).unwrap();
            assert!(marks(&block_on(engine.read_back()).unwrap()), "{name}: after distillation");
        }
    }
}

#[test]
fn what_is_loaded_is_read_back() {
    let data = data();
    for mut engine in every_engine(&data) {
        let model = marked(Model::new(random_network(networks()[2].1.clone(), 5)));
        let (_, model) = trained(&mut *engine, &model, &TrainRequest { average: 0.9, ..request(0..1) });
        assert_eq!(model.optimizer.slots.len(), 3);
        block_on(engine.load(&model)).unwrap();
        let back = block_on(engine.read_back()).unwrap();
        assert_eq!(numbers(&model.network.tensors), numbers(&back.network.tensors));
        assert_eq!(model.optimizer.steps, back.optimizer.steps);
        for (slot, tensors) in &model.optimizer.slots {
            assert_eq!(numbers(tensors), numbers(&back.optimizer.slots[slot]));
        }
    }
}

#[test]
fn cancelled_or_diverged_training_leaves_the_model_alone() {
    let data = data();
    for mut engine in every_engine(&data) {
        let name = engine.info().name;
        let model = Model::new(random_network(networks()[1].1.clone(), 5));
        block_on(engine.load(&model)).unwrap();
        let averaged = |steps| TrainRequest { average: 0.9, ..request(steps) };
        let cancelled = block_on(engine.train(&averaged(0..20), &Impatient(Cell::new(3))));
        assert!(matches!(cancelled, Err(EngineError::Cancelled)), "{name}");
        let cancelled = block_on(engine.evaluate(Part::HeldOut, &Impatient(Cell::new(0))));
        assert!(matches!(cancelled, Err(EngineError::Cancelled)), "{name}");
        let unchanged = |engine: &mut dyn Engine| {
            let back = block_on(engine.read_back()).unwrap();
            assert_eq!(numbers(&model.network.tensors), numbers(&back.network.tensors), "{name}");
            assert_eq!((back.optimizer.steps, back.optimizer.slots.len()), (0, 0), "{name}");
        };
        unchanged(&mut *engine);
        // Within a phase the average is left alone too.
        let (_, within) = trained(&mut *engine, &model, &averaged(0..3));
        let cancelled = block_on(engine.train(&averaged(3..20), &Impatient(Cell::new(3))));
        assert!(matches!(cancelled, Err(EngineError::Cancelled)), "{name}");
        let back = block_on(engine.read_back()).unwrap();
        let average = |model: &Model| numbers(&model.optimizer.slots[OptimizerState::AVERAGE]);
        assert_eq!(average(&back), average(&within), "{name}");
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
