//! A study's plan: a TOML file that says which configurations are run, with which seeds, and at what cost.
//!
//! ```toml
//! seeds = [1, 2, 3]
//! cost = 2e12               # total FLOPs of every run; without it, what the most expensive run needs
//!
//! [base]                    # settings that all configurations share, as in `grow --config`
//! rounds = 4
//! training.epochs = 10
//!
//! [[vary]]                  # the lists of one table go together, tables multiply
//! "learning.steps" = [20, 60]
//!
//! [[configuration]]         # configurations one by one; without any there is the base alone
//! name = "grown"
//! [[configuration]]
//! name = "fixed"
//! file = "fixed.toml"       # instead of the base, or settings right here, on top of it
//! rounds = 0
//! ```

mod error;
mod read;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files::{self, write_atomically};
use crate::lab::Config;

pub use error::PlanError;

/// The plan's file in a study's folder.
pub const PLAN_FILE: &str = "study.toml";
/// The folder of the runs in a study's folder.
const RUNS: &str = "runs";

/// What is run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Plan {
    /// Each configuration is run once with each of them.
    pub seeds: Vec<u64>,
    /// Total floating-point operations of every run, by the ledger. Without it every run first grows; then all are trained
    /// up to what the most expensive of them needs for its usual last training.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<u64>,
    /// The configurations, in order; their own `seed` is not used.
    #[serde(rename = "configuration")]
    pub configurations: Vec<Configuration>,
}

/// A configuration with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// Names the runs' folders, with the seed.
    pub name: String,
    /// Every setting.
    pub settings: Config,
}

/// One run of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Its configuration's name.
    pub name: String,
    /// Its settings, with its seed.
    pub config: Config,
}

impl Planned {
    /// The name of its folder, which no other run of the plan has.
    pub fn id(&self) -> String {
        format!("{}-{}", self.name, self.config.seed)
    }

    /// Its folder in the study's folder `out`.
    pub fn folder(&self, out: &Path) -> PathBuf {
        out.join(RUNS).join(self.id())
    }
}

impl Plan {
    /// Reads and checks a plan; paths in it are relative to its file.
    pub fn read(path: &Path) -> Result<Self, PlanError> {
        read::read(path)
    }

    /// The plan of the study in folder `out`.
    pub fn of(out: &Path) -> Result<Self, PlanError> {
        Self::read(&out.join(PLAN_FILE))
    }

    /// The runs: all seeds of the first configuration, then of the next.
    pub fn runs(&self) -> Vec<Planned> {
        let mut runs = Vec::with_capacity(self.configurations.len() * self.seeds.len());
        for Configuration { name, settings } in &self.configurations {
            for &seed in &self.seeds {
                let config = Config { seed, ..settings.clone() };
                runs.push(Planned { name: name.clone(), config });
            }
        }
        runs
    }

    /// Writes the plan into the study's folder `out`, with every setting in it; refused if another study is there.
    pub fn settle(&self, out: &Path) -> Result<(), PlanError> {
        let path = out.join(PLAN_FILE);
        if files::exists(&path) {
            return match Self::read(&path)? == *self {
                true => Ok(()),
                false => Err(PlanError::OtherStudy { path }),
            };
        }
        files::create_folder(out)?;
        let text = toml::to_string(self).expect("settings can be written as TOML");
        Ok(write_atomically(&path, text.as_bytes())?)
    }

    /// Checks what must hold of every plan, wherever it comes from; `path` is named in errors.
    pub fn check(&self, path: &Path) -> Result<(), PlanError> {
        let fail = |place: &str, found: String, expected: &str| {
            Err(PlanError::Value {
                path: path.to_owned(),
                place: place.to_owned(),
                found,
                expected: expected.to_owned(),
            })
        };
        if self.seeds.is_empty() {
            return fail("seeds", "none".into(), "at least one");
        }
        for (position, seed) in self.seeds.iter().enumerate() {
            if self.seeds[..position].contains(seed) {
                return fail("seeds", format!("{seed} twice"), "each once");
            }
        }
        if self.cost == Some(0) {
            return fail("cost", "0".into(), "floating-point operations above 0");
        }
        if self.configurations.is_empty() {
            return fail("configuration", "none".into(), "at least one");
        }
        let mut names = std::collections::BTreeSet::new();
        for Configuration { name, settings } in &self.configurations {
            if !is_name(name) {
                let expected = "1 to 100 letters, digits, blanks, and . _ + = - but not first";
                return fail("name", format!("\"{name}\""), expected);
            }
            // Not every file system tells capitals apart.
            if !names.insert(name.to_lowercase()) {
                return fail("name", format!("\"{name}\" twice"), "names that differ in more than capitals");
            }
            settings.check().map_err(|source| PlanError::Setting {
                path: path.to_owned(),
                configuration: name.clone(),
                source,
            })?;
            if settings.data != self.configurations[0].settings.data {
                let (first, found) = (&self.configurations[0].name, format!("other [data] in {name}"));
                return fail(
                    "data",
                    found,
                    &format!("that of {first}: runs on other images cannot be compared"),
                );
            }
        }
        Ok(())
    }
}

/// Whether a configuration's name is fit for a folder, a table and a link.
fn is_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_alphanumeric() || " .-_+=".contains(letter);
    name.starts_with(char::is_alphanumeric) && name.len() <= 100 && name.chars().all(fits)
}

#[cfg(test)]
mod tests;
