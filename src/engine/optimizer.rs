//! How weights follow gradients: the settings that every engine understands.

use serde::{Deserialize, Serialize};

/// Adam's guard against division by zero.
pub const ADAM_EPSILON: f64 = 1e-8;

/// An optimiser's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OptimizerConfig {
    /// The rule.
    pub rule: Rule,
    /// Learning rate at the start of the schedule.
    pub learning_rate: f64,
    /// How the learning rate changes, over a phase or over the whole run.
    pub schedule: Schedule,
    /// SGD: momentum. (AdamW: β₁.)
    pub momentum: f64,
    /// SGD: Nesterov's form of it.
    pub nesterov: bool,
    /// AdamW: β₂.
    pub beta2: f64,
    /// Decay of convolutions' and linear layers' weights: added to the gradient (SGD) or decoupled (AdamW).
    pub weight_decay: f64,
    /// Largest Euclidean norm of the whole gradient; larger ones are scaled down to it. 0 turns it off.
    pub clip: f64,
}

/// An optimiser's rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Stochastic gradient descent with momentum.
    Sgd,
    /// Adam with decoupled weight decay.
    Adamw,
}

/// Learning rate over a phase or a whole run, as a factor of its start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Schedule {
    /// 1.
    Constant,
    /// Half a cosine from 1 down to `floor`.
    Cosine {
        /// Factor at the end.
        floor: f64,
    },
    /// Multiplied by `factor` after every `every` fraction of it.
    Step {
        /// Fraction of the phase or run, in 0…1.
        every: f64,
        /// Factor of each drop.
        factor: f64,
    },
}

impl Default for OptimizerConfig {
    fn default() -> Self {
        Self {
            rule: Rule::Sgd,
            learning_rate: 0.05,
            schedule: Schedule::Cosine { floor: 0.05 },
            momentum: 0.9,
            nesterov: true,
            beta2: 0.999,
            // Ten times as much makes prunes easier to foresee and the networks several points worse (docs/results.md).
            weight_decay: 5e-4,
            clip: 5.0,
        }
    }
}

impl Schedule {
    /// The factor where the part `done` of the schedule, in 0…1, is over.
    pub fn factor(self, done: f64) -> f64 {
        match self {
            Schedule::Constant => 1.0,
            Schedule::Cosine { floor } => {
                floor + (1.0 - floor) * 0.5 * (1.0 + (std::f64::consts::PI * done).cos())
            }
            Schedule::Step { every, factor } => factor.powf((done / every).floor()),
        }
    }
}
