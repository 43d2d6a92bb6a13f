//! `seedling compare`: several configurations, each with several seeds, run at equal cost.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use pollster::block_on;

use super::INTERRUPTED;
use super::arguments::CompareArguments;
use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupt;
use super::table::aligned;
use crate::data::load;
use crate::engine::{Engine, EngineError};
use crate::files::{create_folder, exists, write_atomically};
use crate::format::{magnitude, percent, thousands};
use crate::lab::{Config, Event, Lab, LabError, Observer, curve, finish, grow_out, start_engine};
use crate::plot::{Panel, Point, Scale, Series, panels_svg};

/// A configuration with a name, at one seed.
#[derive(Clone)]
pub struct Entrant {
    /// Runs of one name are summed up together.
    pub name: String,
    /// The settings, with the seed.
    pub config: Config,
}

/// A finished run.
pub struct Finished {
    /// Its entrant's name.
    pub name: String,
    /// The run.
    pub lab: Lab,
}

/// Hears nothing but Ctrl-C.
pub struct Ear(pub Interrupt);

impl Observer for Ear {
    fn event(&self, _event: Event) {}

    fn cancelled(&self) -> bool {
        self.0.requested()
    }
}

/// The exit status where an interrupted computation is no failure.
pub fn interrupted(failure: Failure) -> Result<ExitCode, Failure> {
    match failure {
        Failure::Lab(error) if matches!(*error, LabError::Engine(EngineError::Cancelled)) => {
            Ok(ExitCode::from(INTERRUPTED))
        }
        failure => Err(failure),
    }
}

/// Runs it.
pub fn compare(arguments: &CompareArguments, console: &Console) -> Result<ExitCode, Failure> {
    let entrants = entrants(arguments)?;
    refuse_occupied(&arguments.out, "summary.csv")?;
    let ear = Ear(Interrupt::listen()?);
    let learners = entrants.iter().map(|entrant| entrant.config.learning.learner);
    let choice = learners.fold(arguments.engine, |choice, learner| choice.having(learner));
    let mut engine = block_on(start_engine(choice))?.engine;
    create_folder(&arguments.out).map_err(LabError::from)?;
    let say = |text: &str| {
        if !arguments.quiet {
            console.error(text);
        }
    };
    let runs = race(&entrants, arguments.cost, engine.as_mut(), &ear, &say);
    let (total, runs) = match runs {
        Ok(done) => done,
        Err(failure) => return interrupted(failure),
    };
    let write = |name: &str, text: &str| {
        write_atomically(&arguments.out.join(name), text.as_bytes()).map_err(LabError::from)
    };
    write("curves.csv", &curves_csv(&runs))?;
    write("curves.svg", &curves_svg(&runs)?)?;
    write("summary.csv", &summary_csv(&runs))?;
    let seeds = arguments.seeds.len();
    console.line(&format!(
        "{} configurations, {seeds} seeds each, every run at a total cost of {}FLOPs (training, learning, estimating,\n\
         measuring, choosing and scoring all counted); the last training of each run takes what the rest of it left.\n",
        arguments.configs.len(),
        magnitude(total)
    ));
    console.line(table(&runs).trim_end());
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
    let mut first: Option<(&PathBuf, Config)> = None;
    let mut names: Vec<String> = Vec::new();
    let mut entrants = Vec::new();
    check_seeds(&arguments.seeds)?;
    for path in &arguments.configs {
        let config = Config::read(path)?;
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if names.contains(&name) {
            return Err(Failure::Usage(format!(
                "--configs: found \"{name}\" twice, expected names that differ"
            )));
        }
        if name.contains([',', '"', '\n']) {
            return Err(Failure::Usage(format!(
                "--configs: found \"{name}\", expected a name without , or \""
            )));
        }
        names.push(name.clone());
        match &first {
            Some((other, config_of_first)) if config_of_first.data != config.data => {
                return Err(Failure::Usage(format!(
                    "--configs: found other [data] in {}, expected that of {}: runs on other images cannot be compared",
                    path.display(),
                    other.display()
                )));
            }
            Some(_) => {}
            None => first = Some((path, config.clone())),
        }
        for &seed in &arguments.seeds {
            let config = Config { seed, ..config.clone() };
            config.check()?;
            entrants.push(Entrant { name: name.clone(), config });
        }
    }
    Ok(entrants)
}

/// Seeds must be some, and differ.
pub fn check_seeds(seeds: &[u64]) -> Result<(), Failure> {
    let twice = |(position, seed): (usize, &u64)| seeds[..position].contains(seed);
    match seeds.iter().enumerate().position(twice) {
        Some(position) => {
            Err(Failure::Usage(format!("--seeds: found {} twice, expected each once", seeds[position])))
        }
        None => Ok(()),
    }
}

/// Grows all out, then trains each for the last time up to the same total cost: `cost`, or else what the dearest needs
/// for its usual last training. The cost, and the runs in the entrants' order.
pub fn race(
    entrants: &[Entrant],
    cost: Option<u64>,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
    say: &dyn Fn(&str),
) -> Result<(u64, Vec<Finished>), Failure> {
    let mut grown: Vec<Lab> = Vec::new();
    for (index, Entrant { name, config }) in entrants.iter().enumerate() {
        let data = match grown
            .iter()
            .find(|lab| (lab.config().seed, &lab.config().data) == (config.seed, &config.data))
        {
            Some(lab) => lab.data().clone(),
            None => Arc::new(load(&config.data, config.seed)?),
        };
        let lab = block_on(grow_out(config, data, engine, observer))?;
        say(&format!(
            "{name}, seed {}: grown at {}FLOPs ({} of {})",
            config.seed,
            magnitude(lab.spent()),
            index + 1,
            entrants.len()
        ));
        grown.push(lab);
    }
    let mut total = 0;
    for (lab, entrant) in grown.iter().zip(entrants) {
        let least = lab.least_total()?;
        match cost {
            Some(cost) if cost < least => {
                return Err(Failure::Usage(format!(
                    "--cost: found {cost}, expected at least {least}, which {} needs with seed {} for its growth and one \
                     epoch after it",
                    entrant.name, entrant.config.seed
                )));
            }
            Some(cost) => total = cost,
            None => total = total.max(lab.usual_total()?),
        }
    }
    let mut runs = Vec::new();
    for (index, (lab, Entrant { name, config })) in grown.iter().zip(entrants).enumerate() {
        let lab = block_on(finish(lab, Some(total), engine, observer))?;
        say(&format!("{name}, seed {}: done ({} of {})", config.seed, index + 1, entrants.len()));
        runs.push(Finished { name: name.clone(), lab });
    }
    Ok((total, runs))
}

/// Mean and standard deviation (of the sample; 0 for one).
pub fn mean_and_spread(numbers: &[f64]) -> (f64, f64) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
    (mean, if numbers.len() > 1 { (squares / (count - 1.0)).sqrt() } else { 0.0 })
}

/// Names in the order of their first run, each with its runs.
pub fn by_name(runs: &[Finished]) -> Vec<(&str, Vec<&Lab>)> {
    let mut names: Vec<(&str, Vec<&Lab>)> = Vec::new();
    for run in runs {
        match names.iter_mut().find(|(name, _)| *name == run.name) {
            Some((_, labs)) => labs.push(&run.lab),
            None => names.push((&run.name, vec![&run.lab])),
        }
    }
    names
}

/// The final network of each run, by column of the summary.
pub fn finals(labs: &[&Lab]) -> BTreeMap<&'static str, Vec<f64>> {
    let mut columns: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    for lab in labs {
        let Some(last) = lab.state().last(lab.config().rounds) else { continue };
        for (column, number) in [
            ("accuracy", last.held_out.accuracy),
            ("cost", lab.spent() as f64),
            ("flops", last.flops as f64),
            ("loss", last.held_out.loss),
            ("parameters", last.parameters as f64),
        ] {
            columns.entry(column).or_default().push(number);
        }
    }
    columns
}

/// A line a configuration, for people.
pub fn table(runs: &[Finished]) -> String {
    let heading =
        ["", "seeds", "accuracy, held out", "loss, held out", "parameters", "FLOPs an image", "total FLOPs"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for (name, labs) in by_name(runs) {
        let columns = finals(&labs);
        let of = |column: &str| mean_and_spread(columns.get(column).map_or(&[][..], Vec::as_slice));
        let ((accuracy, accuracy_spread), (loss, loss_spread)) = (of("accuracy"), of("loss"));
        rows.push(vec![
            name.to_owned(),
            labs.len().to_string(),
            format!("{} ± {:.1}", percent(accuracy), 100.0 * accuracy_spread),
            format!("{loss:.4} ± {loss_spread:.4}"),
            thousands(of("parameters").0 as u64),
            magnitude(of("flops").0 as u64),
            magnitude(of("cost").0 as u64),
        ]);
    }
    aligned(&rows, "  ", false)
}

/// The final network of each run.
pub fn summary_csv(runs: &[Finished]) -> String {
    let mut text = "config,seed,accuracy,loss,parameters,flops,cost\n".to_owned();
    for run in runs {
        let columns = finals(&[&run.lab]);
        let _ = write!(text, "{},{}", run.name, run.lab.config().seed);
        for column in ["accuracy", "loss", "parameters", "flops", "cost"] {
            let number = columns.get(column).and_then(|numbers| numbers.first());
            let _ = write!(text, ",{}", number.map_or(String::new(), ToString::to_string));
        }
        text.push('\n');
    }
    text
}

fn curves_csv(runs: &[Finished]) -> String {
    let mut text = "config,seed,round,moment,cost,loss,accuracy,parameters\n".to_owned();
    for run in runs {
        for point in curve(&run.lab) {
            let quality = point.quality;
            let _ = writeln!(
                text,
                "{},{},{},{},{},{},{},{}",
                run.name,
                run.lab.config().seed,
                point.round,
                point.moment,
                point.cost,
                quality.held_out.loss,
                quality.held_out.accuracy,
                quality.parameters
            );
        }
    }
    text
}

/// Means over seeds of every moment, with the spread.
fn curves_svg(runs: &[Finished]) -> Result<String, Failure> {
    let panel = |title: &str, y: &str, number: fn(&crate::lab::Point) -> f64| {
        let series = by_name(runs).into_iter().map(|(name, labs)| {
            let curves: Vec<Vec<crate::lab::Point>> = labs.into_iter().map(curve).collect();
            let moments = curves.iter().map(Vec::len).min().unwrap_or(0);
            let points = (0..moments).map(|moment| {
                let of = |number: &dyn Fn(&crate::lab::Point) -> f64| -> (f64, f64) {
                    mean_and_spread(&curves.iter().map(|curve| number(&curve[moment])).collect::<Vec<f64>>())
                };
                let ((y, spread), (x, _)) = (of(&number), of(&|point| point.cost as f64));
                Point { x, y, spread }
            });
            Series { name: name.to_owned(), points: points.collect(), joined: true }
        });
        Panel {
            title: title.to_owned(),
            x: "total FLOPs of the run".into(),
            y: y.to_owned(),
            scale: Scale::Logarithmic,
            diagonal: false,
            series: series.collect(),
        }
    };
    let panels = [
        panel("Loss", "held-out loss (nats)", |point| point.quality.held_out.loss),
        panel("Accuracy", "held-out accuracy", |point| point.quality.held_out.accuracy),
        panel("Size", "parameters", |point| point.quality.parameters as f64),
    ];
    let seeds = by_name(runs).first().map_or(0, |(_, labs)| labs.len());
    let title = format!("Runs at equal cost, mean and standard deviation over {seeds} seeds");
    Ok(panels_svg(&title, 3, &panels)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_spreads_as_worked_by_hand() {
        assert_eq!(mean_and_spread(&[2.0]), (2.0, 0.0));
        assert_eq!(mean_and_spread(&[1.0, 3.0, 5.0]), (3.0, 2.0));
    }
}
