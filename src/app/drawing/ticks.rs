//! Where the lines of a plot lie.

/// Lines `step` apart, and fewer stronger ones.
pub fn lines(step: f64) -> [f64; 3] {
    [step, 5.0 * step, 10.0 * step]
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below `least`, which is above nothing.
pub fn round_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0].map(|digit| digit * power).into_iter().find(|step| *step >= least).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (least, step) in [
            (0.011, 0.02),
            (0.4, 0.5),
            (1.0, 1.0),
            (1.1, 2.0),
            (130.0, 200.0),
            (500.0, 500.0),
            (501.0, 1000.0),
        ] {
            assert!((round_step(least) / step - 1.0).abs() < 1e-12, "{least}");
        }
    }
}
