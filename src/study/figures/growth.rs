//! Figure 5: growing against fixed networks. Our way, the other learners and random growth all grow the same seed by
//! the same rule; networks of the size that ours reached are trained from scratch, at the same total cost, and once
//! more with as many steps as the grown network saw.

use super::super::race::{by_name, ends, mean_and_spread};
use super::super::{Entrant, Race, Run, race};
use super::{Figure, Studio};
use crate::engine::{Learner, steps_per_epoch};
use crate::lab::{Config, LabError, Measure};
use crate::morphism::Family;
use crate::plot::{Panel, Picture, Point, Scale, Series};

/// The seed network.
const PRESET: &str = "4-4-M-8-8-M-8";
/// Candidates that a round may take.
const MOST: usize = 6;

/// Makes the figure.
pub async fn make(studio: &mut Studio<'_>) -> Result<Figure, LabError> {
    let seeds = &studio.request.seeds;
    let mut entrants = Vec::new();
    for learner in Learner::ALL.into_iter().filter(|learner| *learner != Learner::Direct) {
        for &seed in seeds {
            let families: Vec<Family> =
                [Family::Split, Family::Widen].into_iter().filter(|family| learner.serves(*family)).collect();
            let mut config = studio.config(PRESET, &families, seed);
            (config.rounds, config.measure) = (studio.sizes.rounds, Measure::None);
            (config.learning.learner, config.budget.max_candidates) = (learner, MOST);
            let name = if learner == Learner::Estimate { "ours".to_owned() } else { learner.to_string() };
            entrants.push(Entrant { name, config });
        }
    }
    let Race { cost, mut runs } = race(&entrants, None, studio.engine, studio.listener).await?;
    let ours: Vec<&Run> = runs.iter().filter(|run| run.name == "ours").collect();
    let (mut equal, mut same_steps) = (Vec::new(), Vec::new());
    for run in &ours {
        let config = &run.config;
        let Some(layers) = run.layers.clone() else { continue };
        let mut fixed = Config { preset: layers, rounds: 0, ..config.clone() };
        fixed.training.total_flops = None;
        equal.push(Entrant { name: "fixed at equal cost".into(), config: fixed.clone() });
        let epoch_steps = steps_per_epoch(run.images, config.training.batch);
        fixed.training.epochs = run.steps.div_ceil(epoch_steps).max(1);
        same_steps.push(Entrant { name: "fixed with as many steps".into(), config: fixed });
    }
    runs.extend(race(&equal, Some(cost), studio.engine, studio.listener).await?.runs);
    runs.extend(race(&same_steps, None, studio.engine, studio.listener).await?.runs);

    let example = &entrants[0].config;
    let (sizes, rounds) = (studio.sizes(example), example.rounds);
    let title =
        format!("Figure 5: growth and fixed networks ({sizes}, {rounds} rounds, {} seeds)", seeds.len());
    let panels = vec![
        panel(&runs, "Accuracy and size", "parameters", "parameters"),
        panel(&runs, "Accuracy and total cost", "total FLOPs of the run", "cost"),
    ];
    let picture = Picture::Panels { title: title.clone(), columns: 2, panels };
    let runs = Race { cost, runs };
    Ok(Figure { number: 5, title, picture, csv: runs.summary_csv(), tables: vec![runs.table()] })
}

fn panel(runs: &[Run], title: &str, label: &str, column: &str) -> Panel {
    let series = by_name(runs).into_iter().map(|(name, runs)| {
        let columns = ends(&runs);
        let of = |column: &str| mean_and_spread(columns.get(column).map_or(&[][..], Vec::as_slice));
        let ((y, spread), (x, _)) = (of("accuracy"), of(column));
        Series { name: name.to_owned(), points: vec![Point { x, y, spread }], joined: false }
    });
    Panel {
        title: title.to_owned(),
        x: label.to_owned(),
        y: "held-out accuracy".into(),
        scale: Scale::Linear,
        diagonal: false,
        series: series.collect(),
    }
}
