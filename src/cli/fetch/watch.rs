//! What fetching tells while it goes on, and how it is stopped.

/// Who looks on.
pub trait Watch {
    /// A sentence.
    fn say(&self, text: &str);

    /// Bytes that are there.
    fn progress(&self, done: u64, total: u64);

    /// Whether to stop.
    fn stopped(&self) -> bool;
}
