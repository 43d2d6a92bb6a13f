//! What is said of an order that failed: the error, what can be done about it, and the button that does it.

use super::board::{Board, Failure, Repair};
use crate::data::DataError;
use crate::engine::EngineError;
use crate::lab::LabError;
use crate::network::NetworkError;
use crate::words::say;

/// Writes an error on the board.
pub(super) fn report(board: &mut Board, error: &LabError) {
    let (advice, repair) = match error {
        LabError::Engine(EngineError::Diverged { .. }) => (say!("failing-diverged"), Some(Repair::Setup)),
        LabError::Engine(EngineError::Device(_) | EngineError::Lost(_)) | LabError::Lost { .. } => {
            (say!("failing-device"), Some(Repair::GoOn))
        }
        LabError::Engine(EngineError::Cancelled) => (say!("failing-cancelled"), Some(Repair::GoOn)),
        LabError::Fault { .. } => (say!("failing-fault"), Some(Repair::GoOn)),
        LabError::NoEngine { .. } => (say!("failing-engine"), Some(Repair::Setup)),
        LabError::Config(_) | LabError::Data(DataError::Classes { .. }) => {
            (say!("failing-field"), Some(Repair::Setup))
        }
        // A page has images only as long as it is open.
        LabError::Data(_) if cfg!(target_arch = "wasm32") => {
            (say!("failing-images-of-the-page"), Some(Repair::Setup))
        }
        LabError::Data(_) => (say!("failing-images"), Some(Repair::Setup)),
        LabError::File(_)
        | LabError::Session { .. }
        | LabError::NoRun { .. }
        | LabError::Occupied { .. }
        | LabError::Network(NetworkError::File(_) | NetworkError::Checkpoint { .. }) => {
            (say!("failing-folder"), Some(Repair::OpenAnother))
        }
        _ => (say!("failing-other"), Some(Repair::TakeBack)),
    };
    let repair = repair.filter(|repair| board.snapshot.is_some() || *repair != Repair::TakeBack);
    board.failure = Some(Failure { text: error.to_string(), advice: advice.to_owned(), repair });
}
