//! How whole networks are tried, instead of growing round by round.

use super::entry::{MOST, choose, flag, limit, number, setting, whole};
use crate::lab::Config;
use crate::lab::settings::{Bounds, Setting, Value};
use crate::search::trials::{Kind, PhiFrom, Proof};

/// The strategies that try networks.
const TRIES: &[&str] = &["random", "hill-climbing", "evolution", "pareto", "autogrow", "ev3"];

/// A number of one kind of search.
macro_rules! own {
    ($range:expr, $at:ident) => {
        Value::Whole {
            range: $range,
            get: |config| {
                let mut kind = config.search.kind;
                $at(&mut kind).map(|number| *number as u64)
            },
            set: |config, number| {
                if let Some(slot) = $at(&mut config.search.kind) {
                    *slot = number as usize;
                }
            },
        }
    };
}

/// In the order of the setup dialog.
pub static SETTINGS: &[Setting] = &[
    setting(
        "search.kind",
        "Strategy",
        KIND,
        "rounds grows one network by the method above; the others try many, after the literature (docs/strategies.md)",
    )
    .advanced(),
    setting(
        "search.trials",
        "Networks to try",
        limit!(0..=100_000, 60, search.trials),
        "After the seed, at most; without a number as many as the search's share of training.total-flops allows, or 60 where \
         that is not given either",
    )
    .needs("search.kind", TRIES)
    .advanced(),
    setting(
        "search.share",
        "Share of the cost",
        number!(Share, 0.05, search.share),
        "Of training.total-flops for the seed's training and all trials; the last training has the rest",
    )
    .needs("search.kind", TRIES)
    .advanced(),
    setting(
        "search.short-epochs",
        "Epochs of a trial",
        whole!(1..=MOST, search.short_epochs),
        "So long is each network trained before it is judged on the validation images",
    )
    .unit("epochs")
    .needs("search.kind", TRIES)
    .advanced(),
    setting(
        "search.phi",
        "Form of the changes",
        PHI,
        "neutral keeps what the parent computes, as in the literature; random does not; learned is this program's own",
    )
    .needs("search.kind", TRIES)
    .advanced(),
    setting(
        "search.predict",
        "Predict each trial",
        flag!(search.predict),
        "Estimates what the changes gain together before they are made; counted as what only shows, where nothing is learned \
         for the trial itself",
    )
    .needs("search.kind", TRIES)
    .advanced(),
    setting(
        "search.control",
        "Hold against training alone",
        flag!(search.control),
        "Each parent is also trained on unchanged, so that evolution and pareto judge by what changes gain beyond that: \
         children have trained for longer than their parents",
    )
    .needs("search.kind", TRIES)
    .advanced(),
    setting(
        "search.learning-steps",
        "Steps of learning in a trial",
        whole!(1..=MOST, search.learning_steps),
        "Fewer than in a round: a trial is short",
    )
    .unit("steps")
    .needs("search.kind", TRIES)
    .advanced(),
    setting(
        "search.learning-batch",
        "Batch size of it",
        whole!(1..=MOST, search.learning_batch),
        "Images of each of these steps",
    )
    .unit("images per step")
    .needs("search.kind", TRIES)
    .advanced(),
    setting(
        "search.changes",
        "Changes of a trial",
        own!(1..=64, changes),
        "Drawn at random: a family first, then a place of it; random and pareto draw their number too, up to this",
    )
    .unit("changes")
    .needs("search.kind", &["random", "hill-climbing", "evolution", "pareto", "ev3"])
    .advanced(),
    setting(
        "search.from-scratch",
        "Fresh weights",
        Value::Flag {
            at: |config| match &mut config.search.kind {
                Kind::Random { from_scratch, .. } => Some(from_scratch),
                _ => None,
            },
        },
        "Every network begins anew, the seed network too: what inherited weights are worth",
    )
    .needs("search.kind", &["random"])
    .advanced(),
    setting(
        "search.neighbours",
        "Neighbours",
        own!(2..=64, neighbours),
        "Networks of a step, an unchanged copy among them; the best goes on",
    )
    .unit("networks")
    .needs("search.kind", &["hill-climbing"])
    .advanced(),
    setting(
        "search.population",
        "Population",
        own!(2..=24, population),
        "Networks that may have children; of the front at most so many, the least crowded",
    )
    .unit("networks")
    .needs("search.kind", &["evolution", "pareto"])
    .advanced(),
    setting(
        "search.sample",
        "Sample",
        own!(1..=24, sample),
        "So many of the living compete to be the next parent",
    )
    .unit("networks")
    .needs("search.kind", &["evolution"])
    .advanced(),
    setting(
        "search.proposals",
        "Children thought of",
        own!(1..=256, proposals),
        "In each generation, before any is trained",
    )
    .unit("networks")
    .needs("search.kind", &["pareto"])
    .advanced(),
    setting(
        "search.trained",
        "Children trained",
        own!(1..=6, trained),
        "Of those, the ones that lie where few of the population do",
    )
    .unit("networks")
    .needs("search.kind", &["pareto"])
    .advanced(),
    setting(
        "search.window",
        "Window",
        own!(1..=100_000, window),
        "Epochs within which the lowest loss must have fallen, or the group grown last is closed",
    )
    .unit("epochs")
    .needs("search.kind", &["autogrow"])
    .advanced(),
    setting(
        "search.threshold",
        "Least fall",
        Value::Number {
            bounds: Bounds::NotNegative,
            step: 0.001,
            at: |config| match &mut config.search.kind {
                Kind::AutoGrow { threshold, .. } => Some(threshold),
                _ => None,
            },
        },
        "By how much it must have",
    )
    .unit("nats")
    .needs("search.kind", &["autogrow"])
    .advanced(),
    setting(
        "search.patience",
        "Patience",
        own!(1..=1_000, patience),
        "Iterations that prove nothing better, after which the network grows",
    )
    .unit("iterations")
    .needs("search.kind", &["ev3"])
    .advanced(),
    setting(
        "search.test",
        "Proof",
        TEST,
        "interval is the published rule, which on the same images hardly ever accepts; paired tests the images' differences",
    )
    .needs("search.kind", &["ev3"])
    .advanced(),
    setting(
        "search.confidence",
        "Confidence",
        Value::Number {
            bounds: Bounds::Positive,
            step: 0.1,
            at: |config| match &mut config.search.kind {
                Kind::Ev3 { confidence, .. } => Some(confidence),
                _ => None,
            },
        },
        "Of the interval, or of the test before it is shared by the proposals",
    )
    .unit("standard errors")
    .needs("search.kind", &["ev3"])
    .advanced(),
];

const KIND: Value = Value::Choice {
    names: || {
        vec![
            ("rounds", "Growth rounds"),
            ("random", "Random search"),
            ("hill-climbing", "Hill climbing (NASH)"),
            ("evolution", "Regularised evolution"),
            ("pareto", "Loss and size (LEMONADE)"),
            ("autogrow", "AutoGrow"),
            ("ev3", "Explore, assess, adapt (EV3)"),
        ]
    },
    get: |config| config.search.kind.name(),
    set: |config: &mut Config, name| {
        let found = Kind::ALL.map(|kind| (kind.name(), kind));
        // What it is already keeps its numbers.
        config.search.kind.name() == name || choose(&mut config.search.kind, &found, name)
    },
};

const PHI: Value = Value::Choice {
    names: || PhiFrom::ALL.map(|phi| (phi.name(), phi.name())).to_vec(),
    get: |config| config.search.phi.name(),
    set: |config, name| name.parse().map(|phi| config.search.phi = phi).is_ok(),
};

const TEST: Value = Value::Choice {
    names: || vec![("interval", "Intervals apart"), ("paired", "Paired test")],
    get: |config| match config.search.kind {
        Kind::Ev3 { test, .. } => test.name(),
        _ => Proof::Paired.name(),
    },
    set: |config, name| match &mut config.search.kind {
        Kind::Ev3 { test, .. } => name.parse().map(|found| *test = found).is_ok(),
        _ => false,
    },
};

fn changes(kind: &mut Kind) -> Option<&mut usize> {
    match kind {
        Kind::Random { changes, .. }
        | Kind::HillClimbing { changes, .. }
        | Kind::Evolution { changes, .. }
        | Kind::Pareto { changes, .. }
        | Kind::Ev3 { changes, .. } => Some(changes),
        _ => None,
    }
}

fn neighbours(kind: &mut Kind) -> Option<&mut usize> {
    match kind {
        Kind::HillClimbing { neighbours, .. } => Some(neighbours),
        _ => None,
    }
}

fn population(kind: &mut Kind) -> Option<&mut usize> {
    match kind {
        Kind::Evolution { population, .. } | Kind::Pareto { population, .. } => Some(population),
        _ => None,
    }
}

fn sample(kind: &mut Kind) -> Option<&mut usize> {
    match kind {
        Kind::Evolution { sample, .. } => Some(sample),
        _ => None,
    }
}

fn proposals(kind: &mut Kind) -> Option<&mut usize> {
    match kind {
        Kind::Pareto { proposals, .. } => Some(proposals),
        _ => None,
    }
}

fn trained(kind: &mut Kind) -> Option<&mut usize> {
    match kind {
        Kind::Pareto { trained, .. } => Some(trained),
        _ => None,
    }
}

fn window(kind: &mut Kind) -> Option<&mut usize> {
    match kind {
        Kind::AutoGrow { window, .. } => Some(window),
        _ => None,
    }
}

fn patience(kind: &mut Kind) -> Option<&mut usize> {
    match kind {
        Kind::Ev3 { patience, .. } => Some(patience),
        _ => None,
    }
}
