//! The network that an experiment starts from.

use super::config::{Config, ConfigError};
use super::error::LabError;
use crate::files;
use crate::network::{Network, Op, load_checkpoint, preset};

/// A run's final network, in its folder.
const FINAL: &str = "network.safetensors";

/// The seed network of a configuration for `classes` classes: its preset with fresh weights, or a saved network's layers,
/// with the saved weights if they are to be inherited. A saved network of other classes gives its layers only.
pub fn seed_network(config: &Config, classes: usize) -> Result<Network, LabError> {
    let Some(path) = &config.network else {
        return Ok(Network::initialise(preset(&config.preset, classes)?, config.seed)?);
    };
    let path = if files::is_folder(path) { path.join(FINAL) } else { path.clone() };
    let (saved, _) = load_checkpoint(&path)?;
    let mut architecture = saved.architecture.clone();
    config.check_layers(&architecture)?;
    let found = architecture.classes()?;
    if config.inherit {
        if found != classes {
            return Err(ConfigError::Value {
                field: "inherit".into(),
                found: format!("a network of {found} classes in {}", path.display()),
                expected: format!(
                    "{classes}, the classes of the images; or only its layers (inherit = false)"
                ),
            }
            .into());
        }
        return Ok(saved);
    }
    for node in &mut architecture.nodes {
        if let Op::Linear { out_features } = &mut node.op {
            *out_features = classes;
        }
    }
    Ok(Network::initialise(architecture, config.seed)?)
}
