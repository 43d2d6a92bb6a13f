//! Chips of stages and the slider show earlier moments, and leave the run where it is.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Theme};
use egui_kittest::kittest::Queryable;
use seedling::app::Start;
use seedling::app::worker::board::Past;
use seedling::lab::{EngineChoice, Stage};

use super::{App, config, idle_at, open, press, stage, until, wait, window};

const SLIDER: &str = "Moment in the history";

/// How many channels of a layer are drawn.
fn channels(app: &App, layer: &str) -> usize {
    app.query_all_by_label_contains(&format!("{layer} channel ")).count()
}

fn past(app: &App) -> Option<usize> {
    match app.state().view.past(&app.state().board().snapshot.unwrap()) {
        Some(Past::Position(at)) => Some(at),
        _ => None,
    }
}

#[test]
fn a_chip_of_a_done_stage_shows_what_it_found() {
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Choose);
    app.get_by_role_and_label(Role::Label, "Stage choose: present");
    press(&mut app, "Stage propose: done");
    assert_eq!((app.state().view.tab, past(&app)), ("table", Some(3)));
    app.get_by_label("Looking back");
    app.get_by_label_contains("After Propose, round 1. Only to be looked at");
    assert_eq!(stage(&app.state().board()), Some(Stage::Choose), "the run is where it was");
    // What is done last is seen now.
    press(&mut app, "Stage measure: done");
    assert_eq!((app.state().view.tab, past(&app)), ("cloud", None));
    app.get_by_role_and_label(Role::Button, "Stage train: done").focus();
    app.run_steps(2);
    app.key_press(Key::Enter);
    app.run_steps(3);
    assert_eq!((app.state().view.tab, past(&app)), ("curves", Some(2)));
    // Escape leaves the past; so does whatever takes the run on.
    app.key_press(Key::Escape);
    app.run_steps(3);
    app.key_press(Key::Escape);
    app.run_steps(3);
    assert_eq!(past(&app), None);
    press(&mut app, "Stage seed: done");
    press(&mut app, "One stage");
    idle_at(&mut app, Stage::Grow);
    assert!(past(&app).is_none() && app.query_by_label("Looking back").is_none());
}

#[test]
fn the_slider_shows_every_moment_and_only_lets_it_be_looked_at() {
    let mut app = open(config(), None, Theme::Light);
    assert!(app.query_by_label(SLIDER).is_none(), "there is only one moment");
    until(&mut app, Stage::Grow);
    app.state_mut().view.tab = "table";
    app.run_steps(3);
    let before = channels(&app, "conv1") + channels(&app, "conv2");
    app.get_by_label("Tick others to choose yourself.");
    until(&mut app, Stage::Train);
    let grown = channels(&app, "conv1") + channels(&app, "conv2");
    assert_ne!(grown, before);
    app.get_by_role_and_label(Role::Slider, SLIDER).focus();
    app.run_steps(2);
    app.key_press(Key::ArrowLeft);
    app.run_steps(6);
    app.get_by_label("After Choose, round 1");
    assert_eq!(channels(&app, "conv1") + channels(&app, "conv2"), before, "the network of then");
    assert!(app.query_by_label("Tick others to choose yourself.").is_none(), "the past is not edited");
    for _ in 0..4 {
        app.key_press(Key::ArrowLeft);
        app.run_steps(2);
    }
    app.get_by_label("After Propose, round 1");
    assert_eq!(app.query_all_by_label_contains("chosen: adds").count(), 0);
    assert_eq!(stage(&app.state().board()), Some(Stage::Train));
    press(&mut app, "To now");
    assert!(past(&app).is_none() && app.query_by_label("Looking back").is_none());
    assert_eq!(channels(&app, "conv1") + channels(&app, "conv2"), grown);
    // What was undone is still to be seen.
    press(&mut app, "Undo");
    idle_at(&mut app, Stage::Grow);
    app.get_by_role_and_label(Role::Slider, SLIDER).focus();
    app.run_steps(2);
    app.key_press(Key::ArrowRight);
    app.run_steps(6);
    app.get_by_label("After Grow, round 1, undone");
    assert_eq!(channels(&app, "conv1") + channels(&app, "conv2"), grown);
}

#[test]
fn rounds_of_a_run_that_was_opened_are_read_from_its_files() {
    let home = tempfile::tempdir().unwrap();
    let mut app = open(config(), Some(home.path()), Theme::Dark);
    let seed = channels(&app, "conv1") + channels(&app, "conv2");
    until(&mut app, Stage::Done);
    let grown = channels(&app, "conv1") + channels(&app, "conv2");
    let folder = app.state().board().snapshot.unwrap().folder.clone();
    drop(app);
    let start = Start { open: folder, engine: EngineChoice::Candle, quiet: true, ..Start::default() };
    let mut app = window(start, Theme::Dark);
    wait(&mut app, "the run", |board| board.snapshot.is_some() && !board.busy);
    assert_eq!(channels(&app, "conv1") + channels(&app, "conv2"), grown);
    app.get_by_role_and_label(Role::Slider, SLIDER).focus();
    app.run_steps(2);
    app.key_press(Key::ArrowLeft);
    app.run_steps(6);
    app.get_by_label("Before Grow, round 1, from its files");
    assert_eq!(channels(&app, "conv1") + channels(&app, "conv2"), seed);
    press(&mut app, "Candidates");
    assert!(app.query_all_by_label_contains("chosen: adds").count() > 0);
    press(&mut app, "To now");
    assert_eq!(channels(&app, "conv1") + channels(&app, "conv2"), grown);
}

#[test]
fn the_head_of_a_layer_tells_its_shape_and_cost() {
    let mut app = open(config(), None, Theme::Dark);
    press(&mut app, "Layer conv2");
    app.get_by_label("6 × 4, each 3 × 3");
    let parameters = 6 * 4 * 9 + 6;
    app.get_by_label(&parameters.to_string());
    app.get_by_label("6 channels of 16 × 16");
    app.key_press(Key::Escape);
    app.run_steps(3);
    assert!(app.query_by_label("6 × 4, each 3 × 3").is_none());
}

#[test]
fn curves_are_smoothed_and_drawn_by_powers_of_ten() {
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Propose);
    press(&mut app, "Curves");
    app.get_by_label("over 20 steps");
    let even = app.render().unwrap();
    press(&mut app, "Logarithmic loss");
    app.run_steps(12);
    assert!(app.state().view.curves.logarithmic);
    assert!(app.render().unwrap() != even, "the loss is drawn otherwise");
    app.get_by_role_and_label(Role::Slider, "Smoothing").focus();
    app.run_steps(2);
    for _ in 0..25 {
        app.key_press(Key::ArrowLeft);
        app.run_steps(1);
    }
    app.run_steps(2);
    assert_eq!(app.state().view.curves.smoothing, 0);
    app.get_by_label("raw");
}
