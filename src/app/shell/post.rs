//! A text that is read outside of the screen, renewed not too often.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use web_time::Instant;

/// How often it is renewed at most.
const TELL: Duration = Duration::from_millis(200);

/// The writing end.
pub struct Post {
    text: Arc<Mutex<String>>,
    since: Option<Instant>,
}

impl Post {
    /// One whose text is read elsewhere.
    pub fn new(text: Arc<Mutex<String>>) -> Self {
        Self { text, since: None }
    }

    /// In how long it may be renewed; none if it may be now.
    pub fn later(&self) -> Option<Duration> {
        TELL.checked_sub(self.since?.elapsed())
    }

    /// Renews it.
    pub fn write(&mut self, text: String) {
        *self.text.lock().unwrap_or_else(PoisonError::into_inner) = text;
        self.since = Some(Instant::now());
    }
}
