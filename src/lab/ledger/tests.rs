//! The formulas against hand counts, and against what the Candle engine notes that it really computed.

use std::sync::Arc;

use candle_core::{DType, Device, Tensor};
use pollster::block_on;

use super::*;
use crate::data::{Data, Images, Normalization, PIXELS};
use crate::engine::candle::{CandleEngine, tally};
use crate::engine::{
    Engine, EstimateRequest, LearnRequest, Learned, Part, TrainRequest, Unwatched, own_step,
};
use crate::morphism::{self, Candidate};
use crate::network::{Model, Network, Tensors, plain, preset};

fn split(layer: &str, channels_in: usize) -> Morphism {
    let zeros = |shape: &[usize]| Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap();
    let mut phi = Tensors::new();
    for name in ["phi1", "phi2"] {
        phi.insert(name.into(), zeros(&[channels_in, 3, 3]));
        phi.insert(format!("{name}_bias"), zeros(&[1]));
    }
    let candidate = Candidate::named(Family::Split, layer, Some(0)).unwrap();
    Morphism { candidate, phi, scale: 1.0 }
}

#[test]
fn hand_counts_of_small() {
    // 16-M-32-M-32: conv1 reads the images, conv2 has 16×16 positions, conv3 8×8.
    let architecture = preset("small", 10).unwrap();
    let ledger = Ledger::new(&architecture).unwrap();
    let (first, third, head) = (2 * 1024 * 16 * 27, 2 * 64 * 32 * 288, 2 * 10 * 32);
    let forward = first + 2 * 256 * 32 * 144 + third + head;
    assert_eq!(forward, architecture.cost().unwrap().flops);
    assert_eq!(ledger.train(5).unwrap(), 5 * (3 * forward - first));
    assert_eq!(ledger.evaluate(5), 5 * forward);
    let morphisms = [split("conv2", 16)];
    let phi = 2 * (2 * 16 * 9) * 256;
    // Two cotangents come back through the head and conv3.
    let learning = Learning { steps: 3, batch: 20, ..Learning::default() };
    let learned = ledger.learn(&morphisms, &learning, 7).unwrap();
    assert_eq!(
        learned,
        3 * 7 * (forward + 2 * (third + head) + 2 * phi),
        "a batch is no larger than the part"
    );
    let scales = [vec![1.0, 0.5]];
    let all = ledger.estimate(&morphisms, &scales, &Estimator::ALL, 7).unwrap();
    assert_eq!(all, 7 * (forward + 10 * (third + head) + phi));
    // Downstream: one input channel of conv3, then the head.
    assert_eq!(ledger.measure(&morphisms, 7).unwrap(), 7 * (forward + phi + third / 32 + head));
    let off = [Morphism { scale: 0.0, ..split("conv2", 16) }];
    assert_eq!(ledger.measure(&off, 7).unwrap(), 7 * forward);
}

const TRAIN: usize = 9;

fn data() -> Arc<Data> {
    let part = |count: usize| {
        let pixels = (0..count * PIXELS).map(|at| (at * 37 % 251) as u8).collect();
        let labels = (0..count).map(|example| (example % 3) as u8).collect();
        Arc::new(Images { pixels, labels, indices: (0..count as u32).collect() })
    };
    Arc::new(Data {
        name: "stripes".into(),
        source: "test".into(),
        classes: vec![0, 1, 2],
        class_names: Vec::new(),
        train: part(TRAIN),
        validation: part(6),
        held_out: part(5),
        normalization: Normalization { mean: [0.5; 3], std: [0.3; 3] },
        sha256: String::new(),
        notices: Vec::new(),
    })
}

/// Every candidate; widenings add one channel and two by turns.
fn propose(architecture: &Architecture, families: &[Family]) -> Vec<Candidate> {
    let candidates = morphism::propose(architecture, families).unwrap();
    candidates.into_iter().enumerate().map(|(at, candidate)| candidate.of_width(1 + at % 2)).collect()
}

/// What the engine notes while `work` runs.
fn counted<T>(work: impl FnOnce() -> T) -> (u64, T) {
    let before = tally::flops();
    let result = work();
    (tally::flops() - before, result)
}

#[test]
fn every_formula_is_what_the_engine_computes() {
    let data = data();
    let mut residual = preset("residual-seed", 3).unwrap();
    for node in &mut residual.nodes {
        if let Op::Conv { out_channels, .. } = &mut node.op {
            *out_channels = 2;
        }
    }
    for architecture in
        [plain("A-3-M-4-2", false, 3).unwrap(), plain("A-A-2-A-3", true, 3).unwrap(), residual]
    {
        let ledger = Ledger::new(&architecture).unwrap();
        let mut engine = CandleEngine::new();
        block_on(engine.set_data(data.clone())).unwrap();
        let network = Network::initialise(architecture.clone(), 3).unwrap();
        block_on(engine.load(&Model::new(network))).unwrap();

        let request = TrainRequest::whole(1, crate::engine::Phase::Train(1), 3, 4);
        let (flops, _) = counted(|| block_on(engine.train(&request, &Unwatched)).unwrap());
        assert_eq!(ledger.train(12).unwrap(), flops, "train");
        let parent = preset("3-M-4", 3).unwrap();
        let teacher = Model::new(Network::initialise(parent.clone(), 5).unwrap());
        let (flops, _) = counted(|| block_on(engine.distil(&request, &teacher, &Unwatched)).unwrap());
        let parents = Ledger::new(&parent).unwrap().evaluate(12);
        assert_eq!(ledger.train(12).unwrap() + parents, flops, "distil");
        let (flops, _) = counted(|| block_on(engine.evaluate(Part::HeldOut, &Unwatched)).unwrap());
        assert_eq!(ledger.evaluate(5), flops, "evaluate");

        for learner in Learner::ALL {
            for families in [learner.families(), vec![Family::Prune, Family::PruneMean]] {
                let candidates = propose(&architecture, &families);
                if candidates.is_empty() {
                    continue;
                }
                // A batch within the part, and one beyond it.
                for (steps, batch, estimator) in [(3, 2, Estimator::Sampled), (2, 12, Estimator::GaussNewton)]
                {
                    let learning =
                        Learning { learner, estimator, steps, batch, learning_rate: 0.01, together: false };
                    let request = LearnRequest {
                        seed: 1,
                        round: 1,
                        candidates: candidates.clone(),
                        learner,
                        estimator,
                        together: false,
                        steps,
                        batch,
                        learning_rate: 0.01,
                    };
                    let (flops, learned) = counted(|| block_on(engine.learn(&request, &Unwatched)).unwrap());
                    let Learned { morphisms, .. } = learned;
                    let expected = ledger.learn(&morphisms, &learning, TRAIN as u64).unwrap();
                    assert_eq!(expected, flops, "{learner} {families:?} {steps}×{batch}");
                }
            }
        }

        let candidates = propose(&architecture, &Family::ALL);
        let request = LearnRequest {
            seed: 1,
            round: 1,
            candidates,
            learner: Learner::Random,
            estimator: Estimator::Sampled,
            together: false,
            steps: 1,
            batch: 4,
            learning_rate: 0.01,
        };
        let morphisms = block_on(engine.learn(&request, &Unwatched)).unwrap().morphisms;
        for estimators in [&Estimator::ALL[..], &[Estimator::Sampled], &[Estimator::Rank1]] {
            let scales = vec![vec![1.0, 0.5, 0.1]; morphisms.len()];
            let request = EstimateRequest {
                seed: 1,
                round: 1,
                morphisms: &morphisms,
                scales: scales.clone(),
                part: Part::Validation,
                estimators: estimators.to_vec(),
            };
            let (flops, _) = counted(|| block_on(engine.estimate(&request, &Unwatched)).unwrap());
            assert_eq!(ledger.estimate(&morphisms, &scales, estimators, 6).unwrap(), flops, "{estimators:?}");
        }
        let (flops, _) =
            counted(|| block_on(engine.joint(&morphisms, Part::Validation, &Unwatched)).unwrap());
        assert_eq!(ledger.joint(&morphisms, 6).unwrap(), flops, "joint");
        let (flops, _) = counted(|| block_on(engine.joint(&[], Part::Validation, &Unwatched)).unwrap());
        assert_eq!(ledger.evaluate(6), flops, "logits alone");
        let model = block_on(engine.read_back()).unwrap();
        let request = TrainRequest::whole(1, crate::engine::Phase::Learn(1), 3, 4);
        let step = own_step(&mut engine, &model, &request, Part::Validation, &Unwatched);
        let (flops, _) = counted(|| block_on(step).unwrap());
        assert_eq!(ledger.own_step(12, 6).unwrap(), flops, "own step");
        let (flops, _) = counted(|| block_on(engine.measure(&morphisms, Part::HeldOut, &Unwatched)).unwrap());
        assert_eq!(ledger.measure(&morphisms, 5).unwrap(), flops, "measure");
    }
}
