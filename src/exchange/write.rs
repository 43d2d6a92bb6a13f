//! The files for other software than ONNX's runtimes. Each function returns what it has written.

use std::path::{Path, PathBuf};

use super::exported::Exported;
use super::hub::{Card, card, config_json};
use super::parquet::candidates_parquet;
use super::run_folder::RunFolder;
use super::tensorboard::TensorBoard;
use super::torch::model_py;
use crate::files::{create_folder, write_atomically};
use crate::lab::LabError;
use crate::network::save_checkpoint;
use crate::pictures::RunRecord;

/// The network for PyTorch, as `model.py` and `model.safetensors` in a folder.
pub fn write_torch(exported: &Exported, folder: &Path) -> Result<Vec<PathBuf>, LabError> {
    create_folder(folder)?;
    let about = format!("A network grown by Seedling, {}.", exported.growth);
    let code = folder.join("model.py");
    write_atomically(&code, model_py(&exported.network, &exported.info, &about)?.as_bytes())?;
    let weights = folder.join("model.safetensors");
    save_checkpoint(&weights, &exported.network, &exported.info.checkpoint)?;
    Ok(vec![code, weights])
}

/// A folder for the Hub: the network for ONNX and for PyTorch, with its card.
pub fn write_hub(run: &RunFolder, exported: &Exported, folder: &Path) -> Result<Vec<PathBuf>, LabError> {
    create_folder(folder)?;
    let onnx = folder.join("model.onnx");
    exported.write_onnx(&onnx)?;
    let mut written = vec![onnx];
    written.extend(write_torch(exported, folder)?);
    for (name, text) in
        [("README.md", card(&Card { run, exported })?), ("config.json", config_json(exported))]
    {
        let path = folder.join(name);
        write_atomically(&path, text.as_bytes())?;
        written.push(path);
    }
    Ok(written)
}

/// The run's event files for TensorBoard, in two folders in `folder`.
pub fn write_tensorboard(run: &RunFolder, folder: &Path) -> Result<Vec<PathBuf>, LabError> {
    let record = RunRecord::read(run.folder())?;
    TensorBoard::create(folder, &run.session.config)?.update(&record)?;
    Ok(vec![folder.to_owned()])
}

/// Every candidate of the run as a Parquet file.
pub fn write_parquet(run: &RunFolder, path: &Path) -> Result<Vec<PathBuf>, LabError> {
    write_atomically(path, &candidates_parquet(&run.session.state))?;
    Ok(vec![path.to_owned()])
}
