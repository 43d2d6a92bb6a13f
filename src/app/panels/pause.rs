//! What Play stops for: a question, and where its answer is to be seen.

use crate::lab::{Round, Stage};
use crate::words::say;

/// The question after a stage, and what to look at; none where Play goes on, and where there is nothing to
/// see.
pub fn question(done: Stage, round: &Round) -> Option<(&'static str, String)> {
    let count = round.candidates.len();
    if count == 0 {
        return None;
    }
    Some(match done {
        Stage::Estimate => (say!("pause-expect"), say!("pause-expect-now", count = count)),
        Stage::Measure => (say!("pause-right"), say!("pause-right-now").into()),
        Stage::Grow => {
            let now = match round.chosen().len() {
                0 => say!("pause-changed-nothing"),
                _ => say!("pause-changed-now"),
            };
            (say!("pause-changed"), now.into())
        }
        _ => return None,
    })
}
