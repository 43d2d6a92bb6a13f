//! The trials of a search as a table, and what can be said of them in `run.json`.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::config::Config;
use super::cost::StepCost;
use crate::estimate::spearman;
use crate::search::trials::{Tree, Trial, TrialId, hypervolume, objectives};
use crate::words::in_english;

/// The content of `trials.csv`: numbers in their shortest exact form, nothing where nothing is known. Losses and gains are of
/// the validation part and in nats, `gain` over the parent trained on for as long where that was tried, `merit` the sum of
/// gains since the seed, `cost` what the search's method had cost by then, the seed's training left out.
pub fn trials_csv(tree: &Tree, incumbent: TrialId) -> String {
    let mut text =
        "trial,parent,changes,scratch,teacher,rate,parameters,flops,predicted,predicted_error,at_once,loss,\
                    loss_error,accuracy,gain,merit,images,held_out_loss,held_out_accuracy,method_flops,\
                    instrument_flops,cost,goes_on,why\n"
            .to_owned();
    let mut cost = 0;
    for trial in tree.trials() {
        let Trial { id, parent, parameters, flops, images, why, lesson, .. } = trial;
        let spent = trial.cost.total();
        cost += spent.method_flops();
        let whole = |value: Option<usize>| value.map_or(String::new(), |value| value.to_string());
        let _ = write!(text, "{id},{},{},{}", whole(*parent), trial.said(), u8::from(trial.scratch));
        let _ = write!(text, ",{},{},{parameters},{flops}", whole(lesson.teacher), lesson.rate);
        let predicted = trial.predicted;
        let _ = write!(text, ",{}", number(predicted.map(|predicted| predicted.mean)));
        let _ = write!(text, ",{}", number(predicted.map(|predicted| predicted.error)));
        let _ = write!(text, ",{}", number(trial.immediate));
        let judged = trial.judged;
        let _ = write!(text, ",{}", number(judged.map(|judged| judged.loss)));
        let _ = write!(text, ",{}", number(judged.map(|judged| judged.error)));
        let _ = write!(text, ",{}", number(judged.map(|judged| judged.accuracy)));
        let merit = tree.merit(*id);
        let _ = write!(text, ",{}", number(tree.gain(*id)));
        let _ = write!(text, ",{},{images}", number(merit.is_finite().then_some(merit)));
        let _ = write!(text, ",{}", number(trial.held_out.map(|score| score.loss)));
        let _ = write!(text, ",{}", number(trial.held_out.map(|score| score.accuracy)));
        let _ = write!(text, ",{},{},{cost}", spent.method_flops(), spent.instrument_flops);
        let _ = writeln!(text, ",{},\"{}\"", u8::from(*id == incumbent), why.replace('"', "'"));
    }
    text
}

/// How well what was believed foresaw what came: Spearman's correlation at once and in the end, and of how many predictions
/// the outcome lay within two standard errors.
pub fn foresight(tree: &Tree) -> Foresight {
    let pairs = |outcome: &dyn Fn(&Trial) -> Option<f64>| -> (Vec<f64>, Vec<f64>) {
        tree.trials().filter_map(|trial| Some((trial.predicted?.mean, outcome(trial)?))).unzip()
    };
    let (believed, immediate) = pairs(&|trial| trial.immediate);
    let (also, gained) = pairs(&|trial| tree.gain(trial.id));
    let within = |trial: &&Trial| {
        let found = trial.predicted.zip(trial.immediate);
        found.is_some_and(|(belief, came)| (belief.mean - came).abs() <= 2.0 * belief.error)
    };
    Foresight {
        predictions: believed.len(),
        at_once: spearman(&believed, &immediate),
        in_the_end: spearman(&also, &gained),
        within: tree.trials().filter(within).count(),
    }
}

/// See [`foresight`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Foresight {
    /// Trials with a prediction and a look at once.
    pub predictions: usize,
    /// Spearman's correlation with the gain at once.
    pub at_once: Option<f64>,
    /// Spearman's correlation with the gain after the short training.
    pub in_the_end: Option<f64>,
    /// Predictions within two standard errors of the gain at once.
    pub within: usize,
}

/// A search in `run.json`.
pub fn search_json(config: &Config, tree: &Tree, incumbent: TrialId) -> Value {
    let foresight = foresight(tree);
    let front: Vec<[f64; 2]> = objectives(tree).into_iter().map(|(_, point)| point).collect();
    let worst = front
        .iter()
        .fold([f64::NEG_INFINITY; 2], |worst, point| [worst[0].max(point[0]), worst[1].max(point[1])]);
    let mut steps: BTreeMap<&str, StepCost> = BTreeMap::new();
    for (name, cost) in tree.trials().flat_map(|trial| trial.cost.named()) {
        *steps.entry(name).or_default() += cost;
    }
    json!({
        "kind": config.search.kind.name(),
        "after": in_english(|| config.search.kind.after()),
        "trials": tree.len().saturating_sub(1),
        "diverged": tree.trials().filter(|trial| trial.diverged).count(),
        "incumbent": incumbent,
        "method_flops": tree.cost().method_flops(),
        "instrument_flops": tree.cost().instrument_flops,
        "predictions": foresight.predictions,
        "spearman_at_once": foresight.at_once,
        "spearman_in_the_end": foresight.in_the_end,
        "within_two_errors": foresight.within,
        "hypervolume": hypervolume(&front, worst),
        "steps": steps,
    })
}

/// Adding 0 turns −0 into 0.
fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| (value + 0.0).to_string())
}
