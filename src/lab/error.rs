//! What can go wrong in an experiment.

use std::path::PathBuf;

use super::config::ConfigError;
use crate::data::DataError;
use crate::engine::EngineError;
use crate::files::{FileError, LockError};
use crate::morphism::MorphismError;
use crate::network::NetworkError;

/// Why an experiment cannot start or go on. The lab keeps the last good state.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The images.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The images differ from those that a session was made with.
    #[error(
        "the data has changed since the run began: found SHA-256 {found}, expected {expected}; give the folder with the same files (--data DIR)"
    )]
    OtherData {
        /// Hash of the images found.
        found: String,
        /// Hash of the session's images.
        expected: String,
    },
    /// Images that are no longer where the session had them.
    #[error("the run's images are gone: found nothing at {tried}; give their folder (--data DIR)")]
    NoImages {
        /// Where they were looked for.
        tried: String,
    },
    /// A folder without a run.
    #[error(
        "{}: found no run, expected a folder that `seedling grow --out` has written, with session.safetensors",
        dir.display()
    )]
    NoRun {
        /// The folder.
        dir: PathBuf,
    },
    /// An engine that this build or machine does not have.
    #[error("engine {asked}: {reason}")]
    NoEngine {
        /// What was asked for.
        asked: String,
        /// Why there is none.
        reason: String,
    },
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A device that is lost again and again.
    #[error("the graphics device was lost {losses} times in a row: {last}; try --engine candle")]
    Lost {
        /// How many times in a row.
        losses: u32,
        /// What it said last.
        last: EngineError,
    },
    /// A morphism.
    #[error(transparent)]
    Morphism(#[from] MorphismError),
    /// The network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The file system.
    #[error(transparent)]
    File(#[from] FileError),
    /// A run's folder that another process writes to, or that cannot be written to.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// An estimate or measurement that is NaN or infinite.
    #[error("{stage}, round {round}: the gain of {id} is {found}, expected a finite number")]
    NotFinite {
        /// The stage.
        stage: &'static str,
        /// The round.
        round: u64,
        /// The candidate.
        id: String,
        /// The gain.
        found: f64,
    },
    /// An engine's answer of the wrong length.
    #[error("{stage}: the engine answered {found} results, expected {expected}")]
    Answer {
        /// The stage.
        stage: &'static str,
        /// Results that came.
        found: usize,
        /// Results asked for.
        expected: usize,
    },
    /// A fault of the program itself, which was caught.
    #[error("{work} failed by a fault of this program ({said}); please report it")]
    Fault {
        /// What was being done.
        work: String,
        /// The fault's own words.
        said: String,
    },
    /// A command that does not fit the moment.
    #[error("{command}: {reason}")]
    Command {
        /// The command.
        command: &'static str,
        /// Why not now.
        reason: String,
    },
    /// A saved session that cannot be used.
    #[error("{}: {what}: found {found}, expected {expected}", path.display())]
    Session {
        /// The file.
        path: PathBuf,
        /// The part of it.
        what: String,
        /// What is there.
        found: String,
        /// What should be.
        expected: String,
    },
    /// A folder that already holds a run.
    #[error("{} already holds a run; choose another folder, or resume it: --resume {}", dir.display(), dir.display())]
    Occupied {
        /// The folder.
        dir: PathBuf,
    },
}
