//! Keys, buttons, menus and the palette agree on what is possible.

use std::path::PathBuf;

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::{NodeT, Queryable};
use seedling::app::Action;
use seedling::lab::{Config, Stage};

use super::{App, config, long, open, press, start, until, wait};

/// Buttons with the name of an action, and whether each can be pressed.
fn buttons(app: &App, action: Action) -> Vec<bool> {
    let named = app.query_all_by_role_and_label(Role::Button, action.label());
    named.map(|button| !button.accesskit_node().is_disabled()).collect()
}

/// Every button, menu entry and row of the palette is as the action says.
fn looks_agree(app: &mut App) {
    for menu in [None, Some("Run"), Some("View")] {
        if let Some(menu) = menu {
            press(app, menu);
        }
        let board = app.state().board();
        let mut seen = 0;
        for action in Action::all() {
            for enabled in buttons(app, action) {
                assert_eq!(enabled, action.is_enabled(&board), "the button {action:?} in {menu:?}");
                seen += 1;
            }
        }
        assert!(seen >= if menu.is_none() { 8 } else { 15 }, "{seen} buttons in {menu:?}");
        if menu.is_some() {
            app.key_press(Key::Escape);
            app.run_steps(3);
        }
    }
    app.key_press_modifiers(Modifiers::COMMAND, Key::K);
    app.run_steps(3);
    let board = app.state().board();
    for action in Action::all() {
        let rows = buttons(app, action);
        assert!(rows.contains(&action.is_enabled(&board)), "no row {action:?}");
        assert!(rows.iter().all(|enabled| *enabled == action.is_enabled(&board)), "the row {action:?}");
    }
    app.key_press(Key::Escape);
    app.run_steps(3);
}

/// Does `attempt` for `action`, and sees that it is done exactly if it is enabled; then brings the app to rest again.
fn tried(app: &mut App, action: Action, attempt: impl FnOnce(&mut App)) {
    let expected = action.is_enabled(&app.state().board()).then_some(action);
    app.state_mut().last_action = None;
    attempt(app);
    app.run_steps(3);
    assert_eq!(app.state().last_action, expected, "{action:?}");
    if expected.is_none() {
        return;
    }
    let dialogs = [Action::NewRun, Action::OpenRun, Action::SaveRun, Action::Palette, Action::Help];
    if dialogs.contains(&action) {
        app.key_press(Key::Escape);
        app.run_steps(3);
        assert_eq!(app.state().last_action, expected, "Escape only closes what {action:?} opened");
    }
    if action == Action::Presenter {
        app.key_press(Key::P);
        app.run_steps(3);
    }
    wait(app, "rest", |board| !board.busy);
}

fn key(app: &mut App, action: Action) {
    if let Some(shortcut) = action.shortcut() {
        app.key_press_modifiers(shortcut.modifiers, shortcut.logical_key);
    }
}

/// All that have a key and leave the app open; what works for long comes last.
fn with_keys() -> impl Iterator<Item = Action> {
    let all = Action::all().into_iter().rev();
    all.filter(|action| action.shortcut().is_some() && *action != Action::Quit)
}

/// All that have a button in the bar.
fn with_buttons() -> [(Action, &'static str); 9] {
    [
        (Action::Help, "What is all this?"),
        (Action::Palette, "All commands"),
        (Action::NewRun, "New run…"),
        (Action::Redo, "Redo"),
        (Action::Undo, "Undo"),
        (Action::Cancel, "Cancel the stage under way"),
        (Action::Step, "One stage"),
        (Action::Round, "To the end of the round"),
        (Action::PlayPause, "Play"),
    ]
}

#[test]
fn buttons_keys_and_palette_agree_where_there_is_no_run() {
    let mut nothing = config();
    nothing.data.dir = Some(PathBuf::from("no such folder"));
    let mut app = start(nothing, None, Theme::Dark);
    wait(&mut app, "the failure", |board| board.failure.is_some() && !board.busy);
    looks_agree(&mut app);
    for action in with_keys() {
        tried(&mut app, action, |app| key(app, action));
    }
}

#[test]
fn buttons_keys_and_palette_agree_at_the_beginning_in_a_round_and_at_the_end() {
    let mut app = open(config(), None, Theme::Dark);
    for stage in [Stage::Seed, Stage::Propose, Stage::Choose, Stage::Done] {
        until(&mut app, stage);
        looks_agree(&mut app);
    }
    for action in with_keys() {
        tried(&mut app, action, |app| key(app, action));
    }
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Train);
    for action in with_keys() {
        tried(&mut app, action, |app| key(app, action));
    }
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Train);
    for (action, name) in with_buttons() {
        tried(&mut app, action, |app| {
            app.get_by_role_and_label(Role::Button, name).click();
        });
    }
}

#[test]
fn buttons_keys_and_palette_agree_while_a_run_plays() {
    let mut app = open(Config { rounds: 1, ..long() }, None, Theme::Dark);
    press(&mut app, "Play");
    wait(&mut app, "training", |board| board.progress.is_some_and(|progress| progress.done > 0));
    looks_agree(&mut app);
    let board = app.state().board();
    for action in Action::all().into_iter().filter(|action| !action.is_enabled(&board)) {
        app.state_mut().last_action = None;
        key(&mut app, action);
        app.run_steps(3);
        assert_eq!(app.state().last_action, None, "{action:?}");
    }
    assert!(app.state().board().busy);
    tried(&mut app, Action::PlayPause, |app| key(app, Action::PlayPause));
}

#[test]
fn what_cannot_be_done_is_not_picked_in_the_palette() {
    let mut app = open(config(), None, Theme::Dark);
    app.state_mut().last_action = None;
    app.key_press_modifiers(Modifiers::COMMAND, Key::K);
    app.run_steps(3);
    app.get_by_label("Search commands").type_text("redo");
    app.run_steps(3);
    app.key_press(Key::Enter);
    app.run_steps(3);
    assert_eq!(app.state().last_action, Some(Action::Palette));
    app.get_by_label("Search commands");
    // The other is in the bar below.
    let row = app.query_all_by_role_and_label(Role::Button, "Redo").last();
    row.expect("a row").hover();
    app.run_steps(12);
    app.get_by_label_contains("There is nothing to redo");
}

#[test]
fn escape_closes_the_topmost_thing_only() {
    let mut app = open(long(), None, Theme::Dark);
    press(&mut app, "Play");
    wait(&mut app, "training", |board| board.progress.is_some_and(|progress| progress.done > 0));
    let escape = |app: &mut App| {
        app.key_press(Key::Escape);
        app.run_steps(3);
        assert_eq!(app.state().last_action.filter(|action| *action == Action::Cancel), None);
        assert!(app.state().board().busy, "the run goes on");
    };
    press(&mut app, "Run");
    app.get_by_label("Add a round");
    escape(&mut app);
    assert!(app.query_by_label("Add a round").is_none(), "the menu is closed");

    press(&mut app, "Candidates");
    until_focused(&mut app, "New run…", "Seed network");
    escape(&mut app);
    app.get_by_label("Begin");
    escape(&mut app);
    assert!(app.query_by_label("Begin").is_none(), "the setup is closed");

    press(&mut app, "New run…");
    app.run_steps(8);
    press(&mut app, "Load settings…");
    app.get_by_label("Path");
    escape(&mut app);
    assert!(app.query_by_label("Path").is_none(), "the question is closed");
    app.get_by_label("Begin");
    escape(&mut app);
    app.key_press(Key::Escape);
    app.run_steps(3);
    assert_eq!(app.state().last_action, Some(Action::Cancel));
    wait(&mut app, "the end", |board| !board.busy);
}

/// Presses a button, and gives the keyboard to a field of what it opens.
fn until_focused(app: &mut App, button: &str, field: &str) {
    press(app, button);
    app.run_steps(8);
    app.get_by_role_and_label(Role::TextInput, field).focus();
    app.run_steps(3);
}
