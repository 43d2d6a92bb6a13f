//! All runs of a study, one after the other in this program: for the window and the page, which have no processes to
//! share them out to.

use std::path::Path;

use super::plan::{Plan, Planned, Until};
use super::runs::{Goal, RunError, Standing, Total, advance, standing, total};
use crate::engine::Engine;
use crate::format::magnitude;
use crate::lab::Observer;

/// An observer of a study.
pub trait Listener: Observer {
    /// Takes a line about the progress.
    fn say(&self, text: &str);

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
    listener.say(&format!("all runs are grown; each ends at {}FLOPs in all", magnitude(total)));
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
    for (index, run) in runs.iter().enumerate() {
        match (standing(&run.folder(out))?, goal) {
            (Standing::Done, _) | (Standing::Grown, Goal::Grown) => continue,
            _ => {}
        }
        let does = match goal {
            Goal::Measured => "measuring",
            Goal::Grown => "growing",
            Goal::Done(_) => "last training",
        };
        listener.say(&format!("{}: {does} ({} of {})", run.id(), index + 1, runs.len()));
        advance(plan, run, out, goal, engine, listener).await?;
        listener.came();
    }
    Ok(())
}

/// The error for a result that needs these runs.
pub(super) fn unfinished(folder: &Path, missing: &[String]) -> RunError {
    RunError::Unfinished {
        folder: folder.to_owned(),
        missing: missing.len(),
        first: missing.first().cloned().unwrap_or_default(),
    }
}
