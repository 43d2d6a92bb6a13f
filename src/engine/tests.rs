//! Distillation is the same in every engine, and brings a network closer to its teacher.

use std::cell::RefCell;

use pollster::block_on;

use super::candle::CandleEngine;
use super::webgpu::{AdapterChoice, WebGpuEngine};
use super::*;
use crate::data::{Class, DataConfig, load};
use crate::network::{Network, Op, plain, preset};

/// Keeps what is foreseen, if it is to listen.
pub struct Heard {
    listens: bool,
    /// What was told so far.
    pub told: RefCell<Vec<Vec<f64>>>,
}

impl Heard {
    pub fn new(listens: bool) -> Self {
        Self { listens, told: RefCell::default() }
    }
}

impl Watch for Heard {
    fn progress(&self, _done: u64, _total: u64, _loss: Option<f32>) {}

    fn cancelled(&self) -> bool {
        false
    }

    fn wants_foreseen(&self) -> bool {
        self.listens
    }

    fn foreseen(&self, gains: &[f64]) {
        self.told.borrow_mut().push(gains.to_vec());
    }
}

fn data() -> Arc<Data> {
    let classes = Some(Class::numbers(&[0, 3, 5, 8]));
    let config = DataConfig {
        train: Some(60),
        held_out: Some(20),
        classes,
        validation: Some(20),
        ..Default::default()
    };
    Arc::new(load(&config, 7).expect("the embedded data loads"))
}

fn model(layers: &str, norms: bool, classes: usize, seed: u64) -> Model {
    let architecture = plain(layers, norms, classes).expect("layers");
    Model::new(Network::initialise(architecture, seed).expect("it initialises"))
}

/// A residual network of two channels a layer.
fn residual() -> Model {
    let mut architecture = preset("residual-seed", 4).expect("a preset");
    for node in &mut architecture.nodes {
        if let Op::Conv { out_channels, .. } = &mut node.op {
            *out_channels = 2;
        }
    }
    Model::new(Network::initialise(architecture, 3).expect("it initialises"))
}

fn request(steps: u64) -> TrainRequest {
    TrainRequest::whole(7, Phase::Distil(2), steps, 13)
}

fn engines() -> [Box<dyn Engine>; 2] {
    let device = block_on(WebGpuEngine::open(&AdapterChoice::Any)).expect("a graphics adapter");
    let mut engines: [Box<dyn Engine>; 2] = [Box::new(CandleEngine::new()), Box::new(device)];
    let data = data();
    engines.iter_mut().for_each(|engine| block_on(engine.set_data(data.clone())).expect("data fits"));
    engines
}

fn numbers(model: &Model) -> Vec<f32> {
    let flat = |tensor: &candle_core::Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    model.network.tensors.values().flat_map(flat).collect()
}

#[test]
fn engines_agree_on_distilling_and_come_closer_to_the_teacher() {
    let mut engines = engines();
    let teacher = model("4-M-6", true, 4, 9);
    for student in [model("6-M-7-M-5", false, 4, 3), model("5-A-6-M-3", true, 4, 3), residual()] {
        let name = &student.network.architecture.nodes.len();
        let mut results = engines.iter_mut().map(|engine| {
            block_on(engine.load(&student)).expect("the model fits");
            let report = block_on(engine.distil(&request(6), &teacher, &Unwatched)).expect("it goes on");
            (report.losses, numbers(&block_on(engine.read_back()).expect("a model")))
        });
        let (expected, one) = results.next().expect("two engines");
        let (found, other) = results.next().expect("two engines");
        assert!(found[5] < found[0] && found.iter().all(|loss| *loss > 0.0), "{name} nodes: {found:?}");
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-4 * expected, "{name} nodes: {found} {expected}");
        }
        let far = one.iter().zip(&other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(far < 1e-4, "{name} nodes: {far}");
    }
}

/// Without norms a network in training is the one in evaluation.
#[test]
fn imitating_itself_gives_a_network_no_gradient() {
    let student = model("6-M-5", false, 4, 3);
    let mut request = request(3);
    request.optimizer.weight_decay = 0.0;
    for mut engine in engines() {
        block_on(engine.load(&student)).expect("the model fits");
        let report = block_on(engine.distil(&request, &student, &Unwatched)).expect("it goes on");
        assert!(report.losses.iter().all(|loss| loss.abs() < 1e-6), "{:?}", report.losses);
        let after = numbers(&block_on(engine.read_back()).expect("a model"));
        let far = numbers(&student).iter().zip(&after).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(far < 1e-6, "{far}");
    }
}

#[test]
fn a_teacher_of_other_classes_is_refused() {
    let stranger = model("4-M-6", false, 3, 9);
    for mut engine in engines() {
        block_on(engine.load(&model("6-M-5", false, 4, 3))).expect("the model fits");
        let error = block_on(engine.distil(&request(1), &stranger, &Unwatched)).unwrap_err().to_string();
        assert!(error.contains("classes of the teacher: found 3, expected 4"), "{error}");
    }
}
