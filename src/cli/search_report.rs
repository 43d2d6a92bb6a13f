//! The report of a search: what was tried, what was believed, what came.

use std::fmt::Write;

use super::report::title;
use super::table::{aligned, wrapped};
use crate::format::{decimal, gain, known, magnitude, percent, seconds, thousands};
use crate::lab::{Lab, foresight};
use crate::search::trials::{PhiFrom, Tree, Trial, TrialId};
use crate::words::say;

/// Trials that the table shows, the best of all.
const SHOWN: usize = 8;

/// A trial in a line.
pub fn trial(tree: &Tree, trial: &Trial, incumbent: TrialId) -> String {
    let what = match (trial.parent, trial.changes.is_empty()) {
        (None, _) => say!("report-seed-trial").to_owned(),
        (Some(parent), true) => say!("report-copy-trial", parent = parent),
        (Some(parent), false) => say!("report-changed-trial", changes = trial.said(), parent = parent),
    };
    let mut parts = vec![match trial.judged {
        Some(judged) => say!("report-trial-loss", loss = decimal(judged.loss, 4)),
        None => say!("trials-diverged").to_owned(),
    }];
    parts.extend(trial.predicted.map(|belief| {
        say!(
            "report-trial-predicted",
            gain = gain(belief.mean),
            error = decimal(belief.error, 5),
            immediate = known(trial.immediate, gain)
        )
    }));
    parts.extend(tree.gain(trial.id).map(|value| say!("report-trial-gained", gain = gain(value))));
    if trial.id == incumbent {
        parts.push(say!("report-trial-best").to_owned());
    }
    let number = say!("report-trial", trial = format!("{:<4}", trial.id));
    format!("{number} {}: {what}", parts.join(", "))
}

/// What a search has found, once it is over.
pub fn search(lab: &Lab) -> Option<String> {
    let (tree, incumbent) = lab.state().trials(lab.config())?;
    let kind = lab.config().search.kind;
    let mut text = title(&say!("report-search", after = kind.after()));
    let cost = tree.cost();
    let said = say!(
        "report-search-cost",
        trials = (tree.len() - 1).to_string(),
        time = seconds(cost.seconds),
        cost = magnitude(cost.method_flops()),
        thinking = magnitude(tree.trials().map(|trial| trial.cost.ask.method_flops()).sum()),
        thought = seconds(tree.trials().map(|trial| trial.cost.ask.seconds).sum())
    );
    text.push_str(&wrapped(&said, "  "));
    let why = tree.get(incumbent).map_or_else(String::new, Trial::why_in_words);
    let _ = writeln!(text, "  {}\n", say!("report-goes-on", trial = incumbent, why = why));
    text.push_str(&table(tree, incumbent));
    text.push_str(&wrapped(say!("report-about-trials"), "    "));
    text.push_str(&beliefs(tree));
    if lab.config().search.phi != PhiFrom::Learned && tree.trials().any(|trial| trial.predicted.is_some()) {
        text.push_str(&wrapped(say!("report-not-learned"), "  "));
    }
    Some(text)
}

fn table(tree: &Tree, incumbent: TrialId) -> String {
    let heading = [
        say!("report-trial-column"),
        say!("report-parent"),
        say!("report-loss"),
        say!("report-held-out"),
        say!("report-predicted"),
        say!("pictures-at-once"),
        say!("pictures-in-the-end"),
        say!("report-parameters"),
        "",
    ];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    let mut ranked: Vec<&Trial> = tree.trials().collect();
    ranked.sort_by(|a, b| a.loss().total_cmp(&b.loss()).then(a.id.cmp(&b.id)));
    for trial in ranked.iter().take(SHOWN) {
        rows.push(vec![
            format!("{}{}", trial.id, if trial.id == incumbent { " *" } else { "" }),
            trial.parent.map_or("-".into(), |parent| parent.to_string()),
            trial.judged.map_or("-".into(), |judged| {
                format!("{} ± {}", decimal(judged.loss, 4), decimal(judged.error, 4))
            }),
            known(trial.held_out.map(|score| score.loss), |loss| decimal(loss, 4)),
            known(trial.predicted.map(|belief| belief.mean), gain),
            known(trial.immediate, gain),
            known(tree.gain(trial.id), gain),
            thousands(trial.parameters),
            trial.said(),
        ]);
    }
    aligned(&rows, "    ", true)
}

/// How well what was believed foresaw what came.
fn beliefs(tree: &Tree) -> String {
    let found = foresight(tree);
    if found.predictions == 0 {
        return String::new();
    }
    let rank = |value: Option<f64>| known(value, |value| decimal(value, 2));
    let said = say!(
        "report-beliefs",
        count = found.predictions,
        once = rank(found.at_once),
        end = rank(found.in_the_end),
        within = percent(found.within as f64 / found.predictions as f64)
    );
    format!("\n{}", wrapped(&said, "  "))
}
