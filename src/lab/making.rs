//! What was chosen, as it is made, and the model that comes of it.

use super::config::Config;
use super::error::LabError;
use crate::morphism::{Morphism, Parting, apply_with, initial_phi, morph};
use crate::network::{Model, Network};

/// A morphism as it is made in `network`: by a share of its scale, with noise for φ if that is asked for, the children of
/// a split parted.
pub fn made(
    config: &Config,
    round: u64,
    network: &Network,
    morphism: &Morphism,
    share: f64,
) -> Result<Morphism, LabError> {
    let mut made = Morphism { scale: (f64::from(morphism.scale) * share) as f32, ..morphism.clone() };
    if config.growth.noise && morph(made.candidate.family).is_learned() {
        made.phi = initial_phi(network, &made.candidate, config.seed, round)?;
        made.scale = 1.0;
    }
    let parting = Parting { spread: config.growth.spread, tilt: config.growth.tilt };
    Ok(parting.part(network, &made, config.seed, round)?)
}

/// The model grown by what is made: the optimiser's memory as the settings say, and what is new marked if it
/// is to learn at another rate. Without changes it is the model as it was.
pub fn grown(config: &Config, model: &Model, made: &[Morphism]) -> Result<Model, LabError> {
    let mut model = model.clone();
    if made.is_empty() {
        return Ok(model);
    }
    if config.growth.new_rate != 1.0 {
        model.mark_inherited()?;
    }
    Ok(apply_with(&model, made, config.growth.memory)?)
}
