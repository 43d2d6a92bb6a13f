use super::*;
use crate::app::worker::board::Board;
use crate::lab::fake::FakeEngine;
use crate::lab::{Change, Config};

/// A run of one round on twenty images, by this engine.
fn tiny_run(engine: FakeEngine, folder: Option<PathBuf>) -> OpenRun {
    let mut config = Config { preset: "2-M-2".into(), rounds: 1, ..Config::default() };
    (config.data.train, config.data.held_out) = (Some(20), Some(20));
    config.training.epochs = 1;
    let data = Arc::new(data::load(&config.data, config.seed).unwrap());
    OpenRun {
        run: 1,
        lab: Lab::new(config, data).unwrap(),
        engine: Box::new(engine),
        why: String::new(),
        folder,
        output: None,
        begun: false,
        recorded: false,
        earlier: Arc::default(),
        saved: Instant::now(),
    }
}

#[test]
fn a_fault_in_a_stage_is_said_and_saved_and_the_run_can_go_on() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("run");
    let mut open = tiny_run(FakeEngine::panicking(), Some(folder.clone()));
    let (_orders, receiver) = async_channel::unbounded();
    let mut desk = Desk::new(receiver, Arc::new(Shared::new(|| {})), None);
    let play =
        |desk: &mut Desk, open: &mut OpenRun| pollster::block_on(desk.run(open, Until::Done, Duration::ZERO));
    let error = play(&mut desk, &mut open).unwrap_err();
    let mut board = Board::default();
    report(&mut board, &error);
    let failure = board.failure.unwrap();
    assert!(failure.text.contains("told to panic") && failure.advice.contains("Press Play"), "{failure:?}");
    assert_eq!(Session::load(&folder).unwrap().state.stage, Stage::Learn);
    while !open.lab.is_done() {
        // Growth that ruins the network stops the run, to be looked at.
        desk.begin(true);
        play(&mut desk, &mut open).unwrap();
    }
    assert_eq!(Session::load(&folder).unwrap().state.stage, Stage::Done);
}

#[test]
fn images_are_compared_unless_that_is_cancelled() {
    let mut open = tiny_run(FakeEngine::default(), None);
    let (_orders, receiver) = async_channel::unbounded();
    let mut desk = Desk::new(receiver, Arc::new(Shared::new(|| {})), None);
    let step = |desk: &mut Desk, open: &mut OpenRun| {
        desk.begin(true);
        pollster::block_on(desk.run(open, Until::StageDone, Duration::ZERO)).unwrap();
    };
    while open.lab.state().round == 1 {
        step(&mut desk, &mut open);
    }
    desk.shared.cancel.store(true, Ordering::Relaxed);
    pollster::block_on(desk.compare(&mut open, &Change::Growth)).unwrap();
    let board = desk.shared.read().clone();
    assert!(board.repairs.is_none() && board.notices.last().unwrap().starts_with("Cancelled"));
    desk.begin(false);
    pollster::block_on(desk.compare(&mut open, &Change::Growth)).unwrap();
    let (run, repairs) = desk.shared.read().repairs.clone().unwrap();
    assert_eq!((run, repairs.round, repairs.images), (1, 1, 3), "as many as the made-up engine answers to");
    step(&mut desk, &mut open);
}

#[test]
fn only_pictures_go_out_in_the_language_of_the_screen() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("run");
    let mut open = tiny_run(FakeEngine::default(), Some(folder.clone()));
    let (_orders, receiver) = async_channel::unbounded();
    let mut desk = Desk::new(receiver, Arc::new(Shared::new(|| {})), None);
    while !open.lab.is_done() {
        desk.begin(true);
        pollster::block_on(desk.run(&mut open, Until::Done, Duration::ZERO)).unwrap();
    }
    let mut export = |language: Language, door: Door, file: &str| {
        desk.shared.speak(language);
        let to = home.path().join(format!("{language} {door:?}"));
        desk.export(&mut open, door, &to).unwrap();
        let run =
            ["candidates.csv", "run.json"].map(|name| std::fs::read_to_string(folder.join(name)).unwrap());
        (std::fs::read_to_string(to.join(file)).unwrap(), run)
    };
    let languages = [Language::English, Language::German];
    let [english, german] = languages.map(|language| export(language, Door::Hub, "README.md"));
    assert!(english.0.contains("0."), "{}", english.0);
    assert_eq!(english, german);
    let [english, german] = languages.map(|language| export(language, Door::Pictures, "network-light.svg"));
    assert!(english.0.contains("The network") && german.0.contains("Das Netz"));
    assert_eq!(english.1, german.1, "the run's own files");
}
