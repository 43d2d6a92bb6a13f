//! The time that the screen's thread spends on a frame while a network trains, and how long cancelling a stage takes.
//!
//! Prints percentiles; compare them with 8 ms a frame and 200 ms to cancel.

use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use seedling::app::view::{Paint, Speed};
use seedling::app::{Screen, Start};
use seedling::lab::{Config, EngineChoice, Stage};

/// Time between two frames, as on a screen of 60 Hz.
const FRAME: Duration = Duration::from_millis(16);

/// The longest that any part may take.
const PATIENCE: Duration = Duration::from_secs(300);

type App = Harness<'static, Screen>;

fn main() {
    // More rounds than are reached: the screen is looked at while the run goes on.
    let mut config = Config { rounds: 9, ..Config::default() };
    config.training.epochs = 12;
    config.learning.steps = 20;
    let start = Start { config, engine: EngineChoice::Candle, quiet: true, ..Start::default() };
    let mut app: App = Harness::builder()
        .with_size([1280.0, 720.0])
        .with_step_dt(0.016)
        .build_eframe(move |context| Screen::new(&context.egui_ctx, start));
    app.state_mut().view.speed = Speed::Fast;
    frames(&mut app, |app| app.state().board().snapshot.is_some() && !app.state().board().busy);
    app.step();
    app.get_by_label("Run through").click();

    let training = frames(&mut app, |app| reached(app, Stage::Propose));
    report("while training", training);
    app.state_mut().view.paint = Paint::Activation;
    report("while learning, with activations", frames(&mut app, |app| reached(app, Stage::Measure)));
    let measured = frames(&mut app, |app| reached(app, Stage::Choose));
    report("while measuring, with the plot", measured);
    for (tab, name) in [("curves", "curves"), ("table", "the table"), ("costs", "costs")] {
        app.state_mut().view.tab = tab;
        let mut left = 200;
        let drawn = frames(&mut app, |_| {
            left -= 1;
            left == 0
        });
        report(&format!("with {name}"), drawn);
    }
    cancelling(&mut app);
}

/// Whether the run has come to a stage of the first round, or beyond: short ones pass between two frames.
fn reached(app: &App, stage: Stage) -> bool {
    let snapshot = app.state().board().snapshot;
    snapshot.is_some_and(|run| run.state.round > 1 || run.state.stage as u8 >= stage as u8)
}

/// Draws at the screen's pace until `done`; the time that each frame's work took on the
/// screen's thread (not the test harness's own).
fn frames(app: &mut App, mut done: impl FnMut(&App) -> bool) -> Vec<Duration> {
    let mut times = Vec::new();
    let begun = Instant::now();
    while !done(app) {
        assert!(begun.elapsed() < PATIENCE, "nothing came of it: {:?}", app.state().board().progress);
        let start = Instant::now();
        app.step();
        times.push(app.state().frame_time);
        std::thread::sleep(FRAME.saturating_sub(start.elapsed()));
    }
    times
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| {
        times.get((share * times.len() as f64) as usize).map_or(0.0, |time| 1e3 * time.as_secs_f64())
    };
    println!(
        "{what:<34} {:>5} frames: median {:.1} ms, 99 % within {:.1} ms, longest {:.1} ms",
        times.len(),
        at(0.5),
        at(0.99),
        times.last().map_or(0.0, |time| 1e3 * time.as_secs_f64()),
    );
}

/// Cancels each long stage of the next round somewhere in the middle.
fn cancelling(app: &mut App) {
    frames(app, |app| app.state().board().snapshot.is_some_and(|run| run.state.round > 1));
    for wanted in [Stage::Train, Stage::Learn, Stage::Measure] {
        if !app.state().board().busy {
            app.get_by_label("Run through").click();
            app.step();
        }
        let mut seen: Option<Instant> = None;
        frames(app, |app| {
            let board = app.state().board();
            if board.progress.is_some_and(|progress| progress.stage == wanted) {
                seen.get_or_insert_with(Instant::now);
            }
            seen.is_some_and(|seen| seen.elapsed() > Duration::from_millis(150)) || board.failure.is_some()
        });
        app.get_by_label("Cancel the stage under way").click();
        app.step();
        let asked = Instant::now();
        while app.state().board().busy {
            std::thread::sleep(Duration::from_millis(1));
        }
        println!("cancelled {:<24} after {:.0} ms", wanted.name(), 1e3 * asked.elapsed().as_secs_f64());
        app.step();
    }
}
