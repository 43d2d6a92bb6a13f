use std::cell::RefCell;

use candle_core::Tensor;
use pollster::block_on;

use super::*;
use crate::data::{Class, DataConfig, Normalization, load};
use crate::engine::candle::CandleEngine;
use crate::engine::{EngineError, Learner, Phase, TrainRequest};
use crate::estimate::ByEstimator;
use crate::lab::events::Unobserved;
use crate::lab::fake::FakeEngine;
use crate::lab::{CandidateRecord, Output, Session, config, promise};
use crate::morphism::{self, Family, Morphism};
use crate::network::{Architecture, Diagram, Network, preset};
use crate::random::trace;
use crate::search::{Budget, Strategy};

mod choosing;
mod commands;
mod faults;
mod searching;
mod training;

use training::careful;

#[derive(Default)]
struct Log(RefCell<Vec<Event>>);

impl Observer for Log {
    fn event(&self, event: Event) {
        self.0.borrow_mut().push(event);
    }
}

impl Log {
    fn stages_done(&self) -> Vec<Stage> {
        let done = |event: &Event| match event {
            Event::StageDone { stage, .. } => Some(*stage),
            _ => None,
        };
        self.0.borrow().iter().filter_map(done).collect()
    }
}

fn settings() -> Config {
    let mut config = Config {
        preset: "4-M-6".into(),
        rounds: 1,
        families: vec![Family::Split, Family::Prune],
        data: DataConfig {
            train: Some(40),
            validation: Some(20),
            held_out: Some(20),
            classes: Some(Class::numbers(&[0, 1])),
            ..DataConfig::default()
        },
        budget: Budget { max_candidates: 3, ..Budget::default() },
        strategy: Strategy::Worth { lambda_parameters: 0.0, lambda_flops: 0.0 },
        confirm: false,
        ..Config::default()
    };
    config.training.epochs = 6;
    config.training.batch = 16;
    config
}

fn lab(config: &Config) -> Lab {
    Lab::new(config.clone(), Arc::new(load(&config.data, config.seed).unwrap())).unwrap()
}

fn step(lab: &mut Lab, engine: &mut FakeEngine) -> Result<(), LabError> {
    block_on(lab.execute(engine, Command::Step, &Unobserved))
}

fn command(lab: &mut Lab, command: Command) -> Result<(), LabError> {
    block_on(lab.execute(&mut FakeEngine::default(), command, &Unobserved))
}

fn run(lab: &mut Lab, engine: &mut FakeEngine, log: &Log) {
    while !lab.is_done() {
        block_on(lab.execute(engine, Command::Step, log)).unwrap();
    }
}

fn until(lab: &mut Lab, engine: &mut FakeEngine, stage: Stage) {
    while lab.state().stage != stage {
        step(lab, engine).unwrap();
    }
}

/// Every number of a state that must not depend on how it was reached.
fn numbers(state: &State) -> (Vec<(String, Vec<f32>)>, Vec<Round>) {
    let tensors = state.model.network.tensors.iter();
    let values =
        tensors.map(|(name, t)| (name.clone(), t.flatten_all().unwrap().to_vec1().unwrap())).collect();
    let untimed = |round: &Arc<Round>| {
        let mut round = Round::clone(round);
        for step in [
            &mut round.steps.train,
            &mut round.steps.learn,
            &mut round.steps.estimate,
            &mut round.steps.measure,
            &mut round.steps.grow,
            &mut round.steps.propose,
            &mut round.steps.choose,
        ] {
            step.seconds = 0.0;
        }
        round
    };
    (values, state.rounds.iter().map(untimed).collect())
}

#[test]
fn a_network_that_lost_a_layer_learns_from_its_parent() {
    for (family, steps, calls) in
        [(Family::RemoveLayer, 5, 1), (Family::RemoveLayer, 0, 0), (Family::Split, 5, 0)]
    {
        let mut config = settings();
        config.preset = "4-4-4-M-6".into();
        config.families = vec![Family::Split, Family::RemoveLayer];
        config.training.distil_steps = steps;
        let (mut lab, mut engine) = (lab(&config), FakeEngine::default());
        until(&mut lab, &mut engine, Stage::Grow);
        let candidates = &lab.state().record(1).unwrap().candidates;
        let fits = |record: &&CandidateRecord| record.family == family && record.scale > Some(0.0);
        let id = candidates.iter().find(fits).unwrap().id();
        command(&mut lab, Command::Choose(vec![id])).unwrap();
        let parent = lab.state().model.network.architecture.nodes.len();
        step(&mut lab, &mut engine).unwrap();
        let said = format!("distil 0..{steps} from {parent} nodes");
        assert_eq!(engine.calls.borrow().iter().filter(|call| **call == said).count(), calls, "{family}");
        let round = lab.state().record(1).unwrap();
        assert_eq!(round.distilled.len(), calls * steps as usize);
        assert_eq!(round.steps.grow.method_flops() > 0, calls == 1, "imitating is paid for");
        assert_eq!(round.steps.grow.instrument_flops, lab.scoring(lab.state()).unwrap().instrument);
    }
}

#[test]
fn stages_come_in_order_and_a_last_training_ends_it() {
    use Stage::*;
    let log = Log::default();
    let mut lab = lab(&settings());
    run(&mut lab, &mut FakeEngine::default(), &log);
    assert_eq!(log.stages_done(), [Seed, Train, Propose, Learn, Estimate, Measure, Choose, Grow, Train]);
    let state = lab.state();
    assert_eq!((state.rounds.len(), state.last(1)), (2, state.rounds[1].before));
    let round = state.record(1).unwrap();
    assert!(round.before.is_some() && round.after.is_some());
    assert_eq!(round.losses.len() as u64, lab.phase_steps());
    assert_eq!(round.chosen().len(), 3);
    for record in &round.candidates {
        let estimated = record.estimate_by(round.estimator).unwrap();
        if record.scale == Some(0.0) {
            assert_eq!((&record.estimates, record.actual), (&Some(ByEstimator::all(0.0)), Some(0.0)));
            assert!(!record.chosen);
        } else {
            assert!(estimated != 0.0 && record.actual.unwrap() != 0.0);
        }
        assert!(record.family == Family::Split || record.scale == Some(1.0));
    }
    let agreement = round.agreement();
    assert_eq!(agreement.keys().copied().collect::<Vec<_>>(), ["prune", "split"]);
    assert!(agreement["split"].unwrap().pearson.unwrap() > 0.999);
    assert!(round.steps.train.flops > 0 && round.steps.measure.flops > 0 && round.steps.grow.flops > 0);
}

#[test]
fn measuring_the_chosen_comes_after_choosing_and_none_is_nothing() {
    use Stage::{Choose, Estimate, Grow, Learn, Measure, Propose, Seed, Train};
    let log = Log::default();
    let mut chosen = lab(&Config { measure: config::Measure::Chosen, ..settings() });
    let mut engine = FakeEngine::default();
    run(&mut chosen, &mut engine, &log);
    assert_eq!(log.stages_done(), [Seed, Train, Propose, Learn, Estimate, Choose, Measure, Grow, Train]);
    let round = chosen.state().record(1).unwrap();
    assert!(round.candidates.iter().all(|record| record.chosen == record.actual.is_some()));
    assert!(round.agreement().values().all(Option::is_none));
    assert!(engine.calls.borrow().contains(&"measure HeldOut 3".to_owned()));

    let mut none = lab(&Config { measure: config::Measure::None, ..settings() });
    let mut engine = FakeEngine::default();
    run(&mut none, &mut engine, &Log::default());
    assert!(none.state().record(1).unwrap().candidates.iter().all(|record| record.actual.is_none()));
    assert!(!engine.calls.borrow().iter().any(|call| call.starts_with("measure")));
}

#[test]
fn a_phase_is_trained_in_stretches_that_cover_it_once() {
    let mut lab = lab(&settings());
    let mut engine = FakeEngine::default();
    until(&mut lab, &mut engine, Stage::Propose);
    let calls = engine.calls.borrow();
    let ranges: Vec<&str> = calls.iter().filter_map(|call| call.strip_prefix("train 1 ")).collect();
    assert_eq!(ranges[0], "0..8 of 12");
    assert!(ranges.len() > 1 && ranges[ranges.len() - 1].ends_with("..12 of 12"), "{ranges:?}");
}

#[test]
fn every_random_stream_of_a_run_has_one_use() {
    struct Stages;
    impl Observer for Stages {
        fn event(&self, event: Event) {
            if let Event::StageStarted { stage, round } = event {
                trace::enter(format!("{stage} {round}"));
            }
        }
    }
    let mut config = Config { preset: "4-4-4-4-M-6".into(), seed: trace::SEED, rounds: 2, ..settings() };
    config.families = vec![Family::Split, Family::Prune, Family::RemoveLayer];
    config.training.epochs = 2;
    config.training.distil_steps = 3;
    config.learning.steps = 3;
    trace::enter("start".into());
    let mut lab = lab(&config);
    let mut engine = CandleEngine::new();
    for layer in ["conv2", "conv3"] {
        while lab.state().stage != Stage::Grow {
            block_on(lab.execute(&mut engine, Command::Step, &Stages)).unwrap();
        }
        // A network that lost a layer is distilled.
        command(&mut lab, Command::Choose(vec![format!("remove-layer:{layer}")])).unwrap();
        block_on(lab.execute(&mut engine, Command::Step, &Stages)).unwrap();
    }
    while !lab.is_done() {
        block_on(lab.execute(&mut engine, Command::Step, &Stages)).unwrap();
    }
    let streams = trace::users();
    for ((purpose, index), users) in &streams {
        assert!(users.len() == 1, "{purpose}, number {index} is used for {users:#?}");
    }
    for stage in ["start", "train 1", "train 3", "learn 2", "estimate 1", "grow 1", "grow 2"] {
        let seen = streams.values().flatten().any(|user| user.starts_with(stage));
        assert!(seen, "no stream of {stage}");
    }
}

#[test]
fn a_given_network_is_the_seed_whatever_the_settings_name() {
    let config = Config { layers: Some(vec!["conv3".into()]), ..settings() };
    let data = Arc::new(load(&config.data, config.seed).unwrap());
    let given = |classes| Network::initialise(preset("3-M-4-5", classes).unwrap(), 11).unwrap();
    let used_to = Normalization { mean: [0.5; 3], std: [0.25; 3] };
    let lab = Lab::from_seed(config.clone(), data.clone(), (given(2), Some(used_to.clone()))).unwrap();
    let weights =
        |network: &Network| network.tensor("conv3.weight").unwrap().flatten_all().unwrap().to_vec1::<f32>();
    assert_eq!(weights(&lab.state().model.network).unwrap(), weights(&given(2)).unwrap());
    assert_eq!((&lab.data().normalization, &lab.state().normalization), (&used_to, &Some(used_to.clone())));
    let refused = |config: Config, classes| {
        Lab::from_seed(config, data.clone(), (given(classes), None)).err().unwrap().to_string()
    };
    assert_eq!(refused(config, 3), "seed network: found 3 classes, expected 2, those of the images");
    let elsewhere = Config { layers: Some(vec!["conv4".into()]), ..settings() };
    let message = refused(elsewhere, 2);
    assert!(message.contains("\"layers\"") && message.contains("conv4"), "{message}");
}
