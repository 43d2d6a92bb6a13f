//! What steps cost, in two ledgers: what the method needs, and what the instrument shows.
//!
//! The method trains, learns φ, scales, chooses, tries, grows. The instrument lets people see: estimates and gains on the
//! held-out part, scores, drawings. A fixed network needs no instrument, so comparisons at equal cost count the method.

use serde::{Deserialize, Serialize};

/// Floating-point operations of a piece of work, by who needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// What the grown network comes from.
    pub method: u64,
    /// What only shows something.
    pub instrument: u64,
}

/// What a step cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "SavedCost", into = "SavedCost")]
pub struct StepCost {
    /// Wall time.
    pub seconds: f64,
    /// Floating-point operations, by the ledger: the method's and the instrument's.
    pub flops: u64,
    /// The instrument's part of them.
    pub instrument_flops: u64,
}

/// As files have it. Runs of earlier versions knew one ledger.
#[derive(Serialize, Deserialize)]
struct SavedCost {
    seconds: f64,
    flops: u64,
    #[serde(default)]
    method_flops: Option<u64>,
    #[serde(default)]
    instrument_flops: u64,
}

impl Spent {
    /// The method's.
    pub fn method(flops: u64) -> Self {
        Self { method: flops, instrument: 0 }
    }

    /// The instrument's.
    pub fn instrument(flops: u64) -> Self {
        Self { method: 0, instrument: flops }
    }
}

impl std::ops::Add for Spent {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self { method: self.method + more.method, instrument: self.instrument + more.instrument }
    }
}

impl std::ops::AddAssign for Spent {
    fn add_assign(&mut self, more: Self) {
        *self = *self + more;
    }
}

impl StepCost {
    /// Of work that took this long.
    pub fn new(seconds: f64, spent: Spent) -> Self {
        Self { seconds, flops: spent.method + spent.instrument, instrument_flops: spent.instrument }
    }

    /// The method's part of the floating-point operations.
    pub fn method_flops(&self) -> u64 {
        self.flops - self.instrument_flops
    }
}

impl std::ops::AddAssign for StepCost {
    fn add_assign(&mut self, more: Self) {
        self.seconds += more.seconds;
        self.flops += more.flops;
        self.instrument_flops += more.instrument_flops;
    }
}

/// More operations than any stage takes. A file may say any number, but the sum of all must fit.
const MOST: u64 = 1 << 52;

impl From<SavedCost> for StepCost {
    fn from(saved: SavedCost) -> Self {
        let SavedCost { seconds, flops, instrument_flops, .. } = saved;
        let flops = flops.min(MOST);
        Self { seconds, flops, instrument_flops: instrument_flops.min(flops) }
    }
}

impl From<StepCost> for SavedCost {
    fn from(cost: StepCost) -> Self {
        let method_flops = Some(cost.method_flops());
        let StepCost { seconds, flops, instrument_flops } = cost;
        Self { seconds, flops, method_flops, instrument_flops }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ledgers_are_saved_and_costs_of_one_are_read() {
        let cost = StepCost::new(1.5, Spent::method(30) + Spent::instrument(12));
        let text = serde_json::to_string(&cost).unwrap();
        assert_eq!(text, r#"{"seconds":1.5,"flops":42,"method_flops":30,"instrument_flops":12}"#);
        assert_eq!(serde_json::from_str::<StepCost>(&text).unwrap(), cost);
        let old: StepCost = serde_json::from_str(r#"{"seconds":2.0,"flops":7}"#).unwrap();
        assert_eq!((old.flops, old.method_flops()), (7, 7));
    }
}
