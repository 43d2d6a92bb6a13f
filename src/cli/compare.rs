//! `seedling compare`: several configurations, each with several seeds, run at equal cost.

use std::process::ExitCode;

use super::arguments::{CompareArguments, assign};
use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupt;
use super::study::{Request, run_all, write_collected};
use super::table::aligned;
use crate::format::magnitude;
use crate::lab::{Config, ConfigError};
use crate::study::{Configuration, PLAN_FILE, Plan, Until, check_names, check_seeds, collect};

/// A study's error as a failure. Names and seeds are options here; other settings come from a file.
pub fn option(error: ConfigError) -> Failure {
    match error {
        ConfigError::Value { ref field, .. } if ["configs", "seeds", "cost"].contains(&field.as_str()) => {
            Failure::Usage(format!("--{}", error.beside()))
        }
        error => error.into(),
    }
}

/// Runs the command: a study of these configurations, then what it shows.
pub fn compare(arguments: &CompareArguments, console: &Console) -> Result<ExitCode, Failure> {
    let plan = plan(arguments)?;
    let request = Request {
        out: &arguments.out,
        engine: arguments.engine,
        jobs: arguments.jobs,
        quiet: arguments.quiet,
        before: "",
        interrupt: Interrupt::listen()?,
    };
    let status = run_all(&plan, &request, console)?;
    if status != ExitCode::SUCCESS {
        return Ok(status);
    }
    let race = collect(&arguments.out)?.race;
    write_collected(&race, &arguments.out)?;
    let seeds = arguments.seeds.len();
    console.line(&format!(
        "{} configurations, {seeds} seeds each, every run at a total cost of {}FLOPs (training, learning, estimating,\n\
         measuring, choosing and scoring all counted); the last training of each run takes what the rest of it left.\n",
        arguments.configs.len(),
        magnitude(race.cost)
    ));
    console.line(aligned(&race.table().rows, "  ", false).trim_end());
    console.line(&format!("\n  Every number is in {} (summary.csv, curves.csv).", arguments.out.display()));
    Ok(ExitCode::SUCCESS)
}

/// The configurations of the files, with the seeds and the cost of the options.
fn plan(arguments: &CompareArguments) -> Result<Plan, Failure> {
    check_seeds(&arguments.seeds).map_err(option)?;
    let mut configs = Vec::new();
    for path in &arguments.configs {
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut config = Config::read(path)?;
        assign(&mut config, &arguments.set)?;
        // Seeds are the plan's.
        configs.push((name, Config { seed: Config::default().seed, ..config }));
    }
    check_names(&configs).map_err(option)?;
    let mut configurations = Vec::new();
    for (name, settings) in configs {
        settings.check()?;
        configurations.push(Configuration { name, seeds: None, layers_of: None, settings });
    }
    let plan =
        Plan { seeds: arguments.seeds.clone(), cost: arguments.cost, until: Until::Done, configurations };
    plan.check(&arguments.out.join(PLAN_FILE))?;
    Ok(plan)
}
