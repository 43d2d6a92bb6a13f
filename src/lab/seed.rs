//! The network that an experiment starts from.

use std::path::Path;

use super::config::{Config, ConfigError};
use super::error::LabError;
use crate::data::Normalization;
use crate::files;
use crate::network::{Network, NetworkError, Op, load_checkpoint, preset};

/// A run's final network, in its folder.
const FINAL: &str = "network.safetensors";

/// A network to start from, and how it wants pixels normalised, if it says so: only weights are used to anything.
pub type Seed = (Network, Option<Normalization>);

/// The seed network of a configuration for `classes` classes: its preset with fresh weights, or a saved network's layers,
/// with the saved weights if they are to be inherited. A saved network of other classes gives its layers only.
pub fn seed_network(config: &Config, classes: usize) -> Result<Seed, LabError> {
    let Some(path) = &config.network else {
        return Ok((Network::initialise(preset(&config.preset, classes)?, config.seed)?, None));
    };
    let (saved, normalization) = saved_network(path)?;
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
        return Ok((saved, normalization));
    }
    for node in &mut architecture.nodes {
        if let Op::Linear { out_features } = &mut node.op {
            *out_features = classes;
        }
    }
    Ok((Network::initialise(architecture, config.seed)?, None))
}

/// The network in a file, of a run's or an ONNX file of any program, or the final one of a run's folder.
///
/// # Errors
/// A file that cannot be read, or does what no network here can.
pub fn saved_network(path: &Path) -> Result<Seed, NetworkError> {
    let path = if files::is_folder(path) { path.join(FINAL) } else { path.to_owned() };
    match path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("onnx")) {
        true => from_onnx(&path),
        false => from_checkpoint(&path),
    }
}

fn from_checkpoint(path: &Path) -> Result<Seed, NetworkError> {
    let (network, info) = load_checkpoint(path)?;
    let channels = |what: &str, values: &[f32]| {
        <[f32; 3]>::try_from(values).map_err(|_| NetworkError::Checkpoint {
            path: path.to_owned(),
            what: format!("metadata \"normalization\", {what}"),
            found: format!("{} numbers", values.len()),
            expected: "3, one a channel".into(),
        })
    };
    let normalization =
        Normalization { mean: channels("mean", &info.mean)?, std: channels("std", &info.std)? };
    Ok((network, Some(normalization)))
}

#[cfg(feature = "onnx")]
fn from_onnx(path: &Path) -> Result<Seed, NetworkError> {
    let onnx = crate::network::load_onnx(path)?;
    Ok((onnx.network, onnx.normalization))
}

#[cfg(not(feature = "onnx"))]
fn from_onnx(path: &Path) -> Result<Seed, NetworkError> {
    Err(NetworkError::Checkpoint {
        path: path.to_owned(),
        what: "file".into(),
        found: "an ONNX file, which this build does not read".into(),
        expected: "a .safetensors file; or a build with the feature \"onnx\"".into(),
    })
}
