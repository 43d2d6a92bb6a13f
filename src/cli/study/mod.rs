//! `seedling study`: a study as a plan, its runs, and the collection of their results.

mod jobs;
mod show;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use pollster::block_on;

use super::arguments::{StudyCommand, StudyRunArguments};
use super::console::Console;
use super::failure::Failure;
use super::interrupt::{INTERRUPTED, Interrupt};
use crate::lab::{EngineChoice, start_engine};
use crate::study::{Goal, Planned, Standing, Total, Until, advance, standing, total};

pub use jobs::{Request, run_all};
pub use show::write_collected;

/// How long a run waits for its folder's last writer to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs the command.
pub fn study(command: &StudyCommand, console: &Console) -> Result<ExitCode, Failure> {
    match command {
        StudyCommand::Plan { plan, json: false } => show::show_plan(&plan.plan()?, console),
        StudyCommand::Plan { plan, json: true } => show::list_plan(&plan.plan()?, console),
        StudyCommand::Run(arguments) => match &arguments.only {
            Some(id) => only(arguments, id, console),
            None => {
                let plan = arguments.plan.plan()?;
                let request = Request {
                    out: &arguments.out,
                    engine: arguments.engine,
                    jobs: arguments.jobs,
                    quiet: arguments.quiet,
                    before: "",
                    interrupt: Interrupt::listen()?,
                };
                let done = run_all(&plan, &request, console)?;
                if done == ExitCode::SUCCESS {
                    console.line(&format!(
                        "Every run of the study is done; the tables and curves: seedling study collect {}",
                        arguments.out.display()
                    ));
                }
                Ok(done)
            }
        },
        StudyCommand::Collect(arguments) => show::show_collection(arguments, console),
    }
}

/// One run, in this process.
fn only(arguments: &StudyRunArguments, id: &str, console: &Console) -> Result<ExitCode, Failure> {
    let interrupt = Interrupt::listen()?;
    if arguments.attended {
        interrupt.when_left_alone();
    }
    let plan = arguments.plan.plan()?;
    let runs = plan.runs();
    let Some(planned) = runs.iter().find(|run| run.id() == id) else {
        let known: Vec<String> = runs.iter().take(8).map(Planned::id).collect();
        let more = if runs.len() > known.len() { ", …" } else { "" };
        return Err(Failure::Usage(format!(
            "--only: found \"{id}\", expected a run of the plan: {}{more}",
            known.join(", ")
        )));
    };
    plan.settle(&arguments.out)?;
    let goal = match (arguments.grow_only, arguments.total.or(plan.cost)) {
        _ if plan.until == Until::Measured => Goal::Measured,
        (true, _) => Goal::Grown,
        (false, Some(total)) => Goal::Done(total),
        (false, None) => match total(&runs, &arguments.out)? {
            Total::Known(total) => Goal::Done(total),
            Total::Missing(_) => Goal::Grown,
        },
    };
    if standing(&planned.folder(&arguments.out))? == Standing::Done {
        return Ok(ExitCode::SUCCESS);
    }
    let choice: EngineChoice = arguments.engine.having(planned.config.learning.learner);
    let mut engine = block_on(start_engine(choice))?.engine;
    let since = Instant::now();
    loop {
        match block_on(advance(&plan, planned, &arguments.out, goal, engine.as_mut(), &interrupt)) {
            Err(error) if error.is_cancelled() => return Ok(ExitCode::from(INTERRUPTED)),
            // The process of a study that was killed may still be saving this run.
            Err(error) if error.is_held() && arguments.attended && since.elapsed() < PATIENCE => {
                std::thread::sleep(PATIENCE / 50);
            }
            outcome => break outcome?,
        }
    }
    if goal == Goal::Grown
        && !arguments.grow_only
        && let Total::Missing(others) = total(&runs, &arguments.out)?
    {
        console.error(&format!(
            "{id} is grown. Its last training waits until all runs are, since the most expensive one decides its cost;\n\
             still to grow: {}",
            others.join(", ")
        ));
    }
    Ok(ExitCode::SUCCESS)
}
