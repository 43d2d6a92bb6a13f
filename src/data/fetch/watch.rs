//! What fetching tells while it goes on, and how it is stopped.

use super::sets::Set;

/// Who looks on.
pub trait Watch {
    /// A sentence.
    fn say(&self, text: &str);

    /// Bytes that are there.
    fn progress(&self, done: u64, total: u64);

    /// Whether to stop.
    fn stopped(&self) -> bool;

    /// What a person can do where a data set cannot be had, for messages.
    fn way_on(&self, set: &Set) -> String;
}
