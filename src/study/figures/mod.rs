//! Our versions of the paper's figures: each a picture, with its numbers as CSV and its tables for people.

mod agreement;
mod growth;
mod learners;
mod network;

use std::path::PathBuf;
use std::sync::Arc;

use super::{Listener, Table};
use crate::data::{Data, DataConfig, load};
use crate::engine::Engine;
use crate::estimate::Agreement;
use crate::format::known;
use crate::lab::{Config, LabError, State, measured_round, trained};
use crate::morphism::Family;
use crate::plot::Picture;
use crate::search::Strategy;

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

/// What every figure needs: settings, engine, listener.
struct Studio<'a> {
    request: &'a Request,
    sizes: Sizes,
    engine: &'a mut dyn Engine,
    listener: &'a dyn Listener,
}

/// Makes figure `number`, one of [`FIGURES`].
pub async fn figure(
    number: u8,
    request: &Request,
    engine: &mut dyn Engine,
    listener: &dyn Listener,
) -> Result<Figure, LabError> {
    let mut studio = Studio { request, sizes: request.sizes(), engine, listener };
    match number {
        2 => network::make(&mut studio).await,
        3 => agreement::make(&mut studio).await,
        4 => learners::make(&mut studio).await,
        _ => growth::make(&mut studio).await,
    }
}

impl Studio<'_> {
    /// Settings that all figures share: this network, these families, one growth round.
    fn config(&self, preset: &str, families: &[Family], seed: u64) -> Config {
        let Sizes { epochs, steps, batch, .. } = self.sizes;
        let mut config = Config {
            preset: preset.to_owned(),
            seed,
            rounds: 1,
            families: families.to_vec(),
            strategy: Strategy::Worth { lambda_parameters: 0.0, lambda_flops: 0.0 },
            data: self.request.images(),
            ..Config::default()
        };
        config.training.epochs = epochs;
        (config.learning.steps, config.learning.batch) = (steps, batch);
        config
    }

    /// The seed of figures that take one.
    fn seed(&self) -> u64 {
        self.request.seeds.first().copied().unwrap_or(1)
    }

    fn load(&self, config: &Config) -> Result<Arc<Data>, LabError> {
        Ok(Arc::new(load(&config.data, config.seed)?))
    }

    /// The trained seed network of `config`.
    async fn trained(&mut self, config: &Config, data: &Arc<Data>) -> Result<State, LabError> {
        self.listener.say(&format!("training {}", config.preset));
        trained(config, data.clone(), self.engine, self.listener).await
    }

    /// All candidates of `config`, learned, estimated and measured, from a trained state.
    async fn round(&mut self, config: &Config, data: &Arc<Data>, from: &State) -> Result<State, LabError> {
        measured_round(config, data.clone(), from, self.engine, self.listener).await
    }

    /// The sizes, as the title of every figure states them.
    fn sizes(&self, config: &Config) -> String {
        let learning = &config.learning;
        format!(
            "{}, {} training images, {} epochs a phase, φ in {} steps of {}, {} held out",
            config.preset,
            self.sizes.train,
            config.training.epochs,
            learning.steps,
            learning.batch,
            self.sizes.held_out
        )
    }
}

/// A number for CSV; nothing where nothing is known. Adding 0 turns −0 into 0.
fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| (value + 0.0).to_string())
}

/// The cells of a table for an agreement: n, Pearson, Spearman, slope.
fn agreement_cells(agreement: &Agreement) -> [String; 4] {
    let three = |value: Option<f64>| known(value, |value| format!("{value:.3}"));
    let Agreement { n, pearson, spearman, slope } = *agreement;
    [n.to_string(), three(pearson), three(spearman), three(slope)]
}
