//! Where the lines of a plot lie.

pub use crate::plot::round_step;

/// Lines `step` apart, and fewer stronger ones.
pub fn lines(step: f64) -> [f64; 3] {
    [step, 5.0 * step, 10.0 * step]
}
