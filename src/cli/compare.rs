//! `seedling compare`: several configurations, each with several seeds, run at equal cost.

use std::process::ExitCode;

use super::arguments::{CompareArguments, assign};
use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupt;
use super::study::{Request, run_all, write_collected};
use super::table::{aligned, wrapped};
use crate::format::magnitude;
use crate::lab::{Config, ConfigError};
use crate::study::{Configuration, PLAN_FILE, Plan, Race, Until, check_names, check_seeds, collect};
use crate::words::{in_language, say};

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
    console.line(&in_language(arguments.language, || report(arguments, &race)));
    Ok(ExitCode::SUCCESS)
}

fn report(arguments: &CompareArguments, race: &Race) -> String {
    let said = say!(
        "report-compared",
        configurations = arguments.configs.len(),
        seeds = arguments.seeds.len(),
        cost = magnitude(race.cost)
    );
    let files = say!("report-compared-files", folder = arguments.out.display().to_string());
    format!("{}\n{}\n  {files}", wrapped(&said, ""), aligned(&race.table().rows, "  ", false))
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
