//! A logarithmic axis of a plot: values stand at their decimal logarithms.

use egui_plot::{GridInput, GridMark};

use crate::plot::{Axis, Unit, round_step};

/// Values nearer to nothing stand where this one does.
const LEAST: f64 = 1e-6;

/// Where a value stands.
pub fn place(value: f64) -> f64 {
    value.max(LEAST).log10()
}

/// The value at a place.
pub fn value(place: f64) -> f64 {
    10f64.powf(place)
}

/// Lines at 1, 2 and 5 of each power of ten, or at round steps where these are too few.
pub fn marks(input: GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let mark = |value: f64| GridMark { value: place(value), step_size: 1.0 };
    // Zoomed far out, there would be too many.
    if high - low > 12.0 {
        return (low.ceil() as i32..=high.floor() as i32)
            .map(|power| mark(value(f64::from(power))))
            .collect();
    }
    let tens = (low.floor() as i32..=high.floor() as i32)
        .flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(power)))
        .filter(|value| (low..=high).contains(&place(*value)));
    let tens: Vec<GridMark> = tens.map(mark).collect();
    if tens.len() >= 3 {
        return tens;
    }
    let (from, to) = (value(low), value(high));
    let step = round_step((to - from) / 4.0);
    ((from / step).ceil() as i64..=(to / step).floor() as i64)
        .map(|count| mark(count as f64 * step))
        .collect()
}

/// What stands at a line.
pub fn text(place: f64) -> String {
    Axis::linear("", Unit::Plain("")).said(value(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(low: f64, high: f64) -> Vec<String> {
        let input = GridInput { bounds: (place(low), place(high)), base_step_size: 0.1 };
        marks(input).into_iter().map(|mark| text(mark.value)).collect()
    }

    #[test]
    fn lines_are_round_near_and_far() {
        assert_eq!(texts(0.045, 3.0), ["0.05", "0.1", "0.2", "0.5", "1", "2"]);
        assert_eq!(texts(1.0, 1.9), ["1", "1.5"]);
        assert_eq!(texts(1.52, 1.79), ["1.6", "1.7"]);
        assert!(texts(1e-6, 1e12).len() < 20);
        assert!((value(place(0.37)) - 0.37).abs() < 1e-12 && place(0.0).is_finite());
    }
}
