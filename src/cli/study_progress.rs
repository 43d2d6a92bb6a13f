//! The progress of studies on the console, and Ctrl-C.

use super::console::Console;
use super::interrupt::Interrupt;
use crate::lab::{Event, Observer};
use crate::study::{Listener, Run};

/// A listener that reports Ctrl-C to a study and prints its progress.
pub struct StudyProgress<'a> {
    /// Whether to stop.
    pub interrupt: Interrupt,
    /// The beginning of every line.
    pub before: String,
    /// Where to print; none if quiet.
    pub console: Option<&'a Console>,
}

impl Observer for StudyProgress<'_> {
    fn event(&self, _event: Event) {}

    fn cancelled(&self) -> bool {
        self.interrupt.requested()
    }
}

impl Listener for StudyProgress<'_> {
    fn say(&self, text: &str) {
        if let Some(console) = self.console {
            console.error(&format!("{}{text}", self.before));
        }
    }

    fn scored(&self, _run: Run) {}
}
