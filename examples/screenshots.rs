//! Pictures of the app in a real run, for the README and for review: `cargo run --release --example screenshots
//! [FOLDER]`. Draws without a window, on whatever adapter there is.

mod common;

use std::path::{Path, PathBuf};
use std::time::Duration;

use eframe::egui::Theme;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use seedling::app::view::{Channel, Paint, Speed};
use seedling::app::worker::board::Board;
use seedling::app::{Screen, Start};
use seedling::lab::{Config, EngineChoice, Stage};

type App = Harness<'static, Screen>;

fn main() -> anyhow::Result<()> {
    let folder: PathBuf = std::env::args().nth(1).unwrap_or_else(|| "docs/pictures".into()).into();
    std::fs::create_dir_all(&folder)?;
    let start =
        Start { config: Config::default(), engine: EngineChoice::Candle, quiet: true, ..Start::default() };
    let mut app: App = common::open(start);
    app.state_mut().view.speed = Speed::Fast;
    wait(&mut app, |board| board.snapshot.is_some() && !board.busy);
    both(&mut app, &folder, "start")?;

    until(&mut app, 1, Stage::Learn);
    app.get_by_label("One stage").click();
    wait(&mut app, |board| board.progress.is_some_and(|progress| progress.stage == Stage::Learn));
    app.state_mut().view.paint = Paint::Activation;
    app.state_mut().view.tab = "curves";
    both(&mut app, &folder, "learning")?;
    app.state_mut().view.paint = Paint::Gain;
    app.state_mut().view.tab = "cloud";

    until(&mut app, 2, Stage::Choose);
    let best = best_split(&app.state().board());
    if let Some((id, channel)) = best {
        app.state_mut().view.candidate = Some(id);
        app.state_mut().view.channel = Some(channel);
    }
    both(&mut app, &folder, "measured")?;
    app.state_mut().view.channel = None;
    app.state_mut().view.tab = "table";
    both(&mut app, &folder, "candidates")?;

    until(&mut app, Config::default().rounds + 1, Stage::Done);
    app.state_mut().view.tab = "curves";
    app.state_mut().view.paint = Paint::Filter;
    both(&mut app, &folder, "finished")
}

/// Steps until this stage is next.
fn until(app: &mut App, round: u64, stage: Stage) {
    let place =
        |board: &Board| board.snapshot.as_ref().map(|snapshot| (snapshot.state.round, snapshot.state.stage));
    loop {
        wait(app, |board| !board.busy);
        let before = place(&app.state().board());
        if before == Some((round, stage)) {
            return;
        }
        app.get_by_label("One stage").click();
        wait(app, |board| !board.busy && place(board) != before);
    }
}

/// The split with the largest estimate.
fn best_split(board: &Board) -> Option<(String, Channel)> {
    let snapshot = board.snapshot.as_ref()?;
    let round = snapshot.state.record(snapshot.state.round)?;
    let splits = round.candidates.iter().filter(|candidate| candidate.family.name() == "split");
    let gain =
        |candidate: &&seedling::lab::CandidateRecord| candidate.estimate_by(round.estimator).unwrap_or(0.0);
    let best = splits.max_by(|a, b| gain(a).total_cmp(&gain(b)))?;
    Some((best.id(), Channel { layer: best.layer().to_owned(), channel: best.channel()? }))
}

fn wait(app: &mut App, wanted: impl Fn(&Board) -> bool) {
    loop {
        app.run_steps(2);
        if wanted(&app.state().board()) {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Pictures of the current screen: dark and light, small and large.
fn both(app: &mut App, folder: &Path, name: &str) -> anyhow::Result<()> {
    for (theme, said) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        app.ctx.set_theme(theme);
        for (size, width) in [([1280.0, 720.0], "1280"), ([2560.0, 1440.0], "2560")] {
            app.set_size(size.into());
            app.run_steps(14);
            let picture = app.render().map_err(anyhow::Error::msg)?;
            let path = folder.join(format!("{name}-{said}-{width}.png"));
            picture.save(&path)?;
            println!("{}", path.display());
        }
        app.set_size([1280.0, 720.0].into());
    }
    app.ctx.set_theme(Theme::Dark);
    app.run_steps(2);
    Ok(())
}
