//! Every setting of an experiment in one table: its dotted name as in the TOML file, what it is for, and what it may be.
//!
//! The checks of a [`Config`], the setup dialog, the options' help, `--set NAME=VALUE` and docs/settings.md all come
//! from [`Setting::all`].

mod check;
mod page;
mod table;

use std::ops::RangeInclusive;

use super::config::{Config, ConfigError};

pub use page::settings_page;

/// What stands for a value that is left out.
pub const NONE: &str = "none";

/// A group of settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// What is grown, from which images.
    Start,
    /// How it is grown.
    Method,
    /// How the network is trained.
    Training,
    /// How the parameters of changes are learned.
    Learning,
    /// How whole networks are tried, instead of growing round by round.
    Search,
}

impl Section {
    /// All, in their order.
    pub const ALL: [Section; 5] =
        [Section::Start, Section::Method, Section::Training, Section::Learning, Section::Search];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Section::Start => "Seed network and images",
            Section::Method => "Method",
            Section::Training => "Training",
            Section::Learning => "Learning the changes",
            Section::Search => "Search over networks",
        }
    }
}

/// One setting.
pub struct Setting {
    /// Its dotted name in the TOML file.
    pub name: &'static str,
    /// What it is called on the screen.
    pub label: &'static str,
    /// What it does, or why its default is what it is.
    pub why: &'static str,
    /// What its number counts; empty if that is clear.
    pub unit: &'static str,
    /// Whether most people leave it as it is.
    pub advanced: bool,
    /// The setting that it depends on, and the values of that with which it exists.
    pub needs: Option<(&'static str, &'static [&'static str])>,
    /// What it may be, and where it is in a configuration.
    pub value: Value,
}

/// What a setting may be, and where it is in a [`Config`].
pub enum Value {
    /// A whole number.
    Whole {
        /// What is allowed.
        range: RangeInclusive<u64>,
        /// Reads it.
        get: fn(&Config) -> Option<u64>,
        /// Writes it.
        set: fn(&mut Config, u64),
    },
    /// A whole number that may be left out.
    Limit {
        /// What is allowed.
        range: RangeInclusive<u64>,
        /// What to begin with where one is wanted.
        first: u64,
        /// Reads it.
        get: fn(&Config) -> Option<u64>,
        /// Writes it.
        set: fn(&mut Config, Option<u64>),
    },
    /// A number.
    Number {
        /// What is allowed.
        bounds: Bounds,
        /// A small change of it.
        step: f64,
        /// Where it is, if the configuration has it.
        at: fn(&mut Config) -> Option<&mut f64>,
    },
    /// Yes or no.
    Flag {
        /// Where it is, if the configuration has it.
        at: fn(&mut Config) -> Option<&mut bool>,
    },
    /// One of a few.
    Choice {
        /// Names in files, each with what it is called on the screen.
        names: fn() -> Vec<(&'static str, &'static str)>,
        /// The name of what is chosen.
        get: fn(&Config) -> &'static str,
        /// Chooses by name; false if there is no such.
        set: fn(&mut Config, &str) -> bool,
    },
    /// Anything else, written as a text.
    Text {
        /// What is allowed, in words.
        expected: fn() -> String,
        /// Writes it as a text.
        get: fn(&Config) -> String,
        /// Reads it from a text; false if it is none.
        set: fn(&mut Config, &str) -> bool,
    },
}

/// What a number may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// More than 0.
    Positive,
    /// 0 or more.
    NotNegative,
    /// From 0 to below 1.
    Share,
}

impl Bounds {
    /// Whether `number` is inside.
    pub fn hold(self, number: f64) -> bool {
        match self {
            Bounds::Positive => number.is_finite() && number > 0.0,
            Bounds::NotNegative => number.is_finite() && number >= 0.0,
            Bounds::Share => (0.0..1.0).contains(&number),
        }
    }
}

impl Setting {
    /// The setting of this dotted name; an unknown name's error lists those nearest to it.
    pub fn named(name: &str) -> Result<&'static Self, ConfigError> {
        Self::all()
            .find(|setting| setting.name == name)
            .ok_or_else(|| ConfigError::Unknown { name: name.to_owned(), nearest: nearest(name) })
    }

    /// What it may be, in words.
    pub fn expected(&self) -> String {
        match &self.value {
            Value::Whole { range, .. } => whole(range),
            Value::Limit { range, .. } => format!("{}, or {NONE}", whole(range)),
            Value::Number { bounds: Bounds::Positive, .. } => "a number above 0".to_owned(),
            Value::Number { bounds: Bounds::NotNegative, .. } => "a number of at least 0".to_owned(),
            Value::Number { bounds: Bounds::Share, .. } => "a number from 0 to below 1".to_owned(),
            Value::Flag { .. } => "true or false".to_owned(),
            Value::Choice { names, .. } => {
                let names: Vec<&str> = names().iter().map(|(name, _)| *name).collect();
                format!("one of {}", names.join(", "))
            }
            Value::Text { expected, .. } => expected(),
        }
    }

    /// Whether `config` has it: some belong to one choice only.
    pub fn applies(&self, config: &Config) -> bool {
        self.needs.is_none_or(|(name, values)| {
            let found = Setting::named(name).ok().and_then(|other| other.get(config));
            found.is_some_and(|found| values.contains(&found.as_str()))
        })
    }

    /// Its value as a text that [`Setting::set`] takes; none where `config` has no such setting.
    pub fn get(&self, config: &Config) -> Option<String> {
        if !self.applies(config) {
            return None;
        }
        match &self.value {
            Value::Whole { get, .. } => get(config).map(|number| number.to_string()),
            Value::Limit { get, .. } => {
                Some(get(config).map_or(NONE.to_owned(), |number| number.to_string()))
            }
            Value::Number { at, .. } => at(&mut config.clone()).map(|number| number.to_string()),
            Value::Flag { at } => at(&mut config.clone()).map(|flag| flag.to_string()),
            Value::Choice { get, .. } => Some(get(config).to_owned()),
            Value::Text { get, .. } => Some(get(config)),
        }
    }

    /// Changes it in `config`. What the text says is checked against its own range; whether all settings fit together
    /// is for [`Config::check`] to say.
    pub fn set(&self, config: &mut Config, text: &str) -> Result<(), ConfigError> {
        if let Some((name, values)) = self.needs.filter(|_| !self.applies(config)) {
            let found = Setting::named(name)?.get(config).unwrap_or_default();
            return Err(ConfigError::Value {
                field: self.name.to_owned(),
                found: format!("{text} where {name} is {found}"),
                expected: format!("it only where {name} is {}", values.join(" or ")),
            });
        }
        let text = text.trim();
        match self.take(config, text) {
            Some(()) => Ok(()),
            None => Err(self.error(format!("\"{text}\""))),
        }
    }

    fn take(&self, config: &mut Config, text: &str) -> Option<()> {
        match &self.value {
            Value::Whole { range, set, .. } => {
                set(config, text.parse().ok().filter(|number| range.contains(number))?);
            }
            Value::Limit { set, .. } if text == NONE => set(config, None),
            Value::Limit { range, set, .. } => {
                set(config, Some(text.parse().ok().filter(|number| range.contains(number))?));
            }
            Value::Number { bounds, at, .. } => {
                *at(config)? = text.parse().ok().filter(|number| bounds.hold(*number))?;
            }
            Value::Flag { at } => *at(config)? = text.parse().ok()?,
            Value::Choice { set, .. } | Value::Text { set, .. } => return set(config, text).then_some(()),
        }
        Some(())
    }

    /// Whether its value in `config` is in its range. Texts and choices are only what they may be, or are checked with
    /// the rest of the configuration.
    pub fn check(&self, config: &Config) -> Result<(), ConfigError> {
        let found = match &self.value {
            Value::Whole { range, get, .. } | Value::Limit { range, get, .. } => {
                get(config).filter(|number| !range.contains(number)).map(|number| number.to_string())
            }
            Value::Number { bounds, at, .. } => {
                let number = at(&mut config.clone()).copied();
                number.filter(|number| !bounds.hold(*number)).map(|number| number.to_string())
            }
            Value::Flag { .. } | Value::Choice { .. } | Value::Text { .. } => None,
        };
        found.map_or(Ok(()), |found| Err(self.error(found)))
    }

    fn error(&self, found: String) -> ConfigError {
        ConfigError::Value { field: self.name.to_owned(), found, expected: self.expected() }
    }
}

impl Config {
    /// A setting's value by its dotted name, as a text that [`Config::set`] takes; none where this configuration has
    /// no such setting, such as `strategy.k` without the strategy `top-k`.
    pub fn get(&self, name: &str) -> Result<Option<String>, ConfigError> {
        Ok(Setting::named(name)?.get(self))
    }

    /// Changes a setting by its dotted name, such as `training.epochs`.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), ConfigError> {
        Setting::named(name)?.set(self, text)
    }

    /// Changes a setting by a text such as `training.epochs=2`.
    pub fn assign(&mut self, text: &str) -> Result<(), ConfigError> {
        let (name, value) = text.split_once('=').ok_or_else(|| ConfigError::Assignment(text.to_owned()))?;
        self.set(name.trim(), value)
    }
}

fn whole(range: &RangeInclusive<u64>) -> String {
    match (range.start(), range.end()) {
        (least, &u64::MAX) => format!("a whole number from {least}"),
        (least, most) => format!("a whole number from {least} to {most}"),
    }
}

/// The three known names that take the fewest edits from `name`, or whose last part does.
fn nearest(name: &str) -> String {
    let away = |known: &str| {
        let last = known.rsplit('.').next().unwrap_or(known);
        edits(name, known).min(edits(name, last))
    };
    let mut known: Vec<(usize, &str)> =
        Setting::all().map(|setting| (away(setting.name), setting.name)).collect();
    known.sort_unstable();
    known.truncate(3);
    known.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
}

/// Letters to insert, delete or replace to make `a` into `b` (Levenshtein's distance).
fn edits(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (above, from) in a.chars().enumerate() {
        let mut corner = above;
        row[0] = above + 1;
        for (left, to) in b.chars().enumerate() {
            let replaced = corner + usize::from(from != to);
            corner = row[left + 1];
            row[left + 1] = replaced.min(row[left] + 1).min(corner + 1);
        }
    }
    row[b.chars().count()]
}

#[cfg(test)]
mod tests;
