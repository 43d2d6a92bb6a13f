//! A run from its setup to its end as a person sees it: what is asked, what is said, what is offered next.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Theme};
use egui_kittest::kittest::Queryable;
use seedling::lab::{Config, Stage};

use super::{App, ask_for_path, config, open, press, until, wait};

/// A run that is done.
fn finished() -> App {
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Done);
    app
}

#[test]
fn a_finished_run_says_whether_it_was_worth_it_and_what_comes_next() {
    let mut app = finished();
    for text in ["Was it worth it?", "Seed network, trained", "Grown network"] {
        app.get_by_label(text);
    }
    app.get_by_label_contains("only a race tells what growing did");
    app.get_by_label_contains("FLOPs to grow");
    press(&mut app, "Race against not growing");
    assert_eq!(app.state().view.tab, "race");
    app.get_by_label_contains("does not grow");
    app.get_by_label_contains("about");
    press(&mut app, "Hide");
    assert!(app.query_by_label("Was it worth it?").is_none());
    until_more(&mut app);
}

/// Another round is added, and at its end the card is there again.
fn until_more(app: &mut App) {
    press(app, "Run");
    app.get_by_role_and_label(Role::Button, "Add a round").click();
    app.run_steps(3);
    wait(app, "another round", |board| {
        !board.busy && board.snapshot.as_ref().is_some_and(|snapshot| snapshot.config.rounds == 2)
    });
    until(app, Stage::Done);
    app.get_by_label("Was it worth it?");
}

#[test]
fn promises_of_the_choice_follow_every_tick() {
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Grow);
    press(&mut app, "Candidates");
    let record = |app: &App| app.state().board().snapshot.unwrap().state.record(1).unwrap().clone();
    let before = record(&app).joint.unwrap();
    app.get_by_label(&format!("joint estimate: {}", seedling::format::brief(before.promised)));
    let id = record(&app).chosen()[0].clone();
    app.state_mut().view.filter = id.clone();
    app.run_steps(3);
    press(&mut app, &format!("Choose {id}"));
    wait(&mut app, "the new choice", |board| {
        let snapshot = board.snapshot.as_ref().unwrap();
        !board.busy && !snapshot.state.record(1).unwrap().chosen().contains(&id)
    });
    match record(&app).joint.filter(|_| !record(&app).chosen().is_empty()) {
        Some(after) => {
            assert_ne!(after.promised, before.promised);
            app.get_by_label(&format!("joint estimate: {}", seedling::format::brief(after.promised)));
            app.get_by_label("what came: not known yet");
        }
        None => assert!(app.query_by_label_contains("joint estimate").is_none()),
    }
    app.get_by_label("dropped by you");
}

/// Until the setup has looked at the images.
pub fn wait_for_classes(app: &mut App) {
    for _ in 0..1000 {
        app.run_steps(2);
        if app.query_by_label("Class cat").is_some() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the setup does not know its classes");
}

#[test]
fn classes_are_picked_as_chips_and_a_wrong_one_is_refused_where_it_is_typed() {
    let mut app = open(Config { preset: "tiny".into(), ..config() }, None, Theme::Dark);
    press(&mut app, "New run…");
    wait_for_classes(&mut app);
    for class in ["Class airplane", "Class automobile", "Class bird", "Class cat", "Class dog"] {
        press(&mut app, class);
    }
    app.get_by_role_and_label(Role::TextInput, "Classes").focus();
    app.run_steps(2);
    app.get_by_role_and_label(Role::TextInput, "Classes").type_text(", 77");
    app.run_steps(3);
    app.get_by_label_contains("data.classes: found 77");
    // What is typed is kept for the next time.
    press(&mut app, "Cancel");
    press(&mut app, "New run…");
    app.run_steps(6);
    app.get_by_label_contains("data.classes: found 77");
    app.get_by_role_and_label(Role::TextInput, "Classes").focus();
    app.run_steps(2);
    for _ in 0..4 {
        app.key_press(Key::Backspace);
        app.run_steps(1);
    }
    app.run_steps(3);
    press(&mut app, "Begin");
    wait(&mut app, "cats and dogs", |board| {
        !board.busy && board.snapshot.as_ref().is_some_and(|snapshot| snapshot.run == 2)
    });
    assert_eq!(app.state().board().snapshot.unwrap().data.class_names, ["cat", "dog"]);
    app.get_by_label("cat, dog - seed 7");
}

#[test]
fn basic_settings_are_few_and_all_are_one_step_away() {
    let mut app = open(config(), None, Theme::Dark);
    press(&mut app, "New run…");
    app.run_steps(8);
    let height = app.get_by_label("Begin").rect().top();
    assert!(app.query_by_label("Estimator").is_none());
    press(&mut app, "All");
    app.run_steps(8);
    app.get_by_label("Estimator");
    assert_eq!(app.get_by_label("Begin").rect().top(), height, "the dialog keeps its height");
}

#[test]
fn what_was_said_goes_with_the_next_order_and_errors_can_be_repaired() {
    let mut app = finished();
    let out = tempfile::tempdir().unwrap();
    ask_for_path(&mut app, "save settings", &out.path().join("s").display().to_string());
    app.get_by_label_contains("s.toml is written.");
    press(&mut app, "Undo");
    wait(&mut app, "the undo", |board| {
        !board.busy && board.snapshot.as_ref().is_some_and(|snapshot| snapshot.state.stage != Stage::Done)
    });
    assert!(app.query_by_label_contains("s.toml is written.").is_none());
    let nowhere = out.path().join("nowhere");
    ask_for_path(&mut app, "open a run", &nowhere.display().to_string());
    wait(&mut app, "the failure", |board| board.failure.is_some());
    press(&mut app, "Open another…");
    app.get_by_label("Path");
}
