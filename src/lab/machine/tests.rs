use std::cell::RefCell;

use candle_core::Tensor;
use pollster::block_on;

use super::super::events::Unobserved;
use super::super::fake::FakeEngine;
use super::super::{CandidateRecord, Output, Session, config, promise};
use super::*;
use crate::data::{Class, DataConfig, load};
use crate::engine::EngineError;
use crate::engine::candle::CandleEngine;
use crate::estimate::ByEstimator;
use crate::morphism::{self, Family, Morphism};
use crate::random::trace;
use crate::search::{Budget, Strategy};

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
fn undo_and_redo_lead_to_the_same_end() {
    let mut straight = lab(&settings());
    run(&mut straight, &mut FakeEngine::default(), &Log::default());

    let mut winding = lab(&settings());
    let mut engine = FakeEngine::default();
    assert!(command(&mut winding, Command::Undo).unwrap_err().to_string().contains("beginning"));
    step(&mut winding, &mut engine).unwrap();
    step(&mut winding, &mut engine).unwrap();
    assert_eq!(winding.state().step, 8);
    command(&mut winding, Command::Undo).unwrap();
    assert_eq!((winding.state().stage, winding.state().step), (Stage::Train, 0));
    until(&mut winding, &mut engine, Stage::Grow);
    let before_growth = numbers(winding.state());
    step(&mut winding, &mut engine).unwrap();
    step(&mut winding, &mut engine).unwrap();
    command(&mut winding, Command::Undo).unwrap();
    command(&mut winding, Command::Undo).unwrap();
    assert_eq!(numbers(winding.state()), before_growth);
    command(&mut winding, Command::Redo).unwrap();
    assert_eq!(winding.state().round, 2);
    command(&mut winding, Command::GoTo(1)).unwrap();
    assert_eq!(winding.state().stage, Stage::Train);
    assert!(command(&mut winding, Command::GoTo(99)).unwrap_err().to_string().contains("found position 99"));
    run(&mut winding, &mut engine, &Log::default());
    assert_eq!(numbers(winding.state()), numbers(straight.state()));
    assert!(command(&mut winding, Command::Redo).is_err());
}

#[test]
fn a_choice_can_be_edited_before_growth_only_and_must_be_possible() {
    let mut lab = lab(&Config { measure: config::Measure::Chosen, ..settings() });
    let mut engine = FakeEngine::default();
    let choose = |ids: &[&str]| Command::Choose(ids.iter().map(|id| (*id).to_owned()).collect());
    assert!(command(&mut lab, choose(&[])).unwrap_err().to_string().contains("found the stage seed"));
    until(&mut lab, &mut engine, Stage::Grow);
    let alive: Vec<String> = {
        let round = lab.state().record(1).unwrap();
        round.candidates.iter().filter(|record| record.scale > Some(0.0)).map(|record| record.id()).collect()
    };
    assert!(command(&mut lab, choose(&["split:conv9:0"])).unwrap_err().to_string().contains("conv9"));
    let prunes: Vec<&str> =
        alive.iter().map(String::as_str).filter(|id| id.starts_with("prune:conv1")).collect();
    assert_eq!(prunes.len(), 4);
    assert!(command(&mut lab, choose(&prunes)).unwrap_err().to_string().contains("last channel"));
    command(&mut lab, choose(&prunes[..1])).unwrap();
    assert_eq!(lab.state().stage, Stage::Measure);
    step(&mut lab, &mut engine).unwrap();
    let round = lab.state().record(1).unwrap();
    assert_eq!(round.chosen(), prunes[..1]);
    assert_eq!(round.candidates.iter().filter(|record| record.actual.is_some()).count(), 1);
    step(&mut lab, &mut engine).unwrap();
    assert!(command(&mut lab, choose(&[])).is_err());
}

#[test]
fn divergence_keeps_the_last_good_state() {
    let mut lab = lab(&settings());
    let mut engine = FakeEngine::default();
    engine.diverge_at = Some(9);
    step(&mut lab, &mut engine).unwrap();
    step(&mut lab, &mut engine).unwrap();
    let good = numbers(lab.state());
    let error = step(&mut lab, &mut engine).unwrap_err();
    assert!(matches!(error, LabError::Engine(EngineError::Diverged { step: 9, .. })), "{error}");
    assert!(error.to_string().contains("smaller learning rate"), "{error}");
    assert_eq!((lab.state().step, numbers(lab.state())), (8, good));
    engine.diverge_at = None;
    run(&mut lab, &mut engine, &Log::default());
}

#[test]
fn cancelling_aborts_a_stretch_and_keeps_the_state() {
    struct Impatient;
    impl Observer for Impatient {
        fn event(&self, _event: Event) {}

        fn cancelled(&self) -> bool {
            true
        }
    }
    let mut lab = lab(&settings());
    let mut engine = FakeEngine::default();
    step(&mut lab, &mut engine).unwrap();
    let error = block_on(lab.execute(&mut engine, Command::Step, &Impatient)).unwrap_err();
    assert!(matches!(error, LabError::Engine(EngineError::Cancelled)));
    assert_eq!((lab.state().stage, lab.state().step), (Stage::Train, 0));
    // Scoring is given up as well.
    until(&mut lab, &mut engine, Stage::Grow);
    let before = numbers(lab.state());
    let error = block_on(lab.execute(&mut engine, Command::Step, &Impatient)).unwrap_err();
    assert!(matches!(error, LabError::Engine(EngineError::Cancelled)));
    assert_eq!((lab.state().stage, numbers(lab.state())), (Stage::Grow, before));
    run(&mut lab, &mut engine, &Log::default());
}

#[test]
fn a_fault_in_a_stage_is_an_error_that_leaves_the_state_before_it() {
    let mut straight = lab(&settings());
    run(&mut straight, &mut FakeEngine::default(), &Log::default());
    let mut lab = lab(&settings());
    let mut engine = FakeEngine::panicking();
    until(&mut lab, &mut engine, Stage::Learn);
    let error = step(&mut lab, &mut engine).unwrap_err().to_string();
    assert!(error.starts_with("Stage learn failed by a fault") && error.contains("told to panic"), "{error}");
    assert_eq!(lab.state().stage, Stage::Learn);
    run(&mut lab, &mut engine, &Log::default());
    assert_eq!(numbers(lab.state()), numbers(straight.state()));
}

#[test]
fn a_session_saved_anywhere_goes_on_to_the_same_files() {
    let read = |folder: &std::path::Path| {
        let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| !path.ends_with("session.safetensors") && !path.ends_with("run.json"))
            .map(|path| (path.file_name().unwrap().to_string_lossy().into(), std::fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    };
    let straight = tempfile::tempdir().unwrap();
    let mut engine = FakeEngine::default();
    let mut whole = lab(&settings());
    let output = Output::create(straight.path(), engine.info()).unwrap();
    output.begin(&whole).unwrap();
    let drive = |lab: &mut Lab, output: &Output, engine: &mut FakeEngine| {
        let log = Log::default();
        block_on(lab.execute(engine, Command::Step, &log)).unwrap();
        for event in log.0.into_inner() {
            if let Event::StageDone { stage, round, .. } = event {
                output.stage_done(lab, stage, round).unwrap();
            }
        }
        output.session(lab).unwrap();
    };
    while !whole.is_done() {
        drive(&mut whole, &output, &mut engine);
    }
    // Here every single step starts from the file, with a new engine.
    let broken = tempfile::tempdir().unwrap();
    let fresh = lab(&settings());
    let output = Output::create(broken.path(), engine.info()).unwrap();
    output.begin(&fresh).unwrap();
    loop {
        let session = Session::load(broken.path()).unwrap();
        let data = Arc::new(load(&session.config.data, session.config.seed).unwrap());
        let mut again = Lab::at(session.config, data, session.state);
        if again.is_done() {
            assert_eq!(numbers(again.state()), numbers(whole.state()));
            break;
        }
        drive(&mut again, &output, &mut FakeEngine::default());
    }
    assert_eq!(read(broken.path()), read(straight.path()));
    let error = Output::create(broken.path(), engine.info()).unwrap_err().to_string();
    assert!(error.contains("--resume"), "{error}");
}

#[test]
fn extending_a_finished_run_equals_a_longer_one() {
    let mut longer = lab(&Config { rounds: 2, ..settings() });
    run(&mut longer, &mut FakeEngine::default(), &Log::default());
    let mut extended = lab(&settings());
    let mut engine = FakeEngine::default();
    run(&mut extended, &mut engine, &Log::default());
    assert!(command(&mut extended, Command::Extend(0)).unwrap_err().to_string().contains("at least 1"));
    command(&mut extended, Command::Extend(2)).unwrap();
    assert!(!extended.is_done());
    run(&mut extended, &mut engine, &Log::default());
    assert_eq!(numbers(extended.state()), numbers(longer.state()));
}

fn jointly() -> Config {
    let strategy = Strategy::Joint { lambda_parameters: 0.0, lambda_flops: 0.0 };
    Config { strategy, ..settings() }
}

/// A lab at Choose whose engine will say these validation losses: before, then of each trial.
fn choosing(config: &Config, losses: &[f64]) -> (Lab, FakeEngine) {
    let (mut lab, mut engine) = (lab(config), FakeEngine::default());
    until(&mut lab, &mut engine, Stage::Choose);
    engine.validation_losses = losses.iter().copied().collect();
    (lab, engine)
}

#[test]
fn the_joint_choice_goes_as_far_as_the_loss_really_falls() {
    // At 1 the grown network is worse, at .7 better, at .5 better still, then less so: no more is tried.
    let (mut lab, mut engine) = choosing(&jointly(), &[1.0, 1.5, 0.9, 0.8, 0.85, 0.1]);
    let model = lab.state().model.clone();
    step(&mut lab, &mut engine).unwrap();
    assert_eq!(engine.validation_losses, [0.1]);
    let loaded = block_on(engine.read_back()).unwrap();
    assert_eq!(loaded.network.architecture, model.network.architecture);
    let round = lab.state().record(1).unwrap();
    let joint = round.joint.unwrap();
    assert_eq!((joint.factor, round.chosen().len()), (Some(0.5), 3));
    assert!((joint.came.unwrap() - 0.2).abs() < 1e-12 && joint.promised > 0.0, "{joint:?}");
    let single = round.candidates.iter().filter(|candidate| candidate.chosen);
    let single: f64 = single.filter_map(|candidate| candidate.validation).sum();
    assert_eq!(joint.sum_of_single, single);
    for candidate in round.candidates.iter().filter(|candidate| candidate.chosen) {
        let expected = if candidate.family == Family::Prune { 1.0 } else { 0.5 };
        assert!(candidate.share.unwrap() <= expected && candidate.share.unwrap() > 0.0);
    }
}

#[test]
fn where_no_length_helps_nothing_grows() {
    let (mut lab, mut engine) = choosing(&jointly(), &[1.0; 20]);
    let model = lab.state().model.clone();
    step(&mut lab, &mut engine).unwrap();
    let round = lab.state().record(1).unwrap();
    assert_eq!((round.chosen().len(), round.joint.unwrap().factor), (0, Some(0.0)));
    step(&mut lab, &mut engine).unwrap();
    assert_eq!(lab.state().model.network.architecture, model.network.architecture);
}

#[test]
fn shares_are_made() {
    let (mut lab, mut engine) = choosing(&jointly(), &[1.0, 0.5]);
    engine.validation_losses.extend([0.4, 0.6]);
    step(&mut lab, &mut engine).unwrap();
    let state = lab.state().clone();
    let made: Vec<Morphism> = state
        .record(1)
        .unwrap()
        .candidates
        .iter()
        .zip(state.morphisms.iter())
        .filter(|(record, _)| record.chosen)
        .map(|(record, morphism)| {
            let scale = (f64::from(morphism.scale) * record.share.unwrap()) as f32;
            Morphism { scale, ..morphism.clone() }
        })
        .collect();
    let expected = morphism::apply(&state.model, &made).unwrap();
    step(&mut lab, &mut engine).unwrap();
    let found = &lab.state().model.network;
    for (name, tensor) in &expected.network.tensors {
        let numbers = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert_eq!(numbers(tensor), numbers(&found.tensors[name]), "{name}");
    }
}

#[test]
fn ticking_asks_the_same_problem_and_what_came_is_asked_when_it_is_made() {
    let (mut lab, mut engine) = choosing(&jointly(), &[1.0, 0.5, 0.6]);
    step(&mut lab, &mut engine).unwrap();
    let chosen = lab.state().record(1).unwrap().chosen();
    let promised = promise(lab.state(), &chosen[..1]).unwrap().unwrap();
    assert_eq!(promised.made().len(), 1);
    command(&mut lab, Command::Choose(chosen[..1].to_vec())).unwrap();
    let joint = lab.state().record(1).unwrap().joint.unwrap();
    assert_eq!((joint.promised, joint.came, joint.factor), (promised.promised, None, None));
    let before = std::f64::consts::LN_2;
    engine.validation_losses = [before - 0.25].into();
    step(&mut lab, &mut engine).unwrap();
    let joint = lab.state().record(1).unwrap().joint.unwrap();
    assert!((joint.came.unwrap() - 0.25).abs() < 1e-9, "{joint:?}");
    assert!(joint.came_held_out.is_some() && lab.state().table.is_none());
}

#[test]
fn a_table_is_saved_with_its_session() {
    let (mut lab, mut engine) = choosing(&jointly(), &[1.0, 0.5, 0.6]);
    step(&mut lab, &mut engine).unwrap();
    let folder = tempfile::tempdir().unwrap();
    Output::create(folder.path(), engine.info()).unwrap().begin(&lab).unwrap();
    let session = Session::load(folder.path()).unwrap();
    assert_eq!(session.state.table, lab.state().table);
    assert!(session.state.table.is_some());
    assert_eq!(session.state.rounds, lab.state().rounds);
}

#[test]
fn a_choice_that_does_not_prove_itself_is_dropped() {
    let mut engine = FakeEngine::default();
    let mut trusting = lab(&settings());
    until(&mut trusting, &mut engine, Stage::Grow);
    let trusted = trusting.state().record(1).unwrap().chosen();

    // The second trial is worse than what the first left; the fourth would be the best but the budget is spent.
    let mut engine = FakeEngine::default();
    let mut lab = lab(&Config { confirm: true, ..settings() });
    until(&mut lab, &mut engine, Stage::Choose);
    engine.validation_losses = [1.0, 0.8, 0.9, 0.7, 0.6, 0.1].into();
    let model = lab.state().model.clone();
    step(&mut lab, &mut engine).unwrap();
    let chosen = lab.state().record(1).unwrap().chosen();
    assert_eq!(chosen.len(), 3);
    assert_eq!(engine.validation_losses, [0.1]);
    assert_eq!(trusted.iter().filter(|id| chosen.contains(id)).count(), 2, "{trusted:?} {chosen:?}");
    let loaded = block_on(engine.read_back()).unwrap();
    assert_eq!(loaded.network.architecture, model.network.architecture);
}

#[test]
fn if_nothing_proves_itself_the_network_stays() {
    let mut engine = FakeEngine::default();
    let mut lab = lab(&Config { confirm: true, ..settings() });
    until(&mut lab, &mut engine, Stage::Choose);
    engine.validation_losses = std::iter::repeat_n(1.0, 50).collect();
    let log = Log::default();
    block_on(lab.execute(&mut engine, Command::Step, &log)).unwrap();
    assert!(lab.state().record(1).unwrap().chosen().is_empty());
    let notices = log.0.borrow().iter().filter(|event| matches!(event, Event::Notice(_))).count();
    assert_eq!(notices, 2);
}

#[test]
fn a_damaged_session_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let error = Session::load(folder.path()).unwrap_err().to_string();
    assert!(error.contains("session.safetensors"), "{error}");
    Output::create(folder.path(), FakeEngine::default().info()).unwrap().begin(&lab(&settings())).unwrap();
    let path = folder.path().join("session.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
    let error = Session::load(folder.path()).unwrap_err().to_string();
    assert!(error.contains("session.safetensors") && error.contains("header"), "{error}");
}

#[test]
fn a_lost_device_is_opened_again_and_the_run_ends_as_if_nothing_happened() {
    let finish = |lose_at| {
        let (log, mut lab) = (Log::default(), lab(&settings()));
        let mut engine = FakeEngine::default();
        engine.lose_at = lose_at;
        run(&mut lab, &mut engine, &log);
        let notice = |event: &Event| match event {
            Event::Notice(text) => Some(text.clone()),
            _ => None,
        };
        let notices: Vec<String> = log.0.borrow().iter().filter_map(notice).collect();
        (numbers(lab.state()), notices, engine.calls.into_inner())
    };
    let (undisturbed, none, _) = finish(None);
    // Two losses at one step, of the second stretch: two restarts, each from the last step the lab knows.
    let (found, notices, calls) = finish(Some((9, 2)));
    assert_eq!(none, Vec::<String>::new());
    assert_eq!(found, undisturbed);
    assert_eq!(notices, ["The GPU was lost; started again from step 8"; 2]);
    let restarts = calls.iter().enumerate().filter(|(_, call)| *call == "restart");
    for (position, _) in restarts {
        assert_eq!(calls[position + 1..position + 3], ["set_data", "load"]);
        assert!(calls[position + 3].starts_with("train 1 8.."), "{}", calls[position + 3]);
    }
}

#[test]
fn a_device_lost_again_and_again_ends_the_run_with_a_clear_error() {
    let mut lab = lab(&settings());
    let mut engine = FakeEngine::default();
    engine.lose_at = Some((9, u32::MAX));
    until(&mut lab, &mut engine, Stage::Train);
    step(&mut lab, &mut engine).unwrap();
    let before = numbers(lab.state());
    let message = step(&mut lab, &mut engine).unwrap_err().to_string();
    assert!(message.contains("lost 3 times in a row") && message.contains("pulled out"), "{message}");
    assert!(message.contains("--engine candle"), "{message}");
    assert_eq!(numbers(lab.state()), before, "the last good state is kept");
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
