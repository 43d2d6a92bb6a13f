//! The scale of the plot of estimated against actual gains.

use egui_plot::{GridInput, GridMark};

use super::ticks::{at_step, round_step};
use crate::plot;
use crate::words::{local, say};

/// How far below 0 an even scale begins, as a share of its largest gain.
const BELOW: f64 = 0.3;
/// How far beyond the largest gain it ends.
const BEYOND: f64 = 1.1;

/// A scale of gains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stretch {
    /// Evenly, up to this gain.
    Even(f64),
    /// Linear near 0, logarithmic beyond this gain: shows thousandths beside tenths.
    Bent(f64),
}

impl Stretch {
    /// A bent scale, so that half of these gains lie in the linear part.
    pub fn of(gains: impl Iterator<Item = f64>) -> Self {
        Self::Bent(plot::knee(gains))
    }

    /// An even scale up to the largest of these gains; none where nothing is gained.
    pub fn of_gains(gains: impl Iterator<Item = f64>) -> Option<Self> {
        let most = gains.fold(0.0, f64::max);
        (most > 1e-9).then_some(Self::Even(most))
    }

    /// The place of a gain on the axis.
    pub fn place(self, gain: f64) -> f64 {
        match self {
            Self::Even(most) => gain / most,
            Self::Bent(knee) => (gain / knee).asinh(),
        }
    }

    /// The gain at a place.
    pub fn gain(self, place: f64) -> f64 {
        match self {
            Self::Even(most) => place * most,
            Self::Bent(knee) => place.sinh() * knee,
        }
    }

    /// The places that are shown at first; none for those that there are.
    pub fn bounds(self) -> Option<(f64, f64)> {
        match self {
            Self::Even(_) => Some((-BELOW, BEYOND)),
            Self::Bent(_) => None,
        }
    }

    /// What is to be said of the scale.
    pub fn words(self) -> String {
        match self {
            Self::Even(_) => say!("stretch-even").to_owned(),
            Self::Bent(knee) => {
                let knee = local(format!("{knee:.1e}"));
                say!("stretch-bent", knee = knee)
            }
        }
    }

    /// Marks: evenly, or at 0 and at ±1, ±10, … of a decade.
    pub fn marks(self, input: GridInput) -> Vec<GridMark> {
        let (low, high) = (self.gain(input.bounds.0), self.gain(input.bounds.1));
        let knee = match self {
            Self::Even(most) => {
                let step = even_step(most);
                let mark = |count: i64| GridMark { value: self.place(count as f64 * step), step_size: 2.0 };
                let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
                // Zoomed far out, there would be too many.
                return if last - first < 60 { (first..=last).map(mark).collect() } else { vec![mark(0)] };
            }
            Self::Bent(knee) => knee,
        };
        // Closer to 0 the marks would overlap.
        let least = (1.2 * knee).log10().ceil() as i32;
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
    pub fn text(self, place: f64) -> String {
        let value = self.gain(place);
        match self {
            Self::Even(most) => at_step(value, even_step(most)),
            Self::Bent(knee) => match value.abs() {
                size if size < 0.01 * knee => "0".into(),
                size if size < 1e-3 => format!("{value:.0e}"),
                _ => local(format!("{}", (value * 1e6).round() / 1e6)),
            },
        }
    }
}

/// The step of an even scale up to `most`.
fn even_step(most: f64) -> f64 {
    round_step(0.28 * most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stretch_keeps_order_and_comes_back() {
        let bent = Stretch::of([-0.3, 0.001, 0.002, -0.0005, 0.004].into_iter());
        let even = Stretch::of_gains([-0.3, 0.001, 0.004].into_iter()).unwrap();
        let gains = [-0.3, -0.001, 0.0, 1e-5, 0.002, 0.5];
        for stretch in [bent, even] {
            for pair in gains.windows(2) {
                assert!(stretch.place(pair[0]) < stretch.place(pair[1]));
            }
            for gain in gains {
                assert!((stretch.gain(stretch.place(gain)) - gain).abs() < 1e-12);
            }
        }
        assert_eq!(Stretch::of_gains([-0.3, 0.0].into_iter()), None);
    }

    #[test]
    fn an_even_scale_has_a_few_different_marks_around_the_gains() {
        for most in [0.0042, 0.0118, 0.2, 3.0] {
            let stretch = Stretch::Even(most);
            let bounds = stretch.bounds().unwrap();
            let marks = stretch.marks(GridInput { bounds, base_step_size: 0.1 });
            let texts: std::collections::BTreeSet<String> =
                marks.iter().map(|mark| stretch.text(mark.value)).collect();
            assert!((3..8).contains(&marks.len()), "{most}: {texts:?}");
            assert_eq!(texts.len(), marks.len(), "{texts:?}");
        }
    }
}
