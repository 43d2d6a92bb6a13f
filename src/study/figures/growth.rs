//! Figure 5: growing against fixed networks. Our way, the other learners and random growth all grow the same seed by
//! the same rule; networks of the size that ours reached are trained from scratch, at the same total cost, and once
//! more with as many steps as the grown network saw.

use std::path::Path;

use super::super::interval::{mean_and_half_width, mean_and_spread};
use super::super::race::{Run, by_name, ends};
use super::super::runs::{Total, total};
use super::{Configuration, Figure, Plan, Race, Request, RunError, Until, configuration, sizes, unfinished};
use crate::engine::{Learner, steps_per_epoch};
use crate::lab::{Config, Measure, Session};
use crate::morphism::Family;
use crate::network::layers_of;
use crate::plot::{Axis, Content, Drawn, Look, Panel, Picture, Point, Series, Unit};
use crate::study::collect;
use crate::words::say;

/// Its number in the paper.
pub const NUMBER: u8 = 5;
/// Its studies' folders: what grows, then fixed networks as large, at the same total cost and with as many steps.
pub const STUDIES: [&str; 3] = ["growth", "equal-cost", "equal-steps"];
/// The configuration that fixed networks are as large as.
const OURS: &str = "ours";

/// The seed network.
const PRESET: &str = "4-4-M-8-8-M-8";
/// Candidates that a round may take.
const MOST: usize = 6;

/// The plan of one of its studies.
pub fn plan(index: usize, request: &Request, folder: &Path) -> Result<Plan, RunError> {
    let seeds = request.seeds.clone();
    if index == 0 {
        return Ok(Plan { seeds, cost: None, until: Until::Done, configurations: growing(request) });
    }
    let grown = folder.join(STUDIES[0]);
    let runs = Plan::of(&grown)?.runs();
    let cost = match total(&runs, &grown)? {
        Total::Known(cost) => (index == 1).then_some(cost),
        Total::Missing(missing) => return Err(unfinished(&grown, &missing)),
    };
    let mut configurations = Vec::new();
    for run in runs.iter().filter(|run| run.name == OURS) {
        let state = Session::load(&run.folder(&grown))?.state;
        // Splits and new channels leave a chain a chain.
        let Some(preset) = layers_of(&state.model.network.architecture) else { continue };
        let mut settings = Config { preset, rounds: 0, seed: Config::default().seed, ..run.config.clone() };
        let name = match index {
            1 => "fixed at equal cost",
            _ => {
                let images = settings.data.train.unwrap_or(1);
                let steps: usize = state.rounds.iter().map(|round| round.losses.len()).sum();
                let epoch_steps = steps_per_epoch(images, settings.training.batch);
                settings.training.epochs = (steps as u64).div_ceil(epoch_steps).max(1);
                "fixed with as many steps"
            }
        };
        let seeds = Some(vec![run.config.seed]);
        configurations.push(Configuration { name: name.to_owned(), seeds, layers_of: None, settings });
    }
    Ok(Plan { seeds, cost, until: Until::Done, configurations })
}

/// Every learner's growth.
fn growing(request: &Request) -> Vec<Configuration> {
    let learners = Learner::ALL.into_iter().filter(|learner| *learner != Learner::Direct);
    let of = |learner: Learner| {
        let families: Vec<Family> =
            [Family::Split, Family::Widen].into_iter().filter(|family| learner.serves(*family)).collect();
        let mut config = request.config(PRESET, &families);
        (config.rounds, config.measure) = (request.sizes().rounds, Measure::None);
        (config.learning.learner, config.budget.max_candidates) = (learner, MOST);
        configuration(if learner == Learner::Estimate { OURS } else { learner.name() }, config)
    };
    learners.map(of).collect()
}

/// Draws it.
pub fn draw(folder: &Path) -> Result<Figure, RunError> {
    let mut runs: Vec<Run> = Vec::new();
    let mut cost = 0;
    for study in STUDIES.map(|name| folder.join(name)) {
        let collection = collect(&study)?;
        if !collection.missing.is_empty() {
            let missing: Vec<String> = collection.missing.into_iter().map(|(id, _)| id).collect();
            return Err(unfinished(&study, &missing));
        }
        cost = cost.max(collection.race.cost);
        runs.extend(collection.race.runs);
    }
    let plan = Plan::of(&folder.join(STUDIES[0]))?;
    let (seeds, example) = (&plan.seeds, &plan.configurations[0].settings);
    let (sizes, rounds) = (sizes(example), example.rounds);
    let with = say!("pictures-figure-seeds", sizes = sizes, rounds = rounds, seeds = seeds.len());
    let title = format!("Figure 5: growth and fixed networks ({with})");
    let picture = Picture {
        title: say!("pictures-figure-growth").into(),
        notes: vec![say!("pictures-figure-growth-note", with = with)],
        content: Content::Panels {
            columns: 3,
            panels: vec![
                ranking(&runs),
                panel(
                    &runs,
                    say!("pictures-figure-by-size"),
                    Axis::linear(say!("heads-parameters"), Unit::Count("")),
                    "parameters",
                ),
                panel(
                    &runs,
                    say!("pictures-figure-by-cost"),
                    Axis::linear(say!("pictures-total-cost"), Unit::Count("FLOP")),
                    "cost",
                ),
            ],
        },
    };
    let runs = Race { cost, runs };
    Ok(Figure { number: NUMBER, title, picture, csv: runs.summary_csv(), tables: vec![runs.table()] })
}

/// Each configuration's held-out accuracy, one below the other.
fn ranking(runs: &[Run]) -> Panel {
    let all = by_name(runs);
    let series = all.iter().enumerate().map(|(index, (name, runs))| {
        let (x, dx) = mean_and_half_width(ends(runs).get("accuracy").map_or(&[][..], Vec::as_slice));
        let points = vec![Point { x, y: index as f64, dx, dy: 0.0 }];
        Series { name: (*name).to_owned(), look: Look::Numbered(index), drawn: Drawn::Points, points }
    });
    Panel {
        title: say!("costs-accuracy").into(),
        x: accuracy(),
        y: Axis::names("", all.iter().map(|(name, _)| (*name).to_owned()).collect()),
        diagonal: false,
        series: series.collect(),
        span: 1,
        notes: Vec::new(),
    }
}

fn accuracy() -> Axis {
    Axis::linear(say!("pictures-held-out-accuracy"), Unit::Percent)
}

fn panel(runs: &[Run], title: &str, x: Axis, column: &str) -> Panel {
    let series = by_name(runs).into_iter().enumerate().map(|(index, (name, runs))| {
        let columns = ends(&runs);
        let of = |column: &str| columns.get(column).map_or(&[][..], Vec::as_slice);
        let ((y, _), (x, _)) = (mean_and_spread(of("accuracy")), mean_and_spread(of(column)));
        let points = vec![Point { x, y, ..Point::default() }];
        Series { name: name.to_owned(), look: Look::Numbered(index), drawn: Drawn::Points, points }
    });
    Panel {
        title: title.to_owned(),
        x,
        y: accuracy(),
        diagonal: false,
        series: series.collect(),
        span: 1,
        notes: Vec::new(),
    }
}
