//! Where the lines of a plot lie, and what stands at them.

use std::cell::Cell;
use std::rc::Rc;

pub use crate::plot::round_step;
use crate::words::local;

/// The ticks of an axis: their texts have as many decimals as their step asks for.
#[derive(Clone, Debug, Default)]
pub struct Ticks(Rc<Cell<f64>>);

impl Ticks {
    /// Lines at least so far apart, and fewer stronger ones.
    pub fn lines(&self, least: f64) -> [f64; 3] {
        let step = round_step(least);
        self.0.set(step);
        [step, 5.0 * step, 10.0 * step]
    }

    /// What stands at a line.
    pub fn text(&self, value: f64) -> String {
        at_step(value, self.0.get())
    }
}

/// A multiple of `step` as text.
pub fn at_step(value: f64, step: f64) -> String {
    let decimals = if step > 0.0 { (-step.log10() - 1e-9).ceil().max(0.0) as usize } else { 3 };
    let text = format!("{value:.decimals$}");
    let is_zero = text.trim_start_matches('-').chars().all(|letter| matches!(letter, '0' | '.'));
    if is_zero { "0".to_owned() } else { local(text.replace('-', "\u{2212}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_never_read_the_same() {
        for step in [0.0002, 0.05, 0.1, 0.5, 1.0, 20.0, 500.0] {
            let texts: Vec<String> = (-4..6).map(|count| at_step(f64::from(count) * step, step)).collect();
            for pair in texts.windows(2) {
                assert_ne!(pair[0], pair[1], "{step}");
            }
        }
        assert_eq!([at_step(1.3, 0.1), at_step(20.0, 10.0)], ["1.3", "20"]);
        assert_eq!([at_step(2.0, 0.5), at_step(-0.05, 0.05), at_step(-1e-12, 0.1)], ["2.0", "−0.05", "0"]);
        let ticks = Ticks::default();
        assert_eq!(ticks.lines(0.3)[0], 0.5);
        assert_eq!(ticks.text(1.5), "1.5");
    }
}
