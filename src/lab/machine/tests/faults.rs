//! Divergence, interruption, damaged files and lost devices.

use super::*;

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
    // Learning is given up too, and what was learned stays, unless the stage is left.
    until(&mut lab, &mut engine, Stage::Learn);
    for steps in 1..3 {
        let error = block_on(lab.execute(&mut engine, Command::Step, &Impatient)).unwrap_err();
        assert!(matches!(error, LabError::Engine(EngineError::Cancelled)));
        assert_eq!(lab.state().stage, Stage::Learn);
        assert_eq!(lab.state().partly.as_ref().map(|partly| partly.steps), Some(steps));
    }
    assert_eq!(engine.calls.borrow().last().unwrap(), "learn 1 sampled from 1");
    command(&mut lab, Command::Undo).unwrap();
    assert!(lab.state().stage == Stage::Learn && lab.state().partly.is_none());
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
    session_saved_anywhere(&settings());
    session_saved_anywhere(&careful());
}

fn session_saved_anywhere(config: &Config) {
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
    let mut whole = lab(config);
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
    let fresh = lab(config);
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

/// Cancels after it was asked so many times.
struct Patient(std::cell::Cell<usize>);

impl Observer for Patient {
    fn event(&self, _event: Event) {}

    fn cancelled(&self) -> bool {
        self.0.set(self.0.get().saturating_sub(1));
        self.0.get() == 0
    }
}

#[test]
fn learning_that_is_cancelled_is_saved_and_goes_on_to_the_same_bits() {
    let mut config = settings();
    config.families = vec![Family::Split, Family::PruneMean, Family::Widen];
    config.learning.steps = 9;
    config.learning.batch = 20;
    let mut straight = lab(&config);
    let mut engine = CandleEngine::new();
    while !straight.is_done() {
        block_on(straight.execute(&mut engine, Command::Step, &Unobserved)).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let mut lab = lab(&config);
    let output = Output::create(folder.path(), CandleEngine::new().info()).unwrap();
    let mut steps = Vec::new();
    let mut patience = crate::random::Stream::new(1, "patience", 0);
    while !lab.is_done() {
        let watch = match lab.state().stage {
            Stage::Learn => Patient(std::cell::Cell::new(2 + patience.below(12))),
            _ => Patient(std::cell::Cell::new(usize::MAX)),
        };
        // Each time another program.
        let outcome = block_on(lab.execute(&mut CandleEngine::new(), Command::Step, &watch));
        steps.extend(lab.state().partly.as_ref().map(|partly| partly.steps));
        assert!(outcome.is_ok() || lab.state().partly.is_some());
        output.session(&lab).unwrap();
        let session = Session::load(folder.path()).unwrap();
        lab = Lab::at(session.config, lab.data().clone(), session.state);
    }
    assert!(steps.len() > 2 && steps.is_sorted() && steps[0] < 9, "cancelled at {steps:?}");
    assert_eq!(numbers(lab.state()), numbers(straight.state()));
}

#[test]
fn learning_takes_stretches_if_it_takes_long() {
    for learner in [Learner::Estimate, Learner::Firefly, Learner::Gradmax] {
        let mut config = settings();
        config.families = vec![Family::Prune, Family::Widen];
        config.learning.learner = learner;
        config.learning.steps = 5;
        config.learning.batch = 20;
        let run = |stretch| {
            let (mut lab, mut engine, log) = (lab(&config), CandleEngine::new(), Log::default());
            lab.learning_stretch = stretch;
            let mut steps = Vec::new();
            while !lab.is_done() {
                block_on(lab.execute(&mut engine, Command::Step, &log)).unwrap();
                steps.extend(lab.state().partly.as_ref().map(|partly| partly.steps));
            }
            let stages = log.stages_done().into_iter().filter(|stage| *stage == Stage::Learn).count();
            (numbers(lab.state()), steps, stages)
        };
        let (expected, none, _) = run(Duration::from_secs(1000));
        let (found, steps, stages) = run(Duration::ZERO);
        assert_eq!((none, stages), (Vec::new(), 1), "{learner}");
        let every = if learner == Learner::Gradmax { vec![] } else { vec![1, 2, 3, 4] };
        assert_eq!(steps, every, "{learner}");
        assert_eq!(found, expected, "{learner}");
    }
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
    lose_the_device(&settings());
    lose_the_device(&careful());
}

fn lose_the_device(config: &Config) {
    let finish = |lose_at| {
        let (log, mut lab) = (Log::default(), lab(config));
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
