//! Every step of every lesson as a person finds it, for review: `cargo run --release --example lesson_pictures
//! [FOLDER]`. Each step is opened as a link would open it, in English and German, dark and light.

mod common;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use eframe::egui::Theme;
use seedling::app::Start;
use seedling::lab::EngineChoice;
use seedling::lesson::{built_in, names};
use seedling::words::Language;

/// How long a step may compute before its picture is taken, in seconds.
const PATIENCE: u64 = 90;

fn main() -> anyhow::Result<()> {
    let folder: PathBuf = std::env::args().nth(1).unwrap_or_else(|| "target/lessons".into()).into();
    std::fs::create_dir_all(&folder)?;
    for name in names() {
        let steps = lesson(name)?.steps.len();
        for step in 0..steps {
            let start = Start {
                engine: EngineChoice::Candle,
                quiet: true,
                recorded: true,
                lesson: Some((lesson(name)?, Some(step))),
                ..Start::default()
            };
            let mut app = common::open(start);
            let since = Instant::now();
            let mut still = 0;
            // What a step needs is computed stage by stage; between two of them nothing is under way for a moment.
            while still < 20 && since.elapsed() < Duration::from_secs(PATIENCE) {
                app.run_steps(2);
                let board = app.state().board();
                still = if board.busy || board.snapshot.is_none() { 0 } else { still + 1 };
                std::thread::sleep(Duration::from_millis(25));
            }
            for (language, theme) in [(Language::English, Theme::Dark), (Language::German, Theme::Light)] {
                app.state_mut().view.language = language;
                app.ctx.set_theme(theme);
                app.run_steps(14);
                let picture = app.render().map_err(anyhow::Error::msg)?;
                let path = folder.join(format!("{name}-{step:02}-{}.png", language));
                picture.save(&path)?;
                println!("{}", path.display());
            }
        }
    }
    Ok(())
}

fn lesson(name: &str) -> anyhow::Result<seedling::lesson::Lesson> {
    built_in(name).ok_or_else(|| anyhow::anyhow!("no lesson {name}"))?.map_err(anyhow::Error::msg)
}
