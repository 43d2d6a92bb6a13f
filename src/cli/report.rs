//! The report on standard output, which also explains its numbers to first-time readers.

use std::fmt::Write;
use std::path::Path;

use super::table::{aligned, wrapped};
use crate::engine::EngineInfo;
use crate::estimate::{Agreement, Estimator};
use crate::format::{
    decimal, gain, known, magnitude, percent, seconds, signed, signed_decimal, signed_magnitude, thousands,
};
use crate::lab::{CandidateRecord, Lab, Quality, Round, Scores, Stage};
use crate::words::{local, say, term};

/// Candidates shown at each end of the list.
const ENDS: usize = 3;

/// The heading: what is run, with which engine and data.
pub fn heading(lab: &Lab, engine: &EngineInfo) -> String {
    let (config, data) = (lab.config(), lab.data());
    // Numbers of the run itself are as files have them.
    let (version, seed) = (env!("CARGO_PKG_VERSION"), config.seed.to_string());
    let mut text = say!("report-engine", version = version, engine = &*engine.name, seed = seed);
    let images = say!(
        "report-images-of",
        name = &*data.name,
        source = &*data.source,
        classes = data.classes.len(),
        train = thousands(data.train.len() as u64),
        validation = thousands(data.validation.len() as u64),
        held = thousands(data.held_out.len() as u64)
    );
    let file = |network: &Path| network.display().to_string();
    let seed = match (&config.network, config.inherit) {
        (None, _) => config.preset.clone(),
        (Some(network), true) => say!("report-with-weights", file = file(network)),
        (Some(network), false) => say!("report-of-layers", file = file(network)),
    };
    let plan = match config.search.tries() {
        true => say!("report-plan-search", after = config.search.kind.after()),
        false => say!("report-plan-rounds", rounds = config.rounds),
    };
    let families = config.families.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let plan = say!("report-plan-from", plan = plan, seed = seed, families = families);
    let notes = lab.warnings().into_iter().map(|warning| (say!("report-note"), warning));
    for (name, said) in
        [(say!("report-images"), images), (say!("report-plan"), plan)].into_iter().chain(notes)
    {
        let _ = write!(text, "\n{name:<8} {said}");
    }
    text
}

/// A growth round of a lab.
pub fn round(lab: &Lab, record: &Round) -> String {
    let rounds = lab.config().rounds;
    let mut text = title(&say!("report-round", round = record.round, rounds = rounds));
    if let (Some(before), Some(after)) = (record.before, record.after) {
        text.push_str(&change(&before, &after, [say!("report-trained"), say!("report-grown")]));
        let so_far = match record.distilled.len() {
            0 => say!("report-not-trained").to_owned(),
            steps => say!("report-imitated", steps = steps),
        };
        text.push_str(&wrapped(&so_far, "  "));
        if let Some(warning) = lab.fell(record) {
            let _ = writeln!(text, "  {}", say!("report-warning", warning = warning));
            text.push_str(&wrapped(say!("report-prevent"), "  "));
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
    let mut text = title(say!("report-result"));
    match state.record(1).and_then(|record| record.before) {
        Some(first) if rounds > 0 => {
            text.push_str(&change(&first, &last, [say!("report-seed-trained"), say!("report-final")]));
        }
        _ => {
            text.push_str(&change(&state.seed?, &last, [say!("report-untrained"), say!("report-final")]));
        }
    }
    let mut total: f64 = state.rounds.iter().map(|record| record.steps.total().seconds).sum();
    total += state.search.as_ref().map_or(0.0, |search| search.tree.cost().seconds);
    let _ = writeln!(text, "  {}", say!("report-computing", time = seconds(total)));
    Some(text)
}

/// A stage's name in the language chosen.
pub(super) fn named(stage: Stage) -> &'static str {
    term(stage.name(), &format!("stage-{stage}"))
}

pub(super) fn title(text: &str) -> String {
    format!("\n{text}\n{}\n", "─".repeat(text.chars().count().max(72)))
}

fn change(before: &Quality, after: &Quality, names: [&str; 2]) -> String {
    let loss = |name: &str, a: f64, b: f64, note: &str| {
        vec![name.into(), decimal(a, 4), decimal(b, 4), signed_decimal(b - a, 4), note.into()]
    };
    let share = |name: &str, a: f64, b: f64, note: &str| {
        let points = signed_decimal(100.0 * (b - a), 1);
        vec![name.into(), percent(a), percent(b), say!("report-points", points = points), note.into()]
    };
    let delta = |a: u64, b: u64| b as i64 - a as i64;
    let mut rows: Vec<Vec<String>> = vec![
        vec![String::new(), names[0].into(), names[1].into(), say!("report-change").into(), String::new()],
        loss(
            say!("report-loss-held-out"),
            before.held_out.loss,
            after.held_out.loss,
            say!("report-about-loss"),
        ),
        share(
            say!("pictures-column-accuracy"),
            before.held_out.accuracy,
            after.held_out.accuracy,
            say!("report-about-accuracy"),
        ),
        vec![
            say!("report-parameters").into(),
            thousands(before.parameters),
            thousands(after.parameters),
            signed(delta(before.parameters, after.parameters)),
            say!("report-about-parameters").into(),
        ],
        vec![
            say!("report-flops").into(),
            magnitude(before.flops),
            magnitude(after.flops),
            signed_magnitude(delta(before.flops, after.flops)),
            say!("report-about-flops").into(),
        ],
    ];
    if let (Some(before), Some(after)) = (before.train, after.train) {
        rows.insert(3, share(say!("report-accuracy-training"), before.accuracy, after.accuracy, ""));
        let note = say!("report-about-training");
        rows.insert(3, loss(say!("report-loss-training"), before.loss, after.loss, note));
    }
    aligned(&rows, "  ", true)
}

fn candidates(record: &Round) -> String {
    let all = &record.candidates;
    let chosen: Vec<&CandidateRecord> = all.iter().filter(|candidate| candidate.chosen).collect();
    let mut text =
        format!("\n  {}\n", say!("report-candidates", all = all.len(), made = chosen.len().to_string()));
    text.push_str(&wrapped(&say!("report-about-gain", estimator = record.estimator.to_string()), "  "));
    text.push('\n');
    let beyond = record.beyond_training.is_some();
    let row = |candidate: &&CandidateRecord| {
        let mut row = vec![
            format!("  {}", candidate.id()),
            known(candidate.scale.map(f64::from), |scale| decimal(scale, 2)),
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
    let mut heading = vec!["", say!("report-scale"), say!("pictures-estimated"), say!("pictures-actual")];
    if beyond {
        heading.extend([say!("report-alone"), say!("report-beyond-training")]);
    }
    heading.push(say!("report-parameters"));
    let heading = heading.into_iter().map(str::to_owned).collect();
    let mut rows = vec![heading, vec![say!("report-made").into()]];
    if chosen.is_empty() {
        rows.push(vec![format!("  {}", say!("report-none-made"))]);
    }
    rows.extend(chosen.iter().map(row));
    let worst = ranked.len().saturating_sub(ENDS).max(ENDS.min(ranked.len()));
    if !ranked.is_empty() {
        rows.push(vec![say!("report-best").into()]);
        rows.extend(ranked.iter().take(ENDS).map(row));
    }
    if worst < ranked.len() {
        rows.push(vec![say!("report-worst").into()]);
        rows.extend(ranked[worst..].iter().map(row));
    }
    text.push_str(&aligned(&rows, "  ", false));
    text
}

/// What the existing weights' own step would gain for nothing, and what growth adds to it.
fn beyond_training(record: &Round) -> String {
    let Some(beyond) = record.beyond_training else { return String::new() };
    let mut text = wrapped(&say!("report-own-step", gain = gain(beyond.training)), "  ");
    text.insert(0, '\n');
    if let Some(made) = beyond.made {
        text.push_str(&wrapped(&say!("report-added", gain = gain(made)), "  "));
    }
    text
}

/// What the made changes promised and brought together.
fn together(record: &Round) -> String {
    let Some(joint) = record.joint else { return String::new() };
    let made = record.candidates.iter().filter(|candidate| candidate.chosen).count();
    if made == 0 {
        return match joint.factor {
            Some(_) => format!("\n{}", wrapped(say!("report-no-length"), "  ")),
            None => String::new(),
        };
    }
    let mut text = format!("\n{}\n", wrapped(&say!("report-together", made = made.to_string()), "  "));
    let both = |chosen: Option<f64>, held_out: Option<f64>| [known(chosen, gain), known(held_out, gain)];
    let rows = [
        (say!("pictures-summed"), [gain(joint.sum_of_single), "-".into()]),
        (say!("report-joint"), both(Some(joint.promised), joint.promised_held_out)),
        (say!("report-came"), both(joint.came, joint.came_held_out)),
    ];
    let heading = ["", say!("report-validation"), say!("report-held-out")].map(str::to_owned).to_vec();
    let rows = rows.into_iter().map(|(name, [chosen, held_out])| vec![name.to_owned(), chosen, held_out]);
    text.push_str(&aligned(&std::iter::once(heading).chain(rows).collect::<Vec<_>>(), "    ", false));
    if let Some(factor) = joint.factor.filter(|factor| *factor < 1.0) {
        let factor = say!("report-factor", factor = local(factor.to_string()));
        text.push_str(&wrapped(&factor, "    "));
    }
    text
}

fn agreement(record: &Round) -> String {
    let families = record.agreement();
    if families.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", wrapped(say!("report-agreement"), "  "));
    let (family, slope) = (say!("pictures-column-family"), say!("report-slope"));
    let mut rows = vec![[family, "n", "Pearson", "Spearman", slope].map(str::to_owned).to_vec()];
    for (family, agreement) in families {
        let number = |value: Option<f64>| known(value, |value| decimal(value, 3));
        rows.push(match agreement {
            Some(agreement) => vec![
                family.into(),
                agreement.n.to_string(),
                number(agreement.pearson),
                number(agreement.spearman),
                number(agreement.slope),
            ],
            None => {
                let [not_all, measured] =
                    [say!("report-not-all"), say!("report-measured")].map(str::to_owned);
                vec![family.into(), "-".into(), not_all, measured, "-".into()]
            }
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
    let about = say!("report-in-the-end", followed = followed.len(), loss = decimal(twins.nothing, 4));
    let mut text = format!("\n{}\n", wrapped(&about, "  "));
    let heading = ["", say!("pictures-estimated"), say!("pictures-at-once"), say!("pictures-in-the-end")];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
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
        rows.push(vec![
            say!("report-all-made").into(),
            known(promised, gain),
            known(at_once, gain),
            gain(made),
        ]);
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
    foreseen.push((say!("report-own-score").into(), foresight(&|candidate| candidate.score)));
    foreseen.push((say!("report-gain-at-once").into(), foresight(&|candidate| candidate.actual)));
    foreseen.push((say!("report-beyond-training").into(), foresight(&|candidate| candidate.beyond_training)));
    for (position, (name, _)) in Scores::default().named().into_iter().enumerate() {
        let score = |candidate: &CandidateRecord| candidate.scores.as_ref()?.named()[position].1;
        foreseen.push((name.replace('_', " "), foresight(&score)));
    }
    foreseen.push((say!("report-again").into(), foresight(&|candidate| candidate.in_the_end_again)));
    let known_ranks: Vec<String> = foreseen
        .into_iter()
        .filter_map(|(name, rank)| Some(format!("{name} {}", decimal(rank?, 2))))
        .collect();
    if !known_ranks.is_empty() {
        text.push_str(&wrapped(&say!("report-foreseen", ranks = known_ranks.join(", ")), "    "));
    }
    text
}

fn work(record: &Round) -> String {
    let steps = record.steps;
    let heading = [say!("report-work"), say!("report-seconds"), "FLOPs", say!("report-to-show"), ""];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for (stage, cost, note) in [
        (Stage::Train, steps.train, say!("report-train")),
        (Stage::Learn, steps.learn, say!("report-learn")),
        (Stage::Estimate, steps.estimate, say!("report-estimate")),
        (Stage::Measure, steps.measure, say!("report-measure")),
        (Stage::Choose, steps.choose, say!("report-choose")),
        (Stage::Grow, steps.grow, say!("report-grow")),
    ] {
        let [method, instrument] = [cost.method_flops(), cost.instrument_flops].map(magnitude);
        rows.push(vec![named(stage).into(), decimal(cost.seconds, 2), method, instrument, note.into()]);
    }
    format!("\n{}{}", aligned(&rows, "    ", true), wrapped(say!("report-about-flop"), "    "))
}
