//! What Play stops for: a question, and where its answer is to be seen.

use crate::lab::{Round, Stage};

/// The question after a stage, and what to look at; none where Play goes on, and where there is nothing to
/// see.
pub fn question(done: Stage, round: &Round) -> Option<(&'static str, String)> {
    let count = round.candidates.len();
    if count == 0 {
        return None;
    }
    Some(match done {
        Stage::Estimate => (
            "What do you expect?",
            format!(
                "{count} changes have an estimated gain, and none is made yet. Red cells are worth splitting, blue ones \
                 can go. Will the formula be right? Press Predict first to bet against it, or Play to measure."
            ),
        ),
        Stage::Measure => (
            "Was the formula right?",
            "Points on the diagonal are changes that gained what was foreseen. Click the one that is furthest from it, \
             and read its numbers below."
                .into(),
        ),
        Stage::Grow => (
            "What has changed?",
            match round.chosen().len() {
                0 => "Nothing was worth its cost: the network stays as it is, and trains on.".into(),
                _ => "Children stand beside their parents, ringed; what was pruned is a ghost. The table says why each \
                      change was taken. Next, the grown network trains."
                    .into(),
            },
        ),
        _ => return None,
    })
}
