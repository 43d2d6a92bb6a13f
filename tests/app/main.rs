//! The real app, driven through its accessibility tree with a real lab behind it.

mod beside;
mod channel;
mod commands;
mod escape;
mod giving;
mod languages;
mod lesson;
mod looking_back;
mod names;
mod panels;
mod sizes;
mod story;
mod studies;
mod typing;
mod visiting;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::{NodeT, Queryable};
use egui_kittest::{Harness, SnapshotOptions};
use seedling::app::view::Speed;
use seedling::app::worker::board::{Board, Shared};
use seedling::app::worker::{Order, Until, Worker};
use seedling::app::{Action, Places, Screen, Start};
use seedling::data::Class;
use seedling::format::brief as gain;
use seedling::lab::{Config, EngineChoice, Session, Stage};
use seedling::words::in_language;

type App = Harness<'static, Screen>;

/// A network and data so small that a round takes a second or two.
fn config() -> Config {
    let mut config = Config { preset: "4-M-6".into(), rounds: 1, ..Config::default() };
    config.data.train = Some(80);
    config.data.held_out = Some(60);
    config.data.classes = Some(Class::numbers(&[0, 1, 2]));
    config.training.epochs = 2;
    config.training.batch = 16;
    config.learning.steps = 4;
    config.learning.batch = 40;
    config
}

fn open(config: Config, home: Option<&Path>, theme: Theme) -> App {
    let mut app = start(config, home, theme);
    wait(&mut app, "the first run", |board| board.snapshot.is_some() && !board.busy);
    app
}

/// The same before its first run is there.
fn start(config: Config, home: Option<&Path>, theme: Theme) -> App {
    let start = Start {
        config,
        engine: EngineChoice::Candle,
        home: home.map(Path::to_owned),
        quiet: true,
        // Nothing that was fetched on this machine.
        images: Places { cache: Some("no cache".into()), from: None },
        ..Start::default()
    };
    window(start, theme)
}

/// A window that begins so, at full speed.
fn window(start: Start, theme: Theme) -> App {
    let mut app = Harness::builder()
        .with_size([1280.0, 720.0])
        .with_theme(theme)
        .with_step_dt(0.1)
        .wgpu()
        .build_eframe(move |context| Screen::new(&context.egui_ctx, start));
    app.state_mut().view.speed = Speed::Fast;
    app
}

/// Draws frames until a condition on the board holds.
fn wait(app: &mut App, what: &str, wanted: impl Fn(&Board) -> bool) {
    let since = Instant::now();
    loop {
        app.run_steps(2);
        if wanted(&app.state().board()) {
            app.run_steps(12);
            return;
        }
        let failure = app.state().board().failure;
        assert!(since.elapsed() < Duration::from_secs(60), "waited in vain for {what}: {failure:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What those around the screen are told, once that is as wanted.
fn until_told(
    app: &mut App,
    what: &str,
    told: impl Fn() -> serde_json::Value,
    wanted: impl Fn(&serde_json::Value) -> bool,
) -> serde_json::Value {
    let since = Instant::now();
    loop {
        app.run_steps(1);
        let told = told();
        if wanted(&told) {
            return told;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "never {what}: {told}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn stage(board: &Board) -> Option<Stage> {
    board.snapshot.as_ref().map(|snapshot| snapshot.state.stage)
}

fn idle_at(app: &mut App, wanted: Stage) {
    wait(app, wanted.name(), |board| !board.busy && stage(board) == Some(wanted));
}

fn press(app: &mut App, label: &str) {
    app.get_by_label(label).click();
    app.run_steps(3);
}

fn until(app: &mut App, wanted: Stage) {
    let label = in_language(app.state().view.language, || Action::Step.label());
    while stage(&app.state().board()) != Some(wanted) {
        let before = stage(&app.state().board());
        press(app, label);
        wait(app, "a stage", |board| !board.busy && stage(board) != before);
    }
}

#[test]
fn playing_goes_through_a_whole_run_and_keeps_its_files() {
    let home = tempfile::tempdir().unwrap();
    let mut app = open(config(), Some(home.path()), Theme::Dark);
    for (next, question) in [
        (Stage::Measure, "What do you expect?"),
        (Stage::Choose, "Was the formula right?"),
        (Stage::Train, "What has changed?"),
    ] {
        press(&mut app, "Play");
        idle_at(&mut app, next);
        app.get_by_label(question);
    }
    press(&mut app, "Play");
    idle_at(&mut app, Stage::Done);
    app.get_by_label_contains("The experiment is finished");
    let folder = home.path().join("0001 airplane, automobile, bird - seed 7");
    for name in [
        "run.json",
        "candidates.csv",
        "round-01.safetensors",
        "morphisms-01.safetensors",
        "network.safetensors",
    ] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    let session = Session::load(&folder).unwrap();
    assert_eq!(session.state.stage, Stage::Done);
}

#[test]
fn running_through_does_not_stop_for_a_look() {
    let mut app = open(config(), None, Theme::Dark);
    app.key_press_modifiers(Modifiers::SHIFT, Key::Space);
    idle_at(&mut app, Stage::Done);
}

#[test]
fn the_table_says_why_and_cells_show_what_is_chosen() {
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Grow);
    // So that every row is in sight.
    app.set_size([1280.0, 1600.0].into());
    press(&mut app, "Candidates");
    let record = app.state().board().snapshot.unwrap().state.record(1).unwrap().clone();
    assert!(record.candidates.iter().all(|candidate| candidate.why.is_some()));
    assert!(!record.chosen().is_empty());
    let chosen = app.query_all_by_label_contains("chosen: adds").count();
    assert!(chosen > 0 && chosen <= record.chosen().len());
    assert!(app.query_all_by_label("no step helps").count() > 0);
}

#[test]
fn stages_are_taken_one_by_one_undone_and_redone() {
    let mut app = open(config(), None, Theme::Dark);
    press(&mut app, "One stage");
    idle_at(&mut app, Stage::Train);
    press(&mut app, "One stage");
    idle_at(&mut app, Stage::Propose);
    press(&mut app, "Undo");
    idle_at(&mut app, Stage::Train);
    press(&mut app, "Redo");
    idle_at(&mut app, Stage::Propose);
    app.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    idle_at(&mut app, Stage::Train);
}

#[test]
fn a_choice_is_edited_by_hand_and_the_network_grows_by_it() {
    let mut modest = config();
    modest.budget.max_candidates = 1;
    let mut app = open(modest, None, Theme::Dark);
    until(&mut app, Stage::Grow);
    press(&mut app, "Candidates");
    let board = app.state().board();
    let snapshot = board.snapshot.unwrap();
    let record = snapshot.state.record(1).unwrap();
    let taken = |layer: &str| record.candidates.iter().any(|other| other.chosen && other.layer() == layer);
    let free = record.candidates.iter().find(|candidate| {
        !taken(candidate.layer())
            && candidate.scale.is_some_and(|scale| scale > 0.0)
            && candidate.family.name() == "split"
    });
    let id = free.expect("a split that was not chosen").id();
    app.state_mut().view.filter = id.clone();
    app.run_steps(3);
    press(&mut app, &format!("Choose {id}"));
    wait(&mut app, "the new choice", |board| {
        let snapshot = board.snapshot.as_ref().unwrap();
        snapshot.state.record(1).unwrap().chosen().contains(&id)
    });
    let chosen = record.chosen().len() + 1;
    until(&mut app, Stage::Train);
    app.get_by_label_contains(&format!("You chose {chosen}: together they gained"));
    let board = app.state().board();
    let grown = board.snapshot.unwrap();
    assert!(grown.state.record(1).unwrap().chosen().contains(&id));
    assert!(grown.grown_from.is_some());
}

#[test]
fn play_stops_for_a_prediction_and_gains_stay_hidden_until_it_is_made() {
    let mut app = open(config(), None, Theme::Dark);
    // Armed before there is anything to predict.
    press(&mut app, "Predict first");
    app.get_by_label_contains("Play stops there");
    press(&mut app, "Play");
    let since = Instant::now();
    while app.state().view.prediction.is_none() || app.state().board().busy {
        assert!(since.elapsed() < Duration::from_secs(60), "never asked");
        app.run_steps(1);
        std::thread::sleep(Duration::from_millis(5));
    }
    app.run_steps(3);
    let at = stage(&app.state().board());
    assert!(matches!(at, Some(Stage::Measure | Stage::Choose | Stage::Grow)), "{at:?}");
    app.get_by_label_contains("Which of these changes");
    let order = |app: &App| app.state().view.prediction.clone().unwrap().order;
    let before = order(&app);
    assert!(app.get_by_label(&format!("Up: {}", before[0])).accesskit_node().is_disabled());
    press(&mut app, &format!("Down: {}", before[0]));
    assert_eq!(order(&app)[..2], [before[1].clone(), before[0].clone()]);
    if at == Some(Stage::Measure) {
        until(&mut app, Stage::Choose);
    }
    // No gain anywhere: not in the sentence, not in the table.
    assert!(app.query_by_label_contains("correlation").is_none());
    press(&mut app, "Candidates");
    let round = app.state().board().snapshot.unwrap().state.record(1).unwrap().clone();
    let actual: Vec<String> =
        round.candidates.iter().filter_map(|candidate| candidate.actual).map(gain).collect();
    let gains = |app: &App| actual.iter().filter(|text| app.query_all_by_label(text).count() > 0).count();
    assert_eq!(gains(&app), 0);
    press(&mut app, "Estimated and actual");
    press(&mut app, "Reveal");
    app.get_by_label_contains("pairs in the right order");
    press(&mut app, "To the plot");
    app.get_by_label("All formulas");
    press(&mut app, "Candidates");
    assert!(gains(&app) > 0);
}

#[test]
fn a_bad_setting_is_named_at_its_field_and_cannot_begin() {
    let mut app = open(Config { preset: "tiny".into(), ..config() }, None, Theme::Dark);
    press(&mut app, "New run…");
    app.get_by_label("Begin");
    app.get_by_role_and_label(Role::TextInput, "Seed network").focus();
    app.run_steps(2);
    app.get_by_role_and_label(Role::TextInput, "Seed network").type_text("x");
    app.run_steps(3);
    app.get_by_label_contains("preset: found");
    press(&mut app, "Begin");
    app.get_by_label("Begin");
}

#[test]
fn what_cannot_be_opened_is_said_in_words_with_a_way_on() {
    let mut app = open(config(), None, Theme::Dark);
    let nowhere = tempfile::tempdir().unwrap();
    ask_for_path(&mut app, "open a run", &nowhere.path().display().to_string());
    wait(&mut app, "the failure", |board| board.failure.is_some());
    app.get_by_label_contains("session.safetensors");
    app.get_by_label_contains("Choose another folder.");
    press(&mut app, "Dismiss");
    assert!(app.state().board().failure.is_none());
}

/// Through the command palette to the question for a path.
fn ask_for_path(app: &mut App, command: &str, path: &str) {
    app.key_press_modifiers(Modifiers::COMMAND, Key::K);
    app.run_steps(3);
    app.get_by_label("Search commands").type_text(command);
    app.run_steps(3);
    app.key_press(Key::Enter);
    app.run_steps(3);
    app.get_by_label("Path").focus();
    app.run_steps(2);
    app.get_by_label("Path").type_text(path);
    app.run_steps(3);
    press(app, "OK");
}

#[test]
fn tables_plots_settings_and_runs_are_exported() {
    let home = tempfile::tempdir().unwrap();
    let out = tempfile::tempdir().unwrap();
    let mut app = open(config(), Some(home.path()), Theme::Dark);
    until(&mut app, Stage::Choose);
    let file = |name: &str| out.path().join(name);
    let path = |name: &str| file(name).display().to_string();
    ask_for_path(&mut app, "export csv", &path("c.csv"));
    ask_for_path(&mut app, "export svg", &path("p.svg"));
    ask_for_path(&mut app, "save settings", &path("s.toml"));
    ask_for_path(&mut app, "save copy", &path("copy"));
    wait(&mut app, "the copy", |_| file("copy").join("session.safetensors").is_file());
    let csv = std::fs::read_to_string(file("c.csv")).unwrap();
    assert_eq!(csv, std::fs::read_to_string(file("copy").join("candidates.csv")).unwrap());
    let svg = std::fs::read_to_string(file("p.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("estimated gain") && svg.contains("split: n"));
    assert_eq!(Config::read(&file("s.toml")).unwrap(), config());
}

#[test]
fn a_stage_under_way_is_cancelled_at_once() {
    let mut slow = config();
    slow.preset = "tiny".into();
    slow.data.train = Some(400);
    slow.training.epochs = 1;
    slow.learning.steps = 10_000;
    slow.learning.batch = 400;
    let mut app = open(slow, None, Theme::Dark);
    until(&mut app, Stage::Learn);
    press(&mut app, "Play");
    wait(&mut app, "learning", |board| board.progress.is_some_and(|progress| progress.done > 0));
    app.get_by_label("Cancel the stage under way").click();
    app.step();
    let since = Instant::now();
    while app.state().board().busy {
        assert!(since.elapsed() < Duration::from_secs(20), "not cancelled");
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(stage(&app.state().board()), Some(Stage::Learn), "the stage goes on later");
    let partly = app.state().board().snapshot.as_ref().unwrap().state.partly.clone();
    assert!(partly.is_some_and(|partly| partly.steps > 0), "what was learned is kept");
    println!("cancelled within {:?}", since.elapsed());
}

/// Settings whose training alone would take minutes.
fn long() -> Config {
    let mut long = config();
    long.preset = "tiny".into();
    long.data.train = Some(400);
    long.training.epochs = 10_000;
    long
}

#[test]
fn a_new_run_takes_over_from_one_that_plays() {
    let mut app = open(long(), None, Theme::Dark);
    press(&mut app, "Play");
    wait(&mut app, "training", |board| board.progress.is_some_and(|progress| progress.done > 0));
    press(&mut app, "New run…");
    // The setup finds its size and place in its first frames.
    app.run_steps(8);
    press(&mut app, "Begin");
    assert!(app.query_by_label("Begin").is_none(), "the setup is closed");
    wait(&mut app, "the new run", |board| {
        !board.busy && board.snapshot.as_ref().is_some_and(|snapshot| snapshot.run == 2)
    });
    assert_eq!(stage(&app.state().board()), Some(Stage::Seed));
}

#[test]
fn progress_is_shown_again_after_a_pause() {
    let mut app = open(long(), None, Theme::Dark);
    for _ in 0..2 {
        press(&mut app, "Play");
        wait(&mut app, "training", |board| board.progress.is_some_and(|progress| progress.done > 0));
        press(&mut app, "Pause");
        wait(&mut app, "the pause", |board| !board.busy);
    }
}

#[test]
fn closing_does_not_wait_for_orders_that_wait() {
    let shared = Arc::new(Shared::new(|| {}));
    let mut worker = Worker::start(shared.clone(), None);
    worker.order(Order::New { config: Box::new(long()), engine: EngineChoice::Candle });
    for _ in 0..3 {
        worker.order(Order::Run { until: Until::Done, rest: Duration::ZERO });
    }
    let since = Instant::now();
    while shared.read().progress.is_none() {
        assert!(since.elapsed() < Duration::from_secs(60), "it never began");
        std::thread::sleep(Duration::from_millis(20));
    }
    let asked = Instant::now();
    worker.stop();
    assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
}

#[test]
fn the_panels_look_as_they_should() {
    let mut differences = egui_kittest::SnapshotResults::new();
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut app = open(config(), None, theme);
        let options = SnapshotOptions::new().threshold(2.0).max_failed_pixels(600);
        let mut shoot = |app: &mut App, what: &str| {
            app.run_steps(12);
            differences.add(app.try_snapshot_options(format!("{what}-{name}"), &options));
        };
        shoot(&mut app, "start");
        until(&mut app, Stage::Choose);
        shoot(&mut app, "cloud");
        press(&mut app, "Predict first");
        shoot(&mut app, "predict");
        press(&mut app, "Reveal");
        shoot(&mut app, "revealed");
        press(&mut app, "To the plot");
        press(&mut app, "conv1 channel 1");
        shoot(&mut app, "channel");
        for (tab, what) in [("curves", "curves"), ("table", "table")] {
            app.state_mut().view.tab = tab;
            shoot(&mut app, what);
        }
        press(&mut app, "Race");
        press(&mut app, "Add this run's settings");
        shoot(&mut app, "race");
        press(&mut app, "New run…");
        story::wait_for_classes(&mut app);
        shoot(&mut app, "setup");
        app.key_press(Key::Escape);
        app.run_steps(3);
        app.key_press(Key::F1);
        shoot(&mut app, "help");
        app.key_press(Key::Escape);
        app.run_steps(3);
        app.key_press_modifiers(Modifiers::COMMAND, Key::K);
        shoot(&mut app, "palette");
        app.key_press(Key::Escape);
        app.run_steps(3);
        app.state_mut().view.channel = None;
        app.state_mut().view.tab = "table";
        until(&mut app, Stage::Grow);
        shoot(&mut app, "chosen");
        until(&mut app, Stage::Train);
        shoot(&mut app, "grown");
        press(&mut app, "Curves");
        let slider = app.get_by_role_and_label(Role::Slider, "Moment in the history");
        slider.focus();
        app.run_steps(2);
        for _ in 0..6 {
            app.key_press(Key::ArrowLeft);
            app.run_steps(2);
        }
        press(&mut app, "Layer conv2");
        shoot(&mut app, "past");
        app.key_press(Key::Escape);
        app.run_steps(3);
        press(&mut app, "To now");
        app.state_mut().view.tab = "curves";
        until(&mut app, Stage::Done);
        shoot(&mut app, "ended");
        app.state_mut().view.tab = "cloud";
        app.set_size([960.0, 600.0].into());
        shoot(&mut app, "narrow");
        app.set_size([390.0, 844.0].into());
        shoot(&mut app, "phone");
    }
}
