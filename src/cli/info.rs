//! `seedling info`: what this build and machine offer.

use std::process::ExitCode;

use pollster::block_on;

use super::arguments::InfoArguments;
use super::console::Console;
use super::data::place;
use super::failure::Failure;
use super::table::aligned;
use crate::data::{DataConfig, load};
use crate::format::thousands;
use crate::lab::{Config, adapters, limits, start_engine};

/// Classes with the numbers that `--classes` takes as well.
fn numbered(names: &[String]) -> String {
    let one = |(number, name): (usize, &String)| format!("{number} {name}");
    names.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
}

/// Runs the command.
pub fn info(arguments: &InfoArguments, console: &Console) -> Result<ExitCode, Failure> {
    let started = block_on(start_engine(arguments.engine))?;
    let engine = started.engine.info();
    let dir = arguments.data.as_deref().map(|given| place(given, false, console, None)).transpose()?;
    let place = dir.as_deref().map_or(String::new(), |dir| format!(": {}", dir.display()));
    let config = DataConfig { dir, ..DataConfig::default() };
    let data = load(&config, Config::default().seed)?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let count = |count: usize| thousands(count as u64);
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let window = if cfg!(feature = "app") { "built in" } else { "not built in (the feature \"app\")" };
    let rows = [
        row("version", env!("CARGO_PKG_VERSION").into()),
        row("window", window.into()),
        row("engine", format!("{} ({})", engine.name, started.why)),
        row("adapter", engine.adapter.unwrap_or_else(|| "none: the processor computes".into())),
        row("limits", limits(&engine.name)),
        row("threads", threads.to_string()),
        row("data", format!("{} ({}{place})", data.name, data.source)),
        row("classes", numbered(&data.class_names)),
        row("train", count(data.train.len())),
        row("validation", count(data.validation.len())),
        row("held-out", count(data.held_out.len())),
        row("sha256", data.sha256.clone()),
    ];
    let adapters = block_on(adapters()).into_iter().map(|adapter| row("found", adapter));
    let rows: Vec<Vec<String>> = rows.into_iter().chain(adapters).collect();
    console.line(aligned(&rows, "", true).trim_end());
    for notice in &data.notices {
        console.error(&format!("note: {notice}"));
    }
    Ok(ExitCode::SUCCESS)
}
