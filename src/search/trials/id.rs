//! What trials are called.

/// A trial's number: its place in the order in which they were tried. The seed network, trained, is trial 0.
pub type TrialId = usize;
