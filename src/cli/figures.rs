//! `seedling figures`: our versions of the paper's figures, each as SVG with its numbers as CSV.

use std::process::ExitCode;

use pollster::block_on;

use super::arguments::{FiguresArguments, from_here};
use super::compare::{interrupted, option, refuse_occupied};
use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupt;
use super::study_progress::StudyProgress;
use super::table::aligned;
use crate::engine::Learner;
use crate::files::{create_folder, write_atomically};
use crate::lab::{LabError, start_engine};
use crate::study::figures::{Request, figure};
use crate::study::{FIGURES, check_seeds};

/// Runs the command.
pub fn figures(arguments: &FiguresArguments, console: &Console) -> Result<ExitCode, Failure> {
    check_seeds(&arguments.seeds).map_err(option)?;
    let there = FIGURES.map(|(number, _)| number);
    let wanted = arguments.only.clone().unwrap_or_else(|| there.to_vec());
    if let Some(other) = wanted.iter().find(|number| !there.contains(number)) {
        let there = there.map(|number| number.to_string()).join(", ");
        return Err(Failure::Usage(format!("--only: found {other}, expected some of {there}")));
    }
    for number in &wanted {
        refuse_occupied(&arguments.out, &format!("figure-{number}.csv"))?;
    }
    let interrupt = Interrupt::listen()?;
    let mut engine = block_on(start_engine(arguments.engine.having(Learner::Direct)))?.engine;
    create_folder(&arguments.out).map_err(LabError::from)?;
    let (quick, data) = (arguments.quick, arguments.data.as_deref().map(from_here));
    let request = Request { quick, data, seeds: arguments.seeds.clone() };
    for number in there.into_iter().filter(|number| wanted.contains(number)) {
        let progress = StudyProgress {
            interrupt: interrupt.clone(),
            before: format!("figure {number}: "),
            console: (!arguments.quiet).then_some(console),
        };
        let figure = match block_on(figure(number, &request, engine.as_mut(), &progress)) {
            Ok(figure) => figure,
            Err(error) => return interrupted(error),
        };
        let write = |kind: &str, text: &str| {
            let path = arguments.out.join(format!("figure-{number}.{kind}"));
            write_atomically(&path, text.as_bytes()).map_err(LabError::from)
        };
        write("svg", &figure.picture.svg()?)?;
        write("csv", &figure.csv)?;
        console.line(&format!("\n{}", figure.title));
        for table in &figure.tables {
            console.line(aligned(&table.rows, "  ", false).trim_end());
        }
    }
    console.line(&format!("\nThe pictures and their numbers are in {}.", arguments.out.display()));
    Ok(ExitCode::SUCCESS)
}
