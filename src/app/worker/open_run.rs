//! An open run: an experiment, what computes it, and where it is kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use web_time::Instant;

use super::board::Snapshot;
use super::orders::Door;
use crate::engine::Engine;
use crate::exchange::Exported;
#[cfg(not(target_arch = "wasm32"))]
use crate::exchange::{
    RunFolder, Wanted, write_hub, write_movie, write_parquet, write_pictures, write_tensorboard, write_torch,
};
use crate::lab::{Lab, LabError, Output, Stage, State};
#[cfg(not(target_arch = "wasm32"))]
use crate::pictures::RunRecord;
use crate::words::Language;
#[cfg(not(target_arch = "wasm32"))]
use crate::words::in_language;

/// An experiment with its engine and its files.
pub(super) struct OpenRun {
    /// Its number, counted from the start of the program.
    pub run: u64,
    /// The experiment.
    pub lab: Lab,
    /// What computes it.
    pub engine: Box<dyn Engine>,
    /// Why this engine, in words.
    pub why: String,
    /// Where the run is to be kept, if anywhere.
    pub folder: Option<PathBuf>,
    /// The files, once there is something to keep.
    pub output: Option<Output>,
    /// Whether the folder holds the run's first files.
    pub begun: bool,
    /// Whether it was recorded, and nothing of it was computed here.
    pub recorded: bool,
    /// Where its rounds stood before they grew, where it was opened from files.
    pub earlier: Arc<[State]>,
    /// When they were last written.
    pub saved: Instant,
}

impl OpenRun {
    /// Writes the files. The folder is made at the first time: a program that was only looked at leaves none.
    pub fn save(&mut self, done: Option<(Stage, u64)>) -> Result<(), LabError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        if self.output.is_none() {
            self.output = Some(match self.begun {
                true => Output::open(folder, self.engine.info())?,
                false => {
                    let output = Output::create(folder, self.engine.info())?;
                    output.begin(&self.lab)?;
                    // A recorded run has a history already.
                    output.catch_up(&self.lab)?;
                    output
                }
            });
            self.begun = true;
        }
        match (&self.output, done) {
            (Some(output), Some((stage, round))) => output.stage_done(&self.lab, stage, round),
            (Some(output), None) => output.session(&self.lab),
            (None, _) => Ok(()),
        }
    }

    /// Copies the run's files as they are now, and returns how many there are.
    pub fn copy(&mut self, to: &Path) -> Result<usize, LabError> {
        self.save(None)?;
        self.output.as_ref().ok_or_else(|| not_kept("save"))?.copy(to)
    }

    /// Writes the run as it is now for other software, and returns what it has written. Pictures, which are for people,
    /// have their words in `language`; all other files are English.
    #[cfg_attr(target_arch = "wasm32", expect(unused_variables, reason = "pictures are drawn natively only"))]
    pub fn export(&mut self, door: Door, to: &Path, language: Language) -> Result<Vec<PathBuf>, LabError> {
        let exported = Exported::of(&self.lab);
        match door {
            Door::Onnx => exported.write_onnx(to).map(|()| vec![to.to_owned()]),
            #[cfg(not(target_arch = "wasm32"))]
            Door::Torch => write_torch(&exported, to),
            #[cfg(not(target_arch = "wasm32"))]
            Door::TensorBoard => write_tensorboard(&self.files()?, to),
            #[cfg(not(target_arch = "wasm32"))]
            Door::Parquet => write_parquet(&self.files()?, to),
            #[cfg(not(target_arch = "wasm32"))]
            Door::Hub => write_hub(&self.files()?, &exported, to),
            #[cfg(not(target_arch = "wasm32"))]
            Door::Pictures => {
                let record = self.record()?;
                in_language(language, || write_pictures(&record, Wanted::ALL, to)).map(|(written, _)| written)
            }
            #[cfg(not(target_arch = "wasm32"))]
            Door::Movie => {
                let reason = "nothing of this run is scored yet: take its first stage".into();
                let record = self.record()?;
                let movie = in_language(language, || write_movie(&record, false, to))?;
                movie.map(|path| vec![path]).ok_or(LabError::Command { command: "export", reason })
            }
        }
    }

    /// What pictures are made of, as the run is now.
    #[cfg(not(target_arch = "wasm32"))]
    fn record(&mut self) -> Result<RunRecord, LabError> {
        self.save(None)?;
        RunRecord::read(self.output.as_ref().ok_or_else(|| not_kept("export"))?.folder())
    }

    /// The run's files, as it is now.
    #[cfg(not(target_arch = "wasm32"))]
    fn files(&mut self) -> Result<RunFolder, LabError> {
        self.save(None)?;
        RunFolder::open(self.output.as_ref().ok_or_else(|| not_kept("export"))?.folder())
    }

    /// What the screen shows of it.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        let folder = self.folder.clone();
        let snapshot = Snapshot::of(&self.lab, self.run, &self.engine.info(), &self.why, folder);
        Arc::new(Snapshot { recorded: self.recorded, earlier: self.earlier.clone(), ..snapshot })
    }
}

fn not_kept(command: &'static str) -> LabError {
    LabError::Command { command, reason: "this run is not being kept".into() }
}
