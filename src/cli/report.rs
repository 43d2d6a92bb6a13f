//! The report on standard output, which also explains its numbers to first-time readers.

use std::fmt::Write;

use super::table::aligned;
use crate::engine::EngineInfo;
use crate::estimate::{Agreement, Estimator};
use crate::format::{gain, known, magnitude, seconds, signed, signed_decimal, signed_magnitude, thousands};
use crate::lab::{CandidateRecord, Lab, Quality, Round, Scores};

/// Candidates shown at each end of the list.
const ENDS: usize = 3;
/// Correlations of one line.
const RANKS: usize = 4;

/// The heading: what is run, with which engine and data.
pub fn heading(lab: &Lab, engine: &EngineInfo) -> String {
    let (config, data) = (lab.config(), lab.data());
    let mut text =
        format!("Seedling {}, engine {}, seed {}\n", env!("CARGO_PKG_VERSION"), engine.name, config.seed);
    let _ = writeln!(
        text,
        "Images   {} ({}), {} classes: {} to train on, {} for validation, {} held out to report on",
        data.name,
        data.source,
        data.classes.len(),
        thousands(data.train.len() as u64),
        thousands(data.validation.len() as u64),
        thousands(data.held_out.len() as u64),
    );
    let seed = match (&config.network, config.inherit) {
        (None, _) => config.preset.clone(),
        (Some(network), true) => format!("in {}, with its weights", network.display()),
        (Some(network), false) => format!("of the layers in {}", network.display()),
    };
    let plan = match config.search.tries() {
        true => format!("a search ({})", config.search.kind.after()),
        false => match config.rounds {
            1 => "1 growth round".to_owned(),
            rounds => format!("{rounds} growth rounds"),
        },
    };
    let _ = write!(
        text,
        "Plan     {plan} from the seed network {seed}, changes by {}",
        config.families.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    );
    for warning in lab.warnings() {
        let _ = write!(text, "\nNote     {warning}");
    }
    text
}

/// A growth round of a lab.
pub fn round(lab: &Lab, record: &Round) -> String {
    let rounds = lab.config().rounds;
    let mut text = title(&format!("Round {} of {rounds}", record.round));
    if let (Some(before), Some(after)) = (record.before, record.after) {
        text.push_str(&change(&before, &after, ["trained", "grown"]));
        let so_far = match record.distilled.len() {
            0 => "has not been trained yet".to_owned(),
            steps => format!("has only imitated its parent, for {steps} steps"),
        };
        let _ = writeln!(text, "  The grown network {so_far}: the next training starts from there.");
        if let Some(warning) = lab.fell(record) {
            let _ = writeln!(text, "  Warning: {warning}");
            text.push_str("  Fewer changes per round, or confirm = true, keep this from happening.\n");
        }
    }
    text.push_str(&candidates(record));
    text.push_str(&beyond_training(record));
    text.push_str(&together(record));
    text.push_str(&agreement(record));
    text.push_str(&in_the_end(record));
    text.push_str(&work(record));
    text
}

/// The end: seed and final network, and the cost of the whole run.
pub fn result(lab: &Lab) -> Option<String> {
    let (state, rounds) = (lab.state(), lab.config().growth_rounds());
    let last = state.last(rounds)?;
    let mut text = title("Result");
    match state.record(1).and_then(|record| record.before) {
        Some(first) if rounds > 0 => {
            text.push_str(&change(&first, &last, ["seed, trained", "final"]));
        }
        _ => text.push_str(&change(&state.seed?, &last, ["untrained", "final"])),
    }
    let mut total: f64 = state.rounds.iter().map(|record| record.steps.total().seconds).sum();
    total += state.search.as_ref().map_or(0.0, |search| search.tree.cost().seconds);
    let _ = writeln!(text, "  {} of computing.", seconds(total));
    Some(text)
}

pub(super) fn title(text: &str) -> String {
    format!("\n{text}\n{}\n", "─".repeat(text.chars().count().max(72)))
}

fn change(before: &Quality, after: &Quality, names: [&str; 2]) -> String {
    let loss = |name: &str, a: f64, b: f64, note: &str| {
        vec![name.into(), format!("{a:.4}"), format!("{b:.4}"), signed_decimal(b - a, 4), note.into()]
    };
    let share = |name: &str, a: f64, b: f64, note: &str| {
        let (a, b) = (100.0 * a, 100.0 * b);
        vec![
            name.into(),
            format!("{a:.1} %"),
            format!("{b:.1} %"),
            format!("{} pt", signed_decimal(b - a, 1)),
            note.into(),
        ]
    };
    let delta = |a: u64, b: u64| b as i64 - a as i64;
    let mut rows: Vec<Vec<String>> = vec![
        vec![String::new(), names[0].into(), names[1].into(), "change".into(), String::new()],
        loss(
            "loss, held out",
            before.held_out.loss,
            after.held_out.loss,
            "cross-entropy in nats: lower is better",
        ),
        share(
            "accuracy, held out",
            before.held_out.accuracy,
            after.held_out.accuracy,
            "images classified correctly",
        ),
        vec![
            "parameters".into(),
            thousands(before.parameters),
            thousands(after.parameters),
            signed(delta(before.parameters, after.parameters)),
            "numbers that training fits".into(),
        ],
        vec![
            "FLOPs per image".into(),
            magnitude(before.flops),
            magnitude(after.flops),
            signed_magnitude(delta(before.flops, after.flops)),
            "arithmetic of one forward pass".into(),
        ],
    ];
    if let (Some(before), Some(after)) = (before.train, after.train) {
        rows.insert(3, share("accuracy, training", before.accuracy, after.accuracy, ""));
        let note = "the same on the images trained on";
        rows.insert(3, loss("loss, training", before.loss, after.loss, note));
    }
    aligned(&rows, "  ", true)
}

fn candidates(record: &Round) -> String {
    let all = &record.candidates;
    let chosen: Vec<&CandidateRecord> = all.iter().filter(|candidate| candidate.chosen).collect();
    let mut text = format!("\n  Candidates: {} changes considered, {} made.\n", all.len(), chosen.len());
    let _ = writeln!(
        text,
        "  Gain is how far the held-out loss falls: estimated by the formula \"{}\", actual by",
        record.estimator
    );
    text.push_str("  making the change and looking. Scale is how far along the learned direction to go.\n\n");
    let beyond = record.beyond_training.is_some();
    let row = |candidate: &&CandidateRecord| {
        let mut row = vec![
            format!("  {}", candidate.id()),
            candidate.scale.map_or("-".into(), |scale| format!("{scale:.2}")),
            known(candidate.estimate_by(record.estimator), gain),
            known(candidate.actual, gain),
        ];
        if beyond {
            row.extend([known(candidate.alone, gain), known(candidate.beyond_training, gain)]);
        }
        row.push(signed(candidate.params_delta));
        row
    };
    let mut ranked: Vec<&CandidateRecord> = all.iter().collect();
    let promise = |candidate: &CandidateRecord| candidate.estimate_by(record.estimator).unwrap_or(0.0);
    ranked.sort_by(|a, b| promise(b).total_cmp(&promise(a)).then_with(|| a.id().cmp(&b.id())));
    let mut heading = vec!["", "scale", "estimated", "actual"];
    if beyond {
        heading.extend(["alone", "beyond training"]);
    }
    heading.push("parameters");
    let heading = heading.into_iter().map(str::to_owned).collect();
    let mut rows = vec![heading, vec!["made".into()]];
    if chosen.is_empty() {
        rows.push(vec!["  none was worth its cost".into()]);
    }
    rows.extend(chosen.iter().map(row));
    let worst = ranked.len().saturating_sub(ENDS).max(ENDS.min(ranked.len()));
    if !ranked.is_empty() {
        rows.push(vec!["best estimates".into()]);
        rows.extend(ranked.iter().take(ENDS).map(row));
    }
    if worst < ranked.len() {
        rows.push(vec!["worst estimates".into()]);
        rows.extend(ranked[worst..].iter().map(row));
    }
    text.push_str(&aligned(&rows, "  ", false));
    text
}

/// What the existing weights' own step would gain for nothing, and what growth adds to it.
fn beyond_training(record: &Round) -> String {
    let Some(beyond) = record.beyond_training else { return String::new() };
    let mut text = format!(
        "\n  Beyond training: one more step of the existing weights would gain {} for nothing, by the linearised loss on the\n",
        gain(beyond.training)
    );
    text.push_str("  validation images. What a change gains beside that step is growth; alone, some of it may be training.\n");
    if let Some(made) = beyond.made {
        let _ = writeln!(text, "  The changes that were made add {} to it.", gain(made));
    }
    text
}

/// What the made changes promised and brought together.
fn together(record: &Round) -> String {
    let Some(joint) = record.joint else { return String::new() };
    let made = record.candidates.iter().filter(|candidate| candidate.chosen).count();
    if made == 0 {
        return match joint.factor {
            Some(_) => {
                "\n  Tried together, no length of the changes lowers the loss: the network stays as it is.\n"
                    .into()
            }
            None => String::new(),
        };
    }
    let mut text = format!(
        "\n  Together: the {made} changes repair the same errors, so their single gains do not add.\n"
    );
    text.push_str("  The joint estimate foresees all of them at once, each made only as far as the others leave it work.\n\n");
    let both = |chosen: Option<f64>, held_out: Option<f64>| [known(chosen, gain), known(held_out, gain)];
    let rows = [
        ("single gains, summed", [gain(joint.sum_of_single), "-".into()]),
        ("joint estimate", both(Some(joint.promised), joint.promised_held_out)),
        ("came", both(joint.came, joint.came_held_out)),
    ];
    let heading = ["", "validation", "held out"].map(str::to_owned).to_vec();
    let rows = rows.into_iter().map(|(name, [chosen, held_out])| vec![name.to_owned(), chosen, held_out]);
    text.push_str(&aligned(&std::iter::once(heading).chain(rows).collect::<Vec<_>>(), "    ", false));
    if let Some(factor) = joint.factor.filter(|factor| *factor < 1.0) {
        let _ =
            writeln!(text, "    Made at {factor} of the chosen lengths: the best of those that were tried.");
    }
    text
}

fn agreement(record: &Round) -> String {
    let families = record.agreement();
    if families.is_empty() {
        return String::new();
    }
    let mut text =
        "\n  Agreement of estimated and actual gains, over all candidates of a family; 1 is perfect.\n"
            .to_owned();
    text.push_str("  Pearson: do they lie on a line? Spearman: are they in the same order? Slope: actual per estimated.\n\n");
    let mut rows = vec![["family", "n", "Pearson", "Spearman", "slope"].map(str::to_owned).to_vec()];
    for (family, agreement) in families {
        let number = |value: Option<f64>| known(value, |value| format!("{value:.3}"));
        rows.push(match agreement {
            Some(agreement) => vec![
                family.into(),
                agreement.n.to_string(),
                number(agreement.pearson),
                number(agreement.spearman),
                number(agreement.slope),
            ],
            None => vec![family.into(), "-".into(), "not all".into(), "measured".into(), "-".into()],
        });
    }
    text.push_str(&aligned(&rows, "    ", false));
    text
}

/// What the followed candidates were worth after the next training, and which number foresaw it best.
fn in_the_end(record: &Round) -> String {
    let Some(twins) = record.in_the_end else { return String::new() };
    let followed: Vec<(&CandidateRecord, f64)> =
        record.candidates.iter().filter_map(|candidate| Some((candidate, candidate.in_the_end?))).collect();
    let mut text = format!(
        "\n  In the end: {} changes followed through the next training, each alone in a twin of the network.\n",
        followed.len()
    );
    let _ = writeln!(
        text,
        "  Gain in the end is how much lower its held-out loss is than {:.4}, that of a twin without any change.\n",
        twins.nothing
    );
    let mut rows = vec![["", "estimated", "at once", "in the end"].map(str::to_owned).to_vec()];
    rows.extend(followed.iter().map(|(candidate, worth)| {
        let promised = known(candidate.estimate_by(record.estimator), gain);
        vec![candidate.id(), promised, known(candidate.actual, gain), gain(*worth)]
    }));
    if let Some(made) = twins.made {
        let (promised, at_once) =
            record.joint.map_or((None, None), |joint| (joint.promised_held_out, joint.came_held_out));
        let at_once = at_once.or(match (record.before, record.after) {
            (Some(before), Some(after)) => Some(before.held_out.loss - after.held_out.loss),
            _ => None,
        });
        rows.push(vec!["all that were made".into(), known(promised, gain), known(at_once, gain), gain(made)]);
    }
    text.push_str(&aligned(&rows, "    ", false));
    let foresight = |score: &dyn Fn(&CandidateRecord) -> Option<f64>| {
        let pairs: Option<Vec<(f64, f64)>> =
            followed.iter().map(|(candidate, worth)| Some((score(candidate)?, *worth))).collect();
        let (scores, worths): (Vec<f64>, Vec<f64>) = pairs?.into_iter().unzip();
        Agreement::of(&scores, &worths).spearman
    };
    let mut foreseen: Vec<(String, Option<f64>)> = Estimator::ALL
        .iter()
        .map(|estimator| (estimator.to_string(), foresight(&|candidate| candidate.estimate_by(*estimator))))
        .collect();
    foreseen.push(("the learner's own score".into(), foresight(&|candidate| candidate.score)));
    foreseen.push(("the gain at once".into(), foresight(&|candidate| candidate.actual)));
    foreseen.push(("beyond training".into(), foresight(&|candidate| candidate.beyond_training)));
    for (position, (name, _)) in Scores::default().named().into_iter().enumerate() {
        let score = |candidate: &CandidateRecord| candidate.scores.as_ref()?.named()[position].1;
        foreseen.push((name.replace('_', " "), foresight(&score)));
    }
    foreseen.push(("the end in another order".into(), foresight(&|candidate| candidate.in_the_end_again)));
    let known_ranks: Vec<String> =
        foreseen.into_iter().filter_map(|(name, rank)| Some(format!("{name} {:.2}", rank?))).collect();
    if !known_ranks.is_empty() {
        let lines: Vec<String> = known_ranks.chunks(RANKS).map(|ranks| ranks.join(", ")).collect();
        let _ = writeln!(text, "    Spearman with the end: {}.", lines.join(",\n      "));
    }
    text
}

fn work(record: &Round) -> String {
    let steps = record.steps;
    let mut rows = vec![["work", "seconds", "FLOPs", "to show it", ""].map(str::to_owned).to_vec()];
    for (name, cost, note) in [
        ("train", steps.train, "fitting the weights, scoring the result"),
        ("learn", steps.learn, "finding the best form of every candidate, all at once"),
        ("estimate", steps.estimate, "choosing scales, predicting every gain by every formula"),
        ("measure", steps.measure, "making the changes one by one to see the actual gains"),
        ("choose", steps.choose, "trying the most promising together"),
        ("grow", steps.grow, "rewriting the network, scoring it"),
    ] {
        let flops = [cost.method_flops(), cost.instrument_flops].map(magnitude);
        let [method, instrument] = flops;
        rows.push(vec![name.into(), format!("{:.2}", cost.seconds), method, instrument, note.into()]);
    }
    format!(
        "\n{}    FLOPs are what the method needs; what only shows how well it works is counted apart.\n",
        aligned(&rows, "    ", true)
    )
}
