//! The time of a training step, of estimating every candidate, and of measuring every candidate:
//! `cargo bench --bench train_step`. docs/performance.md quotes it.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use pollster::block_on;
use seedling::data::{Data, DataConfig, load};
use seedling::engine::candle::{CandleEngine, keep_freed_memory};
use seedling::engine::{
    Engine, EstimateRequest, LearnRequest, Learner, Part, Phase, TrainRequest, Unwatched,
};
use seedling::estimate::{Estimator, SCALES};
use seedling::morphism::{Family, Morphism, propose};
use seedling::network::{Model, Network, preset};

fn data(train: usize, held_out: usize) -> Arc<Data> {
    let config = DataConfig { train: Some(train), held_out: Some(held_out), ..Default::default() };
    Arc::new(load(&config, 7).expect("the embedded data loads"))
}

fn engine(network: &str, data: &Arc<Data>) -> CandleEngine {
    let architecture = preset(network, 10).expect("a known network");
    let model = Model::new(Network::initialise(architecture, 7).expect("it initialises"));
    keep_freed_memory();
    let mut engine = CandleEngine::new();
    block_on(engine.set_data(data.clone())).expect("data fits");
    block_on(engine.load(&model)).expect("the model fits");
    engine
}

fn train(engine: &mut CandleEngine, steps: u64) {
    let request = TrainRequest { steps: 0..steps, ..TrainRequest::whole(7, Phase::Train(0), 1000, 64) };
    block_on(engine.train(black_box(&request), &Unwatched)).expect("training goes on");
}

fn training(criterion: &mut Criterion) {
    let data = data(640, 100);
    let mut group = criterion.benchmark_group("train_step");
    for (name, network) in [
        ("tiny", "tiny"),
        ("tiny, average pools", "8-8-A-16-16-A-16"),
        ("small", "small"),
        ("small, average pools", "16-A-32-A-32"),
        ("odd widths", "17-19-M-22-25-M-64"),
        ("vgg-seed", "vgg-seed"),
        ("residual-seed", "residual-seed"),
    ] {
        let mut engine = engine(network, &data);
        // As many steps in one go as are timed together: what a phase prepares once is not each step's.
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|steps| {
                let begin = Instant::now();
                train(&mut engine, steps);
                begin.elapsed()
            });
        });
    }
    group.finish();
}

/// Estimates, measurements and training steps over the same 500 examples.
fn candidates(criterion: &mut Criterion) {
    let data = data(512, 500);
    let mut engine = engine("tiny", &data);
    train(&mut engine, 100);
    let candidates = propose(&preset("tiny", 10).expect("known"), &[Family::Split, Family::Prune]);
    let request = LearnRequest {
        learner: Learner::default(),
        seed: 7,
        round: 1,
        candidates: candidates.expect("tiny has candidates"),
        estimator: Estimator::Sampled,
        together: false,
        steps: 5,
        batch: 250,
        learning_rate: 0.005,
    };
    let morphisms = block_on(engine.learn(&request, &Unwatched)).expect("learning goes on").morphisms;
    let mut group = criterion.benchmark_group("tiny, 500 examples");
    group.sample_size(10);
    group.bench_function("8 training steps of 64", |bencher| bencher.iter(|| train(&mut engine, 8)));
    for estimator in [Estimator::Sampled, Estimator::GaussNewton] {
        for (what, scales) in [("one scale", vec![1.0]), ("seven scales", SCALES.to_vec())] {
            let request = EstimateRequest {
                seed: 7,
                round: 1,
                morphisms: &morphisms,
                scales: vec![scales; morphisms.len()],
                part: Part::HeldOut,
                estimators: vec![estimator],
            };
            group.bench_function(format!("estimate all, {estimator}, {what}"), |bencher| {
                bencher
                    .iter(|| block_on(engine.estimate(black_box(&request), &Unwatched)).expect("estimates"));
            });
        }
    }
    group.bench_function("one learning step of 250, sampled", |bencher| {
        let request = LearnRequest { steps: 1, ..request.clone() };
        bencher.iter(|| block_on(engine.learn(black_box(&request), &Unwatched)).expect("learns"));
    });
    let measured: &[Morphism] = &morphisms;
    group.bench_function("measure all", |bencher| {
        bencher.iter(|| {
            block_on(engine.measure(black_box(measured), Part::HeldOut, &Unwatched)).expect("measures")
        });
    });
    group.bench_function("evaluate", |bencher| {
        bencher.iter(|| block_on(engine.evaluate(Part::HeldOut, &Unwatched)).expect("evaluates"));
    });
    group.finish();
}

criterion_group!(benches, training, candidates);
criterion_main!(benches);
