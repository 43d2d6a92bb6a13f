//! Whatever can be pressed, ticked, drawn to a number or typed into has a name and a role for screen readers.

use eframe::egui::accesskit::{Action as Deed, Role};
use eframe::egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use seedling::app::PANELS;
use seedling::lab::Stage;

use super::{App, config, open, press, until};

/// Roles of what is always for use.
const USED: [Role; 8] = [
    Role::Button,
    Role::CheckBox,
    Role::ComboBox,
    Role::Link,
    Role::RadioButton,
    Role::Slider,
    Role::SpinButton,
    Role::TextInput,
];

/// What takes clicks without being anything to press: text that can be selected, and the bars of scrolling.
const NOT_PRESSED: [Role; 2] = [Role::Label, Role::ScrollBar];

/// What on the screen has no name in words, or no role, though it is for use.
fn nameless(app: &App) -> Vec<String> {
    let nodes = app.root().children_recursive();
    let wrong = nodes.filter_map(|node| {
        let node = node.accesskit_node();
        let (role, name) = (node.role(), node.label().unwrap_or_default());
        let clicked = node.data().supports_action(Deed::Click) && !NOT_PRESSED.contains(&role);
        let role_missing = clicked && matches!(role, Role::Unknown | Role::GenericContainer);
        let name_missing = (clicked || USED.contains(&role)) && !name.chars().any(char::is_alphanumeric);
        (role_missing || name_missing).then(|| format!("{role:?} \"{name}\" at {:?}", node.bounding_box()))
    });
    wrong.collect()
}

/// Looks at what is shown now; complaints are gathered, so that one run of the test names all.
fn look(app: &mut App, what: &str, wrong: &mut Vec<String>) {
    app.run_steps(6);
    wrong.extend(nameless(app).into_iter().map(|found| format!("{what}: {found}")));
}

fn close(app: &mut App) {
    app.key_press(Key::Escape);
    app.run_steps(3);
}

/// Every panel behind a tab, with a channel's panel open.
fn look_at_panels(app: &mut App, when: &str, wrong: &mut Vec<String>) {
    for entry in PANELS {
        app.state_mut().view.tab = entry.name;
        look(app, &format!("{}, {when}", (entry.tab)()), wrong);
    }
    app.state_mut().view.tab = PANELS[0].name;
    app.run_steps(3);
}

#[test]
fn every_panel_names_what_can_be_used() {
    let mut app = open(config(), None, Theme::Dark);
    let mut wrong = Vec::new();
    look_at_panels(&mut app, "at the beginning", &mut wrong);
    until(&mut app, Stage::Choose);
    press(&mut app, "conv1 channel 1");
    look_at_panels(&mut app, "measured", &mut wrong);
    press(&mut app, "Predict first");
    look(&mut app, "the cards to predict", &mut wrong);
    press(&mut app, "Reveal");
    look(&mut app, "what came of them", &mut wrong);
    press(&mut app, "To the plot");
    press(&mut app, "All formulas");
    look(&mut app, "all formulas", &mut wrong);
    until(&mut app, Stage::Grow);
    look_at_panels(&mut app, "chosen", &mut wrong);
    press(&mut app, "Race");
    for _ in 0..2 {
        press(&mut app, "Add this run's settings");
    }
    press(&mut app, "Limit the cost");
    look(&mut app, "a race", &mut wrong);
    until(&mut app, Stage::Done);
    look_at_panels(&mut app, "at the end", &mut wrong);
    app.state_mut().view.tab = "curves";
    app.key_press_modifiers(Modifiers::COMMAND, Key::K);
    app.run_steps(3);
    app.get_by_label("Search commands").type_text("keep these");
    app.run_steps(3);
    app.key_press(Key::Enter);
    look(&mut app, "curves kept", &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dialog_and_menu_names_what_can_be_used() {
    let mut app = open(config(), None, Theme::Dark);
    let mut wrong = Vec::new();
    for menu in ["History", "Run", "View"] {
        press(&mut app, menu);
        look(&mut app, &format!("the menu {menu}"), &mut wrong);
        close(&mut app);
    }
    for (key, what) in [(Key::N, "the setup"), (Key::K, "the palette"), (Key::O, "the question for a path")] {
        app.key_press_modifiers(Modifiers::COMMAND, key);
        look(&mut app, what, &mut wrong);
        if key == Key::N {
            press(&mut app, "All");
            look(&mut app, "the setup with all settings", &mut wrong);
        }
        close(&mut app);
        close(&mut app);
    }
    app.key_press(Key::F1);
    look(&mut app, "the introduction", &mut wrong);
    press(&mut app, "Other lessons");
    look(&mut app, "the lessons", &mut wrong);
    close(&mut app);
    app.key_press(Key::F1);
    app.run_steps(3);
    press(&mut app, "Start the lesson");
    look(&mut app, "a lesson", &mut wrong);
    for (width, height) in [(960.0, 600.0), (390.0, 844.0)] {
        app.set_size(vec2(width, height));
        app.run_steps(6);
        look(&mut app, &format!("{width} points wide"), &mut wrong);
    }
    press(&mut app, "Menu");
    look(&mut app, "the phone's menu", &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
