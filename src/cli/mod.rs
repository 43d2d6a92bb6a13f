//! The commands, which need no window. They know the lab, not the engines.

mod arguments;
mod compare;
mod console;
mod events;
mod failure;
mod figures;
mod grow;
mod info;
mod interrupt;
mod progress;
mod report;
mod study;
mod study_progress;
mod table;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Subcommand};
use console::Console;
use failure::Failure;

/// Exit status after Ctrl-C.
const INTERRUPTED: u8 = 130;

/// Opens the window.
#[cfg(feature = "app")]
fn window() -> Result<ExitCode, Failure> {
    crate::app::open().map_err(|error| Failure::Window(error.to_string()))?;
    Ok(ExitCode::SUCCESS)
}

/// Says that there is no window to open.
#[cfg(not(feature = "app"))]
fn window() -> Result<ExitCode, Failure> {
    Err(Failure::Window("this program was built without it (the feature \"app\")".into()))
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let console = Console::default();
    let result = match arguments.command {
        None => window(),
        Some(Subcommand::Grow(arguments)) => grow::grow(&arguments, &console),
        Some(Subcommand::Compare(arguments)) => compare::compare(&arguments, &console),
        Some(Subcommand::Figures(arguments)) => figures::figures(&arguments, &console),
        Some(Subcommand::Study { command }) => study::study(&command, &console),
        Some(Subcommand::Info(arguments)) => info::info(&arguments, &console),
    };
    let result = result.and_then(|status| match console.fault() {
        Some(error) => Err(Failure::Output(error)),
        None => Ok(status),
    });
    result.unwrap_or_else(|failure| {
        console.error(&format!("error: {failure}"));
        ExitCode::from(failure.status())
    })
}
