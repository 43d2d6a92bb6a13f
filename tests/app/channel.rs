//! The views of a channel: a number taken apart, images repaired and broken, and a change along its scale.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Rect, Theme, vec2};
use egui_kittest::SnapshotOptions;
use egui_kittest::kittest::{NodeT, Queryable};
use seedling::lab::{Change, Config, Stage};
use seedling::network::CloseUp;

use super::{App, config, open, press, stage, until, wait};

const PLACE: &str = "A place of the activation";
/// The names of the views.
const VIEWS: [&str; 4] = ["Changes", "Pixels × kernel", "Repaired, broken", "Along the scale"];
const COMPARE: &str = "Compare the answers";

/// With the channel open of a split that is worth making, which is selected.
fn at_a_split(theme: Theme) -> App {
    let mut app = open(config(), None, theme);
    until(&mut app, Stage::Choose);
    let snapshot = app.state().board().snapshot.unwrap();
    let record = snapshot.state.record(1).unwrap();
    let split = record.candidates.iter().rev().find(|candidate| {
        candidate.family.name() == "split" && candidate.scale.is_some_and(|scale| scale > 0.0)
    });
    app.state_mut().view.look_at(split.expect("a split worth making"));
    app.run_steps(4);
    app
}

#[test]
fn a_click_that_moves_the_channels_points_at_no_other() {
    // Several rows of channels, so that others come where one was when the panel of a channel takes their room.
    let mut app = open(Config { preset: "24-M-6".into(), ..config() }, None, Theme::Dark);
    until(&mut app, Stage::Choose);
    let cells = |app: &App| -> Vec<(String, Rect)> {
        let found = app.query_all_by_role(Role::Button);
        let named = found.filter_map(|node| Some((node.accesskit_node().label()?, node.rect())));
        named.filter(|(name, _)| name.starts_with("conv") && name.contains(" channel ")).collect()
    };
    let before = cells(&app);
    assert!(before.len() > 5, "{before:?}");
    let mut moved = 0;
    for (name, rect) in before.into_iter().step_by(3) {
        app.get_by_label(&name).hover();
        app.run_steps(3);
        assert!(app.state().view.hovered.is_some(), "{name} is pointed at");
        app.get_by_label(&name).click();
        app.run_steps(8);
        let under = cells(&app).into_iter().find(|(_, now)| now.contains(rect.center()));
        moved += usize::from(under.is_some_and(|(other, _)| other != name));
        assert_eq!(app.state().view.hovered, None, "{name} was clicked, and the pointer rests");
        app.get_by_label("Close").click();
        app.run_steps(8);
    }
    assert!(moved > 0, "no other channel came below the pointer");
}

/// The sentence of the number at a place, by the network's own parts.
fn parts(app: &App, place: (usize, usize)) -> CloseUp {
    let board = app.state().board();
    let (look, here) = (board.look.unwrap(), app.state().view.channel.clone().unwrap());
    let network = &look.model.network;
    let input = &look.outputs[&network.architecture.node(&here.layer).unwrap().inputs[0]];
    CloseUp::of(network, &here.layer, here.channel, input, place).unwrap()
}

#[test]
fn a_number_is_taken_apart_where_one_points_and_where_keys_go() {
    let mut app = at_a_split(Theme::Dark);
    let side = 16;
    app.get_by_label_contains(PLACE).click();
    app.run_steps(4);
    let told = |app: &App, place: (usize, usize)| {
        let seen = parts(app, place);
        let sum = format!("= {:.3} →", seen.sum).replace("-0.000", "0.000");
        assert!(app.query_all_by_label_contains(&sum).count() > 0, "{sum}");
        app.get_by_label(&format!("row {}, column {} of {side}×{side}", place.0, place.1));
    };
    // A click lies in the middle; children stand beside their parent, as a split is learned.
    told(&app, (side / 2, side / 2));
    app.get_by_label("Child 1: kernel");
    app.get_by_label("Child 2: kernel");
    app.key_press(Key::ArrowUp);
    app.run_steps(2);
    app.key_press(Key::ArrowRight);
    app.run_steps(2);
    told(&app, (side / 2 - 1, side / 2 + 1));
    for _ in 0..side {
        app.key_press(Key::ArrowLeft);
        app.run_steps(1);
    }
    told(&app, (side / 2 - 1, 0));
    assert!(app.get_by_label_contains(PLACE).accesskit_node().is_focused(), "arrows do not lead away");
}

#[test]
fn images_are_compared_on_demand_and_forgotten_when_the_run_goes_back() {
    let mut app = at_a_split(Theme::Dark);
    press(&mut app, "Repaired, broken");
    press(&mut app, COMPARE);
    wait(&mut app, "the answers", |board| board.repairs.is_some() && !board.busy);
    let (_, found) = app.state().board().repairs.unwrap();
    assert_eq!(found.of, Change::Candidate(app.state().view.candidate.clone().unwrap()));
    app.get_by_label_contains(&format!(
        "repaired {} and broke {}:",
        found.repaired.len(),
        found.broken.len()
    ));
    press(&mut app, "Undo");
    wait(&mut app, "the step back", |board| stage(board) == Some(Stage::Measure) && !board.busy);
    assert!(app.state().board().repairs.is_none());
    app.get_by_label(COMPARE);
    until(&mut app, Stage::Train);
    press(&mut app, COMPARE);
    wait(&mut app, "the growth", |board| board.repairs.is_some() && !board.busy);
    let (_, found) = app.state().board().repairs.unwrap();
    assert_eq!(found.of, Change::Growth);
    let flip = found.repaired.iter().chain(&found.broken).next().expect("growth changes an answer");
    app.get_by_label_contains(&format!("Look at image {},", flip.image + 1)).click_accesskit();
    app.run_steps(3);
    assert_eq!(app.state().view.image, flip.image);
    app.get_by_label_contains("the growth of round 1");
    press(&mut app, "New run…");
    app.run_steps(8);
    press(&mut app, "Begin");
    wait(&mut app, "the new run", |board| {
        !board.busy && board.snapshot.as_ref().is_some_and(|snapshot| snapshot.run == 2)
    });
    assert!(app.state().board().repairs.is_none());
}

#[test]
fn a_change_is_followed_along_its_scale_without_a_lesson() {
    let mut app = at_a_split(Theme::Dark);
    press(&mut app, "Along the scale");
    app.get_by_label_contains("Follow Split channel").click();
    app.run_steps(3);
    wait(&mut app, "the curves", |board| board.along.is_some() && !board.busy);
    app.get_by_label_contains("at 0.00: truth 0   tangent 0");
}

#[test]
fn every_view_of_a_channel_fits_at_every_size() {
    let mut app = at_a_split(Theme::Dark);
    press(&mut app, "Repaired, broken");
    press(&mut app, COMPARE);
    wait(&mut app, "the answers", |board| board.repairs.is_some() && !board.busy);
    for size in super::sizes::SIZES {
        let (width, height) = super::sizes::resize(&mut app, size);
        app.state_mut().view.tab = if width < 1100.0 { "network" } else { "cloud" };
        app.run_steps(6);
        for name in VIEWS {
            app.get_by_role_and_label(Role::Button, name).click_accesskit();
            app.run_steps(6);
            super::sizes::fits(&app, &format!("{name} at {size:?}"), width, height);
        }
    }
}

#[test]
fn the_views_of_a_channel_look_as_they_should() {
    let mut differences = egui_kittest::SnapshotResults::new();
    let options = SnapshotOptions::new().threshold(2.0).max_failed_pixels(600);
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut app = at_a_split(theme);
        let mut shoot = |app: &mut App, what: &str| {
            app.run_steps(12);
            differences.add(app.try_snapshot_options(format!("{what}-{name}"), &options));
        };
        app.get_by_label_contains(PLACE).click();
        shoot(&mut app, "pixels");
        press(&mut app, "Along the scale");
        app.get_by_label_contains("Follow Split channel").click();
        app.run_steps(3);
        wait(&mut app, "the curves", |board| board.along.is_some() && !board.busy);
        shoot(&mut app, "scale");
        press(&mut app, "Pixels × kernel");
        app.set_size(vec2(800.0, 600.0));
        app.state_mut().view.tab = "network";
        shoot(&mut app, "pixels-narrow");
        // A single split changes no answer here; all that is made changes some.
        app.set_size(vec2(1280.0, 720.0));
        app.state_mut().view.tab = "cloud";
        until(&mut app, Stage::Train);
        press(&mut app, "Repaired, broken");
        press(&mut app, COMPARE);
        wait(&mut app, "the answers", |board| board.repairs.is_some() && !board.busy);
        shoot(&mut app, "repairs");
    }
}
