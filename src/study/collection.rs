//! The results of a study so far, read from its folders. Nothing is computed: missing runs are named, not made.

use std::path::Path;

use serde::Deserialize;

use super::plan::Plan;
use super::race::{Race, Run};
use super::runs::{RunError, Standing, standing};
use crate::files;
use crate::lab::Point;

/// A study as far as it has come.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The plan.
    pub plan: Plan,
    /// The finished runs, in the plan's order.
    pub race: Race,
    /// The others, by the names of their folders.
    pub missing: Vec<(String, Standing)>,
}

/// What is read of a run's `run.json`.
#[derive(Deserialize)]
struct RunFile {
    curve: Vec<Point>,
    dataset: Dataset,
}

#[derive(Deserialize)]
struct Dataset {
    train: usize,
}

/// Reads the study in folder `out`.
pub fn collect(out: &Path) -> Result<Collection, RunError> {
    let plan = Plan::of(out)?;
    let (mut runs, mut missing) = (Vec::new(), Vec::new());
    for planned in plan.runs() {
        let folder = planned.folder(out);
        match standing(&folder)? {
            Standing::Done => {}
            other => {
                missing.push((planned.id(), other));
                continue;
            }
        }
        let path = folder.join("run.json");
        let file: RunFile =
            serde_json::from_slice(&files::read(&path)?).map_err(|error| RunError::OtherRun {
                folder: folder.clone(),
                what: "run.json".into(),
                found: error.to_string(),
                expected: "a finished run of this version of Seedling".into(),
            })?;
        let images = file.dataset.train;
        runs.push(Run {
            name: planned.name,
            config: planned.config,
            curve: file.curve,
            images,
            steps: 0,
            layers: None,
        });
    }
    let cost = runs.iter().filter_map(|run| Some(run.curve.last()?.cost)).max().unwrap_or(0);
    Ok(Collection { race: Race { cost: plan.cost.unwrap_or(cost), runs }, plan, missing })
}
