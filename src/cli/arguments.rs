//! The options of the commands.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, ValueEnum};

use super::failure::Failure;
use super::serve::ServeArguments;
use crate::data::Class;
use crate::data::fetch::SETS;
use crate::engine::Learner;
use crate::estimate::Estimator;
use crate::files;
use crate::lab::settings::Setting;
use crate::lab::{Config, ConfigError, EngineChoice, Measure};
use crate::morphism::Family;
use crate::study::{OPERATIONS, Plan, operations};
use crate::words::Language;

/// Grows a small image classifier from a seed, one network morphism at a time.
#[derive(Parser)]
#[command(name = "seedling", version, about)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Subcommand>,
}

#[derive(clap::Subcommand)]
pub enum Subcommand {
    /// Train a seed network, grow it, report: the main job, without a window
    Grow(Box<GrowArguments>),
    /// Run several configurations at equal cost and compare them
    Compare(CompareArguments),
    /// Draw how well the estimates, the learners and the growth do
    Figures(FiguresArguments),
    /// Run a study: a plan of configurations and seeds, carried out and collected
    Study {
        #[command(subcommand)]
        command: StudyCommand,
    },
    /// List the lessons of the window, or check the files of your own (docs/workshop.md)
    Lesson {
        #[command(subcommand)]
        command: LessonCommand,
    },
    /// Draw a run's pictures: its cloud, curves, network, candidates and promises
    Draw(DrawArguments),
    /// Write a run's network and numbers for other software: ONNX, PyTorch, TensorBoard, the Hub (docs/doors.md)
    Export(ExportArguments),
    /// Show the engine, its limits and the data set
    Info(InfoArguments),
    /// List the images that are there, or fetch a data set by its name
    Data(DataArguments),
    /// Measure kernels, training and candidates on this machine, to read and to send
    Bench(BenchArguments),
    /// Serve the built page to the browsers of a class (docs/classroom.md)
    Serve(ServeArguments),
}

#[derive(clap::Subcommand)]
pub enum StudyCommand {
    /// List a plan's runs
    Plan {
        #[command(flatten)]
        plan: PlanArguments,
        /// As JSON, for other programs
        #[arg(long)]
        json: bool,
    },
    /// Carry out the runs that are not done yet
    Run(StudyRunArguments),
    /// Write tables, curves and numbers of the finished runs; nothing is computed
    Collect(StudyCollectArguments),
}

#[derive(clap::Subcommand)]
pub enum LessonCommand {
    /// Check files of lessons; nothing is computed
    Check {
        /// The files, TOML
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// List the lessons that come with the program
    List,
}

#[derive(Args)]
pub struct PlanArguments {
    /// The plan, a TOML file
    pub study: PathBuf,
    /// Total FLOPs of every run, instead of what the plan says, as 2e12
    #[arg(long, value_name = "FLOPS", value_parser = total_cost)]
    pub cost: Option<u64>,
    /// Any setting of every configuration by its dotted name, as training.epochs=2, instead of what the plan says; repeatable
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
}

#[derive(Args)]
pub struct StudyRunArguments {
    #[command(flatten)]
    pub plan: PlanArguments,
    /// Folder for the plan and its runs; the same command resumes what is there
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Only this run, in this process: NAME-SEED
    #[arg(long, value_name = "RUN", conflicts_with = "jobs")]
    pub only: Option<String>,
    /// Runs at a time, each with its share of the cores [default: one a core; one in all on a graphics adapter]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// What computes: auto, webgpu or candle
    #[arg(long, value_name = "ENGINE", default_value = "candle")]
    pub engine: EngineChoice,
    /// No progress on standard error
    #[arg(long)]
    pub quiet: bool,
    /// With --only: stop before the last training
    #[arg(long, requires = "only", conflicts_with = "total")]
    pub grow_only: bool,
    /// With --only: spend this much in all
    #[arg(long, value_name = "FLOPS", hide = true, requires = "only")]
    pub total: Option<u64>,
    /// With --only: stop when standard input ends
    #[arg(long, hide = true, requires = "only")]
    pub attended: bool,
}

#[derive(Args)]
pub struct StudyCollectArguments {
    /// The study's folder
    pub out: PathBuf,
    /// Order of the table: plan, name, accuracy, loss, parameters or cost
    #[arg(long, value_name = "COLUMN", default_value = "plan")]
    pub sort: String,
    /// Show only configurations whose names contain this
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// Lines of the table, at most
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub most: usize,
}

#[derive(Args)]
pub struct GrowArguments {
    #[arg(long, value_name = "NAME", help = help("preset"))]
    pub preset: Option<String>,
    #[arg(long, value_name = "FILE", conflicts_with = "preset", help = help("network"))]
    pub network: Option<PathBuf>,
    #[arg(long, requires = "network", help = help("inherit"))]
    pub inherit: bool,
    /// Settings in a TOML file; options here have precedence
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What computes: auto, webgpu or candle
    #[arg(long, value_name = "ENGINE", default_value = "auto")]
    pub engine: EngineChoice,
    /// Images: cifar10 or cifar100, fetched where they are not there; or a folder, archive or table, as `seedling data`
    /// explains [default: the embedded CIFAR-10 subset]
    #[arg(long, value_name = "PLACE")]
    pub data: Option<PathBuf>,
    #[arg(long, value_name = "LIST", value_delimiter = ',', help = help("data.classes"))]
    pub classes: Option<Vec<Class>>,
    #[arg(long, value_name = "N", help = help("data.train"))]
    pub train: Option<usize>,
    #[arg(long, value_name = "N", help = help("data.held-out"))]
    pub held_out: Option<usize>,
    #[arg(long, value_name = "N", help = help("seed"))]
    pub seed: Option<u64>,
    #[arg(long, value_name = "N", help = help("rounds"))]
    pub rounds: Option<u64>,
    #[arg(long, value_name = "NAME", help = help("learning.learner"))]
    pub learner: Option<Learner>,
    #[arg(long, value_name = "NAME", help = help("learning.estimator"))]
    pub estimator: Option<Estimator>,
    #[arg(long, value_name = "LIST", value_delimiter = ',', help = help("families"))]
    pub families: Option<Vec<Family>>,
    #[arg(long, value_name = "WHICH", help = help("measure"))]
    pub measure: Option<Measure>,
    /// Any setting by its dotted name, as training.epochs=2; repeatable; docs/settings.md lists them all
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Folder for the run's files
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Folder for TensorBoard's event files, written as the run goes on (docs/doors.md)
    #[arg(long, value_name = "DIR")]
    pub tensorboard: Option<PathBuf>,
    /// One small file of the whole run, with every moment of it, to be looked at in the window or the page
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    pub record: Option<PathBuf>,
    /// Resume the run in this folder, with its own settings; --rounds may extend it
    #[arg(long, value_name = "DIR", conflicts_with_all = [
        "preset", "network", "config", "classes", "train", "held_out", "seed", "learner", "estimator", "families", "measure",
        "set", "out",
    ])]
    pub resume: Option<PathBuf>,
    /// One JSON object a line on standard output for each event, instead of the report (docs/driving.md)
    #[arg(long)]
    pub json: bool,
    /// The language of the report and of progress: en, de, fr or es; files and --json are English
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    pub language: Language,
    /// No progress on standard error
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Args)]
pub struct CompareArguments {
    /// Settings in TOML files, one for each configuration; rounds = 0 is a network that does not grow
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    pub configs: Vec<PathBuf>,
    /// Any setting of every configuration by its dotted name, as training.epochs=2; repeatable
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Seeds that each configuration is run with
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "1,2,3")]
    pub seeds: Vec<u64>,
    /// Total FLOPs of every run, as 2e12 [default: what the most expensive one takes by its own settings]
    #[arg(long, value_name = "FLOPS", value_parser = total_cost)]
    pub cost: Option<u64>,
    /// What computes: auto, webgpu or candle
    #[arg(long, value_name = "ENGINE", default_value = "auto")]
    pub engine: EngineChoice,
    /// Runs at a time, each with its share of the cores [default: one a core; one in all on a graphics adapter]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Folder for the numbers and the picture
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The language of the report: en, de, fr or es; files are English
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    pub language: Language,
    /// No progress on standard error
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Args)]
pub struct FiguresArguments {
    /// Small sizes: minutes instead of hours
    #[arg(long)]
    pub quick: bool,
    /// Images: cifar10 or cifar100, fetched where they are not there; or a folder, archive or table, as `seedling data`
    /// explains [default: the embedded CIFAR-10 subset]
    #[arg(long, value_name = "PLACE")]
    pub data: Option<PathBuf>,
    /// Seeds of figure 5; the others take the first
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "1,2,3")]
    pub seeds: Vec<u64>,
    /// Figures to make: 2, 3, 4, 5 [default: all]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub only: Option<Vec<u8>>,
    /// What computes: auto or candle, which has every learner
    #[arg(long, value_name = "ENGINE", default_value = "auto")]
    pub engine: EngineChoice,
    /// Runs at a time, each with its share of the cores [default: one a core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Folder for the pictures, their numbers and the runs; the same command resumes what is there
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// No progress on standard error
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Args)]
pub struct DrawArguments {
    /// The run's folder, finished or not
    pub run: PathBuf,
    /// Folder for the pictures; those of the same names are replaced
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Colours for a light ground, for a dark one, or each picture in both
    #[arg(long, value_name = "THEME", default_value = "both")]
    pub theme: Theme,
    /// Files to write of each picture
    #[arg(long, value_name = "FORMAT", default_value = "both")]
    pub format: PictureFormat,
    /// The language of the words in them: en, de, fr or es
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    pub language: Language,
    /// The growth as a movie as well, an animated PNG; light unless --theme is dark [default: growth.png among the
    /// pictures]
    #[arg(long, value_name = "FILE")]
    pub movie: Option<Option<PathBuf>>,
}

#[derive(Args)]
pub struct ExportArguments {
    /// The run's folder
    pub run: PathBuf,
    /// model.onnx, which takes pixels in 0…1
    #[arg(long)]
    pub onnx: bool,
    /// model.py, a plain module of PyTorch, and model.safetensors
    #[arg(long)]
    pub torch: bool,
    /// tensorboard/: event files by step and by cost
    #[arg(long)]
    pub tensorboard: bool,
    /// hub/: a model card with results, and all of the network's files
    #[arg(long)]
    pub hub: bool,
    /// candidates.parquet: the table of candidates.csv with its types
    #[arg(long)]
    pub parquet: bool,
    /// The network of this round, before it grew [default: at the end of the run]
    #[arg(long, value_name = "N")]
    pub round: Option<u64>,
    /// With --round: after it grew, not trained since
    #[arg(long, requires = "round")]
    pub after: bool,
    /// Folder for the files; those of the same names are replaced
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// The grounds that pictures are drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    Light,
    Dark,
    Both,
}

/// The files that pictures are written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PictureFormat {
    Svg,
    Png,
    Both,
}

#[derive(Args)]
pub struct InfoArguments {
    /// What computes: auto, webgpu or candle
    #[arg(long, value_name = "ENGINE", default_value = "auto")]
    pub engine: EngineChoice,
    /// Images: cifar10 or cifar100, fetched where they are not there; or a folder, archive or table, as `seedling data`
    /// explains [default: the embedded CIFAR-10 subset]
    #[arg(long, value_name = "PLACE")]
    pub data: Option<PathBuf>,
}

#[derive(Args)]
pub struct DataArguments {
    #[command(subcommand)]
    pub command: Option<DataCommand>,
}

#[derive(clap::Subcommand)]
pub enum DataCommand {
    /// Fetch a data set's official archive into the user's cache, and check it; resumes what broke off
    Fetch(FetchArguments),
}

#[derive(Args)]
pub struct FetchArguments {
    /// The data set
    #[arg(value_parser = PossibleValuesParser::new(SETS.iter().map(|set| set.name)))]
    pub name: String,
    /// The same archive elsewhere: the address of a mirror, or a file or its folder, as on a stick
    #[arg(long, value_name = "URL|FILE")]
    pub from: Option<String>,
    /// No progress on standard error
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Args)]
pub struct BenchArguments {
    /// What is measured: webgpu (the graphics adapter), candle (the processor), or auto (both, where there are both)
    #[arg(long, value_name = "ENGINE", default_value = "auto")]
    pub engine: EngineChoice,
    /// Fewer repetitions: about 20 seconds on a graphics card
    #[arg(long)]
    pub quick: bool,
    /// One small case of everything
    #[arg(long, hide = true, conflicts_with = "quick")]
    pub smallest: bool,
    /// File for the numbers
    #[arg(long, value_name = "FILE", default_value = "bench.json")]
    pub out: PathBuf,
    /// No progress on standard error
    #[arg(long)]
    pub quiet: bool,
}

/// A path given as an option: `~` is the user's own folder (shells leave it in `--data=~/images`).
pub fn from_here(path: &Path) -> PathBuf {
    files::resolve(path, Path::new(""))
}

/// Changes `config` by texts such as `training.epochs=2`, in their order. A folder of images is relative to this one.
pub fn assign(config: &mut Config, texts: &[String]) -> Result<(), ConfigError> {
    texts.iter().try_for_each(|text| config.assign(text))?;
    config.data.dir = config.data.dir.take().map(|folder| from_here(&folder));
    Ok(())
}

/// A number of operations as people write them, as 2e12.
fn total_cost(text: &str) -> Result<u64, String> {
    let cost = text.parse().ok().filter(|cost| *cost > 0);
    cost.or_else(|| text.parse().ok().and_then(operations)).ok_or_else(|| format!("expected {OPERATIONS}"))
}

impl PlanArguments {
    /// The plan in its file, with what the options say instead; paths in these are meant from here.
    pub fn plan(&self) -> Result<Plan, Failure> {
        let mut plan = Plan::read(&self.study)?;
        plan.cost = self.cost.or(plan.cost);
        for configuration in &mut plan.configurations {
            assign(&mut configuration.settings, &self.set)?;
        }
        plan.check(&self.study)?;
        Ok(plan)
    }
}

/// What the table of settings says of a setting, for the option that sets it.
fn help(name: &str) -> String {
    Setting::named(name).map_or_else(
        |error| error.to_string(),
        |setting| format!("{}: {}. {}", setting.label, setting.expected(), setting.why),
    )
}

impl GrowArguments {
    /// The settings: defaults, then the file, then `--set` in its order, then the other options.
    pub fn settings(&self) -> Result<Config, ConfigError> {
        let mut config = match &self.config {
            Some(path) => Config::read(path)?,
            None => Config::default(),
        };
        assign(&mut config, &self.set)?;
        let set = |slot: &mut u64, value: Option<u64>| *slot = value.unwrap_or(*slot);
        set(&mut config.seed, self.seed);
        set(&mut config.rounds, self.rounds);
        if let Some(preset) = &self.preset {
            config.preset.clone_from(preset);
        }
        if let Some(families) = &self.families {
            config.families.clone_from(families);
        }
        config.learning.learner = self.learner.unwrap_or(config.learning.learner);
        config.learning.estimator = self.estimator.unwrap_or(config.learning.estimator);
        config.measure = self.measure.unwrap_or(config.measure);
        // What `--set` says is meant from here too; what the file says is in full already.
        config.network = self.network.clone().or(config.network).as_deref().map(from_here);
        config.inherit |= self.inherit;
        let data = &mut config.data;
        data.dir = self.data.clone().or(data.dir.take()).as_deref().map(from_here);
        data.classes = self.classes.clone().or(data.classes.take());
        data.train = self.train.or(data.train);
        data.held_out = self.held_out.or(data.held_out);
        config.check()?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests;
