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
        let mut rules = vec![
            ("Nesterov", OptimizerConfig::default(), 0.0),
            ("clipped", OptimizerConfig { clip: 0.1, nesterov: false, ..Default::default() }, 0.0),
            ("smoothed labels", OptimizerConfig::default(), 0.2),
        ];
        if plain_network {
            // A bias before a norm has no gradient but rounding, of which Adam would make full steps.
            let adamw = OptimizerConfig { rule: Rule::Adamw, learning_rate: 0.003, ..Default::default() };
            rules.push(("AdamW", adamw, 0.0));
        }
        for (rule, optimizer, label_smoothing) in rules {
            let model = Model::new(random_network(architecture.clone(), 3));
            let request =
                TrainRequest { optimizer, label_smoothing, schedule_span: (0.2, 0.6), ..request(0..6) };
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
