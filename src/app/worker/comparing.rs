//! Which images a change repairs and which it breaks, for the screen.

use std::sync::Arc;

use super::desk::Desk;
use super::open_run::OpenRun;
use crate::engine::EngineError;
use crate::lab::{Change, Event, LabError, Observer};
use crate::words::say;

/// Passes on only that the person has changed their mind.
struct Patient<'a>(&'a Desk);

impl Observer for Patient<'_> {
    fn event(&self, _event: Event) {}

    fn cancelled(&self) -> bool {
        self.0.given_up()
    }
}

impl Desk {
    /// Compares the answers before and with a change, and writes what has changed on the board.
    pub(super) async fn compare(&self, open: &mut OpenRun, of: &Change) -> Result<(), LabError> {
        match open.lab.repairs(open.engine.as_mut(), of, &Patient(self)).await {
            Ok(repairs) => {
                self.shared.write(|board| board.repairs = Some((open.run, Arc::new(repairs))));
                Ok(())
            }
            Err(LabError::Engine(EngineError::Cancelled)) => {
                self.shared.write(|board| board.notice(say!("worker-not-compared").into()));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
