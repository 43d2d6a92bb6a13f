//! `seedling figures`: our versions of the paper's figures, each as SVG with its numbers beside it as CSV.

mod agreement;
mod growth;
mod learners;
mod network;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use pollster::block_on;

use super::arguments::FiguresArguments;
use super::compare::{Ear, check_seeds, interrupted, refuse_occupied};
use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupt;
use crate::data::{Data, DataConfig, load};
use crate::engine::{Engine, Learner};
use crate::files::{create_folder, write_atomically};
use crate::lab::{Config, LabError, State, measured_round, start_engine, trained};
use crate::morphism::Family;
use crate::search::Strategy;

/// The figures there are.
pub const FIGURES: [u8; 4] = [2, 3, 4, 5];

/// How much is computed.
pub struct Sizes {
    /// Images to train on.
    train: usize,
    /// Images to report on.
    held_out: usize,
    /// Epochs of a training phase.
    epochs: u64,
    /// Steps that φ is learned in.
    steps: u64,
    /// Images a step of it.
    batch: usize,
    /// Growth rounds of figure 5.
    rounds: u64,
}

const QUICK: Sizes = Sizes { train: 400, held_out: 400, epochs: 8, steps: 20, batch: 100, rounds: 2 };
const FULL: Sizes = Sizes { train: 1600, held_out: 1000, epochs: 30, steps: 60, batch: 250, rounds: 3 };

/// What the figures are made with.
struct Studio<'a> {
    arguments: &'a FiguresArguments,
    sizes: Sizes,
    console: &'a Console,
    ear: Ear,
    engine: Box<dyn Engine>,
}

/// Runs it.
pub fn figures(arguments: &FiguresArguments, console: &Console) -> Result<ExitCode, Failure> {
    check_seeds(&arguments.seeds)?;
    let wanted = match &arguments.only {
        Some(wanted) => wanted.clone(),
        None => FIGURES.to_vec(),
    };
    if let Some(other) = wanted.iter().find(|figure| !FIGURES.contains(figure)) {
        return Err(Failure::Usage(format!("--only: found {other}, expected some of 2, 3, 4, 5")));
    }
    for figure in &wanted {
        refuse_occupied(&arguments.out, &format!("figure-{figure}.csv"))?;
    }
    let ear = Ear(Interrupt::listen()?);
    let engine = block_on(start_engine(arguments.engine.having(Learner::Direct)))?.engine;
    create_folder(&arguments.out).map_err(LabError::from)?;
    let sizes = if arguments.quick { QUICK } else { FULL };
    let mut studio = Studio { arguments, sizes, console, ear, engine };
    for (figure, make) in [
        (2, network::make as fn(&mut Studio) -> Result<(), Failure>),
        (3, agreement::make),
        (4, learners::make),
        (5, growth::make),
    ] {
        if wanted.contains(&figure)
            && let Err(failure) = make(&mut studio)
        {
            return interrupted(failure);
        }
    }
    console.line(&format!("\nThe pictures and their numbers are in {}.", arguments.out.display()));
    Ok(ExitCode::SUCCESS)
}

impl Studio<'_> {
    /// Settings that all figures share: this network, these families, one growth round.
    fn config(&self, preset: &str, families: &[Family], seed: u64) -> Config {
        let Sizes { train, held_out, epochs, steps, batch, .. } = self.sizes;
        let dir: Option<PathBuf> = self.arguments.data.clone();
        let data = DataConfig {
            dir,
            train: Some(train),
            validation: Some(train / 4),
            held_out: Some(held_out),
            ..DataConfig::default()
        };
        let mut config = Config {
            preset: preset.to_owned(),
            seed,
            rounds: 1,
            families: families.to_vec(),
            strategy: Strategy::Worth { lambda_parameters: 0.0, lambda_flops: 0.0 },
            data,
            ..Config::default()
        };
        config.training.epochs = epochs;
        (config.learning.steps, config.learning.batch) = (steps, batch);
        config
    }

    fn load(&self, config: &Config) -> Result<Arc<Data>, Failure> {
        Ok(Arc::new(load(&config.data, config.seed)?))
    }

    /// The trained seed network of `config`.
    fn trained(&mut self, config: &Config, data: &Arc<Data>) -> Result<State, Failure> {
        Ok(block_on(trained(config, data.clone(), self.engine.as_mut(), &self.ear))?)
    }

    /// All candidates of `config`, learned, estimated and measured, from a trained state.
    fn round(&mut self, config: &Config, data: &Arc<Data>, from: &State) -> Result<State, Failure> {
        Ok(block_on(measured_round(config, data.clone(), from, self.engine.as_mut(), &self.ear))?)
    }

    /// For people, on standard error.
    fn say(&self, text: &str) {
        if !self.arguments.quiet {
            self.console.error(text);
        }
    }

    /// Sizes, as every figure states them.
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

    fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        Ok(write_atomically(&self.arguments.out.join(name), text.as_bytes()).map_err(LabError::from)?)
    }
}

/// A number for CSV; nothing where nothing is known. Adding 0 turns −0 into 0.
fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| (value + 0.0).to_string())
}
