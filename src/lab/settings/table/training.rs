//! How the network is trained.

use super::entry::{MOST, choose, flag, limit, number, setting, whole};
use crate::engine::{Rule, Schedule};
use crate::lab::settings::{Bounds, Setting, Value};
use crate::lab::{Config, Span};

/// In the order of the setup dialog.
pub static SETTINGS: &[Setting] = &[
    setting(
        "training.epochs",
        "Epochs per round",
        whole!(1..=MOST, training.epochs),
        "Passes over the training images before each growth",
    ),
    setting(
        "training.batch",
        "Batch size",
        whole!(2..=MOST, training.batch),
        "64 is small enough to learn fast, large enough to compute fast",
    )
    .unit("images per step"),
    setting(
        "training.augment",
        "Flip and shift images",
        flag!(training.augment),
        "Makes more of few images while training",
    ),
    setting(
        "training.label-smoothing",
        "Smooth labels by",
        number!(Share, 0.01, training.label_smoothing),
        "Every class is wanted by this share, so that the network does not grow too sure",
    )
    .advanced(),
    setting(
        "training.average",
        "Average of the weights",
        number!(Share, 0.001, training.average),
        "How much of an average of the weights each step keeps; the average is what a training ends with. \
         0: the last weights",
    )
    .advanced(),
    setting(
        "training.optimizer.learning-rate",
        "Learning rate",
        number!(Positive, 0.001, training.optimizer.learning_rate),
        "Too large diverges; too small learns nothing in this time",
    ),
    setting(
        "training.optimizer.rule",
        "Optimiser",
        RULE,
        "SGD with momentum is enough for networks this small",
    )
    .advanced(),
    setting(
        "training.optimizer.momentum",
        "Momentum",
        number!(Share, 0.01, training.optimizer.momentum),
        "How much of the last step the next one keeps; AdamW: its β₁",
    )
    .advanced(),
    setting(
        "training.optimizer.nesterov",
        "Nesterov's momentum",
        flag!(training.optimizer.nesterov),
        "Of SGD: looks one step ahead",
    )
    .advanced(),
    setting(
        "training.optimizer.beta2",
        "β₂",
        number!(Share, 0.001, training.optimizer.beta2),
        "Of AdamW: how slowly it forgets the size of gradients",
    )
    .advanced(),
    setting(
        "training.optimizer.weight-decay",
        "Weight decay",
        number!(NotNegative, 0.0005, training.optimizer.weight_decay),
        "Keeps weights small; 5e-3 keeps single channels from carrying the whole network, at some points of accuracy",
    )
    .advanced(),
    setting(
        "training.optimizer.clip",
        "Largest gradient",
        number!(NotNegative, 0.1, training.optimizer.clip),
        "Larger gradients are scaled down to this Euclidean norm; 0 leaves them",
    )
    .advanced(),
    setting(
        "training.optimizer.schedule.kind",
        "Schedule",
        SCHEDULE,
        "How the learning rate falls during a training",
    )
    .advanced(),
    setting(
        "training.schedule-over",
        "Schedule over",
        SPAN,
        "A phase: the network has converged when it grows. The run: it grows while the learning rate is still high",
    )
    .advanced(),
    setting(
        "training.optimizer.schedule.floor",
        "Last factor",
        Value::Number {
            bounds: Bounds::NotNegative,
            step: 0.01,
            at: |config| match &mut config.training.optimizer.schedule {
                Schedule::Cosine { floor } => Some(floor),
                _ => None,
            },
        },
        "Of the learning rate, at the end of a training",
    )
    .needs("training.optimizer.schedule.kind", &["cosine"])
    .advanced(),
    setting(
        "training.optimizer.schedule.every",
        "Drop every",
        Value::Number {
            bounds: Bounds::Positive,
            step: 0.05,
            at: |config| match &mut config.training.optimizer.schedule {
                Schedule::Step { every, .. } => Some(every),
                _ => None,
            },
        },
        "The share of a training after which the learning rate drops, again and again",
    )
    .needs("training.optimizer.schedule.kind", &["step"])
    .advanced(),
    setting(
        "training.optimizer.schedule.factor",
        "Drop to",
        Value::Number {
            bounds: Bounds::Positive,
            step: 0.01,
            at: |config| match &mut config.training.optimizer.schedule {
                Schedule::Step { factor, .. } => Some(factor),
                _ => None,
            },
        },
        "What each drop multiplies the learning rate by",
    )
    .needs("training.optimizer.schedule.kind", &["step"])
    .advanced(),
    setting(
        "training.distil-steps",
        "Steps of imitation",
        whole!(0..=MOST, training.distil_steps),
        "A network that lost a layer or a shortcut first learns to answer as before; 0 leaves it as it is",
    )
    .unit("steps")
    .advanced(),
    setting(
        "training.total-flops",
        "Cost of the whole run",
        limit!(0..=u64::MAX, 1_000_000_000_000, training.total_flops),
        "Where given, the last training takes as many steps as the rest of it allows, at least one, instead of its epochs",
    )
    .unit("FLOPs")
    .advanced(),
];

const RULE: Value = Value::Choice {
    names: || vec![("sgd", "SGD with momentum"), ("adamw", "AdamW")],
    get: |config| match config.training.optimizer.rule {
        Rule::Sgd => "sgd",
        Rule::Adamw => "adamw",
    },
    set: |config, name| {
        let found = [("sgd", Rule::Sgd), ("adamw", Rule::Adamw)];
        choose(&mut config.training.optimizer.rule, &found, name)
    },
};

const SPAN: Value = Value::Choice {
    names: || vec![("phase", "each training"), ("run", "the whole run")],
    get: |config| match config.training.schedule_over {
        Span::Phase => "phase",
        Span::Run => "run",
    },
    set: |config, name| {
        choose(&mut config.training.schedule_over, &[("phase", Span::Phase), ("run", Span::Run)], name)
    },
};

const SCHEDULE: Value = Value::Choice {
    names: || vec![("cosine", "Cosine"), ("constant", "Constant"), ("step", "Steps")],
    get: schedule_kind,
    set: |config, name| {
        let found = [
            ("cosine", Schedule::Cosine { floor: 0.05 }),
            ("constant", Schedule::Constant),
            ("step", Schedule::Step { every: 0.5, factor: 0.1 }),
        ];
        schedule_kind(config) == name || choose(&mut config.training.optimizer.schedule, &found, name)
    },
};

fn schedule_kind(config: &Config) -> &'static str {
    match config.training.optimizer.schedule {
        Schedule::Cosine { .. } => "cosine",
        Schedule::Constant => "constant",
        Schedule::Step { .. } => "step",
    }
}
