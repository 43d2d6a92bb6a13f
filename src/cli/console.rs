//! Standard output and error. A run goes on if either is closed in its middle (`seedling grow | head`).

use std::cell::Cell;
use std::io::Write;

/// Where results and messages go.
#[derive(Default)]
pub struct Console {
    closed: Cell<bool>,
}

impl Console {
    /// A line, or several, of results.
    pub fn line(&self, text: &str) {
        if self.closed.get() {
            return;
        }
        let mut out = std::io::stdout().lock();
        if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
            self.closed.set(true);
        }
    }

    /// A line on standard error; if that is closed, the line is lost.
    pub fn error(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}
