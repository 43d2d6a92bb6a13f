//! What the screen can ask of the worker.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::Part;
use crate::lab::{Change, Command, Config, EngineChoice, Stage};
use crate::study::Plan;
use crate::study::figures::Request;

/// Where a run stops by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// At the end of the stage.
    StageDone,
    /// After the next stage whose result is worth a look: Estimate, Measure or Grow.
    WorthALook,
    /// At the end of the round's growth.
    RoundDone,
    /// At the end of the experiment.
    Done,
}

impl Until {
    /// Whether a run stops by itself once this stage is done.
    pub(super) fn is_reached(self, done: Stage) -> bool {
        match self {
            Until::StageDone => true,
            Until::WorthALook => matches!(done, Stage::Estimate | Stage::Measure | Stage::Grow),
            Until::RoundDone => done == Stage::Grow,
            Until::Done => false,
        }
    }
}

/// What of a run goes out to other software. A page has only the first: the others would make its program larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The network as an ONNX file.
    Onnx,
    /// The network as a module of PyTorch.
    #[cfg(not(target_arch = "wasm32"))]
    Torch,
    /// The numbers as TensorBoard's event files.
    #[cfg(not(target_arch = "wasm32"))]
    TensorBoard,
    /// The candidates as a Parquet file.
    #[cfg(not(target_arch = "wasm32"))]
    Parquet,
    /// A folder for the Hub.
    #[cfg(not(target_arch = "wasm32"))]
    Hub,
    /// Every picture of the run, in a folder.
    #[cfg(not(target_arch = "wasm32"))]
    Pictures,
    /// Its growth as a movie.
    #[cfg(not(target_arch = "wasm32"))]
    Movie,
}

impl Door {
    /// All of them.
    pub const ALL: &'static [Door] = &[
        Door::Onnx,
        #[cfg(not(target_arch = "wasm32"))]
        Door::Torch,
        #[cfg(not(target_arch = "wasm32"))]
        Door::TensorBoard,
        #[cfg(not(target_arch = "wasm32"))]
        Door::Parquet,
        #[cfg(not(target_arch = "wasm32"))]
        Door::Hub,
        #[cfg(not(target_arch = "wasm32"))]
        Door::Pictures,
        #[cfg(not(target_arch = "wasm32"))]
        Door::Movie,
    ];
}

/// What the screen asks for.
#[derive(Clone, Debug)]
pub enum Order {
    /// A new experiment.
    New {
        /// Its settings.
        config: Box<Config>,
        /// What is to compute it.
        engine: EngineChoice,
    },
    /// The experiment kept in a folder, by this program or the command line; the engine that began it resumes it.
    Open {
        /// The folder.
        folder: PathBuf,
    },
    /// A recorded run, as it was when its first gains were measured. It is kept once it goes on.
    Replay {
        /// Where it comes from, for errors.
        path: PathBuf,
        /// The file.
        bytes: Arc<[u8]>,
    },
    /// Computes a candidate's gains along its scale.
    Along {
        /// The candidate's id.
        id: String,
    },
    /// Finds which held-out images a change repairs and which it breaks.
    Compare {
        /// The change.
        of: Change,
    },
    /// Runs stages, with a rest between them.
    Run {
        /// Where to stop.
        until: Until,
        /// Rest after each stage.
        rest: Duration,
    },
    /// A command of the lab that takes no computing.
    Do(Command),
    /// Computes every node's output for an image.
    Look {
        /// The part of the data.
        part: Part,
        /// The index of the image in that part.
        index: usize,
    },
    /// Copies the run's files.
    Copy {
        /// A folder that holds no run.
        to: PathBuf,
    },
    /// Writes the run for other software, as it is now.
    Export {
        /// In which form.
        door: Door,
        /// A file or a folder; older files of the same names are replaced.
        to: PathBuf,
    },
    /// Carries out what is not done yet of a race or a figure.
    Study(Box<Study>),
}

/// What to study.
#[derive(Clone, Debug)]
pub enum Study {
    /// Runs at equal cost.
    Race {
        /// Configurations, seeds and the cost.
        plan: Plan,
        /// The engine asked for.
        engine: EngineChoice,
    },
    /// A figure.
    Figure {
        /// Its number in the paper.
        number: u8,
        /// Its sizes, images and seeds.
        request: Request,
        /// The engine asked for.
        engine: EngineChoice,
    },
}
