//! Our versions of the paper's figures. Each is drawn from studies of its own: [`study`] says which runs it needs,
//! [`draw`] reads their folders, and nothing in it is computed twice.

mod agreement;
mod growth;
mod learners;
mod network;

use std::path::{Path, PathBuf};

use super::carry::unfinished;
use super::plan::{Configuration, Plan, Planned, Until};
use super::runs::{RunError, Standing, standing};
use super::{Race, Table};
use crate::data::DataConfig;
use crate::estimate::Agreement;
use crate::format::{decimal, known};
use crate::lab::{Config, Round, Session};
use crate::morphism::Family;
use crate::plot::Picture;
use crate::search::Strategy;
use crate::words::say;

/// The figures there are, with what each shows.
pub const FIGURES: [(u8, &str); 4] = [
    (2, "the network, coloured by what the estimates say of each channel"),
    (3, "estimated against actual, for each family and estimator"),
    (4, "what each learner's changes really gain"),
    (5, "growth beside fixed networks, at equal cost"),
];

/// A figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its number in the paper.
    pub number: u8,
    /// What it shows, with its sizes.
    pub title: String,
    /// The picture.
    pub picture: Picture,
    /// Every number in it.
    pub csv: String,
    /// Summaries of its numbers.
    pub tables: Vec<Table>,
}

/// The settings of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Small sizes: minutes instead of hours.
    pub quick: bool,
    /// The folder of the images; none for the embedded ones.
    pub data: Option<PathBuf>,
    /// Seeds of figure 5; the others take the first.
    pub seeds: Vec<u64>,
}

/// How much a figure computes.
struct Sizes {
    /// Images to train on.
    train: usize,
    /// Images to report on.
    held_out: usize,
    /// Epochs of a training phase.
    epochs: u64,
    /// Steps that φ is learned in.
    steps: u64,
    /// Images in one such step.
    batch: usize,
    /// Growth rounds of figure 5.
    rounds: u64,
}

const QUICK: Sizes = Sizes { train: 400, held_out: 400, epochs: 8, steps: 20, batch: 100, rounds: 2 };
const FULL: Sizes = Sizes { train: 1600, held_out: 1000, epochs: 30, steps: 60, batch: 250, rounds: 3 };

impl Request {
    /// The images of every figure.
    pub fn images(&self) -> DataConfig {
        let Sizes { train, held_out, .. } = self.sizes();
        DataConfig {
            dir: self.data.clone(),
            train: Some(train),
            validation: Some(train / 4),
            held_out: Some(held_out),
            ..DataConfig::default()
        }
    }

    fn sizes(&self) -> Sizes {
        if self.quick { QUICK } else { FULL }
    }

    /// Settings that all figures share: this network, these families, one growth round.
    fn config(&self, preset: &str, families: &[Family]) -> Config {
        let Sizes { epochs, steps, batch, .. } = self.sizes();
        let mut config = Config {
            preset: preset.to_owned(),
            rounds: 1,
            families: families.to_vec(),
            strategy: Strategy::Worth { lambda_parameters: 0.0, lambda_flops: 0.0 },
            data: self.images(),
            ..Config::default()
        };
        config.training.epochs = epochs;
        // Strong, so that single channels do not carry the network: the effect of pruning those is beyond any formula here.
        config.training.optimizer.weight_decay = 5e-3;
        config.budget.max_candidates = 8;
        (config.learning.steps, config.learning.batch) = (steps, batch);
        config
    }

    /// A study of first rounds, with the first seed.
    fn measured(&self, configurations: Vec<Configuration>) -> Plan {
        let seeds = vec![self.seeds.first().copied().unwrap_or(1)];
        Plan { seeds, cost: None, until: Until::Measured, configurations }
    }
}

/// How many studies figure `number` is drawn from; a later one is planned by what the first has found.
pub fn studies(number: u8) -> usize {
    if number == growth::NUMBER { growth::STUDIES.len() } else { 1 }
}

/// The folder of the study at `index` of a figure, in the figure's folder.
pub fn study_folder(number: u8, index: usize, folder: &Path) -> PathBuf {
    match growth::STUDIES.get(index) {
        Some(name) if number == growth::NUMBER => folder.join(name),
        _ => folder.to_owned(),
    }
}

/// The plan of the study at `index` of figure `number`, one of [`FIGURES`], whose folder is `folder`.
pub fn study(number: u8, index: usize, request: &Request, folder: &Path) -> Result<Plan, RunError> {
    match number {
        network::NUMBER => Ok(network::plan(request)),
        agreement::NUMBER => Ok(agreement::plan(request)),
        learners::NUMBER => Ok(learners::plan(request)),
        _ => growth::plan(index, request, folder),
    }
}

/// Draws figure `number`, one of [`FIGURES`], from the runs in its folder.
pub fn draw(number: u8, folder: &Path) -> Result<Figure, RunError> {
    match number {
        network::NUMBER => network::draw(folder),
        agreement::NUMBER => agreement::draw(folder),
        learners::NUMBER => learners::draw(folder),
        _ => growth::draw(folder),
    }
}

/// Every run of a study with its first round; an error where one is not done yet.
fn first_rounds(folder: &Path) -> Result<Vec<(Planned, Round)>, RunError> {
    let runs = Plan::of(folder)?.runs();
    let mut missing = Vec::new();
    for run in &runs {
        if standing(&run.folder(folder))? != Standing::Done {
            missing.push(run.id());
        }
    }
    if !missing.is_empty() {
        return Err(unfinished(folder, &missing));
    }
    let mut rounds = Vec::new();
    for run in runs {
        let state = Session::load(&run.folder(folder))?.state;
        let record = state.record(1).cloned();
        rounds.push((run, record.ok_or_else(|| unfinished(folder, &["its first round".to_owned()]))?));
    }
    Ok(rounds)
}

/// The sizes, as the title of every figure states them.
fn sizes(config: &Config) -> String {
    let count = |images: Option<usize>| {
        images.map_or(say!("pictures-all-images").to_owned(), |images| images.to_string())
    };
    let learning = &config.learning;
    say!(
        "pictures-figure-sizes",
        network = config.preset.as_str(),
        train = count(config.data.train),
        epochs = config.training.epochs,
        steps = learning.steps,
        batch = learning.batch,
        held = count(config.data.held_out)
    )
}

/// The same with the seed of the run.
fn sizes_and_seed(config: &Config) -> String {
    say!("pictures-figure-seed", sizes = sizes(config), seed = config.seed)
}

/// A number for CSV; nothing where nothing is known. Adding 0 turns −0 into 0.
fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| (value + 0.0).to_string())
}

/// The cells of a table for an agreement: n, Pearson, Spearman, slope.
fn agreement_cells(agreement: &Agreement) -> [String; 4] {
    let three = |value: Option<f64>| known(value, |value| decimal(value, 3));
    let Agreement { n, pearson, spearman, slope } = *agreement;
    [n.to_string(), three(pearson), three(spearman), three(slope)]
}

/// A configuration of every seed of its plan.
fn configuration(name: &str, settings: Config) -> Configuration {
    Configuration { name: name.to_owned(), seeds: None, layers_of: None, settings }
}
