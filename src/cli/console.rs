//! Standard output and error, which may be closed at any time (`seedling grow | head`): the run goes on.

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

    /// A line for people; nothing can be done if nobody listens.
    pub fn error(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}
