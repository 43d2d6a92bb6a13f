//! All runs of a study, one after the other in this program: for the window and the page, which have no processes to
//! share them out to.

use std::collections::BTreeMap;
use std::path::Path;

use web_time::Instant;

use super::plan::{Plan, Planned, Until};
use super::runs::{Goal, RunError, Standing, Total, advance, standing, total};
use crate::engine::Engine;
use crate::format::{about, magnitude};
use crate::lab::Observer;
use crate::words::say;

/// An observer of a study.
pub trait Listener: Observer {
    /// Takes a line about the progress, in the language of whoever reads it.
    fn say(&self, text: &dyn Fn() -> String);

    /// Hears that a run has come further, and that its folder shows it.
    fn came(&self);
}

/// Carries out what is not done yet of the study in folder `out`.
pub async fn carry_out(
    plan: &Plan,
    out: &Path,
    engine: &mut dyn Engine,
    listener: &dyn Listener,
) -> Result<(), RunError> {
    plan.settle(out)?;
    let runs = plan.runs();
    let total = match (plan.until, plan.cost) {
        (Until::Measured, _) => return stage(plan, &runs, out, Goal::Measured, engine, listener).await,
        (Until::Done, Some(cost)) => cost,
        (Until::Done, None) => {
            stage(plan, &runs, out, Goal::Grown, engine, listener).await?;
            match total(&runs, out)? {
                Total::Known(total) => total,
                // Somebody has taken a folder away meanwhile: starting again makes it anew.
                Total::Missing(missing) => return Err(unfinished(out, &missing)),
            }
        }
    };
    listener.say(&|| say!("studied-all-grown", cost = magnitude(total)));
    stage(plan, &runs, out, Goal::Done(total), engine, listener).await
}

async fn stage(
    plan: &Plan,
    runs: &[Planned],
    out: &Path,
    goal: Goal,
    engine: &mut dyn Engine,
    listener: &dyn Listener,
) -> Result<(), RunError> {
    let mut left = Vec::new();
    for run in in_turn(runs) {
        match (standing(&run.folder(out))?, goal) {
            (Standing::Done, _) | (Standing::Grown, Goal::Grown) => {}
            _ => left.push(run),
        }
    }
    let started = Instant::now();
    for (index, run) in left.iter().copied().enumerate() {
        let (all, number) = (runs.len(), runs.len() - left.len() + index + 1);
        let under_way = || match goal {
            Goal::Measured => say!("studied-measuring", run = run.id(), number = number, all = all),
            Goal::Grown => say!("studied-growing", run = run.id(), number = number, all = all),
            Goal::Done(_) => say!("studied-training", run = run.id(), number = number, all = all),
        };
        // Those before it say how long one takes.
        let each = (index > 0).then(|| started.elapsed().as_secs_f64() / index as f64);
        listener.say(&|| match each.map(|each| about(each * (left.len() - index) as f64)) {
            Some(time) => say!("studied-time-left", said = under_way(), time = time),
            None => under_way(),
        });
        advance(plan, run, out, goal, engine, listener).await?;
        listener.came();
    }
    Ok(())
}

/// The runs with the first seed of each configuration, then those with the second: rivals come one after the
/// other.
fn in_turn(runs: &[Planned]) -> Vec<&Planned> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut turns: Vec<(usize, &Planned)> = Vec::new();
    for run in runs {
        let count = counts.entry(run.name.as_str()).or_default();
        turns.push((*count, run));
        *count += 1;
    }
    // Stable: the configurations stay in their order.
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, run)| run).collect()
}

/// The error for a result that needs these runs.
pub(super) fn unfinished(folder: &Path, missing: &[String]) -> RunError {
    RunError::Unfinished {
        folder: folder.to_owned(),
        missing: missing.len(),
        first: missing.first().cloned().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Config;

    #[test]
    fn rivals_take_turns() {
        let run = |name: &str, seed| Planned {
            name: name.into(),
            config: Config { seed, ..Config::default() },
            layers_of: None,
        };
        let runs = [run("grown", 1), run("grown", 2), run("fixed", 1), run("fixed", 2), run("fixed", 3)];
        let ids: Vec<String> = in_turn(&runs).into_iter().map(Planned::id).collect();
        assert_eq!(ids, ["grown-1", "fixed-1", "grown-2", "fixed-2", "fixed-3"]);
    }
}
