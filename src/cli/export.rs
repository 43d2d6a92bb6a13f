//! `seedling export`: a run's network and numbers for other software.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::arguments::{ExportArguments, from_here};
use super::console::Console;
use super::failure::Failure;
use crate::exchange::tensorboard::TensorBoard;
use crate::exchange::{Card, Exported, Growth, RunFolder, candidates_parquet, card, config_json, model_py};
use crate::files::{create_folder, write_atomically};
use crate::lab::LabError;
use crate::network::{onnx_bytes, save_checkpoint};
use crate::pictures::RunRecord;

/// Runs the command.
pub fn export(arguments: &ExportArguments, console: &Console) -> Result<ExitCode, Failure> {
    let ExportArguments { onnx, torch, tensorboard, hub, parquet, .. } = *arguments;
    if ![onnx, torch, tensorboard, hub, parquet].contains(&true) {
        return Err(Failure::Usage(
            "export: found nothing to write, expected some of --onnx, --torch, --tensorboard, --hub, \
             --parquet"
                .into(),
        ));
    }
    let growth = match (arguments.round, arguments.after) {
        (Some(round), true) => Growth::After(round),
        (Some(round), false) => Growth::Before(round),
        (None, _) => Growth::Final,
    };
    let (folder, out) = (from_here(&arguments.run), from_here(&arguments.out));
    let mut written = Written { out: out.clone(), names: Vec::new() };
    let run = RunFolder::open(&folder)?;
    create_folder(&out).map_err(LabError::from)?;
    if onnx || torch || hub {
        let exported = run.network(growth)?;
        if onnx {
            written.onnx(&exported, Path::new(""))?;
        }
        if torch {
            written.torch(&exported, Path::new(""))?;
        }
        if hub {
            let inside = Path::new("hub");
            create_folder(&out.join(inside)).map_err(LabError::from)?;
            written.onnx(&exported, inside)?;
            written.torch(&exported, inside)?;
            let text = card(&Card { run: &run, exported: &exported }).map_err(LabError::from)?;
            written.file(inside.join("README.md"), text.as_bytes())?;
            written.file(inside.join("config.json"), config_json(&exported).as_bytes())?;
        }
    }
    if tensorboard {
        let (record, inside) = (RunRecord::read(&folder)?, Path::new("tensorboard"));
        TensorBoard::create(&out.join(inside), &run.session.config)
            .and_then(|mut board| board.update(&record))
            .map_err(LabError::from)?;
        written.names.push(inside.into());
    }
    if parquet {
        written.file("candidates.parquet".into(), &candidates_parquet(&run.session.state))?;
    }
    for name in &written.names {
        console.line(&out.join(name).display().to_string());
    }
    Ok(ExitCode::SUCCESS)
}

/// Files that are written so far.
struct Written {
    out: PathBuf,
    names: Vec<PathBuf>,
}

impl Written {
    fn file(&mut self, name: PathBuf, bytes: &[u8]) -> Result<(), LabError> {
        write_atomically(&self.out.join(&name), bytes)?;
        self.names.push(name);
        Ok(())
    }

    fn onnx(&mut self, exported: &Exported, inside: &Path) -> Result<(), LabError> {
        let bytes = onnx_bytes(&exported.network, &exported.info)?;
        self.file(inside.join("model.onnx"), &bytes)
    }

    fn torch(&mut self, exported: &Exported, inside: &Path) -> Result<(), LabError> {
        let about = format!("A network grown by Seedling, {}.", exported.growth);
        let text = model_py(&exported.network, &exported.info, &about)?;
        self.file(inside.join("model.py"), text.as_bytes())?;
        let name = inside.join("model.safetensors");
        save_checkpoint(&self.out.join(&name), &exported.network, &exported.info.checkpoint)?;
        self.names.push(name);
        Ok(())
    }
}
