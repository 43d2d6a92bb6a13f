//! `seedling compare`: several configurations, each with several seeds, run at equal cost.

use std::path::Path;
use std::process::ExitCode;

use pollster::block_on;

use super::INTERRUPTED;
use super::arguments::CompareArguments;
use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupt;
use super::table::aligned;
use crate::engine::EngineError;
use crate::files::{create_folder, exists, write_atomically};
use crate::format::magnitude;
use crate::lab::{Config, ConfigError, Event, LabError, Observer, start_engine};
use crate::study::{Entrant, Listener, Run, check_names, check_seeds, race};

/// A listener that reports Ctrl-C to a study and prints its progress.
pub struct StudyProgress<'a> {
    /// Whether to stop.
    pub interrupt: Interrupt,
    /// The beginning of every line.
    pub before: String,
    /// Where to print; none if quiet.
    pub console: Option<&'a Console>,
}

impl Observer for StudyProgress<'_> {
    fn event(&self, _event: Event) {}

    fn cancelled(&self) -> bool {
        self.interrupt.requested()
    }
}

impl Listener for StudyProgress<'_> {
    fn say(&self, text: &str) {
        if let Some(console) = self.console {
            console.error(&format!("{}{text}", self.before));
        }
    }

    fn scored(&self, _run: Run) {}
}

/// The exit status of an interrupted computation, which is not a failure; any other error is one.
pub fn interrupted(error: LabError) -> Result<ExitCode, Failure> {
    match error {
        LabError::Engine(EngineError::Cancelled) => Ok(ExitCode::from(INTERRUPTED)),
        LabError::Config(error) => Err(option(error)),
        error => Err(error.into()),
    }
}

/// A study's error as a failure. Names and seeds are options here; other settings come from a file.
pub fn option(error: ConfigError) -> Failure {
    match error {
        ConfigError::Value { ref field, .. } if ["configs", "seeds", "cost"].contains(&field.as_str()) => {
            Failure::Usage(format!("--{}", error.beside()))
        }
        error => error.into(),
    }
}

/// Runs the command.
pub fn compare(arguments: &CompareArguments, console: &Console) -> Result<ExitCode, Failure> {
    let entrants = entrants(arguments)?;
    refuse_occupied(&arguments.out, "summary.csv")?;
    let interrupt = Interrupt::listen()?;
    let learners = entrants.iter().map(|entrant| entrant.config.learning.learner);
    let choice = learners.fold(arguments.engine, |choice, learner| choice.having(learner));
    let mut engine = block_on(start_engine(choice))?.engine;
    create_folder(&arguments.out).map_err(LabError::from)?;
    let ear =
        StudyProgress { interrupt, before: String::new(), console: (!arguments.quiet).then_some(console) };
    let race = match block_on(race(&entrants, arguments.cost, engine.as_mut(), &ear)) {
        Ok(race) => race,
        Err(error) => return interrupted(error),
    };
    let write = |name: &str, text: &str| {
        write_atomically(&arguments.out.join(name), text.as_bytes()).map_err(LabError::from)
    };
    write("curves.csv", &race.curves_csv())?;
    write("curves.svg", &race.picture().svg()?)?;
    write("summary.csv", &race.summary_csv())?;
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

/// An error if the folder already holds what the command would write last.
pub fn refuse_occupied(folder: &Path, name: &str) -> Result<(), Failure> {
    match exists(&folder.join(name)) {
        true => Err(Failure::Usage(format!(
            "--out: found {name} in {}, expected a folder without results of this command",
            folder.display()
        ))),
        false => Ok(()),
    }
}

fn entrants(arguments: &CompareArguments) -> Result<Vec<Entrant>, Failure> {
    check_seeds(&arguments.seeds).map_err(option)?;
    let mut configs = Vec::new();
    for path in &arguments.configs {
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        configs.push((name, Config::read(path)?));
    }
    check_names(&configs).map_err(option)?;
    let mut entrants = Vec::new();
    for (name, config) in configs {
        for &seed in &arguments.seeds {
            let config = Config { seed, ..config.clone() };
            config.check()?;
            entrants.push(Entrant { name: name.clone(), config });
        }
    }
    Ok(entrants)
}
