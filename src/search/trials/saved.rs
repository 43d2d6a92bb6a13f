//! A search as files have it: one table, in which only the numbers of its own kind may stand.

use serde::{Deserialize, Serialize};

use super::proof::Proof;
use super::settings::{Kind, PhiFrom, Search};

/// The table. What is left out has its default.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Saved {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trials: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_epochs: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phi: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    predict: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    control: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    learning_steps: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    learning_batch: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_scratch: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    neighbours: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    population: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposals: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trained: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    patience: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
}

impl TryFrom<Saved> for Search {
    type Error = String;

    fn try_from(mut saved: Saved) -> Result<Self, String> {
        let mut kind = match saved.kind.as_deref() {
            None => Kind::Rounds,
            Some(name) => named(name)?,
        };
        let put = |slot: &mut usize, saved: &mut Option<usize>| *slot = saved.take().unwrap_or(*slot);
        match &mut kind {
            Kind::Rounds => {}
            Kind::Random { changes, from_scratch } => {
                put(changes, &mut saved.changes);
                *from_scratch = saved.from_scratch.take().unwrap_or(*from_scratch);
            }
            Kind::HillClimbing { neighbours, changes } => {
                put(neighbours, &mut saved.neighbours);
                put(changes, &mut saved.changes);
            }
            Kind::Evolution { population, sample, changes } => {
                put(population, &mut saved.population);
                put(sample, &mut saved.sample);
                put(changes, &mut saved.changes);
            }
            Kind::Pareto { population, proposals, trained, changes } => {
                put(population, &mut saved.population);
                put(proposals, &mut saved.proposals);
                put(trained, &mut saved.trained);
                put(changes, &mut saved.changes);
            }
            Kind::AutoGrow { window, threshold } => {
                put(window, &mut saved.window);
                *threshold = saved.threshold.take().unwrap_or(*threshold);
            }
            Kind::Ev3 { patience, changes, test, confidence } => {
                put(patience, &mut saved.patience);
                put(changes, &mut saved.changes);
                *confidence = saved.confidence.take().unwrap_or(*confidence);
                if let Some(name) = saved.test.take() {
                    *test = name.parse::<Proof>()?;
                }
            }
        }
        if let Some(name) = saved.left_over() {
            return Err(format!(
                "search.{name}: found it with the kind \"{}\", which has no such number",
                kind.name()
            ));
        }
        let usual = Self::default();
        Ok(Self {
            kind,
            trials: saved.trials,
            share: saved.share.unwrap_or(usual.share),
            short_epochs: saved.short_epochs.unwrap_or(usual.short_epochs),
            phi: saved.phi.map_or(Ok(usual.phi), |name| name.parse::<PhiFrom>())?,
            predict: saved.predict.unwrap_or(usual.predict),
            control: saved.control.unwrap_or(usual.control),
            learning_steps: saved.learning_steps.unwrap_or(usual.learning_steps),
            learning_batch: saved.learning_batch.unwrap_or(usual.learning_batch),
        })
    }
}

fn named(name: &str) -> Result<Kind, String> {
    Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
        let names = Kind::ALL.map(Kind::name).join(", ");
        format!("unknown kind of search \"{name}\": expected one of {names}")
    })
}

impl Saved {
    /// The name of a number that no kind has taken.
    fn left_over(&self) -> Option<&'static str> {
        let left = [
            ("changes", self.changes.is_some()),
            ("from-scratch", self.from_scratch.is_some()),
            ("neighbours", self.neighbours.is_some()),
            ("population", self.population.is_some()),
            ("sample", self.sample.is_some()),
            ("proposals", self.proposals.is_some()),
            ("trained", self.trained.is_some()),
            ("window", self.window.is_some()),
            ("threshold", self.threshold.is_some()),
            ("patience", self.patience.is_some()),
            ("test", self.test.is_some()),
            ("confidence", self.confidence.is_some()),
        ];
        left.into_iter().find(|(_, there)| *there).map(|(name, _)| name)
    }
}

impl From<Search> for Saved {
    fn from(search: Search) -> Self {
        let kind = Some(search.kind.name().to_owned());
        if !search.tries() {
            return Self { kind, ..Self::default() };
        }
        let mut saved = Self {
            kind,
            trials: search.trials,
            share: Some(search.share),
            short_epochs: Some(search.short_epochs),
            phi: Some(search.phi.name().to_owned()),
            predict: Some(search.predict),
            control: Some(search.control),
            learning_steps: Some(search.learning_steps),
            learning_batch: Some(search.learning_batch),
            ..Self::default()
        };
        match search.kind {
            Kind::Rounds => {}
            Kind::Random { changes, from_scratch } => {
                (saved.changes, saved.from_scratch) = (Some(changes), Some(from_scratch));
            }
            Kind::HillClimbing { neighbours, changes } => {
                (saved.neighbours, saved.changes) = (Some(neighbours), Some(changes));
            }
            Kind::Evolution { population, sample, changes } => {
                (saved.population, saved.sample) = (Some(population), Some(sample));
                saved.changes = Some(changes);
            }
            Kind::Pareto { population, proposals, trained, changes } => {
                (saved.population, saved.proposals) = (Some(population), Some(proposals));
                (saved.trained, saved.changes) = (Some(trained), Some(changes));
            }
            Kind::AutoGrow { window, threshold } => {
                (saved.window, saved.threshold) = (Some(window), Some(threshold));
            }
            Kind::Ev3 { patience, changes, test, confidence } => {
                (saved.patience, saved.changes) = (Some(patience), Some(changes));
                (saved.test, saved.confidence) = (Some(test.name().to_owned()), Some(confidence));
            }
        }
        saved
    }
}
