//! One suite for every engine, and engines against each other. The WebGPU engine takes any adapter, software ones
//! too; without one these tests fail.

mod candidates;
#[path = "../common/mod.rs"]
mod common;
mod partly;
mod training;

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use common::random_network;
use pollster::block_on;
use seedling::data::{Class, Data, DataConfig, load};
use seedling::engine::candle::CandleEngine;
use seedling::engine::webgpu::{AdapterChoice, WebGpuEngine};
use seedling::engine::{
    Engine, EngineError, EstimateRequest, LearnRequest, Learner, OptimizerConfig, Part, PartlyLearned, Phase,
    Rule, TrainRequest, Unwatched, Watch, own_step,
};
use seedling::estimate::{Estimator, log_sum_exp, spearman};
use seedling::morphism::{Family, Morphism, apply, morph, neutral_phi};
use seedling::network::{Architecture, Model, Op, OptimizerState, Tensors, plain, preset};

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
    TrainRequest { steps, ..TrainRequest::whole(7, Phase::Train(2), 20, 13) }
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

/// Cancels when it has been asked a number of times.
struct Impatient(Cell<u32>);

impl Watch for Impatient {
    fn progress(&self, _done: u64, _total: u64, _loss: Option<f32>) {}

    fn cancelled(&self) -> bool {
        self.0.set(self.0.get().saturating_sub(1));
        self.0.get() == 0
    }
}
