//! Escape closes the topmost thing first, and asks before it stops work that has taken long.

use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Theme};
use egui_kittest::kittest::Queryable;
use seedling::app::view::Channel;
use seedling::lab::Stage;

use super::{App, config, open, press, stage, wait};

/// A training under way that does not end by itself.
fn training() -> App {
    let mut endless = config();
    endless.training.epochs = 10_000;
    let mut app = open(endless, None, Theme::Dark);
    press(&mut app, "Play");
    wait(&mut app, "training", |board| board.progress.is_some_and(|progress| progress.done > 0));
    app
}

fn escape(app: &mut App) {
    app.key_press(Key::Escape);
    app.run_steps(3);
}

/// Makes the work under way appear to have begun so many seconds ago.
fn begun(app: &App, seconds: u64) {
    let shared = app.state().shared();
    shared.write(|board| board.began = Instant::now().checked_sub(Duration::from_secs(seconds)));
}

#[test]
fn escape_closes_menus_and_panels_before_it_stops_anything() {
    let mut app = training();
    app.state_mut().view.channel = Some(Channel { layer: "conv1".into(), channel: 1 });
    app.run_steps(6);
    app.get_by_label("Activation for this image");
    app.get_by_role_and_label(Role::Button, "View").click();
    app.run_steps(3);
    app.get_by_label("Presenter size");
    escape(&mut app);
    assert!(app.query_by_label("Presenter size").is_none(), "the menu is closed");
    app.get_by_label("Activation for this image");
    escape(&mut app);
    assert!(app.state().view.channel.is_none(), "the panel is closed");
    assert!(app.state().board().busy, "and the training goes on");
    begun(&app, 0);
    escape(&mut app);
    wait(&mut app, "the end", |board| !board.busy);
    assert!(app.query_by_label("Keep going").is_none(), "what was short is stopped without a word");
}

#[test]
fn long_work_is_only_stopped_once_that_is_said() {
    let mut app = training();
    begun(&app, 65);
    escape(&mut app);
    app.get_by_label("Stop the stage train?");
    app.get_by_label_contains("It has taken 1 min 05 s so far. Play takes it up again");
    escape(&mut app);
    assert!(
        app.query_by_label("Stop now").is_none() && app.state().board().busy,
        "a second Escape keeps going"
    );
    escape(&mut app);
    press(&mut app, "Keep going");
    assert!(app.query_by_label("Stop now").is_none() && app.state().board().busy);
    escape(&mut app);
    press(&mut app, "Stop now");
    wait(&mut app, "the end", |board| !board.busy);
    assert_eq!(stage(&app.state().board()), Some(Stage::Train));
    assert!(app.query_by_label("Stop now").is_none());
}
