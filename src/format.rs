//! Numbers as text for people, as the language of the thread writes them ([`crate::words`]).

use crate::words::{local, say};

/// 1234567 as `1,234,567`.
pub fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    local(text)
}

/// With so many decimals.
pub fn decimal(value: f64, decimals: usize) -> String {
    local(format!("{value:.decimals$}"))
}

/// A number that may be unknown; `-` if it is.
pub fn known(value: Option<f64>, format: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| "-".into(), format)
}

/// With a sign.
pub fn signed(value: i64) -> String {
    format!("{}{}", if value < 0 { '-' } else { '+' }, thousands(value.unsigned_abs()))
}

/// Three figures and a decimal prefix: `4.32 M`.
pub fn magnitude(value: u64) -> String {
    let units = [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let value = value as f64;
    match units.into_iter().find(|(size, _)| value >= *size) {
        None => format!("{value:.0}"),
        Some((size, unit)) => {
            let scaled = value / size;
            let decimals = if scaled >= 100.0 {
                0
            } else if scaled >= 10.0 {
                1
            } else {
                2
            };
            format!("{} {unit}", decimal(scaled, decimals))
        }
    }
}

/// With a sign.
pub fn signed_magnitude(value: i64) -> String {
    format!("{}{}", if value < 0 { '-' } else { '+' }, magnitude(value.unsigned_abs()))
}

/// A duration in seconds: `3.2 s`, `2 min 05 s`.
pub fn seconds(value: f64) -> String {
    if value < 60.0 {
        format!("{} s", decimal(value, 1))
    } else {
        let whole = value.round() as u64;
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

/// A duration as it is foreseen: `about 20 s`, `about 6 min`, `about 2 h`.
pub fn about(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 55.0 => {
            say!("about-seconds", count = ((seconds / 5.0).ceil().max(1.0) * 5.0) as u64)
        }
        seconds if seconds < 5_400.0 => {
            say!("about-minutes", count = (seconds / 60.0).round().max(1.0) as u64)
        }
        seconds => say!("about-hours", count = (seconds / 3_600.0).round() as u64),
    }
}

/// With a sign and so many decimals; what rounds to nothing is never less than nothing.
pub fn signed_decimal(value: f64, decimals: usize) -> String {
    let text = format!("{value:+.decimals$}");
    let nothing = text[1..].chars().all(|letter| matches!(letter, '0' | '.'));
    local(if nothing { text.replace('-', "+") } else { text })
}

/// A gain in nats, with its sign, for columns: five decimals.
pub fn gain(value: f64) -> String {
    signed_decimal(value, 5)
}

/// A gain in nats, with its sign, by its first three figures and at most six decimals; nothing has no sign.
pub fn brief(value: f64) -> String {
    if value.abs() < 5e-7 || !value.is_finite() {
        return "0".to_owned();
    }
    let decimals = (2.0 - value.abs().log10().floor()).clamp(0.0, 6.0) as usize;
    local(format!("{value:+.decimals$}"))
}

/// A share as a percentage.
pub fn percent(share: f64) -> String {
    format!("{} %", decimal(100.0 * share, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([thousands(0), thousands(999), thousands(1_234_567)], ["0", "999", "1,234,567"]);
        assert_eq!([signed(-1_200), signed(0), signed(17)], ["-1,200", "+0", "+17"]);
        let numbers = [999, 4_321_000, 43_210_000, 432_100_000_000].map(magnitude);
        assert_eq!(numbers, ["999", "4.32 M", "43.2 M", "432 G"]);
        let foreseen = [12.0, 58.0, 350.0, 8_000.0].map(about);
        assert_eq!(foreseen, ["about 15 s", "about 1 min", "about 6 min", "about 2 h"]);
        assert_eq!([seconds(3.21), seconds(59.96), seconds(125.4)], ["3.2 s", "60.0 s", "2 min 05 s"]);
        assert_eq!([gain(0.001234), gain(-0.5), gain(-1e-6)], ["+0.00123", "-0.50000", "+0.00000"]);
        let differences = [(-0.00004, 4), (-0.04, 1), (0.25, 1), (f64::NAN, 1)];
        let said = differences.map(|(value, decimals)| signed_decimal(value, decimals));
        assert_eq!(said, ["+0.0000", "+0.0", "+0.2", "NaN"]);
        assert_eq!([brief(0.001234), brief(-0.5), brief(12.345)], ["+0.00123", "-0.500", "+12.3"]);
        assert_eq!([brief(-4.2e-6), brief(-4e-7), brief(0.0)], ["-0.000004", "0", "0"]);
        assert_eq!(percent(0.4213), "42.1 %");
    }
}
