//! The commands, which need no window. They know the lab, not the engines.

mod arguments;
mod bench;
mod compare;
mod console;
mod data;
mod draw;
mod events;
mod export;
mod failure;
mod figures;
mod grow;
mod info;
mod interrupt;
mod lesson;
mod progress;
mod report;
mod search_report;
mod serve;
mod study;
mod table;

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Subcommand};
use console::Console;
use failure::Failure;

use crate::lab::said;

/// Opens the window.
#[cfg(feature = "app")]
fn window() -> Result<ExitCode, Failure> {
    crate::app::open().map_err(|error| Failure::Window(without_place(&error.to_string()).to_owned()))?;
    Ok(ExitCode::SUCCESS)
}

/// What a library says of an error, without the line of its own source where it was found.
#[cfg(feature = "app")]
fn without_place(text: &str) -> &str {
    let place = text.split_once(" at ").and_then(|(_, rest)| rest.split_once(".rs:"));
    place.and_then(|(_, rest)| rest.split_once(": ")).map_or(text, |(_, said)| said).trim_end_matches('.')
}

/// Says that there is no window to open.
#[cfg(not(feature = "app"))]
fn window() -> Result<ExitCode, Failure> {
    Err(Failure::Window("this program was built without it (the feature \"app\")".into()))
}

/// Has a fault of the program itself end in a sentence like other errors; with RUST_BACKTRACE set, all that is known of it
/// follows.
fn say_faults_in_a_sentence() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |fault| {
        let place = fault.location().map_or(String::new(), |place| {
            let file = Path::new(place.file()).file_name().unwrap_or_default().to_string_lossy();
            format!(", {file} line {}", place.line())
        });
        let said = said(fault.payload());
        let text = format!(
            "error: a fault of this program ({said}{place}); what was saved is kept, and `--resume` goes on from there"
        );
        // Standard error may be closed.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            usual(fault);
        }
    }));
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    say_faults_in_a_sentence();
    let console = Console::default();
    let run = || match arguments.command {
        None => window(),
        Some(Subcommand::Grow(arguments)) => grow::grow(&arguments, &console),
        Some(Subcommand::Compare(arguments)) => compare::compare(&arguments, &console),
        Some(Subcommand::Figures(arguments)) => figures::figures(&arguments, &console),
        Some(Subcommand::Study { command }) => study::study(&command, &console),
        Some(Subcommand::Lesson { command }) => lesson::lesson(&command, &console),
        Some(Subcommand::Draw(arguments)) => draw::draw(&arguments, &console),
        Some(Subcommand::Export(arguments)) => export::export(&arguments, &console),
        Some(Subcommand::Info(arguments)) => info::info(&arguments, &console),
        Some(Subcommand::Data(arguments)) => data::data(&arguments, &console),
        Some(Subcommand::Bench(arguments)) => bench::bench(&arguments, &console),
        Some(Subcommand::Serve(arguments)) => serve::serve(&arguments, &console),
    };
    // The hook has said what happened.
    let Ok(result) = catch_unwind(AssertUnwindSafe(run)) else { return ExitCode::FAILURE };
    let result = result.and_then(|status| match console.fault() {
        Some(error) => Err(Failure::Output(error)),
        None => Ok(status),
    });
    result.unwrap_or_else(|failure| {
        console.error(&format!("error: {failure}"));
        ExitCode::from(failure.status())
    })
}

#[cfg(all(test, feature = "app"))]
mod tests {
    use super::without_place;

    #[test]
    fn a_librarys_own_source_is_not_shown() {
        let text = "winit EventLoopError: os error at /somewhere/linux/mod.rs:765: neither DISPLAY is set.";
        assert_eq!(without_place(text), "neither DISPLAY is set");
        assert_eq!(without_place("no adapter at all: none"), "no adapter at all: none");
    }
}
