//! The words and buttons beside the picture: a round is driven by them alone, and they agree with the screen.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_channel::Sender;
use eframe::egui::{Key, Theme};
use egui_kittest::kittest::{NodeT, Queryable};
use seedling::app::{Action, Beside, Start, Visit};
use seedling::lab::{EngineChoice, Stage};
use serde_json::Value;

use super::{App, config, idle_at, stage, wait, window};

/// What stands beside the app's picture.
struct Page {
    presses: Sender<Action>,
    told: Arc<Mutex<String>>,
}

impl Page {
    fn told(&self) -> Value {
        serde_json::from_str(&self.told.lock().unwrap()).unwrap_or_default()
    }

    fn button(&self, text: &str) -> Value {
        let told = self.told();
        let buttons = told["buttons"].as_array().unwrap();
        buttons
            .iter()
            .find(|button| button["text"] == text)
            .unwrap_or_else(|| panic!("no {text}: {told}"))
            .clone()
    }

    /// Presses a button by what it says.
    fn press(&self, app: &mut App, text: &str) {
        let action = Action::named(self.button(text)["do"].as_str().unwrap()).unwrap();
        self.presses.try_send(action).unwrap();
        app.run_steps(3);
    }

    /// What is told once something holds of it.
    fn until(&self, app: &mut App, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        super::until_told(app, what, || self.told(), wanted)
    }

    /// The sentence that is read out, once it has a part.
    fn said(&self, app: &mut App, part: &str) -> String {
        let told =
            self.until(app, part, |told| told["said"].as_str().is_some_and(|said| said.contains(part)));
        told["said"].as_str().unwrap().to_owned()
    }
}

/// The app with the introduction open over it, and what stands beside its picture.
fn begin(link: &str) -> (App, Page) {
    let visit = Visit::read(link).unwrap();
    let (presses, pressed) = async_channel::unbounded();
    let told = Arc::new(Mutex::new(String::new()));
    let start = Start {
        config: config(),
        engine: EngineChoice::Candle,
        beside: Some(Beside::new(pressed, told.clone())),
        ..Start::default()
    };
    let mut app = window(start, Theme::Dark);
    let context = app.ctx.clone();
    app.state_mut().welcome(visit, &context);
    wait(&mut app, "the first run", |board| board.snapshot.is_some() && !board.busy);
    (app, Page { presses, told })
}

#[test]
fn a_round_is_driven_and_heard_without_the_picture() {
    let (mut app, page) = begin("");
    assert!(app.query_by_label("Start the lesson").is_some(), "the introduction is open");
    let first = page.said(&mut app, "Next, seed");
    assert!(first.ends_with("Press Play, or One stage."), "{first}");
    page.press(&mut app, "One stage");
    idle_at(&mut app, Stage::Train);
    assert!(app.query_by_label("Start the lesson").is_none(), "who goes on has put it away");
    page.said(&mut app, "Seed is done.");
    // Play stops where there is something to look at, and what came of it is said in the screen's own words.
    for (next, done) in [
        (Stage::Measure, "Estimate is done."),
        (Stage::Choose, "Measure is done."),
        (Stage::Train, "Grow is done."),
    ] {
        page.press(&mut app, "Play");
        idle_at(&mut app, next);
        let said = page.said(&mut app, done);
        let told = said.strip_prefix(done).unwrap_or_else(|| panic!("{said}"));
        let (result, rest) = told.trim_start().split_once(" Next, ").unwrap_or_else(|| panic!("{said}"));
        app.get_by_label_contains(result.split(" The held-out loss rose").next().unwrap());
        app.get_by_label_contains(rest.split(" Press Play").next().unwrap());
        let told = page.told();
        let rows = told["best"]["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 5);
        let measured = rows.iter().filter(|row| row[2] != "not measured").count();
        assert_eq!(measured, if next == Stage::Measure { 0 } else { 5 }, "{rows:?}");
    }
    let told = page.told();
    let network: Vec<&str> = told["network"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let snapshot = app.state().board().snapshot.unwrap();
    for (line, layer) in network.iter().zip(&snapshot.diagram.layers) {
        assert!(line.starts_with(&format!("{}: {} channel", layer.name, layer.channels)), "{line}");
    }
    page.press(&mut app, "Undo");
    idle_at(&mut app, Stage::Grow);
    page.said(&mut app, "Choose is done.");
}

#[test]
fn panels_are_gone_through_and_gains_to_be_predicted_stay_hidden() {
    let (mut app, page) = begin("#hide=introduction");
    page.until(&mut app, "the first panel", |told| {
        told["panel"] == "The panel shown is: Estimated and actual."
    });
    page.press(&mut app, "Next panel: Curves");
    assert_eq!(app.state().view.tab, "curves");
    page.until(&mut app, "the next panel", |told| told["panel"] == "The panel shown is: Curves.");
    page.press(&mut app, "To the end of the round");
    idle_at(&mut app, Stage::Train);
    page.until(&mut app, "the best", |told| told["best"].is_object());
    let context = app.ctx.clone();
    let board = app.state().board();
    app.state_mut().view.round = Some(1);
    app.state_mut().act(Action::Predict, &context, &board);
    let told = page.until(&mut app, "nothing of gains", |told| told["best"].is_null());
    assert!(told["said"].as_str().unwrap().contains("Gains are hidden"), "{told}");
}

#[test]
fn what_the_link_has_switched_off_is_not_pressed() {
    let (mut app, page) = begin("#hide=introduction,undo&freeze=one-stage");
    // Words are renewed every 200 ms at most: the first ones may be from before the link was read.
    page.until(&mut app, "the link's buttons", |told| {
        told["buttons"].is_array() && !told["buttons"].to_string().contains("Undo")
    });
    assert!(page.button("One stage")["off"].as_str().unwrap().contains("switched it off"));
    page.press(&mut app, "One stage");
    app.run_steps(10);
    assert_eq!((stage(&app.state().board()), app.state().last_action), (Some(Stage::Seed), None));
    assert!(app.get_by_label("One stage").accesskit_node().is_disabled());
}

/// Frames from growth until nothing moves any more.
fn frames_until_rest(calm: bool) -> usize {
    let mut app = super::open(config(), None, Theme::Dark);
    if calm {
        super::press(&mut app, "View");
        super::press(&mut app, "Less motion");
    }
    super::until(&mut app, Stage::Grow);
    app.key_press(Key::N);
    while stage(&app.state().board()) != Some(Stage::Train) || app.state().board().busy {
        app.run_steps(1);
    }
    let mut frames = 0;
    loop {
        app.run_steps(1);
        let delays = app.output().viewport_output.values().map(|output| output.repaint_delay);
        if delays.min().is_none_or(|delay| delay > Duration::from_millis(50)) {
            return frames;
        }
        frames += 1;
        assert!(frames < 200, "it never comes to rest");
        // For what the worker computes of the grown network.
        std::thread::sleep(Duration::from_millis(30));
    }
}

#[test]
fn less_motion_has_growth_stand_at_once() {
    // A frame is a tenth of a second, growth takes nine.
    let (moving, calm) = (frames_until_rest(false), frames_until_rest(true));
    assert!(moving >= 8 && calm <= 4, "{moving} frames, with less motion {calm}");
}
