//! What is typed into a text is never a shortcut.

use std::collections::BTreeSet;

use eframe::egui::accesskit::Role;
use eframe::egui::{KeyboardShortcut, Theme};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT, Queryable};
use seedling::app::{Action, PANELS};
use seedling::lab::Stage;

use super::{App, config, open, press, until};

/// Every field that takes text, from top to bottom: texts, and numbers, which become texts where they are edited.
fn fields(app: &App) -> Vec<Node<'_>> {
    let texts = app.query_all_by_role(Role::TextInput);
    let mut fields: Vec<Node<'_>> = texts.chain(app.query_all_by_role(Role::SpinButton)).collect();
    let place = |field: &Node<'_>| (field.rect().top(), field.rect().left());
    fields.sort_by(|a, b| place(a).partial_cmp(&place(b)).expect("places are numbers"));
    fields
}

/// Shortcuts, Escape last: it takes the keyboard away.
fn shortcuts() -> Vec<(Action, KeyboardShortcut)> {
    let mut all: Vec<_> =
        Action::all().into_iter().filter_map(|action| Some((action, action.shortcut()?))).collect();
    all.sort_by_key(|(action, _)| *action == Action::Cancel);
    all
}

/// Types every shortcut's key into every field there is; their names.
fn type_everywhere(app: &mut App) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let count = fields(app).len();
    for index in 0..count {
        let tab = app.state().view.tab;
        for (action, shortcut) in shortcuts() {
            {
                let found = fields(app);
                assert_eq!(found.len(), count, "a field is gone before {action:?}");
                names.extend(found[index].accesskit_node().label());
                found[index].focus();
            }
            app.run_steps(2);
            assert!(fields(app)[index].is_focused(), "field {index} of {names:?} takes the keyboard");
            app.state_mut().last_action = None;
            app.key_press_modifiers(shortcut.modifiers, shortcut.logical_key);
            app.run_steps(1);
            assert_eq!(app.state().last_action, None, "{action:?} in field {index}, {names:?}");
            assert_eq!(app.state().view.tab, tab);
            // Escape closes what only has a text.
            if action == Action::Cancel && fields(app).len() != count {
                return names;
            }
        }
    }
    names
}

#[test]
fn no_shortcut_is_done_while_a_text_has_the_keyboard() {
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Choose);
    let mut names = BTreeSet::new();
    for entry in PANELS {
        app.state_mut().view.tab = entry.name;
        app.run_steps(3);
        if entry.name == "race" {
            press(&mut app, "Add this run's settings");
            press(&mut app, "Limit the cost");
        }
        names.extend(type_everywhere(&mut app));
    }
    // What is below a dialog takes no keyboard: a panel without fields.
    app.state_mut().view.tab = "costs";
    app.run_steps(3);
    assert_eq!(fields(&app).len(), 0);
    press(&mut app, "New run…");
    app.run_steps(8);
    names.extend(type_everywhere(&mut app));
    press(&mut app, "Cancel");
    for command in [Action::OpenRun, Action::Palette] {
        let shortcut = command.shortcut().unwrap();
        // The last field may still have the keyboard.
        app.get_by_label("Network").click();
        app.run_steps(3);
        app.key_press_modifiers(shortcut.modifiers, shortcut.logical_key);
        app.run_steps(8);
        names.extend(type_everywhere(&mut app));
    }
    for name in [
        "Filter candidates",
        "Name of configuration 1",
        "Seeds",
        "Seed network",
        "Seed",
        "Path",
        "Search commands",
    ] {
        assert!(names.contains(name), "{name} in {names:?}");
    }
}
