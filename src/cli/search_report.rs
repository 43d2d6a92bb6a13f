//! The report of a search: what was tried, what was believed, what came.

use std::fmt::Write;

use super::report::title;
use super::table::aligned;
use crate::format::{gain, known, magnitude, percent, seconds, thousands};
use crate::lab::{Lab, foresight};
use crate::search::trials::{PhiFrom, Tree, Trial, TrialId};

/// Trials that the table shows, the best of all.
const SHOWN: usize = 8;

/// A trial in a line.
pub fn trial(tree: &Tree, trial: &Trial, incumbent: TrialId) -> String {
    let what = match (trial.parent, trial.changes.is_empty()) {
        (None, _) => "the seed, trained".to_owned(),
        (Some(parent), true) => format!("trial {parent} trained on"),
        (Some(parent), false) => format!("{} of trial {parent}", trial.said()),
    };
    let outcome = match trial.judged {
        Some(judged) => format!("loss {:.4}", judged.loss),
        None => "diverged".to_owned(),
    };
    let believed = trial.predicted.map_or(String::new(), |belief| {
        format!(
            ", predicted {} ± {:.5}, at once {}",
            gain(belief.mean),
            belief.error,
            known(trial.immediate, gain)
        )
    });
    let gained = tree.gain(trial.id).map_or(String::new(), |value| format!(", gained {}", gain(value)));
    let best = if trial.id == incumbent { ", the best so far" } else { "" };
    format!("trial {:<4} {outcome}{believed}{gained}{best}: {what}", trial.id)
}

/// What a search has found, once it is over.
pub fn search(lab: &Lab) -> Option<String> {
    let (tree, incumbent) = lab.state().trials(lab.config())?;
    let kind = lab.config().search.kind;
    let mut text = title(&format!("Search: {}", kind.after()));
    let cost = tree.cost();
    let _ = writeln!(
        text,
        "  {} trials after the seed in {}, {}FLOP of the method; its own thinking took {}FLOP and {}.",
        tree.len() - 1,
        seconds(cost.seconds),
        magnitude(cost.method_flops()),
        magnitude(tree.trials().map(|trial| trial.cost.ask.method_flops()).sum()),
        seconds(tree.trials().map(|trial| trial.cost.ask.seconds).sum()),
    );
    let why = tree.get(incumbent).map_or("", |trial| trial.why.as_str());
    let _ = writeln!(text, "  Trial {incumbent} goes on. It was tried because: {why}\n");
    text.push_str(&table(tree, incumbent));
    text.push_str(
        "    Losses and gains are of the validation images; nothing is decided by the held-out ones, which are scored\n    \
         for trials that were the best so far. In the end is after the short training, over the parent trained on for as\n    \
         long where that was tried.\n",
    );
    text.push_str(&beliefs(tree));
    if lab.config().search.phi != PhiFrom::Learned && tree.trials().any(|trial| trial.predicted.is_some()) {
        text.push_str(
            "  Predicted is what the changes would gain if they were learned, which they are not here: at once only what\n  \
             removes something, or is drawn at random, changes what the network computes.\n",
        );
    }
    Some(text)
}

fn table(tree: &Tree, incumbent: TrialId) -> String {
    let heading =
        ["trial", "parent", "loss", "held out", "predicted", "at once", "in the end", "parameters", ""];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    let mut ranked: Vec<&Trial> = tree.trials().collect();
    ranked.sort_by(|a, b| a.loss().total_cmp(&b.loss()).then(a.id.cmp(&b.id)));
    for trial in ranked.iter().take(SHOWN) {
        rows.push(vec![
            format!("{}{}", trial.id, if trial.id == incumbent { " *" } else { "" }),
            trial.parent.map_or("-".into(), |parent| parent.to_string()),
            trial.judged.map_or("-".into(), |judged| format!("{:.4} ± {:.4}", judged.loss, judged.error)),
            known(trial.held_out.map(|score| score.loss), |loss| format!("{loss:.4}")),
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
    let rank = |value: Option<f64>| known(value, |value| format!("{value:.2}"));
    format!(
        "\n  What was believed: {} predictions; Spearman {} with the gain at once, {} with the gain in the end; {} of the \
         gains\n  at once lay within two standard errors of the prediction.\n",
        found.predictions,
        rank(found.at_once),
        rank(found.in_the_end),
        percent(found.within as f64 / found.predictions as f64)
    )
}
