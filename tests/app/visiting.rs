//! Whole links: what they hide and switch off, where they lead, and the page around this one.

use std::sync::{Arc, Mutex};

use async_channel::Sender;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use seedling::app::view::Speed;
use seedling::app::{Action, Host, Screen, Start, Steer, Visit};
use seedling::lab::{Config, EngineChoice, Stage};
use serde_json::Value;

use super::{App, config, idle_at, press, stage, wait};

/// The settings of these tests as a link has them.
fn settings(config: &Config) -> String {
    Visit { config: config.clone(), ..Visit::default() }.write()
}

/// The page around the app.
struct Around {
    orders: Sender<Steer>,
    told: Arc<Mutex<String>>,
}

impl Around {
    fn order(&self, app: &mut App, message: &str) {
        self.orders.try_send(Steer::read(message).unwrap()).unwrap();
        app.run_steps(3);
    }

    fn told(&self) -> Value {
        serde_json::from_str(&self.told.lock().unwrap()).unwrap_or_default()
    }

    /// What it is told once that is as wanted.
    fn until(&self, app: &mut App, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        super::until_told(app, what, || self.told(), wanted)
    }
}

/// The app as a link opens it.
fn visit(link: &str) -> (App, Around) {
    let visit = Visit::read(link).unwrap();
    let (orders, receiver) = async_channel::unbounded();
    let told = Arc::new(Mutex::new(String::new()));
    let start = Start {
        config: visit.config.clone(),
        engine: EngineChoice::Candle,
        host: Some(Host::new(receiver, told.clone())),
        ..Start::default()
    };
    let mut app = Harness::builder()
        .with_size([1280.0, 720.0])
        .with_theme(Theme::Dark)
        .with_step_dt(0.1)
        .wgpu()
        .build_eframe(move |context| {
            let mut screen = Screen::new(&context.egui_ctx, start);
            screen.welcome(visit, &context.egui_ctx);
            screen
        });
    app.state_mut().view.speed = Speed::Fast;
    // Where the link leads on, the run does not wait.
    let led = link.contains("at=");
    wait(&mut app, "the first run", |board| board.snapshot.is_some() && (led || !board.busy));
    (app, Around { orders, told })
}

/// A link with these settings and more.
fn link(more: &str) -> String {
    format!("#{}&hide=introduction{more}", settings(&config()))
}

#[test]
fn a_link_leads_to_the_stage_the_choice_the_panel_and_the_selection() {
    let (mut app, around) = visit(&link("&at=grow:1"));
    idle_at(&mut app, Stage::Grow);
    around.until(&mut app, "told of it", |told| told["run"]["stage"] == "grow");
    let board = app.state().board();
    let round = board.snapshot.unwrap().state.record(1).unwrap().clone();
    assert!(!round.chosen().is_empty());
    let other = round
        .candidates
        .iter()
        .find(|candidate| !candidate.chosen && candidate.scale.is_some_and(|scale| scale > 0.0))
        .expect("one that was not chosen");
    let (id, layer) = (other.id(), other.layer().to_owned());

    let more = format!(
        "&at=train:2&choice.1={id}&tab=curves&candidate={id}&channel={layer}:0&image=9999999&speed=fast"
    );
    let (mut app, around_other) = visit(&link(&more));
    wait(&mut app, "growth by that choice", |board| {
        !board.busy && board.snapshot.as_ref().is_some_and(|snapshot| snapshot.state.round == 2)
    });
    let snapshot = app.state().board().snapshot.unwrap();
    assert_eq!(snapshot.state.record(1).unwrap().chosen(), std::slice::from_ref(&id));
    assert_eq!(app.state().board().failure, None, "an image that is not there is no failure");
    let view = &app.state().view;
    assert_eq!((view.tab, view.candidate.as_deref()), ("curves", Some(id.as_str())));
    assert_eq!(view.channel.as_ref().map(|here| here.layer.as_str()), Some(layer.as_str()));

    // The link to what is there now leads there again.
    let told =
        around_other.until(&mut app, "told of it", |told| told["run"]["round"] == 2 && told["busy"] == false);
    let again = Visit::read(told["link"].as_str().unwrap()).unwrap();
    assert_eq!((again.at, &again.choices[&1]), (Some((Stage::Train, 2)), &vec![id.clone()]));
    assert_eq!((again.show.tab, again.show.candidate), (Some("curves"), Some(id)));
    assert_eq!(again.config, config());
    assert!(again.controls.hides("introduction") && again.embed.is_none());
    assert_eq!(around.told()["run"]["stage"], "grow", "the first is where it was");
}

#[test]
fn who_takes_over_is_not_led_on() {
    let mut long = super::long();
    long.rounds = 1;
    let (mut app, _around) = visit(&format!("#{}&hide=introduction&at=done", settings(&long)));
    wait(&mut app, "training", |board| board.progress.is_some_and(|progress| progress.done > 0));
    app.key_press(Key::Escape);
    app.run_steps(3);
    assert_eq!(app.state().last_action, Some(Action::Cancel));
    wait(&mut app, "the end", |board| !board.busy);
    app.run_steps(20);
    assert!(!app.state().board().busy, "it stays where the person stopped it");
}

#[test]
fn what_a_link_hides_is_nowhere_and_what_it_freezes_is_grey() {
    let hidden = "new-run,race,speed,view-menu,undo";
    let (mut app, _around) = visit(&link(&format!(",{hidden}&freeze=one-stage,curves,history,choice")));
    app.run_steps(3);
    for name in ["New run…", "Undo", "Race", "View"] {
        assert!(app.query_by_label(name).is_none(), "{name}");
    }
    assert!(app.get_by_label("One stage").accesskit_node().is_disabled());
    assert!(app.get_by_role_and_label(Role::Button, "Curves").accesskit_node().is_disabled());
    // Keys and the palette know it too.
    for (key, modifiers) in [(Key::N, Modifiers::COMMAND), (Key::N, Modifiers::NONE)] {
        app.key_press_modifiers(modifiers, key);
        app.run_steps(3);
    }
    assert_eq!(app.state().last_action, None);
    assert_eq!(stage(&app.state().board()), Some(Stage::Seed));
    app.key_press_modifiers(Modifiers::COMMAND, Key::K);
    app.run_steps(3);
    app.get_by_label("Search commands").type_text("new run");
    app.run_steps(3);
    app.get_by_label_contains("No command of that name");
    app.key_press(Key::Escape);
    app.run_steps(3);
    press(&mut app, "To the end of the round");
    wait(&mut app, "growth", |board| {
        !board.busy && board.snapshot.as_ref().is_some_and(|snapshot| snapshot.state.round == 2)
    });
}

#[test]
fn whole_parts_can_be_left_out() {
    for (parts, there, gone) in [
        ("network", "Estimated and actual", "conv1 channel 1"),
        ("numbers", "conv1 channel 1", "Estimated and actual"),
        ("bar,stages,formula,numbers", "conv1 channel 1", "Play"),
    ] {
        let (mut app, _around) = visit(&link(&format!(",{parts}&channel=conv1:0")));
        app.run_steps(5);
        assert!(app.query_all_by_label(there).count() > 0, "{parts}: {there}");
        assert_eq!(app.query_all_by_label(gone).count(), 0, "{parts}: {gone}");
    }
}

#[test]
fn the_page_around_steers_even_what_is_switched_off_and_is_told() {
    let (mut app, around) = visit(&link(",bar&freeze=one-stage,play-or-pause"));
    around.order(&mut app, r#"{"do": "step"}"#);
    let told =
        around.until(&mut app, "scored", |told| told["run"]["stage"] == "train" && told["busy"] == false);
    assert!(told["run"]["seed"]["held_out"]["loss"].as_f64().unwrap() > 0.0);
    around.order(&mut app, r#"{"do": "show", "link": "tab=table&theme=light"}"#);
    assert_eq!(app.state().view.tab, "table");
    assert_eq!(app.ctx.theme(), Theme::Light);
    around.order(&mut app, r#"{"do": "play"}"#);
    let done = around.until(&mut app, "done", |told| told["run"]["stage"] == "done" && told["busy"] == false);
    let round = &done["run"]["rounds"][0];
    assert!(round["after"]["held_out"]["accuracy"].is_number() && round["candidates"].as_u64().unwrap() > 5);
    // Another run, in place of this one.
    let other = settings(&Config { seed: 99, ..config() });
    around.order(&mut app, &format!("{{\"do\": \"load\", \"link\": \"#{other}&at=train:1\"}}"));
    let told = around.until(&mut app, "the other", |told| {
        told["run"]["number"] == 2 && told["run"]["stage"] == "train" && told["busy"] == false
    });
    assert!(told["link"].as_str().unwrap().contains("seed=99"), "{told}");
    // What was hidden stays so, until a link says otherwise.
    assert!(app.query_by_label("Play").is_none());
    around.order(&mut app, r#"{"do": "load", "link": "seed=99&hide=speed"}"#);
    app.get_by_label("Play");
    // A run by its address is only for a page.
    around.order(&mut app, r#"{"do": "load", "link": "run=a.zip"}"#);
    assert!(app.query_all_by_label_contains("only the page opens a run by its address").count() > 0);
}

#[test]
fn a_log_is_kept_only_where_it_is_asked_for_and_can_be_seen() {
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("mine.jsonl");
    let (mut app, _around) = visit(&link(""));
    assert!(app.query_by_label("● log").is_none());
    super::ask_for_path(&mut app, "log of what", &path.display().to_string());
    app.get_by_label("● log");
    press(&mut app, "One stage");
    idle_at(&mut app, Stage::Train);
    app.key_press(Key::Num2);
    app.run_steps(3);
    let lines = || -> Vec<Value> {
        let text = std::fs::read_to_string(&path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let whats: Vec<String> = lines().iter().map(|line| line["what"].as_str().unwrap().to_owned()).collect();
    for what in ["log", "action", "stage", "look"] {
        assert!(whats.iter().any(|other| other == what), "{what}: {whats:?}");
    }
    assert!(lines().iter().any(|line| line["name"] == "one-stage"), "{:?}", lines());
    assert!(lines().iter().any(|line| line["tab"] == "curves"), "{:?}", lines());
    app.key_press_modifiers(Modifiers::COMMAND, Key::K);
    app.run_steps(3);
    app.get_by_label("Search commands").type_text("log of what");
    app.run_steps(3);
    app.key_press(Key::Enter);
    app.run_steps(5);
    assert!(app.query_by_label("● log").is_none());
    let count = lines().len();
    app.key_press(Key::Num1);
    app.run_steps(3);
    assert_eq!(lines().len(), count, "nothing more is written");
}
