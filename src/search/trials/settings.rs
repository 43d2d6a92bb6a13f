//! What is searched for the grown network, and with which numbers.

use serde::{Deserialize, Serialize};

use super::proof::Proof;
use crate::names::named;
use crate::words::say;

named! {
    /// Where the φ of a trial's changes comes from.
    pub enum PhiFrom, called "phi" {
        /// The literature's function-preserving forms: the grown network computes what its parent did.
        Neutral = "neutral",
        /// A random direction as long as the layer's weights: nothing is preserved.
        Random = "random",
        /// Learned by our estimates, each change as far as serves best beside the others.
        Learned = "learned",
    }
}

/// How the network to train last is found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "super::saved::Saved", into = "super::saved::Saved")]
pub struct Search {
    /// The strategy.
    pub kind: Kind,
    /// Trials after the seed at most; without a number, as many as their share of the run's total cost allows.
    pub trials: Option<u64>,
    /// What the search may spend of the run's total cost, the seed's training included; the last training has the rest.
    pub share: f64,
    /// Passes over the training part in a trial.
    pub short_epochs: u64,
    /// Where φ comes from.
    pub phi: PhiFrom,
    /// Whether the gain of each trial's changes is estimated beforehand.
    pub predict: bool,
    /// Whether changes are judged by their gain over the parent trained on unchanged for as long.
    pub control: bool,
    /// Steps in which φ is learned in a trial.
    pub learning_steps: u64,
    /// Images of each.
    pub learning_batch: usize,
}

/// Trials where neither their number nor a total cost is given.
pub const USUAL_TRIALS: u64 = 60;

/// A strategy with its own numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// No trials: the growth rounds of this program.
    Rounds,
    /// Random changes of the trained seed.
    Random {
        /// Changes of a trial at most.
        changes: usize,
        /// Whether every trial begins with fresh weights.
        from_scratch: bool,
    },
    /// The best of a few neighbours, again and again.
    HillClimbing {
        /// Trials of a step, the unchanged copy among them.
        neighbours: usize,
        /// Changes of each other.
        changes: usize,
    },
    /// Regularised evolution.
    Evolution {
        /// The living.
        population: usize,
        /// How many of them compete to be a parent.
        sample: usize,
        /// Changes of a child.
        changes: usize,
    },
    /// Multi-objective evolution over loss and parameters.
    Pareto {
        /// The front's members at most.
        population: usize,
        /// Children that are thought of in a generation.
        proposals: usize,
        /// Children that are trained.
        trained: usize,
        /// Changes of a child at most.
        changes: usize,
    },
    /// AutoGrow.
    AutoGrow {
        /// Epochs over which growing must have paid.
        window: usize,
        /// By how many nats.
        threshold: f64,
    },
    /// Explore, assess, adapt.
    Ev3 {
        /// Iterations without an accepted proposal after which the network grows.
        patience: usize,
        /// Changes of that growth.
        changes: usize,
        /// What it takes to be accepted.
        test: Proof,
        /// Standard errors of the interval or test.
        confidence: f64,
    },
}

impl Kind {
    /// Every kind with its usual numbers, the default first.
    pub const ALL: [Kind; 7] = [
        Kind::Rounds,
        Kind::Random { changes: 8, from_scratch: false },
        Kind::HillClimbing { neighbours: 5, changes: 3 },
        Kind::Evolution { population: 16, sample: 4, changes: 2 },
        Kind::Pareto { population: 24, proposals: 24, trained: 6, changes: 2 },
        Kind::AutoGrow { window: 9, threshold: 0.005 },
        Kind::Ev3 { patience: 3, changes: 3, test: Proof::Paired, confidence: 1.96 },
    ];

    /// Its name in files and options.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Rounds => "rounds",
            Kind::Random { .. } => "random",
            Kind::HillClimbing { .. } => "hill-climbing",
            Kind::Evolution { .. } => "evolution",
            Kind::Pareto { .. } => "pareto",
            Kind::AutoGrow { .. } => "autogrow",
            Kind::Ev3 { .. } => "ev3",
        }
    }

    /// Whom it is after, in the words of the thread's language.
    pub fn after(self) -> &'static str {
        match self {
            Kind::Rounds => say!("trials-after-rounds"),
            Kind::Random { .. } => say!("trials-after-random"),
            Kind::HillClimbing { .. } => say!("trials-after-hill-climbing"),
            Kind::Evolution { .. } => say!("trials-after-evolution"),
            Kind::Pareto { .. } => say!("trials-after-pareto"),
            Kind::AutoGrow { .. } => say!("trials-after-autogrow"),
            Kind::Ev3 { .. } => say!("trials-after-ev3"),
        }
    }
}

impl Default for Search {
    fn default() -> Self {
        Self {
            kind: Kind::Rounds,
            trials: None,
            share: 0.7,
            short_epochs: 3,
            phi: PhiFrom::Neutral,
            predict: true,
            control: true,
            learning_steps: 16,
            learning_batch: 128,
        }
    }
}

impl Search {
    /// Whether networks are tried, instead of grown round by round.
    pub fn tries(&self) -> bool {
        self.kind != Kind::Rounds
    }

    /// Trials after the seed at most, where `capped` says whether the run has a total cost that ends the search too.
    pub fn most_trials(&self, capped: bool) -> u64 {
        self.trials.unwrap_or(if capped { u64::MAX } else { USUAL_TRIALS })
    }

    /// Whether every trial begins with fresh weights, and the seed network is trained as shortly as they are.
    pub fn is_from_scratch(&self) -> bool {
        matches!(self.kind, Kind::Random { from_scratch: true, .. })
    }

    /// What does not fit together: the setting's name, what was found, what is expected.
    pub fn check(&self) -> Result<(), (&'static str, String, String)> {
        match self.kind {
            Kind::Evolution { population, sample, .. } if sample > population => {
                Err(("search.sample", sample.to_string(), format!("at most the population, {population}")))
            }
            Kind::Pareto { proposals, trained, .. } if trained > proposals => {
                Err(("search.trained", trained.to_string(), format!("at most the proposals, {proposals}")))
            }
            _ => Ok(()),
        }
    }
}
