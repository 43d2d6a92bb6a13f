//! What was chosen, as it is made.

use super::config::Config;
use super::error::LabError;
use crate::morphism::{Morphism, Parting, initial_phi, morph};
use crate::network::Network;

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
