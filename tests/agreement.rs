//! The claim of the whole program, on a small case with real images: what Gauss–Newton estimates promise is what
//! comes, and what first-order and rank-1 estimates promise is measurably further off.

use std::sync::Arc;

use pollster::block_on;
use seedling::data::{DataConfig, load};
use seedling::engine::candle::CandleEngine;
use seedling::engine::{
    Engine, EstimateRequest, LearnRequest, Learner, OptimizerConfig, Part, TrainRequest, Unwatched,
    steps_per_epoch,
};
use seedling::estimate::{Agreement, Estimator, SCALES};
use seedling::morphism::{Family, Morphism, propose};
use seedling::network::{Model, Network, preset};

const SEED: u64 = 7;

/// A trained network in its engine, and the morphisms of two families learned by `estimator`, each at the scale
/// that the validation part prefers.
fn learned(engine: &mut CandleEngine, estimator: Estimator) -> Vec<Morphism> {
    let model = block_on(engine.read_back()).unwrap();
    let architecture = &model.network.architecture;
    let request = LearnRequest {
        learner: Learner::default(),
        seed: SEED,
        round: 1,
        candidates: propose(architecture, &[Family::Split, Family::Prune]).unwrap(),
        estimator,
        steps: 30,
        batch: 150,
        learning_rate: 0.005,
    };
    let mut morphisms = block_on(engine.learn(&request, &Unwatched)).unwrap().morphisms;
    let is_split = |morphism: &Morphism| morphism.candidate.family == Family::Split;
    let scales = |morphism: &Morphism| if is_split(morphism) { SCALES.to_vec() } else { vec![1.0] };
    let request = EstimateRequest {
        seed: SEED,
        round: 1,
        morphisms: &morphisms.clone(),
        scales: morphisms.iter().map(scales).collect(),
        part: Part::Validation,
        estimators: vec![estimator],
    };
    let gains = block_on(engine.estimate(&request, &Unwatched)).unwrap();
    for (morphism, gains) in morphisms.iter_mut().zip(gains) {
        let best = (0..gains.len()).max_by(|a, b| gains[*a][0].total_cmp(&gains[*b][0])).unwrap();
        morphism.scale = scales(morphism)[best];
    }
    morphisms
}

/// Estimated gains by each estimator, and actual gains, of one family on the held-out part.
fn compare(engine: &mut CandleEngine, morphisms: &[Morphism], family: Family) -> (Vec<Vec<f64>>, Vec<f64>) {
    let request = EstimateRequest {
        seed: SEED,
        round: 1,
        morphisms,
        scales: morphisms.iter().map(|morphism| vec![morphism.scale]).collect(),
        part: Part::HeldOut,
        estimators: Estimator::ALL.to_vec(),
    };
    let gains = block_on(engine.estimate(&request, &Unwatched)).unwrap();
    let actual = block_on(engine.measure(morphisms, Part::HeldOut, &Unwatched)).unwrap();
    let ours: Vec<usize> =
        (0..morphisms.len()).filter(|index| morphisms[*index].candidate.family == family).collect();
    let of = |estimator: usize| ours.iter().map(|index| gains[*index][0][estimator]).collect();
    ((0..Estimator::ALL.len()).map(of).collect(), ours.iter().map(|index| actual[*index]).collect())
}

fn error(estimated: &[f64], actual: &[f64]) -> f64 {
    let squares = estimated.iter().zip(actual).map(|(e, a)| (e - a).powi(2)).sum::<f64>();
    (squares / actual.len() as f64).sqrt()
}

#[test]
fn gauss_newton_promises_are_kept_and_cruder_ones_less_so() {
    let config = DataConfig { train: Some(800), held_out: Some(500), ..Default::default() };
    let data = Arc::new(load(&config, SEED).unwrap());
    let network = Network::initialise(preset("8-8-M-16-16-M-16", 10).unwrap(), SEED).unwrap();
    let mut engine = CandleEngine::new();
    block_on(engine.set_data(data.clone())).unwrap();
    block_on(engine.load(&Model::new(network))).unwrap();
    let steps = 20 * steps_per_epoch(data.train.len(), 64);
    let request = TrainRequest {
        seed: SEED,
        phase: 0,
        steps: 0..steps,
        phase_steps: steps,
        batch: 64,
        optimizer: OptimizerConfig::default(),
        augment: true,
    };
    block_on(engine.train(&request, &Unwatched)).unwrap();

    let index = |estimator: Estimator| Estimator::ALL.iter().position(|other| *other == estimator).unwrap();
    for learner in [Estimator::Sampled, Estimator::GaussNewton] {
        let morphisms = learned(&mut engine, learner);
        let (estimated, actual) = compare(&mut engine, &morphisms, Family::Split);
        let agreement = Agreement::of(&estimated[index(learner)], &actual);
        assert!(agreement.pearson.unwrap() >= 0.98, "splits by {learner}: {agreement:?}");
        assert!((0.9..=1.1).contains(&agreement.slope.unwrap()), "splits by {learner}: {agreement:?}");
        let ours = error(&estimated[index(learner)], &actual);
        for cruder in [Estimator::FirstOrder, Estimator::Rank1] {
            let theirs = error(&estimated[index(cruder)], &actual);
            assert!(theirs > 2.0 * ours, "splits by {learner}: {cruder} errs by {theirs}, not {ours}");
        }

        let (estimated, actual) = compare(&mut engine, &morphisms, Family::Prune);
        let agreement = Agreement::of(&estimated[index(Estimator::GaussNewton)], &actual);
        assert!(agreement.pearson.unwrap() >= 0.90, "prunes: {agreement:?}");
        assert!(agreement.spearman.unwrap() >= 0.95, "prunes: {agreement:?}");
        for cruder in [Estimator::FirstOrder, Estimator::Rank1] {
            let theirs = Agreement::of(&estimated[index(cruder)], &actual);
            let worse = theirs.spearman.unwrap() < agreement.spearman.unwrap();
            assert!(worse, "prunes: {cruder} {theirs:?} against {agreement:?}");
        }
    }
}
