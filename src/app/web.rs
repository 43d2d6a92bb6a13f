//! The page's start, and what it shows of the app to those outside the canvas.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use eframe::{WebOptions, WebRunner};
use serde_json::{Value, json};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

use super::drawing::motion;
use super::shell::screen::{Screen, Start};
use super::shell::{Action, Beside, Host, Steer, Visit};
use super::worker::board::{Board, Shared, Snapshot};
use super::worker::runs::Kept;
use super::worker::studies::Studied;
use super::{link, platform};
use crate::estimate::Estimator;
use crate::files;
use crate::lab::{CandidateRecord, EngineChoice, Round};
use crate::words::{in_english, in_language, say};

/// What is asked for from outside of the canvas, and what is told there.
type Talk<T> = (async_channel::Sender<T>, Arc<Mutex<String>>);

thread_local! {
    static APP: RefCell<Option<Arc<Shared>>> = const { RefCell::new(None) };
    /// With the page around this one.
    static HOST: RefCell<Option<Talk<Steer>>> = const { RefCell::new(None) };
    /// With what stands beside the canvas.
    static BESIDE: RefCell<Option<Talk<Action>>> = const { RefCell::new(None) };
}

/// web/page.js.
#[wasm_bindgen(js_namespace = ["globalThis", "seedling"])]
extern "C" {
    /// The app draws.
    fn ready();
    /// Something to know above the canvas.
    fn warn(what: &str);
    /// The app cannot go on.
    fn failed(why: &str);
    /// The page's own theme, where the link says one, and whether it has a footer.
    fn dress(dark: Option<bool>, footer: bool);
    /// Whether the person wants less motion.
    fn calm() -> bool;
    /// From now on the page around this one, of this origin, may steer and is told.
    fn embed(origin: &str);
}

/// Starts the app in the canvas `app`; in a worker, where there is no canvas, only says what goes wrong.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| failed(&panic.to_string())));
    if web_sys::window().is_none() {
        return;
    }
    spawn_local(async {
        if let Err(error) = run().await {
            failed(&error);
        }
    });
}

async fn run() -> Result<(), String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let canvas = window.document().and_then(|document| document.get_element_by_id("app"));
    let canvas = canvas.ok_or("there is no canvas \"app\"")?;
    let canvas: web_sys::HtmlCanvasElement = canvas.dyn_into().map_err(|_| "\"app\" is no canvas")?;
    let fragment = window.location().hash().unwrap_or_default();
    let language = platform::read_language(None);
    let visit = in_language(language, || {
        Visit::read(&fragment).unwrap_or_else(|error| {
            warn(&say!("web-usual-run", error = error.to_string()));
            Visit::default()
        })
    });
    dress(visit.show.dark, !visit.controls.hides("footer"));
    files::restore_kept().await;
    platform::take_recorded();
    let open = match &visit.run {
        Some(address) => {
            let said = |why: &String| warn(&in_language(language, || say!("web-new-run", why = why)));
            platform::bring_run(address).await.inspect_err(said).ok()
        }
        None => None,
    };
    let host = visit.embed.as_ref().map(|origin| {
        let (orders, receiver) = async_channel::unbounded();
        let told = Arc::new(Mutex::new(String::new()));
        HOST.set(Some((orders, told.clone())));
        embed(origin);
        Host::new(receiver, told)
    });
    let (presses, pressed) = async_channel::unbounded();
    let spoken = Arc::new(Mutex::new(String::new()));
    BESIDE.set(Some((presses, spoken.clone())));
    let beside = Some(Beside::new(pressed, spoken));
    let (config, engine, lesson) = (visit.config.clone(), visit.engine, visit.lesson.clone());
    let home = platform::home();
    if let Some(home) = &home {
        platform::bring_back(&home.join("lessons")).await;
    }
    // When nothing else is asked for, something is to be seen at once.
    let recorded = fragment.trim_matches('#').is_empty() || lesson.is_some();
    let begin =
        Start { config, engine, open, host, beside, home, recorded, lesson, language, ..Start::default() };
    let create: eframe::AppCreator = Box::new(|context| {
        let mut screen = Screen::new(&context.egui_ctx, begin);
        screen.welcome(visit, &context.egui_ctx);
        motion::set_calm(&context.egui_ctx, calm());
        APP.set(Some(screen.shared()));
        Ok(Box::new(screen))
    });
    // Dithering is for gradients, of which there are none, and each pixel pays for it.
    let options = WebOptions { dithering: false, ..WebOptions::default() };
    let started = WebRunner::new().start(canvas, options, create).await;
    started.map_err(|error| words(&error))?;
    ready();
    Ok(())
}

fn words(error: &JsValue) -> String {
    error.as_string().unwrap_or_else(|| format!("{error:?}"))
}

/// Asks for something, and has the screen draw: a page draws only when something happens.
fn ask<T>(talk: &RefCell<Option<Talk<T>>>, what: T) {
    if let Some((asked, _)) = talk.borrow().as_ref() {
        // The screen lives as long as the page.
        let _ = asked.try_send(what);
    }
    APP.with_borrow(|app| app.iter().for_each(|shared| shared.write(|_| {})));
}

/// What is told; empty before there is anything.
fn heard<T>(talk: &RefCell<Option<Talk<T>>>) -> String {
    let told = |(_, told): &Talk<T>| told.lock().unwrap_or_else(PoisonError::into_inner).clone();
    talk.borrow().as_ref().map(told).unwrap_or_default()
}

/// What stands beside the canvas, as JSON: the screen in words, and buttons.
#[wasm_bindgen]
pub fn beside() -> String {
    BESIDE.with(heard)
}

/// Presses the button beside the canvas that has this name.
#[wasm_bindgen]
pub fn press(name: &str) {
    if let Some(action) = Action::named(name) {
        BESIDE.with(|beside| ask(beside, action));
    }
}

/// Takes a message of the page around this one; what is wrong with it, or nothing.
#[wasm_bindgen]
pub fn steer(message: &str) -> String {
    let steer = match in_english(|| Steer::read(message)) {
        Ok(steer) => steer,
        Err(why) => return why,
    };
    HOST.with(|host| ask(host, steer));
    String::new()
}

/// What the page around this one is told, as JSON; empty before there is anything.
#[wasm_bindgen]
pub fn told() -> String {
    HOST.with(heard)
}

/// The app's state as JSON, for tests.
#[wasm_bindgen]
pub fn state() -> String {
    APP.with_borrow(|app| app.as_ref().map(|shared| shared.read().clone()))
        .map_or(Value::Null, |board| in_english(|| describe(&board)))
        .to_string()
}

fn describe(board: &Board) -> Value {
    json!({
        "opening": board.opening,
        "busy": board.busy,
        "playing": board.playing,
        "failure": board.failure.as_ref().map(|failure| format!("{} {}", failure.text, failure.advice)),
        "notices": board.notices,
        "kept": board.recent.iter().map(Kept::title).collect::<Vec<_>>(),
        "progress": board.progress.map(|progress| progress.fraction()),
        "race": board.race.as_deref().map(describe_race),
        "run": board.snapshot.as_deref().map(describe_run),
    })
}

/// The runs of a race, and how far each is.
fn describe_race(race: &Studied) -> Value {
    let runs: Vec<Value> =
        race.runs.iter().map(|run| json!({ "id": run.id, "standing": run.standing.name() })).collect();
    json!({ "runs": runs })
}

fn describe_run(snapshot: &Snapshot) -> Value {
    let state = &snapshot.state;
    json!({
        "number": snapshot.run,
        "recorded": snapshot.recorded,
        "engine": snapshot.engine.name,
        "adapter": snapshot.engine.adapter,
        "why": snapshot.why,
        "stage": state.stage.to_string(),
        "round": state.round,
        "step": state.step,
        "phase_steps": snapshot.phase_steps,
        "config": snapshot.config,
        "link": link::write(&snapshot.config, EngineChoice::Auto),
        "sha256": snapshot.data.sha256,
        "seed": state.seed,
        "rounds": state.rounds.iter().map(|round| describe_round(round)).collect::<Vec<_>>(),
    })
}

fn describe_round(round: &Round) -> Value {
    let candidates: Vec<Value> =
        round.candidates.iter().map(|c| describe_candidate(round.estimator, c)).collect();
    json!({
        "round": round.round,
        "before": round.before,
        "after": round.after,
        "losses": round.losses,
        "agreement": round.agreement(),
        "steps": round.steps,
        "candidates": candidates,
    })
}

fn describe_candidate(estimator: Estimator, candidate: &CandidateRecord) -> Value {
    json!({
        "id": candidate.id(),
        "scale": candidate.scale,
        "estimated": candidate.estimate_by(estimator),
        "actual": candidate.actual,
        "chosen": candidate.chosen,
    })
}
