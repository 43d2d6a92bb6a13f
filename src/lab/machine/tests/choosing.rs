//! Joint choices, and choices that must prove themselves.

use super::*;
use crate::engine::Unwatched;

fn jointly() -> Config {
    let strategy = Strategy::Joint { lambda_parameters: 0.0, lambda_flops: 0.0, beyond_training: false };
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
    let promised = promise(lab.config().seed, lab.state(), &chosen[..1]).unwrap().unwrap();
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
fn a_random_choice_pays_for_no_estimates_and_differs_from_round_to_round() {
    let mut config = settings();
    config.strategy = Strategy::Random;
    config.rounds = 2;
    config.instrument.estimates = false;
    config.learning.learner = crate::engine::Learner::Random;
    config.families = vec![Family::Split];
    let mut lab = lab(&config);
    run(&mut lab, &mut FakeEngine::default(), &Log::default());
    let mut channels = Vec::new();
    for round in 1..=2 {
        let record = lab.state().record(round).unwrap();
        assert_eq!(record.steps.estimate.method_flops() + record.steps.choose.method_flops(), 0);
        assert!(record.candidates.iter().all(|candidate| candidate.scale == Some(1.0)));
        let chosen: Vec<String> =
            record.candidates.iter().filter(|candidate| candidate.chosen).map(CandidateRecord::id).collect();
        assert_eq!(chosen.len(), config.budget.max_candidates);
        channels.push(chosen);
    }
    assert_ne!(channels[0], channels[1]);
}

#[test]
fn growth_is_made_as_its_settings_say() {
    let grown = |change: fn(&mut Config)| {
        let mut config = settings();
        config.families = vec![Family::Split];
        config.budget.max_candidates = 1;
        change(&mut config);
        let (mut lab, mut engine) = (lab(&config), FakeEngine::default());
        until(&mut lab, &mut engine, Stage::Grow);
        let candidate = |record: &&CandidateRecord| record.chosen;
        let chosen = lab.state().record(1).unwrap().candidates.iter().find(candidate).unwrap().candidate();
        let parent = lab.state().model.clone();
        step(&mut lab, &mut engine).unwrap();
        let reader = if chosen.layer() == "conv1" { "conv2.weight" } else { "head.weight" };
        let (channel, last) =
            (chosen.channel().unwrap(), parent.network.tensor(reader).unwrap().dim(1).unwrap());
        let grown = lab.state().model.clone();
        let read = |index: usize| -> Vec<f32> {
            let weights = grown.network.tensor(reader).unwrap();
            weights.narrow(1, index, 1).unwrap().flatten_all().unwrap().to_vec1().unwrap()
        };
        let layer: Vec<f32> = grown
            .network
            .tensor(&format!("{}.weight", chosen.layer()))
            .unwrap()
            .narrow(0, last, 1)
            .unwrap()
            .flatten_all()
            .unwrap()
            .to_vec1()
            .unwrap();
        (read(channel), read(last), layer)
    };
    let plain = grown(|_| {});
    assert_eq!(plain.0, plain.1, "both children are read alike");
    let tilted = grown(|config| config.growth.tilt = 1.0);
    assert_ne!(tilted.0, tilted.1);
    assert_eq!(tilted.2, plain.2, "what they compute is the same");
    let spread = grown(|config| config.growth.spread = 1.0);
    assert_eq!(spread.0, spread.1);
    assert_ne!(spread.2, plain.2);
    let noisy = grown(|config| config.growth.noise = true);
    assert_ne!(noisy.2, plain.2);
}

#[test]
fn widenings_are_as_wide_as_their_setting_says_and_as_their_session_remembers() {
    let mut config = settings();
    config.families = vec![Family::Widen];
    config.growth.width = 3;
    let mut lab = lab(&config);
    let mut engine = FakeEngine::default();
    until(&mut lab, &mut engine, Stage::Grow);
    let folder = tempfile::tempdir().unwrap();
    Output::create(folder.path(), engine.info()).unwrap().begin(&lab).unwrap();
    assert_eq!(Session::load(folder.path()).unwrap().state.rounds, lab.state().rounds);
    let record = lab.state().record(1).unwrap();
    let chosen = record.candidates.iter().filter(|candidate| candidate.chosen);
    let made: Vec<_> = chosen.map(CandidateRecord::candidate).collect();
    let before = lab.state().model.network.architecture.clone();
    step(&mut lab, &mut engine).unwrap();
    let after = &lab.state().model.network.architecture;
    assert_eq!(*after, morphism::rewrite_architecture(&before, &made).unwrap());
    let channels = |architecture: &Architecture| -> usize {
        Diagram::of(architecture).layers.iter().map(|layer| layer.channels).sum()
    };
    assert_eq!(channels(after), channels(&before) + 3 * made.len());
    assert!(!made.is_empty());
}

#[test]
fn a_schedule_over_the_run_goes_on_where_the_last_phase_ended() {
    let spans = |change: fn(&mut Config)| {
        let mut config = settings();
        config.rounds = 2;
        change(&mut config);
        let (mut lab, mut engine) = (lab(&config), FakeEngine::default());
        let mut spans = Vec::new();
        while !lab.is_done() {
            if lab.state().stage == Stage::Train && lab.state().step == 0 {
                spans.push(lab.schedule_span(lab.state(), lab.phase_steps()).unwrap());
            }
            step(&mut lab, &mut engine).unwrap();
        }
        spans
    };
    assert_eq!(spans(|_| {}), [(0.0, 1.0); 3]);
    let by_phase = spans(|config| config.training.schedule_over = config::Span::Run);
    assert_eq!(by_phase, [(0.0, 1.0 / 3.0), (1.0 / 3.0, 2.0 / 3.0), (2.0 / 3.0, 1.0)]);
    let by_cost = spans(|config| {
        config.training.schedule_over = config::Span::Run;
        config.training.total_flops = Some(20_000_000_000);
    });
    assert_eq!((by_cost[0].0, by_cost[2].1), (0.0, 1.0));
    assert!(by_cost[0].1 < by_cost[1].0, "what growing cost is over too: {by_cost:?}");
    assert!(by_cost[1].1 < by_cost[2].0 && by_cost[2].0 < 1.0, "{by_cost:?}");
}

#[test]
fn followed_changes_are_worth_what_their_twins_gain_and_the_run_goes_on_as_if_nobody_looked() {
    let mut config = settings();
    let mut unwatched = lab(&config);
    run(&mut unwatched, &mut FakeEngine::default(), &Log::default());
    (config.instrument.in_the_end, config.instrument.in_the_end_again) = (2, true);
    config.measure = config::Measure::None;
    let mut watched = lab(&config);
    let mut engine = FakeEngine::default();
    until(&mut watched, &mut engine, Stage::Grow);
    let (parent, morphisms) = (watched.state().model.clone(), watched.state().morphisms.clone());
    let steps = watched.phase_steps();
    step(&mut watched, &mut engine).unwrap();
    let record = watched.state().record(1).unwrap().clone();
    let twins = record.in_the_end.unwrap();
    // By hand: the next phase of the parent, and of the parent grown by one.
    let end = |model: Model, phase: Phase| {
        let request = TrainRequest {
            optimizer: config.training.optimizer.clone(),
            ..TrainRequest::whole(config.seed, phase, steps, 16)
        };
        let mut engine = FakeEngine::default();
        block_on(engine.load(&model)).unwrap();
        block_on(engine.train(&request, &Unwatched)).unwrap();
        block_on(engine.evaluate(Part::HeldOut, &Unwatched)).unwrap().loss
    };
    assert_eq!(twins.nothing, end(Model::clone(&parent), Phase::Train(2)));
    let again = end(Model::clone(&parent), Phase::Again(2));
    assert_ne!(again, twins.nothing);
    for family in [Family::Split, Family::Prune] {
        let of_family = |candidate: &&CandidateRecord| candidate.family == family;
        let followed = record.candidates.iter().filter(of_family).filter(|c| c.in_the_end.is_some()).count();
        let possible = record.candidates.iter().filter(of_family).filter(|c| c.scale > Some(0.0)).count();
        assert_eq!(followed, possible.min(2), "{family}");
    }
    let mut controls = std::collections::BTreeSet::new();
    for (candidate, morphism) in record.candidates.iter().zip(morphisms.iter()) {
        let Some(worth) = candidate.in_the_end else { continue };
        let grown = morphism::apply(&parent, std::slice::from_ref(morphism)).unwrap();
        assert_eq!(worth, twins.nothing - end(grown.clone(), Phase::Train(2)), "{}", candidate.id());
        assert_eq!(candidate.in_the_end_again, Some(again - end(grown, Phase::Again(2))));
        assert!(candidate.actual.is_some(), "what is followed is measured");
        let scores = candidate.scores.as_ref().unwrap();
        assert_eq!((scores.joint_share, scores.steepest), (None, None), "no joint choice, and nobody asked");
        controls.insert(scores.control.to_bits());
    }
    assert!(twins.made.is_some() && record.steps.grow.instrument_flops > 0);
    let csv = crate::lab::in_the_end_csv(watched.state());
    let followed = record.candidates.iter().filter(|candidate| candidate.in_the_end.is_some()).count();
    assert_eq!((csv.lines().count(), controls.len()), (1 + followed, followed));
    let columns = csv.lines().map(|line| line.split(',').count());
    assert!(columns.into_iter().all(|count| count == 23), "{csv}");
    run(&mut watched, &mut engine, &Log::default());
    assert_eq!(numbers(watched.state()).0, numbers(unwatched.state()).0, "the final network");
}
