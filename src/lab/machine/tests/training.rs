//! Averages, the rate of new weights, and what becomes of the optimiser's memory, from phase to phase.

use super::*;
use crate::engine::Unwatched;
use crate::morphism::Memory;
use crate::network::OptimizerState;

/// Settings that keep something of a training phase besides the optimiser's memory.
pub fn careful() -> Config {
    let mut config = settings();
    config.training.average = 0.6;
    (config.growth.new_rate, config.growth.memory) = (3.0, Memory::Rescaled);
    config
}

fn slot<'a>(lab: &'a Lab, slot: &str) -> Option<&'a Tensors> {
    lab.state().model.optimizer.slots.get(slot)
}

/// The numbers of the momentum; none where nothing is remembered.
fn momentum(lab: &Lab) -> Vec<Vec<f32>> {
    let tensors = slot(lab, OptimizerState::MOMENTUM).into_iter().flat_map(Tensors::values);
    tensors.map(|tensor| tensor.flatten_all().unwrap().to_vec1().unwrap()).collect()
}

#[test]
fn a_phase_ends_with_its_average_and_the_next_goes_on_from_it() {
    let mut config = settings();
    config.training.average = 0.6;
    let (mut averaged, mut engine) = (lab(&config), FakeEngine::default());
    let start = averaged.state().model.clone();
    step(&mut averaged, &mut engine).unwrap();
    step(&mut averaged, &mut engine).unwrap();
    assert!(averaged.state().step > 0 && slot(&averaged, OptimizerState::AVERAGE).is_some());
    until(&mut averaged, &mut engine, Stage::Propose);
    assert!(slot(&averaged, OptimizerState::AVERAGE).is_none());
    let mut plain = lab(&settings());
    until(&mut plain, &mut FakeEngine::default(), Stage::Propose);
    assert_ne!(numbers(averaged.state()).0, numbers(plain.state()).0);
    assert_eq!(momentum(&averaged), momentum(&plain), "steps are the same");
    assert_eq!(averaged.state().rounds[0].losses, plain.state().rounds[0].losses);

    // By hand: the phase in one go, then its score.
    let mut by_hand = FakeEngine::default();
    block_on(by_hand.load(&start)).unwrap();
    let steps = averaged.phase_steps();
    let request = TrainRequest {
        average: 0.6,
        optimizer: config.training.optimizer.clone(),
        ..TrainRequest::whole(config.seed, Phase::Train(1), steps, 16)
    };
    block_on(by_hand.train(&request, &Unwatched)).unwrap();
    let expected = State { model: Arc::new(block_on(by_hand.read_back()).unwrap()), ..plain.state().clone() };
    assert_eq!(numbers(averaged.state()).0, numbers(&expected).0);
    let score = block_on(by_hand.evaluate(Part::HeldOut, &Unwatched)).unwrap();
    assert_eq!(averaged.state().rounds[0].before.unwrap().held_out, score);
    run(&mut averaged, &mut engine, &Log::default());
}

#[test]
fn what_is_new_is_marked_for_the_phase_after_growth_only() {
    for new_rate in [1.0, 3.0] {
        let mut config = settings();
        config.families = vec![Family::Split];
        config.growth.new_rate = new_rate;
        let (mut lab, mut engine) = (lab(&config), FakeEngine::default());
        until(&mut lab, &mut engine, Stage::Grow);
        let parameters = |lab: &Lab| lab.state().model.network.architecture.cost().unwrap().parameters;
        let before = parameters(&lab);
        step(&mut lab, &mut engine).unwrap();
        let marks = slot(&lab, OptimizerState::INHERITED);
        assert_eq!(marks.is_some(), new_rate != 1.0, "like others, nothing is to be told apart");
        if let Some(marks) = marks {
            let inherited =
                marks.values().map(|tensor| tensor.sum_all().unwrap().to_scalar::<f32>().unwrap());
            assert_eq!(inherited.sum::<f32>(), before as f32);
            assert!(parameters(&lab) > before);
        }
        step(&mut lab, &mut engine).unwrap();
        assert_eq!(slot(&lab, OptimizerState::INHERITED).is_some(), new_rate != 1.0, "within the phase");
        run(&mut lab, &mut engine, &Log::default());
        assert!(slot(&lab, OptimizerState::INHERITED).is_none());
    }
}

#[test]
fn memory_becomes_what_the_settings_say() {
    let grown = |memory| {
        let mut config = settings();
        config.families = vec![Family::Split];
        config.growth.memory = memory;
        let (mut lab, mut engine) = (lab(&config), FakeEngine::default());
        until(&mut lab, &mut engine, Stage::Grow);
        step(&mut lab, &mut engine).unwrap();
        let state = lab.state();
        (numbers(state).0, state.model.optimizer.steps, momentum(&lab))
    };
    let (inherited, reset, rescaled) =
        (grown(Memory::Inherited), grown(Memory::Reset), grown(Memory::Rescaled));
    assert!(inherited.0 == reset.0 && reset.0 == rescaled.0, "the network is the same");
    assert!(inherited.1 > 0 && rescaled.1 == inherited.1 && reset.1 == 0);
    assert!(inherited.2 != rescaled.2 && reset.2.is_empty());
}

/// Where nothing is chosen, nothing is forgotten.
#[test]
fn a_round_without_growth_keeps_its_memory() {
    let mut config = settings();
    (config.growth.memory, config.growth.new_rate) = (Memory::Reset, 2.0);
    config.budget.max_candidates = 0;
    let (mut lab, mut engine) = (lab(&config), FakeEngine::default());
    until(&mut lab, &mut engine, Stage::Grow);
    let steps = lab.state().model.optimizer.steps;
    step(&mut lab, &mut engine).unwrap();
    let optimizer = &lab.state().model.optimizer;
    assert_eq!((optimizer.steps, optimizer.slots.len()), (steps, 1));
}
