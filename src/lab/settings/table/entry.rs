//! What the entries of the table are made of.

use std::fmt::Display;

use crate::lab::settings::{NONE, Setting, Value};

/// For steps, epochs and images of a batch: more than any run takes.
pub const MOST: u64 = 1_000_000;
/// For counts of things in memory: on some machines such a number has only 32 bits.
pub const MOST_COUNTED: u64 = u32::MAX as u64;

/// A setting with no unit that most people look at.
pub const fn setting(name: &'static str, label: &'static str, value: Value, why: &'static str) -> Setting {
    Setting { name, label, why, unit: "", advanced: false, needs: None, value }
}

impl Setting {
    pub(super) const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    pub(super) const fn advanced(self) -> Self {
        Self { advanced: true, ..self }
    }

    pub(super) const fn needs(self, name: &'static str, values: &'static [&'static str]) -> Self {
        Self { needs: Some((name, values)), ..self }
    }
}

macro_rules! whole {
    ($range:expr, $($field:ident).+) => {
        $crate::lab::settings::Value::Whole {
            range: $range,
            get: |config| Some(config.$($field).+ as u64),
            set: |config, number| config.$($field).+ = number as _,
        }
    };
}

macro_rules! limit {
    ($range:expr, $first:expr, $($field:ident).+) => {
        $crate::lab::settings::Value::Limit {
            range: $range,
            first: $first,
            get: |config| config.$($field).+.map(|number| number as u64),
            set: |config, number| config.$($field).+ = number.map(|number| number as _),
        }
    };
}

macro_rules! number {
    ($bounds:ident, $step:expr, $($field:ident).+) => {
        $crate::lab::settings::Value::Number {
            bounds: $crate::lab::settings::Bounds::$bounds,
            step: $step,
            at: |config| Some(&mut config.$($field).+),
        }
    };
}

macro_rules! flag {
    ($($field:ident).+) => {
        $crate::lab::settings::Value::Flag { at: |config| Some(&mut config.$($field).+) }
    };
}

pub(super) use {flag, limit, number, whole};

/// Puts the value of this name into `slot`; false if there is none.
pub fn choose<T: Clone>(slot: &mut T, known: &[(&str, T)], name: &str) -> bool {
    let found = known.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| slot.clone_from(value)).is_some()
}

/// Values with commas between them.
pub fn listed<T: Display>(values: Option<&[T]>) -> String {
    match values {
        Some(values) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        None => NONE.to_owned(),
    }
}

/// The parts between commas or spaces; none for "none".
pub fn list(text: &str) -> Option<Vec<String>> {
    let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
    (text != NONE).then(|| parts.map(str::to_owned).collect())
}
