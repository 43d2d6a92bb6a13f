//! `seedling figures`: our versions of the paper's figures, each as SVG with its numbers as CSV, drawn from studies
//! whose runs are kept beside it.

use std::path::Path;
use std::process::ExitCode;

use super::arguments::FiguresArguments;
use super::compare::option;
use super::console::Console;
use super::data::place;
use super::failure::Failure;
use super::interrupt::Interrupt;
use super::study::{Request, run_all};
use super::table::aligned;
use crate::engine::Learner;
use crate::files::{create_folder, exists, write_atomically};
use crate::lab::LabError;
use crate::study::{FIGURES, check_seeds, figures};

/// Runs the command.
pub fn figures(arguments: &FiguresArguments, console: &Console) -> Result<ExitCode, Failure> {
    check_seeds(&arguments.seeds).map_err(option)?;
    let there = FIGURES.map(|(number, _)| number);
    let wanted = arguments.only.clone().unwrap_or_else(|| there.to_vec());
    if let Some(other) = wanted.iter().find(|number| !there.contains(number)) {
        let there = there.map(|number| number.to_string()).join(", ");
        return Err(Failure::Usage(format!("--only: found {other}, expected some of {there}")));
    }
    let numbers = || there.into_iter().filter(|number| wanted.contains(number));
    for number in numbers() {
        refuse_older(&arguments.out, number)?;
    }
    let interrupt = Interrupt::listen()?;
    let given = arguments.data.as_deref();
    let data = given.map(|given| place(given, arguments.quiet, console, Some(&interrupt))).transpose()?;
    let request = figures::Request { quick: arguments.quick, data, seeds: arguments.seeds.clone() };
    create_folder(&arguments.out).map_err(LabError::from)?;
    for number in numbers() {
        let folder = arguments.out.join(format!("figure-{number}"));
        for index in 0..figures::studies(number) {
            let plan = figures::study(number, index, &request, &folder)?;
            let study = Request {
                out: &figures::study_folder(number, index, &folder),
                // One engine for all figures: only the processor has every learner.
                engine: arguments.engine.having(Learner::Direct),
                jobs: arguments.jobs,
                quiet: arguments.quiet,
                before: &format!("figure {number}: "),
                interrupt: interrupt.clone(),
            };
            let status = run_all(&plan, &study, console)?;
            if status != ExitCode::SUCCESS {
                return Ok(status);
            }
        }
        let figure = figures::draw(number, &folder)?;
        let write = |kind: &str, text: &str| {
            let path = arguments.out.join(format!("figure-{number}.{kind}"));
            write_atomically(&path, text.as_bytes()).map_err(LabError::from)
        };
        write("svg", &figure.picture.svg())?;
        write("csv", &figure.csv)?;
        console.line(&format!("\n{}", figure.title));
        for table in &figure.tables {
            console.line(aligned(&table.rows, "  ", false).trim_end());
        }
    }
    console.line(&format!("\nThe pictures and their numbers are in {}.", arguments.out.display()));
    Ok(ExitCode::SUCCESS)
}

/// An error where a figure is there without the runs that it would be drawn from anew.
fn refuse_older(out: &Path, number: u8) -> Result<(), Failure> {
    let name = format!("figure-{number}.csv");
    match exists(&out.join(&name)) && !exists(&out.join(format!("figure-{number}"))) {
        true => Err(Failure::Usage(format!(
            "--out: found {name} in {} without the runs that it was made of, expected both or none",
            out.display()
        ))),
        false => Ok(()),
    }
}
