//! Whole searches by an engine that computes nothing.

use super::*;
use crate::lab::{Ledger, Searching, trials_csv};
use crate::search::trials::{Kind, PhiFrom, Proof, Trial};

/// Every kind of search, small.
fn kinds() -> Vec<Kind> {
    vec![
        Kind::Random { changes: 3, from_scratch: false },
        Kind::Random { changes: 3, from_scratch: true },
        Kind::HillClimbing { neighbours: 3, changes: 2 },
        Kind::Evolution { population: 4, sample: 2, changes: 2 },
        Kind::Pareto { population: 4, proposals: 5, trained: 2, changes: 2 },
        Kind::AutoGrow { window: 3, threshold: 0.0 },
        Kind::Ev3 { patience: 1, changes: 2, test: Proof::Paired, confidence: 1.0 },
    ]
}

fn search(kind: Kind, phi: PhiFrom, trials: u64) -> Config {
    let mut config = Config { preset: "3-3-M-4".into(), ..settings() };
    config.families =
        vec![Family::Split, Family::PruneMean, Family::Widen, Family::Deepen, Family::RemoveLayer];
    (config.training.epochs, config.training.distil_steps) = (2, 3);
    config.search.kind = kind;
    (config.search.phi, config.search.trials) = (phi, Some(trials));
    config.search.short_epochs = 1;
    config
}

fn engine() -> FakeEngine {
    FakeEngine::judging()
}

fn tree(lab: &Lab) -> Vec<Trial> {
    let untimed = |trial: &Trial| {
        let mut trial = trial.clone();
        for step in [
            &mut trial.cost.ask,
            &mut trial.cost.learn,
            &mut trial.cost.estimate,
            &mut trial.cost.grow,
            &mut trial.cost.train,
            &mut trial.cost.assess,
        ] {
            step.seconds = 0.0;
        }
        trial
    };
    lab.state().search.as_ref().unwrap().tree.trials().map(untimed).collect()
}

/// Everything of a state that must not depend on how it was reached.
fn all(lab: &Lab) -> impl PartialEq + std::fmt::Debug + use<> {
    let state = lab.state();
    let search: &Searching = state.search.as_ref().unwrap();
    (numbers(state), tree(lab), search.nodes.keys().copied().collect::<Vec<_>>(), lab.spent())
}

/// The lab that a session in a file goes on with.
fn resumed(lab: &Lab) -> Lab {
    let folder = tempfile::tempdir().unwrap();
    Session::save(folder.path(), lab, &FakeEngine::default().info()).unwrap();
    let session = Session::load(folder.path()).unwrap();
    assert_eq!(session.config, *lab.config());
    Lab::at(session.config, lab.data().clone(), session.state)
}

#[test]
fn every_search_ends_in_a_last_training_of_what_it_found() {
    for kind in kinds() {
        for phi in PhiFrom::ALL {
            let mut lab = lab(&search(kind, phi, 9));
            let log = Log::default();
            run(&mut lab, &mut engine(), &log);
            let name = format!("{} {phi}", kind.name());
            let (found, incumbent) = lab.state().trials(lab.config()).unwrap();
            assert!(found.len() > 4, "{name}: {} trials", found.len());
            let (found, adopted) = (found.get(incumbent).unwrap(), lab.state().adopted().unwrap());
            assert_eq!((found.parameters, found.flops), (adopted.parameters, adopted.flops), "{name}");
            assert!(found.held_out.is_some(), "{name}: the one that goes on is scored");
            assert_eq!(lab.state().last(1).unwrap().parameters, adopted.parameters, "{name}");
            let done = log.stages_done();
            assert_eq!(done[..4], [Stage::Seed, Stage::Train, Stage::Assess, Stage::Ask], "{name}");
            assert_eq!(done[done.len() - 3..], [Stage::Ask, Stage::Adopt, Stage::Train], "{name}");
            let rows = trials_csv(&lab.state().search.as_ref().unwrap().tree, incumbent);
            assert_eq!(rows.lines().count(), tree(&lab).len() + 1);
        }
    }
}

#[test]
fn a_search_killed_after_any_stage_goes_on_to_equal_bits() {
    for (number, kind) in kinds().into_iter().enumerate() {
        let config = search(kind, PhiFrom::ALL[number % 3], 8);
        let mut straight = lab(&config);
        run(&mut straight, &mut engine(), &Log::default());
        let mut killed = lab(&config);
        while !killed.is_done() {
            step(&mut killed, &mut engine()).unwrap();
            killed = resumed(&killed);
        }
        assert_eq!(all(&killed), all(&straight), "{}", kind.name());
    }
}

#[test]
fn undone_twice_and_redone_a_search_is_what_it_was() {
    for kind in kinds() {
        let (mut lab, mut engine) = (lab(&search(kind, PhiFrom::Learned, 8)), engine());
        while tree(&lab).len() < 6 {
            step(&mut lab, &mut engine).unwrap();
        }
        let before = all(&lab);
        command(&mut lab, Command::Undo).unwrap();
        command(&mut lab, Command::Undo).unwrap();
        assert!(tree(&lab).len() == 5, "{}", kind.name());
        command(&mut lab, Command::Redo).unwrap();
        command(&mut lab, Command::Redo).unwrap();
        assert_eq!(all(&lab), before, "{}", kind.name());
        command(&mut lab, Command::Undo).unwrap();
        command(&mut lab, Command::Undo).unwrap();
        while tree(&lab).len() < 6 {
            step(&mut lab, &mut engine).unwrap();
        }
        assert_eq!(all(&lab), before, "{}: taken again", kind.name());
    }
}

#[test]
fn a_search_costs_its_total_to_within_a_step_and_its_share_at_most() {
    for kind in kinds() {
        for phi in [PhiFrom::Neutral, PhiFrom::Learned] {
            let mut config = search(kind, phi, 5);
            config.search.trials = None;
            let (mut lab, mut engine) = (lab(&config), engine());
            step(&mut lab, &mut engine).unwrap();
            let seed = under_way::ledger(lab.state()).unwrap().train(lab.phase_steps() * 16).unwrap();
            let total = 40 * seed;
            lab.spend(total);
            lab.check_total().unwrap();
            let (mut searched, mut foreseen) = (0, None);
            while !lab.is_done() {
                let state = lab.state();
                if state.stage == Stage::Adopt {
                    searched = lab.spent();
                }
                if let (Some(trial), None) = (state.trial(), foreseen) {
                    let search = state.search.as_ref().unwrap();
                    foreseen = Some(trial.cost.ask.method_flops() + lab.foreseen(search, trial).unwrap());
                }
                step(&mut lab, &mut engine).unwrap();
                if lab.state().stage == Stage::Ask && foreseen.is_some() {
                    let spent = tree(&lab).pop().unwrap().cost.total().method_flops();
                    assert_eq!(foreseen.take(), Some(spent), "{}: trial {}", kind.name(), tree(&lab).len());
                }
            }
            let name = format!("{} {phi}: {} trials", kind.name(), tree(&lab).len());
            let last = under_way::ledger(lab.state()).unwrap().train(16).unwrap();
            assert!(lab.spent() <= total && total < lab.spent() + last, "{name}");
            assert!(searched as f64 <= config.search.share * total as f64, "{name}");
            // AutoGrow alone may end before its share is spent.
            let ends = matches!(kind, Kind::AutoGrow { .. });
            assert!(ends || searched as f64 > 0.5 * config.search.share * total as f64, "{name}");
            let curve = crate::lab::curve(lab.state());
            assert_eq!(curve.last().unwrap().cost, lab.spent(), "{name}");
            assert!(curve.windows(2).all(|pair| pair[0].cost <= pair[1].cost), "{name}");
        }
    }
}

/// A child that loses its parent's layer imitates it for some steps, which costs both a pass.
#[test]
fn what_imitating_costs_is_foreseen_and_spent() {
    let mut config = search(Kind::Random { changes: 1, from_scratch: false }, PhiFrom::Neutral, 3);
    config.families = vec![Family::RemoveLayer];
    let (mut lab, mut engine) = (lab(&config), engine());
    while lab.state().trial().is_none_or(|trial| trial.changes.is_empty()) {
        step(&mut lab, &mut engine).unwrap();
    }
    let state = lab.state();
    let trial = state.trial().unwrap().clone();
    let foreseen = lab.foreseen(state.search.as_ref().unwrap(), &trial).unwrap();
    let asked = trial.cost.ask.method_flops();
    while lab.state().stage != Stage::Ask {
        step(&mut lab, &mut engine).unwrap();
    }
    assert_eq!(tree(&lab).pop().unwrap().cost.total().method_flops(), asked + foreseen);

    let mut without = config.clone();
    without.training.distil_steps = 0;
    let mut other = self::lab(&without);
    while other.state().trial().is_none_or(|trial| trial.changes.is_empty()) {
        step(&mut other, &mut engine).unwrap();
    }
    let state = other.state();
    let same = state.trial().unwrap().clone();
    assert_eq!(same.changes, trial.changes);
    let parent = &state.search.as_ref().unwrap().tree.get(trial.parent.unwrap()).unwrap().architecture;
    let examples = config.training.distil_steps * other.batch() as u64;
    let imitating = Ledger::new(&trial.architecture).unwrap().train(examples).unwrap()
        + Ledger::new(parent).unwrap().evaluate(examples);
    assert_eq!(foreseen - other.foreseen(state.search.as_ref().unwrap(), &same).unwrap(), imitating);
}

#[test]
fn a_total_that_leaves_nothing_to_search_with_is_named() {
    let mut config = search(kinds()[2], PhiFrom::Neutral, 5);
    config.training.total_flops = Some(1000);
    let data = Arc::new(load(&config.data, config.seed).unwrap());
    let message = Lab::new(config, data).err().unwrap().to_string();
    assert!(message.contains("\"training.total-flops\": found 1000, expected at least"), "{message}");
}

#[test]
fn what_does_not_fit_together_is_named_at_its_field() {
    let message = |kind| {
        let mut config = Config::default();
        config.search.kind = kind;
        config.check().unwrap_err().to_string()
    };
    let evolution = message(Kind::Evolution { population: 4, sample: 5, changes: 1 });
    assert!(
        evolution.contains("\"search.sample\": found 5, expected at most the population, 4"),
        "{evolution}"
    );
    let pareto = message(Kind::Pareto { population: 4, proposals: 2, trained: 3, changes: 1 });
    assert!(pareto.contains("\"search.trained\": found 3"), "{pareto}");
    let autogrow = message(Kind::AutoGrow { window: 9, threshold: 0.1 });
    assert!(autogrow.contains("\"families\": found none that appends layers"), "{autogrow}");
    let wide = message(Kind::HillClimbing { neighbours: 1, changes: 1 });
    assert!(wide.contains("\"search.neighbours\": found 1, expected a whole number from 2"), "{wide}");
    for (text, parts) in [
        ("[search]\nkind = \"climbing\"", ["climbing", "hill-climbing"]),
        ("[search]\nkind = \"evolution\"\nneighbours = 3", ["search.neighbours", "evolution"]),
        ("[search]\nneighbors = 3", ["neighbors", "neighbours"]),
        ("[search]\nkind = \"ev3\"\nphi = \"best\"", ["best", "neutral"]),
    ] {
        let message = toml::from_str::<Config>(text).unwrap_err().to_string();
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
}

#[test]
fn the_lowest_loss_of_a_step_goes_on_and_the_copy_where_losses_are_equal() {
    // Trial by trial: what it shows at once, if it was changed, then what the training leaves.
    let mut config = search(Kind::HillClimbing { neighbours: 3, changes: 1 }, PhiFrom::Neutral, 8);
    config.families = vec![Family::Widen];
    config.search.predict = false;
    let mut engine = engine();
    let copy = |loss: f64| vec![loss];
    let child = |loss: f64| vec![9.0, loss];
    let losses = [
        copy(2.0), // the seed
        copy(1.5),
        child(1.4),
        child(1.6),
        // From trial 2.
        copy(1.25),
        child(1.25),
        child(1.3),
        // From trial 4.
        copy(1.2),
        child(1.1),
    ];
    engine.validation_losses = losses.concat().into();
    let mut lab = lab(&config);
    run(&mut lab, &mut engine, &Log::default());
    let parents: Vec<_> = tree(&lab).iter().map(|trial| trial.parent).collect();
    let expected = [None, Some(0), Some(0), Some(0), Some(2), Some(2), Some(2), Some(4), Some(4)];
    assert_eq!(parents, expected);
    assert_eq!(lab.state().trials(lab.config()).unwrap().1, 8);
    // Gains are over the copy, not over the parent.
    let found = &lab.state().search.as_ref().unwrap().tree;
    let gain = |id| (found.gain(id).unwrap() * 1e4).round() / 1e4;
    assert_eq!([gain(2), gain(3), gain(5), gain(8)], [0.1, -0.1, 0.0, 0.1]);
    assert!((found.merit(8) - 0.2).abs() < 1e-5, "{}", found.merit(8));
}

#[test]
fn children_begin_with_their_parents_weights_and_differ_by_their_own_noise() {
    let mut config = search(Kind::HillClimbing { neighbours: 4, changes: 1 }, PhiFrom::Neutral, 3);
    config.families = vec![Family::Widen];
    config.layers = Some(vec!["conv1".into()]);
    config.search.predict = false;
    let (mut lab, mut engine) = (lab(&config), engine());
    let mut grown = Vec::new();
    while !lab.is_done() {
        step(&mut lab, &mut engine).unwrap();
        let state = lab.state();
        if state.stage == Stage::Train && state.step == 0 && state.trial().is_some() {
            grown.push(state.model.network.tensor("conv1.weight").unwrap().to_vec2_rows());
        }
    }
    let seed = grown[0].clone();
    assert_eq!(grown.len(), 3);
    for child in &grown[1..] {
        assert_eq!(child[..seed.len()], seed[..], "the parent's rows");
        assert_eq!(child.len(), seed.len() + 1);
    }
    assert_ne!(grown[1][seed.len()], grown[2][seed.len()], "each trial draws its own");
}

/// A weight's rows as numbers.
trait Rows {
    fn to_vec2_rows(&self) -> Vec<Vec<f32>>;
}

impl Rows for Tensor {
    fn to_vec2_rows(&self) -> Vec<Vec<f32>> {
        self.flatten_from(1).unwrap().to_vec2().unwrap()
    }
}

#[test]
fn five_hundred_trials_keep_few_networks() {
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Rounds) {
        let mut config = search(kind, PhiFrom::Neutral, 500);
        (config.search.predict, config.preset) = (false, "2-M-2".into());
        config.families = vec![Family::Split, Family::Prune, Family::Deepen];
        config.training.distil_steps = 0;
        // Small networks are rewritten in no time.
        config.budget.max_parameters = Some(2000);
        let (mut lab, mut engine) = (lab(&config), engine());
        let mut most = 0;
        while !lab.is_done() {
            step(&mut lab, &mut engine).unwrap();
            most = most.max(lab.state().search.as_ref().unwrap().nodes.len());
        }
        assert!(most <= 32, "{}: {most}", kind.name());
        let ends = matches!(kind, Kind::AutoGrow { .. });
        assert!(ends || tree(&lab).len() == 501, "{}: {}", kind.name(), tree(&lab).len());
        assert!(lab.history().states().len() < 150, "{}", kind.name());
    }
}

#[test]
fn a_trial_that_diverges_is_charged_and_never_goes_on() {
    let config = search(Kind::HillClimbing { neighbours: 3, changes: 1 }, PhiFrom::Random, 3);
    let (mut lab, mut engine) = (lab(&config), engine());
    while lab.state().trial().is_none_or(|trial| trial.id < 2) {
        step(&mut lab, &mut engine).unwrap();
    }
    engine.diverge_at = Some(1);
    let log = Log::default();
    while lab.state().trial().is_some() {
        block_on(lab.execute(&mut engine, Command::Step, &log)).unwrap();
    }
    engine.diverge_at = None;
    let lost = tree(&lab).pop().unwrap();
    assert!(lost.diverged && lost.judged.is_none());
    let steps = lab.phase_steps().min(lab.epoch_steps());
    let ledger = Ledger::new(&lost.architecture).unwrap();
    assert_eq!(lost.cost.train.method_flops(), ledger.train(steps * 16).unwrap());
    run(&mut lab, &mut engine, &Log::default());
    assert_ne!(lab.state().trials(lab.config()).unwrap().1, 2);
}
