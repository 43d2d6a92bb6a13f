//! Axes: round ticks, one notation for all of an axis, and its unit said once.

use crate::words::{local, say};

/// What is measured along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number with a unit, or with none: small and large ones get a power of ten.
    Plain(&'static str),
    /// A count of something, with a decimal prefix where it is large.
    Count(&'static str),
    /// A share, in percent.
    Percent,
}

/// How an axis runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By powers of ten. 0 has no place there: it is drawn beyond a break at the low end.
    Logarithmic,
    /// Evenly near 0, by powers of ten beyond this value on either side: shows thousandths beside tenths.
    Stretched(f64),
    /// Through things with these names, at 0, 1, 2, ….
    Names(Vec<String>),
}

/// An axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it shows.
    pub label: String,
    /// In what.
    pub unit: Unit,
    /// How it runs.
    pub scale: Scale,
}

/// An axis with its range and its ticks.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruler {
    /// The axis's label with its unit.
    pub title: String,
    /// Ticks with their texts, by rising place, from 0 to 1.
    pub ticks: Vec<(f64, String)>,
    /// Ticks without a text.
    pub minor: Vec<f64>,
    /// Where the break is, beyond which 0 is drawn.
    pub gap: Option<f64>,
    scale: Scale,
    low: f64,
    high: f64,
}

/// Share of a logarithmic axis that is left for 0.
const ZERO: f64 = 0.14;
/// Ticks on a linear axis, at most.
const TICKS: f64 = 5.0;

impl Axis {
    /// An even axis.
    pub fn linear(label: &str, unit: Unit) -> Self {
        Self { label: label.to_owned(), unit, scale: Scale::Linear }
    }

    /// An axis by powers of ten.
    pub fn logarithmic(label: &str, unit: Unit) -> Self {
        Self { label: label.to_owned(), unit, scale: Scale::Logarithmic }
    }

    /// An axis through things with names.
    pub fn names(label: &str, names: Vec<String>) -> Self {
        Self { label: label.to_owned(), unit: Unit::Plain(""), scale: Scale::Names(names) }
    }

    /// A value of this axis alone, as a sentence has it.
    pub fn said(&self, value: f64) -> String {
        match (&self.scale, self.unit) {
            (Scale::Names(names), _) => names.get(value.round() as usize).cloned().unwrap_or_default(),
            (_, Unit::Percent) => format!("{} %", local(format!("{:.1}", 100.0 * value))),
            (_, Unit::Plain(unit)) => format!("{} {unit}", figures(value)).trim_end().to_owned(),
            (_, Unit::Count(unit)) if value.abs() < 1e3 => format!("{value:.0} {unit}").trim_end().to_owned(),
            (_, Unit::Count(unit)) => {
                format!("{}{unit}", crate::format::magnitude(value as u64)).trim_end().to_owned()
            }
        }
    }

    /// The axis for these values.
    pub fn ruler(&self, values: impl Iterator<Item = f64>) -> Ruler {
        let values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        match &self.scale {
            Scale::Linear => self.even(&values),
            Scale::Logarithmic => self.by_tens(&values),
            Scale::Stretched(knee) => self.stretched(*knee, &values),
            Scale::Names(names) => {
                let count = names.len().max(1) as f64;
                let tick = |(index, name): (usize, &String)| ((index as f64 + 0.5) / count, name.clone());
                let ticks = names.iter().enumerate().map(tick).collect();
                self.with_range(self.label.clone(), -0.5, count - 0.5, ticks)
            }
        }
    }

    fn with_range(&self, title: String, low: f64, high: f64, ticks: Vec<(f64, String)>) -> Ruler {
        Ruler { title, ticks, minor: Vec::new(), gap: None, scale: self.scale.clone(), low, high }
    }

    fn even(&self, values: &[f64]) -> Ruler {
        let (low, high) = range(values).unwrap_or((0.0, 1.0));
        let room = if high > low { 0.06 * (high - low) } else { (0.5 * high.abs()).max(1e-9) };
        let (low, high) = (low - room, high + room);
        let power = self.power(low.abs().max(high.abs()));
        let scale = self.shown(power);
        let step = round_step((high - low) * scale / TICKS);
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        let first = (low * scale / step).ceil() as i64;
        let last = (high * scale / step).floor() as i64;
        let tick = |count: i64| {
            let shown = count as f64 * step;
            ((shown / scale - low) / (high - low), number(shown, decimals))
        };
        self.with_range(self.title(power), low, high, (first..=last).map(tick).collect())
    }

    fn stretched(&self, knee: f64, values: &[f64]) -> Ruler {
        let (low, high) = range(values).unwrap_or((-knee, knee));
        let (low, high) = ((low / knee).asinh().min(-1.0) * 1.06, (high / knee).asinh().max(1.0) * 1.06);
        // Nearer to 0 they would stand on one another.
        let least = (1.2 * knee).log10().ceil() as i32;
        let along = |value: f64| ((value / knee).asinh() - low) / (high - low);
        let tick = |sign: f64, power: i32| {
            let text = format!("{}10{}", if sign < 0.0 { "\u{2212}" } else { "" }, superscript(power));
            (along(sign * 10f64.powi(power)), text)
        };
        let powers = || least..least + 12;
        let below = powers().rev().map(|power| tick(-1.0, power));
        let above = powers().map(|power| tick(1.0, power));
        let all = below.chain([(along(0.0), "0".to_owned())]).chain(above);
        let ticks = all.filter(|(place, _)| (0.0..=1.0).contains(place)).collect();
        self.with_range(self.title(0), low, high, ticks)
    }

    fn by_tens(&self, values: &[f64]) -> Ruler {
        let positive: Vec<f64> = values.iter().filter(|value| **value > 0.0).map(|v| v.log10()).collect();
        let (low, high) = range(&positive).unwrap_or((0.0, 1.0));
        let room = (0.06 * (high - low)).max(0.08);
        let (low, high) = (low - room, high + room);
        let powers = low.ceil() as i32..=high.floor() as i32;
        let many = powers.clone().count() >= 4;
        // Few powers of ten: numbers in one unit, at 1, 2 and 5 of each, or at round steps where even these are too few.
        let power = if many { 0 } else { self.power(10f64.powf(high)) };
        let shown: Vec<f64> = match many {
            true => powers.clone().map(|power| 10f64.powi(power)).collect(),
            false => {
                let inside = |value: &f64| (low..=high).contains(&value.log10());
                let tens = (powers.start() - 1..=*powers.end())
                    .flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(power)));
                let tens: Vec<f64> = tens.filter(inside).collect();
                let (from, to) = (10f64.powf(low), 10f64.powf(high));
                let step = round_step((to - from) / TICKS);
                let even = (from / step).ceil() as i64..=(to / step).floor() as i64;
                if tens.len() < 3 { even.map(|count| count as f64 * step).collect() } else { tens }
            }
        };
        let scale = self.shown(power);
        let text = |value: f64| match many {
            true => format!("10{}", superscript(value.log10().round() as i32)),
            false => figures(value * scale),
        };
        let broken = values.contains(&0.0);
        let mut ruler = self.with_range(self.title(power), low, high, Vec::new());
        ruler.gap = broken.then_some(0.6 * ZERO);
        let zero = broken.then(|| (ruler.place(0.0), "0".to_owned()));
        let ticks: Vec<(f64, String)> =
            shown.iter().map(|value| (ruler.place(*value), text(*value))).collect();
        // Nine to a power of ten, where these are few enough to be told apart.
        let minor = (low.floor() as i32..=high.floor() as i32)
            .flat_map(|power| (1..10).map(move |digit| f64::from(digit) * 10f64.powi(power)))
            .filter(|value| (low..=high).contains(&value.log10()) && high - low < 6.0)
            .map(|value| ruler.place(value))
            .collect();
        (ruler.ticks, ruler.minor) = (zero.into_iter().chain(ticks).collect(), minor);
        ruler
    }

    /// The power of ten, of three, that an axis up to `most` is labelled in; percent and middling numbers need none.
    fn power(&self, most: f64) -> i32 {
        let thousands = |most: f64| 3 * (most.log10() / 3.0 + 1e-9).floor() as i32;
        match self.unit {
            Unit::Plain(_) if most > 0.0 && !(0.05..1e4).contains(&most) => thousands(most),
            Unit::Count(_) if most >= 1e4 => thousands(most).min(18),
            _ => 0,
        }
    }

    /// What values are multiplied by to be shown.
    fn shown(&self, power: i32) -> f64 {
        match self.unit {
            Unit::Percent => 100.0,
            _ => 10f64.powi(-power),
        }
    }

    /// The label with its unit.
    fn title(&self, power: i32) -> String {
        let unit = match (self.unit, power) {
            (Unit::Percent, _) => "%".to_owned(),
            (Unit::Plain(unit), 0) => unit.to_owned(),
            (Unit::Plain(unit), power) => format!("10{} {unit}", superscript(power)).trim_end().to_owned(),
            (Unit::Count(unit), 0) => unit.to_owned(),
            (Unit::Count(""), 3) => say!("pictures-thousands").to_owned(),
            (Unit::Count(""), 6) => say!("pictures-millions").to_owned(),
            (Unit::Count(""), power) => format!("10{}", superscript(power)),
            (Unit::Count(unit), power) => {
                let prefix = ["", "k", "M", "G", "T", "P", "E"].get((power / 3) as usize).unwrap_or(&"");
                format!("{prefix}{unit}")
            }
        };
        match unit.is_empty() {
            true => self.label.clone(),
            false => format!("{} ({unit})", self.label),
        }
    }
}

impl Ruler {
    /// Where a value lies along the axis, from 0 to 1.
    pub fn place(&self, value: f64) -> f64 {
        let along = |value: f64| (value - self.low) / (self.high - self.low);
        match (&self.scale, self.gap) {
            (Scale::Logarithmic, Some(_)) if value <= 0.0 => 0.25 * ZERO,
            (Scale::Logarithmic, Some(_)) => ZERO + (1.0 - ZERO) * along(value.log10()),
            (Scale::Logarithmic, None) => along(value.log10()),
            (Scale::Stretched(knee), _) => along((value / knee).asinh()),
            _ => along(value),
        }
    }
}

/// Up to where a stretched axis runs evenly: half of these values lie there.
pub fn knee(values: impl Iterator<Item = f64>) -> f64 {
    let mut sizes: Vec<f64> = values.map(f64::abs).filter(|size| *size > 0.0).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(1e-3).max(1e-6)
}

fn range(values: &[f64]) -> Option<(f64, f64)> {
    let low = values.iter().copied().reduce(f64::min)?;
    Some((low, values.iter().copied().fold(low, f64::max)))
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below `least`, which is above nothing.
pub fn round_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    let large_enough = |step: &f64| *step >= least * (1.0 - 1e-9);
    [1.0, 2.0, 5.0].map(|digit| digit * power).into_iter().find(large_enough).unwrap_or(10.0 * power)
}

/// A number with so many decimals, and a minus as wide as a plus.
fn number(value: f64, decimals: usize) -> String {
    local(plain(value, decimals))
}

/// The same as English writes it.
fn plain(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value + 0.0);
    let is_zero = text.trim_start_matches('-').chars().all(|letter| matches!(letter, '0' | '.'));
    if is_zero { "0".to_owned() } else { text.replace('-', "\u{2212}") }
}

/// A number by its first three figures, without zeros at its end.
fn figures(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let digits = (2.0 - value.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    let text = plain(value, digits);
    match text.contains('.') {
        true => local(text.trim_end_matches('0').trim_end_matches('.').to_owned()),
        false => text,
    }
}

fn superscript(power: i32) -> String {
    let raised = |letter: char| match letter {
        '-' => '\u{207b}',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32(0x2070 + digit.to_digit(10).unwrap_or(0)).unwrap_or(digit),
    };
    power.to_string().chars().map(raised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis, values: &[f64]) -> (String, Vec<String>) {
        let ruler = axis.ruler(values.iter().copied());
        assert!(ruler.ticks.windows(2).all(|pair| pair[0].0 < pair[1].0), "{:?}", ruler.ticks);
        assert!(ruler.ticks.iter().all(|(place, _)| (0.0..=1.0).contains(place)), "{:?}", ruler.ticks);
        (ruler.title, ruler.ticks.into_iter().map(|(_, text)| text).collect())
    }

    fn expect(axis: &Axis, values: &[f64], title: &str, ticks: &[&str]) {
        let (found, texts) = texts(axis, values);
        assert_eq!((found.as_str(), texts), (title, ticks.iter().map(|text| (*text).to_owned()).collect()));
    }

    #[test]
    fn an_axis_has_round_ticks_in_one_notation() {
        let gain = Axis::linear("gain", Unit::Plain("nats"));
        expect(&gain, &[-0.005, 0.015], "gain (10⁻³ nats)", &["−5", "0", "5", "10", "15"]);
        expect(&gain, &[0.0, 0.31], "gain (nats)", &["0", "0.1", "0.2", "0.3"]);
        expect(&gain, &[1.9, 2.1], "gain (nats)", &["1.90", "1.95", "2.00", "2.05", "2.10"]);
        let accuracy = Axis::linear("accuracy", Unit::Percent);
        expect(&accuracy, &[0.18, 0.31], "accuracy (%)", &["20", "25", "30"]);
        let size = Axis::linear("parameters", Unit::Count(""));
        expect(&size, &[2010.0, 3240.0], "parameters", &["2000", "2500", "3000"]);
        expect(&size, &[20100.0, 32400.0], "parameters (thousands)", &["20", "25", "30"]);
    }

    #[test]
    fn a_logarithmic_axis_has_round_ticks_too_and_a_place_for_nothing() {
        let cost = Axis::logarithmic("cost", Unit::Count("FLOP"));
        expect(&cost, &[3.1e10, 4.1e11], "cost (GFLOP)", &["50", "100", "200"]);
        expect(&cost, &[8e10, 1.3e11], "cost (GFLOP)", &["80", "100", "120", "140"]);
        let wide = &["10⁶", "10⁷", "10⁸", "10⁹", "10¹⁰"];
        expect(&cost, &[9e5, 2e10], "cost (FLOP)", wide);
        let ruler = cost.ruler([0.0, 1e9, 1e10].into_iter());
        assert_eq!(ruler.ticks[0].1, "0");
        assert!(ruler.place(0.0) < ruler.gap.unwrap() && ruler.gap.unwrap() < ruler.place(1e9));
        assert!(cost.ruler([1e9].into_iter()).gap.is_none());
    }

    #[test]
    fn a_stretched_axis_has_powers_of_ten_on_both_sides() {
        let axis = Axis { label: "gain".into(), unit: Unit::Plain("nats"), scale: Scale::Stretched(3e-4) };
        expect(&axis, &[-0.02, 0.3], "gain (nats)", &["−10⁻²", "−10⁻³", "0", "10⁻³", "10⁻²", "10⁻¹"]);
        let ruler = axis.ruler([-0.02, 0.3].into_iter());
        assert!(ruler.place(-1e-5) < ruler.place(0.0) && ruler.place(0.0) < ruler.place(1e-5));
    }

    #[test]
    fn nothing_to_show_is_an_axis_as_well() {
        for values in [&[][..], &[f64::NAN], &[0.0], &[3.0, 3.0]] {
            for axis in [Axis::linear("x", Unit::Plain("")), Axis::logarithmic("x", Unit::Count(""))] {
                assert!(!axis.ruler(values.iter().copied()).ticks.is_empty(), "{axis:?} {values:?}");
            }
        }
        let names = Axis::names("layer", vec!["a".into(), "b".into()]);
        expect(&names, &[], "layer", &["a", "b"]);
    }

    #[test]
    fn values_are_said_with_their_units() {
        assert_eq!(Axis::linear("", Unit::Percent).said(0.2831), "28.3 %");
        assert_eq!(Axis::linear("", Unit::Plain("nats")).said(-0.00123), "−0.00123 nats");
        assert_eq!(Axis::linear("", Unit::Count("FLOP")).said(1.26e11), "126 GFLOP");
        assert_eq!(Axis::linear("", Unit::Count("")).said(3158.0), "3.16 k");
    }

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
