//! How it is grown.

use super::entry::{MOST, MOST_COUNTED, choose, flag, limit, list, listed, number, setting, whole};
use crate::engine::Learner;
use crate::estimate::Estimator;
use crate::lab::settings::{Bounds, NONE, Setting, Value};
use crate::lab::{Config, Measure};
use crate::morphism::{Family, MOST_WIDTH, Memory};
use crate::search::Strategy;

/// In the order of the setup dialog.
pub static SETTINGS: &[Setting] = &[
    setting(
        "rounds",
        "Growth rounds",
        whole!(0..=99, rounds),
        "Each trains, then grows; a last training follows",
    ),
    setting("families", "Families of changes", FAMILIES, "What may be done to the network"),
    setting(
        "layers",
        "Layers to change",
        LAYERS,
        "Only changes of these convolutions are proposed; without them, of all",
    )
    .advanced(),
    setting(
        "learning.learner",
        "How changes are learned",
        LEARNER,
        "estimate learns every change at once by the estimator; the others are methods of the literature",
    )
    .advanced(),
    setting(
        "learning.estimator",
        "Estimator",
        ESTIMATOR,
        "Changes are learned and chosen by it; sampled costs two passes, whatever the classes",
    ),
    setting(
        "measure",
        "Actual gains of",
        MEASURE,
        "Measuring all shows whether the formula is right; it costs most",
    ),
    setting(
        "instrument.estimates",
        "Show held-out estimates",
        flag!(instrument.estimates),
        "Every formula's on images that choose nothing; growing does not need them",
    ),
    setting(
        "instrument.train-scores",
        "Score on training images",
        flag!(instrument.train_scores),
        "Shows how much is only learned by heart; growing does not need it",
    )
    .advanced(),
    setting(
        "instrument.while-training",
        "Score while training",
        whole!(0..=MOST_COUNTED, instrument.while_training),
        "So many epochs apart the held-out images are scored within each training, for the curves; with 0 at its end alone",
    )
    .unit("epochs")
    .advanced(),
    setting(
        "instrument.in-the-end",
        "Follow to the end",
        whole!(0..=MOST_COUNTED, instrument.in_the_end),
        "So many changes of each family are tried in twins that are trained through the next phase; each costs as much as \
         that",
    )
    .unit("changes")
    .advanced(),
    setting(
        "instrument.in-the-end-again",
        "Follow twice",
        flag!(instrument.in_the_end_again),
        "Trains each twin a second time with the batches in another order: what differs then is chance",
    )
    .advanced(),
    setting(
        "instrument.literature",
        "Score by the literature",
        flag!(instrument.literature),
        "Splitting steepest descent, Firefly, GradMax and TINY score the changes that are followed; on the processor only",
    )
    .advanced(),
    setting(
        "instrument.beyond-training",
        "Show gains beyond training",
        flag!(instrument.beyond_training),
        "Holds the existing weights' own step against each change: what it gains beyond that is growth, not training; \
         finding that step costs as much as training on the images of learning",
    )
    .advanced(),
    setting("strategy.kind", "Choose by", STRATEGY, "What makes a change worth making"),
    setting(
        "strategy.lambda-parameters",
        "Price of a parameter",
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
        Value::Number {
            bounds: Bounds::NotNegative,
            step: 1e-10,
            at: |config| match &mut config.strategy {
                Strategy::Worth { lambda_flops, .. } | Strategy::Joint { lambda_flops, .. } => {
                    Some(lambda_flops)
                }
                _ => None,
            },
        },
        "Gain that each added floating-point operation of the forward pass must earn",
    )
    .unit("nats")
    .needs("strategy.kind", &["worth", "joint"])
    .advanced(),
    setting(
        "strategy.beyond-training",
        "Choose beyond training",
        Value::Flag {
            at: |config| match &mut config.strategy {
                Strategy::Joint { beyond_training, .. } => Some(beyond_training),
                _ => None,
            },
        },
        "Only what a change gains beyond the existing weights' own step counts; finding that step costs as much as training \
         on the images of learning",
    )
    .needs("strategy.kind", &["joint"])
    .advanced(),
    setting(
        "strategy.k",
        "Largest gains",
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
        flag!(confirm),
        "Where changes are chosen one by one: each is tried on top of those before it, and kept if it pays",
    ),
    setting(
        "budget.max-candidates",
        "Changes per round",
        whole!(0..=MOST_COUNTED, budget.max_candidates),
        "At most so many are chosen; with fewer, more of their gains add up",
    )
    .unit("changes"),
    setting(
        "budget.max-parameters",
        "Parameters at most",
        limit!(0..=u64::MAX, 10_000, budget.max_parameters),
        "Of the grown network; what would exceed it is passed over",
    )
    .unit("parameters")
    .advanced(),
    setting(
        "budget.max-flops",
        "FLOPs at most",
        limit!(0..=u64::MAX, 10_000_000, budget.max_flops),
        "Of the grown network's forward pass of one image; what would exceed it is passed over",
    )
    .unit("FLOPs per image")
    .advanced(),
    setting(
        "growth.width",
        "Widen by",
        whole!(1..=MOST_WIDTH as u64, growth.width),
        "So many channels of a layer are one change: learned, estimated and made together, by every learner \
         that widens layers (all but steepest); the larger, the faster the network grows",
    )
    .unit("channels")
    .advanced(),
    setting(
        "growth.tilt",
        "Read children unequally",
        number!(NotNegative, 0.1, growth.tilt),
        "What reads a split's children is moved apart by so much, and what they compute together stays: children that are \
         read alike stay alike",
    )
    .unit("deviations of the reader's weights")
    .advanced(),
    setting(
        "growth.spread",
        "Part children by",
        number!(NotNegative, 0.1, growth.spread),
        "A split's children are moved apart by at least so much, along what was learned; it changes what the network \
         computes",
    )
    .unit("deviations of the layer's weights")
    .advanced(),
    setting(
        "growth.noise",
        "Grow by noise",
        flag!(growth.noise),
        "Makes the chosen changes with noise instead of what was learned: what is left comes from the place alone",
    )
    .advanced(),
    setting(
        "growth.new-rate",
        "New weights learn",
        number!(Positive, 0.5, growth.new_rate),
        "The learning rate of weights that growth made new, in the training after it: the others have had \
         one",
    )
    .unit("times the learning rate")
    .advanced(),
    setting(
        "growth.memory",
        "Optimiser's memory",
        MEMORY,
        "Of the steps before growth. inherited: weights that stay in place keep it, a split's second child \
         has none; reset: all begin anew; rescaled: a split's children go on together as their parent would \
         have",
    )
    .advanced(),
];

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

const LAYERS: Value = Value::Text {
    expected: || format!("convolutions such as conv1,conv3, or {NONE} for all"),
    get: |config| listed(config.layers.as_deref()),
    set: |config, text| {
        config.layers = list(text);
        true
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

const MEMORY: Value = Value::Choice {
    names: || Memory::ALL.map(|memory| (memory.name(), memory.name())).to_vec(),
    get: |config| config.growth.memory.name(),
    set: |config, name| name.parse().map(|memory| config.growth.memory = memory).is_ok(),
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

const STRATEGY: Value = Value::Choice {
    names: || {
        vec![
            ("worth", "Gain minus cost"),
            ("gain-per-parameter", "Gain per parameter"),
            ("gain-per-flop", "Gain per FLOP"),
            ("top-k", "Largest gains"),
            ("joint", "All together"),
            ("random", "At random"),
        ]
    },
    get: strategy_kind,
    set: |config, name| {
        let prices = match config.strategy {
            Strategy::Worth { lambda_parameters, lambda_flops }
            | Strategy::Joint { lambda_parameters, lambda_flops, .. } => (lambda_parameters, lambda_flops),
            _ => (1e-6, 0.0),
        };
        let (lambda_parameters, lambda_flops) = prices;
        let found = [
            ("worth", Strategy::Worth { lambda_parameters, lambda_flops }),
            ("gain-per-parameter", Strategy::GainPerParameter),
            ("gain-per-flop", Strategy::GainPerFlop),
            ("top-k", Strategy::TopK { k: 4 }),
            ("joint", Strategy::Joint { lambda_parameters, lambda_flops, beyond_training: false }),
            ("random", Strategy::Random),
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
        Strategy::Random => "random",
    }
}
