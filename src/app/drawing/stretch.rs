//! The scale of the plot of estimated against actual gains.

use egui_plot::{GridInput, GridMark};

use crate::plot;

/// A scale that shows thousandths beside tenths: linear near 0, logarithmic beyond `knee`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    knee: f64,
}

impl Stretch {
    /// Chosen so that half of these gains lie in the linear part.
    pub fn of(gains: impl Iterator<Item = f64>) -> Self {
        Self { knee: plot::knee(gains) }
    }

    /// The place of a gain on the axis.
    pub fn place(&self, gain: f64) -> f64 {
        (gain / self.knee).asinh()
    }

    /// The gain at a place.
    pub fn gain(&self, place: f64) -> f64 {
        place.sinh() * self.knee
    }

    /// Marks at 0 and at ±1, ±10, … of a decade.
    pub fn marks(&self, input: GridInput) -> Vec<GridMark> {
        let (low, high) = (self.gain(input.bounds.0), self.gain(input.bounds.1));
        // Closer to 0 the marks would overlap.
        let least = (1.2 * self.knee).log10().ceil() as i32;
        let mut marks = vec![GridMark { value: 0.0, step_size: 4.0 }];
        for power in least..=least + 8 {
            for sign in [-1.0, 1.0] {
                let value = sign * 10f64.powi(power);
                if (low..=high).contains(&value) {
                    marks.push(GridMark { value: self.place(value), step_size: 2.0 });
                }
            }
        }
        marks
    }

    /// The text of the mark at a place.
    pub fn text(&self, place: f64) -> String {
        let value = self.gain(place);
        match value.abs() {
            size if size < 0.01 * self.knee => "0".into(),
            size if size < 1e-3 => format!("{value:.0e}"),
            _ => format!("{}", (value * 1e6).round() / 1e6),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stretch_keeps_order_and_comes_back() {
        let stretch = Stretch::of([-0.3, 0.001, 0.002, -0.0005, 0.004].into_iter());
        let gains = [-0.3, -0.001, 0.0, 1e-5, 0.002, 0.5];
        for pair in gains.windows(2) {
            assert!(stretch.place(pair[0]) < stretch.place(pair[1]));
        }
        for gain in gains {
            assert!((stretch.gain(stretch.place(gain)) - gain).abs() < 1e-12);
        }
    }
}
