//! Figure 5: growing against static networks. Our way, the other learners and random growth all grow the same seed by the
//! same rule; networks of the size that ours reached are trained from scratch, at the same total cost, and once more
//! with as many steps as the grown network saw.

use super::Studio;
use crate::cli::compare::{Entrant, Finished, by_name, finals, mean_and_spread, race, summary_csv, table};
use crate::cli::failure::Failure;
use crate::engine::{Learner, steps_per_epoch};
use crate::lab::{Config, Measure};
use crate::morphism::Family;
use crate::network::layers_of;
use crate::plot::{Panel, Point, Scale, Series, panels_svg};

/// The seed network.
const PRESET: &str = "4-4-M-8-8-M-8";
/// Candidates that a round may take.
const MOST: usize = 6;

/// Makes it.
pub fn make(studio: &mut Studio) -> Result<(), Failure> {
    let seeds = studio.arguments.seeds.clone();
    let mut entrants = Vec::new();
    for learner in Learner::ALL.into_iter().filter(|learner| *learner != Learner::Direct) {
        for &seed in &seeds {
            let families: Vec<Family> =
                [Family::Split, Family::Widen].into_iter().filter(|family| learner.serves(*family)).collect();
            let mut config = studio.config(PRESET, &families, seed);
            (config.rounds, config.measure) = (studio.sizes.rounds, Measure::None);
            (config.learning.learner, config.budget.max_candidates) = (learner, MOST);
            let name = if learner == Learner::Estimate { "ours".to_owned() } else { learner.to_string() };
            entrants.push(Entrant { name, config });
        }
    }
    let console = studio.console;
    let quiet = studio.arguments.quiet;
    let say = |text: &str| {
        if !quiet {
            console.error(&format!("figure 5: {text}"));
        }
    };
    let (total, mut runs) = race(&entrants, None, studio.engine.as_mut(), &studio.ear, &say)?;
    let ours: Vec<&Finished> = runs.iter().filter(|run| run.name == "ours").collect();
    let (mut equal, mut same_steps) = (Vec::new(), Vec::new());
    for run in &ours {
        let config = run.lab.config();
        let Some(layers) = layers_of(&run.lab.state().model.network.architecture) else { continue };
        let mut fixed = Config { preset: layers, rounds: 0, ..config.clone() };
        fixed.training.total_flops = None;
        equal.push(Entrant { name: "fixed, equal cost".into(), config: fixed.clone() });
        let steps: usize = run.lab.state().rounds.iter().map(|record| record.losses.len()).sum();
        let epoch_steps = steps_per_epoch(run.lab.data().train.len(), config.training.batch);
        fixed.training.epochs = (steps as u64).div_ceil(epoch_steps).max(1);
        same_steps.push(Entrant { name: "fixed, as many steps".into(), config: fixed });
    }
    runs.extend(race(&equal, Some(total), studio.engine.as_mut(), &studio.ear, &say)?.1);
    runs.extend(race(&same_steps, None, studio.engine.as_mut(), &studio.ear, &say)?.1);

    let example = &entrants[0].config;
    let sizes = studio.sizes(example);
    let title = format!(
        "Figure 5: growth and fixed networks ({sizes}, {} rounds, {} seeds)",
        example.rounds,
        seeds.len()
    );
    let panels = [
        panel(&runs, "Accuracy and size", "parameters", "parameters"),
        panel(&runs, "Accuracy and total cost", "total FLOPs of the run", "cost"),
    ];
    studio.write("figure-5.svg", &panels_svg(&title, 2, &panels)?)?;
    studio.write("figure-5.csv", &summary_csv(&runs))?;
    console.line(&format!("\n{title}; mean and standard deviation over seeds\n{}", table(&runs).trim_end()));
    Ok(())
}

fn panel(runs: &[Finished], title: &str, label: &str, column: &str) -> Panel {
    let series = by_name(runs).into_iter().map(|(name, labs)| {
        let columns = finals(&labs);
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
