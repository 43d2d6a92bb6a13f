//! The results of a study so far, read from its folders. Nothing is computed: missing runs are named, not made.

use std::path::Path;

use serde::Deserialize;

use super::plan::{Plan, Planned};
use super::race::{Race, Run};
use super::runs::{RunError, Standing, check, standing};
use crate::files;
use crate::lab::{Config, Point};

/// A study as far as it has come.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The plan.
    pub plan: Plan,
    /// The runs that are as far as was asked for, in the plan's order.
    pub race: Race,
    /// Those that are not finished, by the names of their folders.
    pub missing: Vec<(String, Standing)>,
}

/// What is read of a run's `run.json`.
#[derive(Deserialize)]
struct RunFile {
    config: Option<Config>,
    curve: Vec<Point>,
    dataset: Dataset,
}

#[derive(Deserialize)]
struct Dataset {
    train: usize,
}

/// The finished runs of the study in folder `out`.
pub fn collect(out: &Path) -> Result<Collection, RunError> {
    collect_from(out, Standing::Done)
}

/// All runs of the study in folder `out` that have scored a network, finished or not: to show them as they come.
pub fn collect_so_far(out: &Path) -> Result<Collection, RunError> {
    collect_from(out, Standing::Begun)
}

fn collect_from(out: &Path, least: Standing) -> Result<Collection, RunError> {
    let plan = Plan::of(out)?;
    let (mut runs, mut missing) = (Vec::new(), Vec::new());
    for planned in plan.runs() {
        let stands = standing(&planned.folder(out))?;
        if stands != Standing::Done {
            missing.push((planned.id(), stands));
        }
        if stands >= least
            && let Some(run) = read(planned, out, stands)?
        {
            runs.push(run);
        }
    }
    let cost = runs.iter().filter_map(|run| Some(run.curve.last()?.cost)).max().unwrap_or(0);
    Ok(Collection { race: Race { cost: plan.cost.unwrap_or(cost), runs }, plan, missing })
}

/// A run by its `run.json`; none where one that has only begun has not written any yet.
fn read(planned: Planned, out: &Path, stands: Standing) -> Result<Option<Run>, RunError> {
    let folder = planned.folder(out);
    let path = folder.join("run.json");
    if stands == Standing::Begun && !files::exists(&path) {
        return Ok(None);
    }
    let file: RunFile = serde_json::from_slice(&files::read(&path)?).map_err(|error| RunError::OtherRun {
        folder: folder.clone(),
        what: "run.json".into(),
        found: error.to_string(),
        expected: "a run of this version of Seedling".into(),
    })?;
    if let Some(config) = &file.config {
        check(&planned, &folder, config)?;
    }
    let Planned { name, config, .. } = planned;
    Ok(Some(Run { name, config, curve: file.curve, images: file.dataset.train }))
}
