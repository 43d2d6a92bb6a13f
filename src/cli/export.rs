//! `seedling export`: a run's network and numbers for other software.

use std::process::ExitCode;

use super::arguments::{ExportArguments, from_here};
use super::console::Console;
use super::failure::Failure;
use crate::exchange::{Growth, RunFolder, write_hub, write_parquet, write_tensorboard, write_torch};
use crate::files::create_folder;
use crate::lab::LabError;

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
    let run = RunFolder::open(&folder)?;
    create_folder(&out).map_err(LabError::from)?;
    let mut written = Vec::new();
    if onnx || torch || hub {
        let exported = run.network(growth)?;
        if onnx {
            let path = out.join("model.onnx");
            exported.write_onnx(&path)?;
            written.push(path);
        }
        if torch {
            written.extend(write_torch(&exported, &out)?);
        }
        if hub {
            written.extend(write_hub(&run, &exported, &out.join("hub"))?);
        }
    }
    if tensorboard {
        written.extend(write_tensorboard(&run, &out.join("tensorboard"))?);
    }
    if parquet {
        written.extend(write_parquet(&run, &out.join("candidates.parquet"))?);
    }
    for path in &written {
        console.line(&path.display().to_string());
    }
    Ok(ExitCode::SUCCESS)
}
