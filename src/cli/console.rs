//! Standard output and error. A run goes on if either is closed in its middle (`seedling grow | head`).

use std::cell::{Cell, RefCell};
use std::io::{Error, ErrorKind, Write};

/// Where results and messages go.
#[derive(Default)]
pub struct Console {
    /// Whether the reader of the results has closed them.
    closed: Cell<bool>,
    /// Why results could not be written, where that is a fault.
    fault: RefCell<Option<Error>>,
}

impl Console {
    /// A line, or several, of results.
    pub fn line(&self, text: &str) {
        if self.closed.get() {
            return;
        }
        let mut out = std::io::stdout().lock();
        if let Err(error) = writeln!(out, "{text}").and_then(|()| out.flush()) {
            self.closed.set(true);
            // A reader that stops reading (`| head`) is not an error.
            if error.kind() != ErrorKind::BrokenPipe {
                *self.fault.borrow_mut() = Some(error);
            }
        }
    }

    /// A line on standard error; if that is closed, the line is lost.
    pub fn error(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Why results could not be written, if they could not.
    pub fn fault(&self) -> Option<Error> {
        self.fault.take()
    }
}
