//! Every panel and dialog at the sizes that people have: nothing lies over anything else or is cut off.

use eframe::egui::accesskit::{NodeId, Role};
use eframe::egui::{Key, Modifiers, Rect, Theme, vec2};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT, Queryable};
use seedling::app::PANELS;
use seedling::lab::Stage;

use super::{App, config, open, press, until};

/// Widths and heights in points: those of windows and of a phone, then what zooms of 80 to 200 % leave of them.
pub const SIZES: [(f32, f32); 10] = [
    (800.0, 600.0),
    (960.0, 600.0),
    (1280.0, 720.0),
    (1920.0, 1080.0),
    (390.0, 844.0),
    (1600.0, 900.0),
    (1066.0, 600.0),
    (883.0, 497.0),
    (800.0, 500.0),
    (640.0, 360.0),
];

/// What carries text and is no part of anything else that does.
#[derive(Debug)]
struct Leaf {
    name: String,
    rect: Rect,
    /// The part of the window that it lies in and is clipped to.
    pane: Option<NodeId>,
}

fn pane_of(node: &Node<'_>) -> Option<NodeId> {
    let mut above = node.parent();
    while let Some(node) = above {
        if node.accesskit_node().role() == Role::Pane {
            return Some(node.accesskit_node().locate().0);
        }
        above = node.parent();
    }
    None
}

fn leaves(app: &App) -> Vec<Leaf> {
    let roles =
        [Role::Button, Role::Label, Role::TextInput, Role::SpinButton, Role::CheckBox, Role::ComboBox];
    let mut leaves = Vec::new();
    for role in roles {
        for node in app.query_all_by_role(role) {
            let node_of = node.accesskit_node();
            let name = node_of.label().or(node_of.value()).unwrap_or_default();
            let rect = node.rect();
            if !name.is_empty() && rect.width() > 0.5 && rect.height() > 0.5 {
                leaves.push(Leaf { name, rect, pane: pane_of(&node) });
            }
        }
    }
    leaves
}

/// Nothing of the window's frame sticks out of it or lies over another part of it. Within panels, which may
/// scroll, nothing
/// begins left of the window or goes on right of it.
pub fn fits(app: &App, what: &str, width: f32, height: f32) {
    let window = Rect::from_min_size(Default::default(), vec2(width, height));
    let leaves = leaves(app);
    assert!(leaves.len() > 5, "{what}: {leaves:?}");
    // Where the tabs and the network's cells are, there are the panels.
    let tab =
        |leaf: &&Leaf| leaf.name.starts_with("conv") || PANELS.iter().any(|entry| (entry.tab)() == leaf.name);
    let panels: Vec<Option<NodeId>> = leaves.iter().filter(tab).map(|leaf| leaf.pane).collect();
    for Leaf { name, rect, .. } in &leaves {
        // What is scrolled out of sight is not drawn.
        if !window.intersects(*rect) {
            continue;
        }
        assert!(
            rect.left() >= -0.5 && rect.right() <= width + 0.5,
            "{what}: \"{name}\" is cut off: {rect:?} in {width}"
        );
    }
    for (index, Leaf { name, rect, pane }) in leaves.iter().enumerate() {
        for Leaf { name: other, rect: place, pane: elsewhere } in &leaves[..index] {
            // What a panel scrolls out of its own part of the window is clipped there, and lies over nothing.
            if pane != elsewhere && [pane, elsewhere].iter().any(|one| panels.contains(one)) {
                continue;
            }
            let both = rect.intersect(*place);
            // What a panel scrolls is clipped, so that only lines at one height can be seen over one another.
            let level = (rect.center().y - place.center().y).abs() < 4.0;
            let over = level && both.width() > 2.0 && both.height() > 2.0;
            // A cell of a table or a card holds its own text.
            let inside = rect.contains_rect(place.shrink(1.0)) || place.contains_rect(rect.shrink(1.0));
            let seen = window.contains_rect(*rect) && window.contains_rect(*place);
            assert!(!over || inside || !seen, "{what}: \"{name}\" {rect:?} lies over \"{other}\" {place:?}");
        }
    }
}

pub fn resize(app: &mut App, (width, height): (f32, f32)) -> (f32, f32) {
    app.set_size(vec2(width, height));
    app.run_steps(12);
    (width, height)
}

#[test]
fn every_panel_fits_at_every_size() {
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Grow);
    for size in SIZES {
        let (width, height) = resize(&mut app, size);
        for entry in PANELS {
            app.state_mut().view.tab = entry.name;
            app.run_steps(6);
            fits(&app, &format!("{} at {size:?}", entry.name), width, height);
        }
        if width < 1100.0 {
            app.state_mut().view.tab = "network";
            app.run_steps(6);
            fits(&app, &format!("network at {size:?}"), width, height);
            app.get_by_label("conv1 channel 0");
        }
    }
}

#[test]
fn every_dialog_fits_at_every_size() {
    let mut app = open(config(), None, Theme::Dark);
    for size in SIZES {
        let (width, height) = resize(&mut app, size);
        for (key, what, inside) in [
            (Key::N, "the setup", "Begin"),
            (Key::K, "the palette", "Search commands"),
            (Key::O, "the question for a path", "Path"),
        ] {
            app.key_press_modifiers(Modifiers::COMMAND, key);
            app.run_steps(10);
            let rect = app.get_by_label(inside).rect();
            let window = Rect::from_min_size(Default::default(), vec2(width, height));
            assert!(window.contains_rect(rect), "{what} at {size:?}: {rect:?}");
            app.key_press(Key::Escape);
            app.run_steps(2);
            app.key_press(Key::Escape);
            app.run_steps(4);
            assert!(app.query_by_label(inside).is_none(), "{what} is closed");
        }
        app.key_press(Key::F1);
        app.run_steps(8);
        let rect = app.get_by_label("Start the lesson").rect();
        assert!(rect.left() >= 0.0 && rect.right() <= width && rect.bottom() <= height, "{size:?}: {rect:?}");
        app.key_press(Key::Escape);
        app.run_steps(4);
    }
}

#[test]
fn below_its_width_one_panel_is_shown_at_a_time() {
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Choose);
    assert!(app.query_by_label("All formulas").is_some() && app.query_by_label("conv1 channel 0").is_some());
    resize(&mut app, (960.0, 600.0));
    press(&mut app, "Estimated and actual");
    app.get_by_label("All formulas");
    assert!(app.query_by_label("conv1 channel 0").is_none());
    // The bar has what has no room left in its menus.
    press(&mut app, "Run");
    app.get_by_label("To the end of the round");
    app.key_press(Key::Escape);
    app.run_steps(3);
    resize(&mut app, (390.0, 844.0));
    press(&mut app, "Menu");
    app.get_by_label("Run through");
    app.get_by_label("New run…");
}
