//! The table.

use std::fmt::Display;

use super::{Bounds, NONE, Section, Setting, Value};
use crate::data::Labels;
use crate::engine::{Learner, Rule, Schedule};
use crate::estimate::Estimator;
use crate::lab::{Config, Measure};
use crate::morphism::Family;
use crate::network::{PRESETS, preset};
use crate::search::Strategy;

/// Steps, examples and epochs: more than any run takes.
const MOST: u64 = 1_000_000;
/// Of what is counted in memory, where a number may have only 32 bits.
const MOST_COUNTED: u64 = u32::MAX as u64;

/// A setting with no unit that most people look at.
const fn setting(
    name: &'static str,
    label: &'static str,
    section: Section,
    value: Value,
    why: &'static str,
) -> Setting {
    Setting { name, label, why, unit: "", section, advanced: false, needs: None, value }
}

impl Setting {
    const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    const fn advanced(self) -> Self {
        Self { advanced: true, ..self }
    }

    const fn needs(self, name: &'static str, values: &'static [&'static str]) -> Self {
        Self { needs: Some((name, values)), ..self }
    }
}

macro_rules! whole {
    ($range:expr, $($field:ident).+) => {
        Value::Whole {
            range: $range,
            get: |config| Some(config.$($field).+ as u64),
            set: |config, number| config.$($field).+ = number as _,
        }
    };
}

macro_rules! limit {
    ($range:expr, $first:expr, $($field:ident).+) => {
        Value::Limit {
            range: $range,
            first: $first,
            get: |config| config.$($field).+.map(|number| number as u64),
            set: |config, number| config.$($field).+ = number.map(|number| number as _),
        }
    };
}

macro_rules! number {
    ($bounds:ident, $step:expr, $($field:ident).+) => {
        Value::Number { bounds: Bounds::$bounds, step: $step, at: |config| Some(&mut config.$($field).+) }
    };
}

macro_rules! flag {
    ($($field:ident).+) => {
        Value::Flag { at: |config| &mut config.$($field).+ }
    };
}

/// Every setting, in the order of the setup dialog.
pub static SETTINGS: [Setting; 46] = [
    setting("preset", "Seed network", Section::Start, PRESET, "Small, so that growing it shows something"),
    setting(
        "network",
        "Saved network",
        Section::Start,
        NETWORK,
        "A run's folder or one of its networks, to start from its layers instead of the seed network's",
    )
    .advanced(),
    setting(
        "inherit",
        "Keep its weights",
        Section::Start,
        flag!(inherit),
        "Starts with the saved network's weights too, not only its layers",
    )
    .advanced(),
    setting(
        "seed",
        "Seed",
        Section::Start,
        whole!(0..=u64::MAX, seed),
        "Names every random choice: the same number gives the same run",
    ),
    setting(
        "data.dir",
        "Images",
        Section::Start,
        DIR,
        "CIFAR-10 or CIFAR-100 in the official binary layout; without a folder, the built-in part of CIFAR-10",
    ),
    setting(
        "data.classes",
        "Classes",
        Section::Start,
        CLASSES,
        "The classes to keep; fewer are easier to tell apart",
    ),
    setting("data.labels", "Labels", Section::Start, LABELS, "CIFAR-100 has 100 fine classes in 20 coarse ones").advanced(),
    setting(
        "data.train",
        "Images to train on",
        Section::Start,
        limit!(0..=MOST_COUNTED, 1_000, data.train),
        "All there are, if not limited",
    ),
    setting(
        "data.validation",
        "Images to choose by",
        Section::Start,
        limit!(0..=MOST_COUNTED, 250, data.validation),
        "Taken from the training images, to choose scales and changes by; without a limit, a quarter of the images to \
         train on if those are limited, else a fifth of all",
    )
    .advanced(),
    setting(
        "data.held-out",
        "Images held out",
        Section::Start,
        limit!(0..=MOST_COUNTED, 500, data.held_out),
        "Never learned or chosen from; every gain is reported on these, and more make surer numbers",
    ),
    setting(
        "rounds",
        "Growth rounds",
        Section::Method,
        whole!(0..=99, rounds),
        "Each trains, then grows; a last training follows",
    ),
    setting("families", "Families of changes", Section::Method, FAMILIES, "What may be done to the network"),
    setting(
        "layers",
        "Layers to change",
        Section::Method,
        LAYERS,
        "Only changes of these convolutions are proposed; without them, of all",
    )
    .advanced(),
    setting(
        "learning.learner",
        "How changes are learned",
        Section::Method,
        LEARNER,
        "estimate learns every change at once by the estimator; the others are methods of the literature",
    )
    .advanced(),
    setting(
        "learning.estimator",
        "Estimator",
        Section::Method,
        ESTIMATOR,
        "Changes are learned and chosen by it; sampled costs two passes, whatever the classes",
    ),
    setting(
        "measure",
        "Actual gains of",
        Section::Method,
        MEASURE,
        "Measuring all shows whether the formula is right; it costs most",
    ),
    setting(
        "instrument.estimates",
        "Show held-out estimates",
        Section::Method,
        flag!(instrument.estimates),
        "Every formula's on images that choose nothing; growing does not need them",
    ),
    setting(
        "instrument.train-scores",
        "Score on training images",
        Section::Method,
        flag!(instrument.train_scores),
        "Shows how much is only learned by heart; growing does not need it",
    )
    .advanced(),
    setting("strategy.kind", "Choose by", Section::Method, STRATEGY, "What makes a change worth making"),
    setting(
        "strategy.lambda-parameters",
        "Price of a parameter",
        Section::Method,
        Value::Number {
            bounds: Bounds::NotNegative,
            step: 1e-7,
            at: |config| match &mut config.strategy {
                Strategy::Worth { lambda_parameters, .. } | Strategy::Joint { lambda_parameters, .. } => {
                    Some(lambda_parameters)
                }
                _ => None,
            },
        },
        "Gain that each added parameter must earn",
    )
    .unit("nats")
    .needs("strategy.kind", &["worth", "joint"]),
    setting(
        "strategy.lambda-flops",
        "Price of a FLOP",
        Section::Method,
        Value::Number {
            bounds: Bounds::NotNegative,
            step: 1e-10,
            at: |config| match &mut config.strategy {
                Strategy::Worth { lambda_flops, .. } | Strategy::Joint { lambda_flops, .. } => Some(lambda_flops),
                _ => None,
            },
        },
        "Gain that each added floating-point operation of the forward pass must earn",
    )
    .unit("nats")
    .needs("strategy.kind", &["worth", "joint"])
    .advanced(),
    setting(
        "strategy.k",
        "Largest gains",
        Section::Method,
        Value::Whole {
            range: 1..=MOST,
            get: |config| match config.strategy {
                Strategy::TopK { k } => Some(k as u64),
                _ => None,
            },
            set: |config, number| {
                if let Strategy::TopK { k } = &mut config.strategy {
                    *k = number as usize;
                }
            },
        },
        "How many of the changes with the largest positive gains are chosen",
    )
    .unit("changes")
    .needs("strategy.kind", &["top-k"]),
    setting(
        "confirm",
        "Confirm choices",
        Section::Method,
        flag!(confirm),
        "Where changes are chosen one by one: each is tried on top of those before it, and kept if it pays",
    ),
    setting(
        "budget.max-candidates",
        "Changes per round",
        Section::Method,
        whole!(0..=MOST_COUNTED, budget.max_candidates),
        "At most so many are chosen; with fewer, more of their gains add up",
    )
    .unit("changes"),
    setting(
        "budget.max-parameters",
        "Parameters at most",
        Section::Method,
        limit!(0..=u64::MAX, 10_000, budget.max_parameters),
        "Of the grown network; what would exceed it is passed over",
    )
    .unit("parameters")
    .advanced(),
    setting(
        "budget.max-flops",
        "FLOPs at most",
        Section::Method,
        limit!(0..=u64::MAX, 10_000_000, budget.max_flops),
        "Of the grown network's forward pass of one image; what would exceed it is passed over",
    )
    .unit("FLOPs per image")
    .advanced(),
    setting(
        "training.epochs",
        "Epochs per round",
        Section::Training,
        whole!(1..=MOST, training.epochs),
        "Passes over the training images before each growth",
    ),
    setting(
        "training.batch",
        "Batch size",
        Section::Training,
        whole!(2..=MOST, training.batch),
        "64 is small enough to learn fast, large enough to compute fast",
    )
    .unit("images per step"),
    setting(
        "training.augment",
        "Flip and shift images",
        Section::Training,
        flag!(training.augment),
        "Makes more of few images while training",
    ),
    setting(
        "training.optimizer.learning-rate",
        "Learning rate",
        Section::Training,
        number!(Positive, 0.001, training.optimizer.learning_rate),
        "Too large diverges; too small learns nothing in this time",
    ),
    setting(
        "training.optimizer.rule",
        "Optimiser",
        Section::Training,
        RULE,
        "SGD with momentum is enough for networks this small",
    )
    .advanced(),
    setting(
        "training.optimizer.momentum",
        "Momentum",
        Section::Training,
        number!(Share, 0.01, training.optimizer.momentum),
        "How much of the last step the next one keeps; AdamW: its β₁",
    )
    .advanced(),
    setting(
        "training.optimizer.nesterov",
        "Nesterov's momentum",
        Section::Training,
        flag!(training.optimizer.nesterov),
        "Of SGD: looks one step ahead",
    )
    .advanced(),
    setting(
        "training.optimizer.beta2",
        "β₂",
        Section::Training,
        number!(Share, 0.001, training.optimizer.beta2),
        "Of AdamW: how slowly it forgets the size of gradients",
    )
    .advanced(),
    setting(
        "training.optimizer.weight-decay",
        "Weight decay",
        Section::Training,
        number!(NotNegative, 0.0005, training.optimizer.weight_decay),
        "Strong, for few images: it keeps single channels from carrying the whole network",
    )
    .advanced(),
    setting(
        "training.optimizer.clip",
        "Largest gradient",
        Section::Training,
        number!(NotNegative, 0.1, training.optimizer.clip),
        "Larger gradients are scaled down to this Euclidean norm; 0 leaves them",
    )
    .advanced(),
    setting(
        "training.optimizer.schedule.kind",
        "Schedule",
        Section::Training,
        SCHEDULE,
        "How the learning rate falls during a training",
    )
    .advanced(),
    setting(
        "training.optimizer.schedule.floor",
        "Last factor",
        Section::Training,
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
        Section::Training,
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
        Section::Training,
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
        Section::Training,
        whole!(0..=MOST, training.distil_steps),
        "A network that lost a layer or a shortcut first learns to answer as before; 0 leaves it as it is",
    )
    .unit("steps")
    .advanced(),
    setting(
        "training.total-flops",
        "Cost of the whole run",
        Section::Training,
        limit!(0..=u64::MAX, 1_000_000_000_000, training.total_flops),
        "Where given, the last training takes as many steps as the rest of it allows, at least one, instead of its epochs",
    )
    .unit("FLOPs")
    .advanced(),
    setting(
        "learning.steps",
        "Steps",
        Section::Learning,
        whole!(1..=MOST, learning.steps),
        "Adam steps on every change at once",
    ),
    setting(
        "learning.batch",
        "Batch size of learning",
        Section::Learning,
        whole!(1..=MOST, learning.batch),
        "Large, because the curvature is noisy",
    )
    .unit("images per step")
    .advanced(),
    setting(
        "learning.learning-rate",
        "Learning rate of learning",
        Section::Learning,
        number!(Positive, 0.0005, learning.learning_rate),
        "Of Adam",
    )
    .advanced(),
    setting(
        "learning.together",
        "Learn together",
        Section::Learning,
        flag!(learning.together),
        "All changes descend on the predicted loss of their sum and divide the work, instead of each on its own",
    ),
];

const PRESET: Value = Value::Text {
    expected: || {
        let names: Vec<&str> = PRESETS.iter().map(|(name, _)| *name).collect();
        format!("{}, or layers such as 8-8-M-16", names.join(", "))
    },
    get: |config| config.preset.clone(),
    set: |config, text| {
        let known = preset(text, 10).is_ok();
        if known {
            text.clone_into(&mut config.preset);
        }
        known
    },
};

const DIR: Value = Value::Text {
    expected: || format!("a folder, or {NONE}"),
    get: |config| config.data.dir.as_ref().map_or(NONE.to_owned(), |folder| folder.display().to_string()),
    set: |config, text| {
        config.data.dir = (text != NONE).then(|| text.into());
        !text.is_empty()
    },
};

const NETWORK: Value = Value::Text {
    expected: || format!("a .safetensors file or a run's folder, or {NONE}"),
    get: |config| config.network.as_ref().map_or(NONE.to_owned(), |network| network.display().to_string()),
    set: |config, text| {
        config.network = (text != NONE).then(|| text.into());
        !text.is_empty()
    },
};

const CLASSES: Value = Value::Text {
    expected: || format!("names or numbers such as cat,dog or 3,5, or {NONE} for all"),
    get: |config| listed(config.data.classes.as_deref()),
    set: |config, text| {
        let read = |parts: Vec<String>| parts.iter().map(|part| part.parse()).collect::<Result<_, _>>();
        let Ok(classes) = list(text).map(read).transpose();
        config.data.classes = classes;
        true
    },
};

const LAYERS: Value = Value::Text {
    expected: || format!("convolutions such as conv1,conv3, or {NONE} for all"),
    get: |config| listed(config.layers.as_deref()),
    set: |config, text| {
        config.layers = list(text);
        true
    },
};

const FAMILIES: Value = Value::Text {
    expected: || {
        let names: Vec<&str> = Family::ALL.iter().map(|family| family.name()).collect();
        format!("some of {}", names.join(","))
    },
    get: |config| listed(Some(&config.families)),
    set: |config, text| {
        let names = list(text).unwrap_or_default();
        match names.iter().map(|name| name.parse()).collect::<Result<Vec<Family>, String>>() {
            Ok(families) if !families.is_empty() => {
                config.families = families;
                true
            }
            _ => false,
        }
    },
};

const LABELS: Value = Value::Choice {
    names: || vec![("fine", "fine"), ("coarse", "coarse")],
    get: |config| match config.data.labels {
        Labels::Fine => "fine",
        Labels::Coarse => "coarse",
    },
    set: |config, name| {
        let found = [("fine", Labels::Fine), ("coarse", Labels::Coarse)];
        choose(&mut config.data.labels, &found, name)
    },
};

const LEARNER: Value = Value::Choice {
    names: || Learner::ALL.map(|learner| (learner.name(), learner.name())).to_vec(),
    get: |config| config.learning.learner.name(),
    set: |config, name| name.parse().map(|learner| config.learning.learner = learner).is_ok(),
};

const ESTIMATOR: Value = Value::Choice {
    names: || Estimator::ALL.map(|estimator| (estimator.name(), estimator.name())).to_vec(),
    get: |config| config.learning.estimator.name(),
    set: |config, name| name.parse().map(|estimator| config.learning.estimator = estimator).is_ok(),
};

const MEASURE: Value = Value::Choice {
    names: || vec![("all", "all"), ("chosen", "the chosen"), ("none", "none")],
    get: |config| match config.measure {
        Measure::All => "all",
        Measure::Chosen => "chosen",
        Measure::None => "none",
    },
    set: |config, name| name.parse().map(|measure| config.measure = measure).is_ok(),
};

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

const STRATEGY: Value = Value::Choice {
    names: || {
        vec![
            ("worth", "Gain minus cost"),
            ("gain-per-parameter", "Gain per parameter"),
            ("gain-per-flop", "Gain per FLOP"),
            ("top-k", "Largest gains"),
            ("joint", "All together"),
        ]
    },
    get: strategy_kind,
    set: |config, name| {
        let prices = match config.strategy {
            Strategy::Worth { lambda_parameters, lambda_flops }
            | Strategy::Joint { lambda_parameters, lambda_flops } => (lambda_parameters, lambda_flops),
            _ => (1e-6, 0.0),
        };
        let (lambda_parameters, lambda_flops) = prices;
        let found = [
            ("worth", Strategy::Worth { lambda_parameters, lambda_flops }),
            ("gain-per-parameter", Strategy::GainPerParameter),
            ("gain-per-flop", Strategy::GainPerFlop),
            ("top-k", Strategy::TopK { k: 4 }),
            ("joint", Strategy::Joint { lambda_parameters, lambda_flops }),
        ];
        // What it is already keeps its numbers.
        strategy_kind(config) == name || choose(&mut config.strategy, &found, name)
    },
};

fn strategy_kind(config: &Config) -> &'static str {
    match config.strategy {
        Strategy::Worth { .. } => "worth",
        Strategy::GainPerParameter => "gain-per-parameter",
        Strategy::GainPerFlop => "gain-per-flop",
        Strategy::TopK { .. } => "top-k",
        Strategy::Joint { .. } => "joint",
    }
}

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

/// Puts the value of this name into `slot`; false if there is none.
fn choose<T: Clone>(slot: &mut T, known: &[(&str, T)], name: &str) -> bool {
    let found = known.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| slot.clone_from(value)).is_some()
}

/// Values with commas between them.
fn listed<T: Display>(values: Option<&[T]>) -> String {
    match values {
        Some(values) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        None => NONE.to_owned(),
    }
}

/// The parts between commas or spaces; none for "none".
fn list(text: &str) -> Option<Vec<String>> {
    let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
    (text != NONE).then(|| parts.map(str::to_owned).collect())
}
