//! The main claim of the program, on a small case with real images: Gauss–Newton estimates agree with actual gains,
//! first-order and rank-1 estimates measurably less.

use std::sync::Arc;

use pollster::block_on;
use seedling::data::{DataConfig, load};
use seedling::engine::candle::CandleEngine;
use seedling::engine::{
    Engine, EstimateRequest, LearnRequest, Learner, OptimizerConfig, Part, Phase, TrainRequest, Unwatched,
    steps_per_epoch,
};
use seedling::estimate::{Agreement, Estimator, SCALES};
use seedling::morphism::{Family, Morphism, morph, propose};
use seedling::network::{Model, Network, preset};

const SEED: u64 = 7;

/// Morphisms of some families learned by `estimator` for the network in an engine, each at the scale that the
/// validation part prefers.
fn learned(
    engine: &mut CandleEngine,
    estimator: Estimator,
    families: &[Family],
    steps: u64,
) -> Vec<Morphism> {
    let model = block_on(engine.read_back()).unwrap();
    let architecture = &model.network.architecture;
    let request = LearnRequest {
        learner: Learner::default(),
        seed: SEED,
        round: 1,
        candidates: propose(architecture, families).unwrap(),
        estimator,
        together: false,
        steps,
        batch: 150,
        learning_rate: 0.005,
    };
    let mut morphisms = block_on(engine.learn(&request, &Unwatched)).unwrap().morphisms;
    let is_learned = |morphism: &Morphism| morph(morphism.candidate.family).is_learned();
    let scales = |morphism: &Morphism| if is_learned(morphism) { SCALES.to_vec() } else { vec![1.0] };
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

/// An engine with a network of `name`, trained on a few real images for so many epochs.
fn trained(name: &str, (train, held_out): (usize, usize), epochs: u64) -> CandleEngine {
    let config = DataConfig { train: Some(train), held_out: Some(held_out), ..Default::default() };
    let data = Arc::new(load(&config, SEED).unwrap());
    let network = Network::initialise(preset(name, 10).unwrap(), SEED).unwrap();
    let mut engine = CandleEngine::new();
    block_on(engine.set_data(data.clone())).unwrap();
    block_on(engine.load(&Model::new(network))).unwrap();
    let steps = epochs * steps_per_epoch(data.train.len(), 64);
    let request = TrainRequest {
        // Strong, so that single channels do not carry the network: what pruning those does is beyond any formula here.
        optimizer: OptimizerConfig { weight_decay: 5e-3, ..OptimizerConfig::default() },
        ..TrainRequest::whole(SEED, Phase::Train(0), steps, 64)
    };
    block_on(engine.train(&request, &Unwatched)).unwrap();
    engine
}

#[test]
fn gauss_newton_agrees_with_actual_gains_and_cruder_formulas_less() {
    let mut engine = trained("8-8-M-16-16-M-16", (800, 500), 20);
    let index = |estimator: Estimator| Estimator::ALL.iter().position(|other| *other == estimator).unwrap();
    for learner in [Estimator::Sampled, Estimator::GaussNewton] {
        let morphisms = learned(&mut engine, learner, &[Family::Split, Family::Prune], 30);
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

/// Agreement of Gauss–Newton estimates with actual gains, for each of `families` and for all together.
fn agreements(
    engine: &mut CandleEngine,
    morphisms: &[Morphism],
    families: &[Family],
) -> (Vec<Agreement>, Agreement) {
    let index = Estimator::ALL.iter().position(|other| *other == Estimator::GaussNewton).unwrap();
    let (mut all_estimated, mut all_actual) = (Vec::new(), Vec::new());
    let mut each = Vec::new();
    for family in families {
        let (estimated, actual) = compare(engine, morphisms, *family);
        each.push(Agreement::of(&estimated[index], &actual));
        println!("{family}: {:?}", each.last());
        all_estimated.extend(&estimated[index]);
        all_actual.extend(actual);
    }
    (each, Agreement::of(&all_estimated, &all_actual))
}

const WHOLE_LAYERS: [Family; 6] =
    [Family::Widen, Family::Deepen, Family::Residual, Family::Block, Family::Kernel, Family::Skip];

/// There is at most one candidate of such a family for a layer, so that all of these families are compared together.
#[test]
fn estimates_of_whole_layers_agree_with_actual_gains() {
    let mut engine = trained("8-8-M-16-16-M-16", (800, 500), 20);
    let morphisms = learned(&mut engine, Estimator::GaussNewton, &WHOLE_LAYERS, 30);
    let (_, agreement) = agreements(&mut engine, &morphisms, &WHOLE_LAYERS);
    assert_eq!(agreement.n, 5 * 5 + 1);
    assert!(agreement.pearson.unwrap() >= 0.95, "{agreement:?}");
    assert!((0.9..=1.1).contains(&agreement.slope.unwrap()), "{agreement:?}");
}

/// On residual streams and batch norm, each family by itself, where the formula is an equality: close to the network.
/// Along the whole of φ a family's few gains correlate as the training happens to end: the same network trained with sums
/// in another order gave .41 for `residual`, of which one candidate of seven bent away. docs/figures.md has whole changes,
/// of larger sets.
#[test]
fn estimates_of_whole_layers_agree_family_by_family_in_residual_networks() {
    let mut engine = trained("residual-seed", (800, 500), 20);
    let mut morphisms = learned(&mut engine, Estimator::GaussNewton, &WHOLE_LAYERS, 10);
    for morphism in &mut morphisms {
        morphism.scale = 0.01;
    }
    for (family, agreement) in WHOLE_LAYERS.iter().zip(agreements(&mut engine, &morphisms, &WHOLE_LAYERS).0) {
        assert!(agreement.n >= 5 && agreement.pearson.unwrap() >= 0.99, "{family}: {agreement:?}");
        assert!((0.9..=1.1).contains(&agreement.slope.unwrap()), "{family}: {agreement:?}");
    }
}
