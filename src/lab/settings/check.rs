//! Checks of whole configurations.

use super::Setting;
use crate::data::Data;
use crate::data::DataError;
use crate::engine::{Learner, steps_per_epoch};
use crate::lab::config::{Config, ConfigError};
use crate::lab::{LabError, Ledger};
use crate::network::{Architecture, preset};
use crate::search::trials::{Kind, adds_layers};

impl Config {
    /// Checks what can be checked without the data: each setting by its entry in the table, and that they fit
    /// together.
    pub fn check(&self) -> Result<(), ConfigError> {
        let fail = |field: &str, found: String, expected: &str| {
            Err(ConfigError::Value { field: field.into(), found, expected: expected.into() })
        };
        let architecture = match preset(&self.preset, 10) {
            Ok(architecture) => architecture,
            Err(error) => return fail("preset", format!("\"{}\" ({error})", self.preset), "a network"),
        };
        if self.families.is_empty() {
            return fail("families", "none".into(), "at least one family");
        }
        for (position, family) in self.families.iter().enumerate() {
            if self.families[..position].contains(family) {
                return fail("families", format!("\"{family}\" twice"), "each family once");
            }
        }
        let learner = self.learning.learner;
        if let Some(family) = self.families.iter().find(|family| !learner.serves(**family)) {
            let families: Vec<&str> = learner.families().iter().map(|family| family.name()).collect();
            let found = format!("\"{learner}\" with the family \"{family}\"");
            return fail(
                "learning.learner",
                found,
                &format!("only learned families of {}", families.join(", ")),
            );
        }
        if self.learning.together && learner != Learner::Estimate {
            let found = format!("true with the learner \"{learner}\"");
            return fail("learning.together", found, "the learner \"estimate\", which alone can");
        }
        // A saved network's layers are known once it is read.
        if self.network.is_none() {
            self.check_layers(&architecture)?;
        }
        if self.inherit && self.network.is_none() {
            return fail("inherit", "true".into(), "a network to inherit from (setting \"network\")");
        }
        // The names of other images are known once they are read.
        if self.data.dir.is_none()
            && let Err(DataError::Classes { found, expected }) = self.data.by_number()
        {
            return fail("data.classes", found, &expected);
        }
        Setting::all().try_for_each(|setting| setting.check(self))?;
        match self.search.check() {
            Ok(()) => self.check_autogrow(),
            Err((field, found, expected)) => fail(field, found, &expected),
        }
    }

    fn check_autogrow(&self) -> Result<(), ConfigError> {
        let grows = self.families.iter().any(|family| adds_layers(*family));
        match self.search.kind {
            Kind::AutoGrow { .. } if !grows => Err(ConfigError::Value {
                field: "families".into(),
                found: "none that appends layers, with the search \"autogrow\"".into(),
                expected: "deepen, deepen-pointwise, residual or block".into(),
            }),
            _ => Ok(()),
        }
    }

    /// Checks that the run's total cost, if there is one, leaves something to search with and a pass to train last.
    pub(in crate::lab) fn check_search(&self, data: &Data, seed: &Architecture) -> Result<(), LabError> {
        let (Some(total), true) = (self.training.total_flops, self.search.tries()) else { return Ok(()) };
        let batch = self.training.batch.min(data.train.len()).max(1);
        let pass = steps_per_epoch(data.train.len(), batch) * batch as u64;
        let epochs =
            if self.search.is_from_scratch() { self.search.short_epochs } else { self.training.epochs };
        let ledger = Ledger::new(seed)?;
        let first = ledger.train(epochs.saturating_mul(pass))?;
        let judged = ledger.evaluate(data.validation.len() as u64);
        let least = first.saturating_add(judged).saturating_add(ledger.train(pass)?);
        match total < least {
            true => Err(ConfigError::Value {
                field: "training.total-flops".into(),
                found: total.to_string(),
                expected: format!(
                    "at least {least}, for the seed network's training and one pass of last training; or fewer \
                     training.epochs"
                ),
            }
            .into()),
            false => Ok(()),
        }
    }

    /// Checks that the convolutions to change are in the seed network.
    pub(in crate::lab) fn check_layers(&self, architecture: &Architecture) -> Result<(), ConfigError> {
        let Some(layers) = &self.layers else { return Ok(()) };
        let fail = |found: String, expected: String| {
            Err(ConfigError::Value { field: "layers".into(), found, expected })
        };
        if layers.is_empty() {
            return fail("none".into(), "at least one layer, or no such setting".into());
        }
        let known: Vec<&str> = architecture.convolutions().collect();
        match layers.iter().find(|layer| !known.contains(&layer.as_str())) {
            Some(layer) => fail(format!("\"{layer}\""), format!("some of {}", known.join(", "))),
            None => Ok(()),
        }
    }
}
