//! The headless commands. They know the lab, never an engine.

mod arguments;
mod compare;
mod console;
mod failure;
mod figures;
mod grow;
mod info;
mod interrupt;
mod progress;
mod report;
mod table;

use std::process::ExitCode;

use clap::Parser;

use crate::app;
use arguments::{Arguments, Subcommand};
use console::Console;
use failure::Failure;

/// Exit status after Ctrl-C.
const INTERRUPTED: u8 = 130;

/// Opens the window.
fn window() -> Result<ExitCode, Failure> {
    app::open().map_err(|error| Failure::Window(error.to_string()))?;
    Ok(ExitCode::SUCCESS)
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
        Some(Subcommand::Info(arguments)) => info::info(&arguments, &console),
    };
    result.unwrap_or_else(|failure| {
        console.error(&format!("error: {failure}"));
        ExitCode::from(failure.status())
    })
}
