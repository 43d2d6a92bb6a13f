//! Learning that is cancelled and goes on.

use super::*;

/// Learns, cancelled again and again: after so many questions whether to stop, as the list says in turn. What was learned,
/// and how often it was cancelled.
fn cancelled(engine: &mut dyn Engine, request: &LearnRequest, patience: &[u32]) -> (Vec<Morphism>, usize) {
    let (mut partly, mut times) = (None, 0);
    loop {
        let watch = Impatient(Cell::new(patience[times % patience.len()]));
        let before = partly.as_ref().map_or(0, |partly: &PartlyLearned| partly.steps);
        match block_on(engine.learn_from(&mut partly, request, &watch)) {
            Ok(learned) => {
                assert!(partly.is_none(), "nothing is left to do");
                return (learned.morphisms, times);
            }
            Err(EngineError::Cancelled) => times += 1,
            Err(error) => panic!("{error}"),
        }
        let steps = partly.as_ref().map_or(0, |partly| partly.steps);
        assert!(steps >= before, "{steps} steps after {before}");
        // As a session or a message would keep it.
        partly = partly.map(|partly| {
            PartlyLearned::from_tensors(partly.steps, &request.candidates, &partly.to_tensors())
        });
    }
}

fn phis(morphisms: &[Morphism]) -> Vec<Vec<(String, Vec<u32>)>> {
    let bits = |(name, numbers): (String, Vec<f32>)| (name, numbers.into_iter().map(f32::to_bits).collect());
    morphisms.iter().map(|morphism| numbers(&morphism.phi).into_iter().map(bits).collect()).collect()
}

#[test]
fn learning_that_is_cancelled_goes_on_to_the_same_bits() {
    let data = data();
    for mut engine in every_engine(&data) {
        let name = engine.info().name;
        for (network, architecture) in networks() {
            block_on(engine.load(&Model::new(random_network(architecture.clone(), 3)))).unwrap();
            for together in [false, true] {
                let request = LearnRequest {
                    learner: Learner::default(),
                    seed: 7,
                    round: 1,
                    candidates: common::candidates(&architecture, &Family::ALL),
                    estimator: Estimator::Sampled,
                    together,
                    steps: 23,
                    batch: 20,
                    learning_rate: 0.01,
                };
                let expected = block_on(engine.learn(&request, &Unwatched)).unwrap().morphisms;
                let (found, times) = cancelled(&mut *engine, &request, &[2, 3, 2, 40, 9, 300, 6]);
                assert!(times > 2, "{name} {network}: cancelled {times} times");
                assert_eq!(phis(&found), phis(&expected), "{name} {network} {together}");
            }
        }
    }
}

#[test]
fn every_learner_goes_on_or_begins_again_and_ends_the_same() {
    let data = data();
    let mut engine = candle(&data);
    let architecture = networks()[0].1.clone();
    block_on(engine.load(&Model::new(random_network(architecture.clone(), 3)))).unwrap();
    for learner in Learner::ALL {
        let families: Vec<Family> =
            Family::ALL.into_iter().filter(|family| learner.serves(*family)).collect();
        let request = LearnRequest {
            learner,
            seed: 7,
            round: 1,
            candidates: common::candidates(&architecture, &families),
            estimator: Estimator::Sampled,
            together: false,
            steps: 4,
            batch: 20,
            learning_rate: 0.01,
        };
        let expected = block_on(engine.learn(&request, &Unwatched)).unwrap();
        // The last is patient enough for those that begin again.
        let (found, times) = cancelled(&mut *engine, &request, &[2, 12, 30, 1000]);
        assert!(times > 0 || learner == Learner::Random, "{learner}");
        assert_eq!(phis(&found), phis(&expected.morphisms), "{learner}");
    }
}

#[test]
fn what_was_learned_for_another_request_is_refused_by_name() {
    let data = data();
    let architecture = networks()[0].1.clone();
    for mut engine in every_engine(&data) {
        block_on(engine.load(&Model::new(random_network(architecture.clone(), 3)))).unwrap();
        let request = LearnRequest {
            learner: Learner::default(),
            seed: 7,
            round: 1,
            candidates: common::candidates(&architecture, &[Family::Split, Family::Kernel]),
            estimator: Estimator::Sampled,
            together: false,
            steps: 60,
            batch: 20,
            learning_rate: 0.01,
        };
        let mut partly = None;
        let watch = Impatient(Cell::new(2));
        block_on(engine.learn_from(&mut partly, &request, &watch)).unwrap_err();
        let partly = partly.unwrap();
        let refused = |engine: &mut dyn Engine, partly: PartlyLearned, request: &LearnRequest| {
            block_on(engine.learn_from(&mut Some(partly), request, &Unwatched)).unwrap_err().to_string()
        };
        let farther = PartlyLearned { steps: 61, ..partly.clone() };
        let message = refused(&mut *engine, farther, &request);
        assert!(message.contains("learned before") && message.contains("at most 60"), "{message}");
        let other = LearnRequest { candidates: request.candidates[1..].to_vec(), ..request.clone() };
        let message = refused(&mut *engine, partly.clone(), &other);
        assert!(message.contains("other candidates"), "{message}");
        let mut without = partly;
        without.means[0].clear();
        let message = refused(&mut *engine, without, &request);
        assert!(message.contains("phi1") && message.contains("nothing"), "{message}");
    }
}
