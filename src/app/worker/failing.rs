//! What is said of an order that failed: the error, what can be done about it, and the button that does it.

use super::board::{Board, Failure, Repair};
use crate::data::DataError;
use crate::engine::EngineError;
use crate::lab::LabError;
use crate::network::NetworkError;

/// Writes an error on the board.
pub(super) fn report(board: &mut Board, error: &LabError) {
    let (advice, repair) = match error {
        LabError::Engine(EngineError::Diverged { .. }) => (
            "The last good state is kept. Lower the learning rate in the setup, or undo.",
            Some(Repair::Setup),
        ),
        LabError::Engine(EngineError::Device(_) | EngineError::Lost(_)) | LabError::Lost { .. } => (
            "Nothing is lost. Press Play to try again, or choose the Candle engine in the setup.",
            Some(Repair::GoOn),
        ),
        LabError::Engine(EngineError::Cancelled) => {
            ("Nothing is lost. Press Play to continue.", Some(Repair::GoOn))
        }
        LabError::Fault { .. } => {
            ("What was done before is kept. Press Play to try again, or undo.", Some(Repair::GoOn))
        }
        LabError::NoEngine { .. } => ("Choose another engine in the setup.", Some(Repair::Setup)),
        LabError::Config(_) | LabError::Data(DataError::Classes { .. }) => {
            ("Open the setup and change that field.", Some(Repair::Setup))
        }
        // A page has images only as long as it is open.
        LabError::Data(_) if cfg!(target_arch = "wasm32") => (
            "Drop the zip file with the images on the page again, or choose the built-in images in the setup.",
            Some(Repair::Setup),
        ),
        LabError::Data(_) => {
            ("Choose another folder, or the built-in images, in the setup.", Some(Repair::Setup))
        }
        LabError::File(_)
        | LabError::Session { .. }
        | LabError::NoRun { .. }
        | LabError::Occupied { .. }
        | LabError::Network(NetworkError::File(_) | NetworkError::Checkpoint { .. }) => {
            ("Choose another folder.", Some(Repair::OpenAnother))
        }
        _ => ("The last good state is kept. Undo, or start a new run.", Some(Repair::TakeBack)),
    };
    let repair = repair.filter(|repair| board.snapshot.is_some() || *repair != Repair::TakeBack);
    board.failure = Some(Failure { text: error.to_string(), advice: advice.to_owned(), repair });
}
