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
//! until = "measured"        # optional: end once the first round's gains are measured, and grow nothing
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
//! [[configuration]]
//! name = "twin"
//! layers-of = "grown"       # the network that this configuration's run of the same seed ends with, from scratch
//! rounds = 0
//! ```

mod error;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::difference::first_difference;
use crate::files::{self, write_atomically};
use crate::lab::{Config, Measure};

pub use error::PlanError;
pub use read::{OPERATIONS, operations};

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
    /// How far the runs go.
    #[serde(default, skip_serializing_if = "Until::is_done")]
    pub until: Until,
    /// The configurations, in order; their own `seed` is not used.
    #[serde(rename = "configuration")]
    pub configurations: Vec<Configuration>,
}

/// How far the runs of a plan go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// To their end.
    #[default]
    Done,
    /// Until the gains of the first round's candidates are measured: to compare estimates or learners, nothing need grow.
    /// Runs of one seed that train alike share their training.
    Measured,
}

impl Until {
    /// Whether runs go to their end.
    pub fn is_done(&self) -> bool {
        *self == Until::Done
    }
}

/// A configuration with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// Names the runs' folders, with the seed.
    pub name: String,
    /// Seeds of its own instead of the plan's. Configurations of one name may then differ by seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seeds: Option<Vec<u64>>,
    /// An earlier configuration: each run starts from the layers that its run of the same seed ended with, instead of
    /// the seed network. So grown networks are compared with themselves from scratch.
    #[serde(default, rename = "layers-of", skip_serializing_if = "Option::is_none")]
    pub layers_of: Option<String>,
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
    /// The configuration whose run of the same seed gives the layers to start from.
    pub layers_of: Option<String>,
}

impl Planned {
    /// The name of its folder, which no other run of the plan has.
    pub fn id(&self) -> String {
        id(&self.name, self.config.seed)
    }

    /// The name of the run that must be done before this one, whose layers it starts from.
    pub fn after(&self) -> Option<String> {
        self.layers_of.as_ref().map(|name| id(name, self.config.seed))
    }

    /// Its folder in the study's folder `out`.
    pub fn folder(&self, out: &Path) -> PathBuf {
        run_folder(out, &self.id())
    }
}

fn id(name: &str, seed: u64) -> String {
    format!("{name}-{seed}")
}

/// The folder of the run of this name in the study's folder `out`.
pub(super) fn run_folder(out: &Path, id: &str) -> PathBuf {
    out.join(RUNS).join(id)
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
        for Configuration { name, seeds, layers_of, settings } in &self.configurations {
            for &seed in seeds.as_ref().unwrap_or(&self.seeds) {
                let config = Config { seed, ..settings.clone() };
                runs.push(Planned { name: name.clone(), config, layers_of: layers_of.clone() });
            }
        }
        runs
    }

    /// Writes the plan into the study's folder `out`, with every setting in it; refused if another study is there.
    pub fn settle(&self, out: &Path) -> Result<(), PlanError> {
        let path = out.join(PLAN_FILE);
        if files::exists(&path) {
            return match Self::read(&path)?.difference(self) {
                None => Ok(()),
                Some((place, found, expected)) => Err(PlanError::OtherStudy { path, place, found, expected }),
            };
        }
        files::create_folder(out)?;
        let text = toml::to_string(self).expect("settings can be written as TOML");
        Ok(write_atomically(&path, text.as_bytes())?)
    }

    /// Where it differs first from the plan that is expected: the place, what is there, what should be.
    fn difference(&self, expected: &Self) -> Option<(String, String, String)> {
        let heads = |plan: &Self| Self { configurations: Vec::new(), ..plan.clone() };
        if let Some(found) = first_difference(&heads(self), &heads(expected)) {
            return Some(found);
        }
        let names = |plan: &Self| -> Vec<String> {
            plan.configurations.iter().map(|configuration| configuration.name.clone()).collect()
        };
        if names(self) != names(expected) {
            let place = "names of configurations".to_owned();
            return Some((place, names(self).join(", "), names(expected).join(", ")));
        }
        self.configurations.iter().zip(&expected.configurations).find_map(|(ours, theirs)| {
            let (place, found, expected) = first_difference(ours, theirs)?;
            let place = place.strip_prefix("settings.").unwrap_or(&place).to_owned();
            Some((format!("configuration \"{}\": {place}", ours.name), found, expected))
        })
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
        let own = self.configurations.iter().filter_map(|configuration| configuration.seeds.as_ref());
        for seeds in std::iter::once(&self.seeds).chain(own) {
            if seeds.is_empty() {
                return fail("seeds", "none".into(), "at least one");
            }
            for (position, seed) in seeds.iter().enumerate() {
                if seeds[..position].contains(seed) {
                    return fail("seeds", format!("{seed} twice"), "each once");
                }
            }
        }
        if let (Some(cost), Until::Measured) = (self.cost, self.until) {
            return fail(
                "cost",
                cost.to_string(),
                "none, since until = \"measured\" ends before the last training",
            );
        }
        if self.cost == Some(0) {
            return fail("cost", "0".into(), "floating-point operations above 0");
        }
        if self.configurations.is_empty() {
            return fail("configuration", "none".into(), "at least one");
        }
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        let mut ids = BTreeSet::new();
        for Configuration { name, seeds, layers_of, settings } in &self.configurations {
            if !is_name(name) {
                return fail("name", format!("\"{name}\""), NAME);
            }
            // Not every file system tells capitals apart.
            let other = names.insert(name.to_lowercase(), name);
            let seeds = seeds.as_ref().unwrap_or(&self.seeds);
            if let Some(first) = layers_of {
                let earlier = |seed: &&u64| !ids.contains(&(first, **seed));
                if let Some(seed) = seeds.iter().find(earlier) {
                    let found = format!("\"{first}\" in {name}, which has no run with seed {seed} before it");
                    return fail(
                        "layers-of",
                        found,
                        "the name of an earlier configuration with the same seeds",
                    );
                }
                if settings.network.is_some() {
                    let found = format!("\"{first}\" and a saved network in {name}");
                    return fail("layers-of", found, "one of them");
                }
                if self.cost.is_none() {
                    let found = format!("none, where {name} starts from the layers of {first}");
                    return fail(
                        "cost",
                        found,
                        "total FLOPs, since that run must end before this one begins",
                    );
                }
            }
            let mut seeds = seeds.iter();
            if other.is_some_and(|other| other != name) || !seeds.all(|seed| ids.insert((name, *seed))) {
                let expected = "names that differ in more than capitals, or seeds of their own that differ";
                return fail("name", format!("\"{name}\" twice"), expected);
            }
            if self.until == Until::Measured
                && (settings.rounds == 0 || settings.measure != Measure::All || settings.search.tries())
            {
                let found = format!("measured, where {name} measures nothing before it chooses");
                return fail("until", found, "rounds from 1, no search, and measure = \"all\"");
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

/// What a configuration's name may be.
pub(super) const NAME: &str = "1 to 100 letters, digits, blanks, and . _ + = - but not first";

/// Whether a configuration's name is fit for a folder, a table and a link.
pub(super) fn is_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_alphanumeric() || " .-_+=".contains(letter);
    name.starts_with(char::is_alphanumeric) && name.len() <= 100 && name.chars().all(fits)
}

#[cfg(test)]
mod tests;
