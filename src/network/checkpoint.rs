//! Networks in safetensors files: tensors as f32, the architecture and what a reader needs in the header.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use serde::{Deserialize, Serialize};

use super::{Architecture, AsType, Network, NetworkError, Tensors};
use crate::files;

/// What a checkpoint holds besides tensors and architecture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckpointInfo {
    /// Mean of each channel, for pixels in 0…1.
    pub mean: Vec<f32>,
    /// Standard deviation of each channel, for pixels in 0…1.
    pub std: Vec<f32>,
    /// SHA-256 of the data, in hexadecimal.
    pub sha256: String,
}

#[derive(Serialize, Deserialize)]
struct Normalization {
    mean: Vec<f32>,
    std: Vec<f32>,
}

/// Writes a network, atomically.
pub fn save_checkpoint(path: &Path, network: &Network, info: &CheckpointInfo) -> Result<(), NetworkError> {
    let json = |value: Result<String, serde_json::Error>| value.expect("plain data serialises");
    let normalization = Normalization { mean: info.mean.clone(), std: info.std.clone() };
    let metadata = BTreeMap::from([
        ("architecture".to_owned(), json(serde_json::to_string(&network.architecture))),
        ("normalization".to_owned(), json(serde_json::to_string(&normalization))),
        ("seedling".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("sha256".to_owned(), info.sha256.clone()),
    ]);
    save_tensors(path, &network.tensors, &metadata)
}

/// Reads a network that [`save_checkpoint`] wrote, and checks it.
pub fn load_checkpoint(path: &Path) -> Result<(Network, CheckpointInfo), NetworkError> {
    let (tensors, metadata) = tensors_from_file(path)?;
    let fail = |what: &str, found: String, expected: &str| NetworkError::Checkpoint {
        path: path.to_owned(),
        what: what.to_owned(),
        found,
        expected: expected.to_owned(),
    };
    let text = |key: &str| {
        let value = metadata.get(key).cloned();
        value.ok_or_else(|| fail(&format!("metadata \"{key}\""), "nothing".into(), "a text"))
    };
    let architecture: Architecture = serde_json::from_str(&text("architecture")?)
        .map_err(|error| fail("metadata \"architecture\"", error.to_string(), "a list of nodes"))?;
    let normalization: Normalization = serde_json::from_str(&text("normalization")?)
        .map_err(|error| fail("metadata \"normalization\"", error.to_string(), "mean and std"))?;
    let network = Network { architecture, tensors };
    network.check().map_err(|error| fail("network", error.to_string(), "a consistent network"))?;
    let Normalization { mean, std } = normalization;
    Ok((network, CheckpointInfo { mean, std, sha256: text("sha256")? }))
}

/// Writes f32 tensors in the safetensors format, atomically.
pub fn save_tensors(
    path: &Path,
    tensors: &Tensors,
    metadata: &BTreeMap<String, String>,
) -> Result<(), NetworkError> {
    Ok(files::write_atomically(path, &tensors_to_bytes(tensors, metadata)?)?)
}

/// Tensors as f32 in the safetensors format. The library's own writer keeps metadata in hash order; this one gives
/// the same bytes for the same content.
pub fn tensors_to_bytes(
    tensors: &Tensors,
    metadata: &BTreeMap<String, String>,
) -> Result<Vec<u8>, NetworkError> {
    let mut header = serde_json::Map::new();
    header.insert("__metadata__".into(), serde_json::json!(metadata));
    let mut data: Vec<u8> = Vec::new();
    for (name, tensor) in tensors {
        let values = tensor.as_type(DType::F32)?.flatten_all()?.to_vec1::<f32>()?;
        let start = data.len();
        data.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        let entry = serde_json::json!({
            "dtype": "F32", "shape": tensor.dims(), "data_offsets": [start, data.len()]
        });
        header.insert(name.clone(), entry);
    }
    let mut header = serde_json::Value::Object(header).to_string().into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header);
    bytes.extend(data);
    Ok(bytes)
}

/// Reads every tensor of a safetensors file, and its metadata.
pub fn tensors_from_file(path: &Path) -> Result<(Tensors, HashMap<String, String>), NetworkError> {
    tensors_from_bytes(&files::read(path)?, path)
}

/// Reads every tensor in the safetensors format, and the metadata; `path` is for errors.
pub fn tensors_from_bytes(
    bytes: &[u8],
    path: &Path,
) -> Result<(Tensors, HashMap<String, String>), NetworkError> {
    let fail = |what: &str, found: String, expected: &str| NetworkError::Checkpoint {
        path: path.to_owned(),
        what: what.to_owned(),
        found,
        expected: expected.to_owned(),
    };
    let unreadable =
        |error: safetensors::SafeTensorError| fail("header", format!("{error}"), "a whole safetensors file");
    let (_, header) = safetensors::SafeTensors::read_metadata(bytes).map_err(unreadable)?;
    let metadata = header.metadata().clone().unwrap_or_default();
    let file = safetensors::SafeTensors::deserialize(bytes).map_err(unreadable)?;
    let mut tensors = Tensors::new();
    for (name, view) in file.tensors() {
        if view.dtype() != safetensors::Dtype::F32 {
            return Err(fail(&format!("tensor \"{name}\""), format!("{:?}", view.dtype()), "F32"));
        }
        let values: Vec<f32> = view
            .data()
            .chunks_exact(4)
            .map(|raw| f32::from_le_bytes(raw.try_into().expect("4 bytes")))
            .collect();
        tensors.insert(name, Tensor::from_vec(values, view.shape(), &Device::Cpu)?);
    }
    Ok((tensors, metadata))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::preset;

    fn example() -> (Network, CheckpointInfo) {
        let network = Network::initialise(preset("residual-seed", 4).unwrap(), 3).unwrap();
        let info = CheckpointInfo { mean: vec![0.5; 3], std: vec![0.25; 3], sha256: "ab".into() };
        (network, info)
    }

    #[test]
    fn a_network_survives_its_file_and_writes_the_same_bytes_again() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("a"), folder.path().join("b"));
        let (network, info) = example();
        save_checkpoint(&first, &network, &info).unwrap();
        let (read, read_info) = load_checkpoint(&first).unwrap();
        assert_eq!((&read.architecture, &read_info), (&network.architecture, &info));
        save_checkpoint(&second, &read, &read_info).unwrap();
        assert_eq!(std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap());
    }

    #[test]
    fn broken_files_name_the_file_and_the_fault() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("network.safetensors");
        let (mut network, info) = example();
        network.tensors.remove("conv2.bias");
        save_checkpoint(&path, &network, &info).unwrap();
        let message = load_checkpoint(&path).unwrap_err().to_string();
        assert!(message.contains("network.safetensors") && message.contains("conv2.bias"), "{message}");

        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let message = load_checkpoint(&path).unwrap_err().to_string();
        assert!(message.contains("network.safetensors") && message.contains("header"), "{message}");
        assert!(load_checkpoint(&folder.path().join("absent")).unwrap_err().to_string().contains("absent"));
    }
}
