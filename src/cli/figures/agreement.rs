//! Figure 3: estimated against actual gains, for each family and estimator, the network's weights held constant. φ is
//! learned, scaled and estimated by the same estimator.

use std::fmt::Write;

use super::{Studio, number};
use crate::cli::failure::Failure;
use crate::cli::table::{aligned, known};
use crate::estimate::{Agreement, Estimator};
use crate::lab::CandidateRecord;
use crate::morphism::Family;
use crate::plot::{Panel, Point, Scale, Series, panels_svg};

const FAMILIES: [Family; 4] = [Family::Split, Family::Prune, Family::Widen, Family::Deepen];

/// Makes it.
pub fn make(studio: &mut Studio) -> Result<(), Failure> {
    let seed = studio.arguments.seeds[0];
    let config = studio.config("tiny", &FAMILIES, seed);
    let data = studio.load(&config)?;
    let trained = studio.trained(&config, &data)?;
    let mut csv = "estimator,id,family,scale,estimated,actual\n".to_owned();
    let mut rows =
        vec![["estimator", "family", "n", "Pearson", "Spearman", "slope"].map(str::to_owned).to_vec()];
    let mut panels = Vec::new();
    for estimator in Estimator::ALL {
        let mut config = config.clone();
        config.learning.estimator = estimator;
        studio.say(&format!("figure 3: learning by {estimator}"));
        let state = studio.round(&config, &data, &trained)?;
        let records = state.record(1).map_or(&[][..], |record| record.candidates.as_slice());
        for family in FAMILIES {
            let members: Vec<&CandidateRecord> =
                records.iter().filter(|record| record.family == family).collect();
            let pairs: Vec<(f64, f64)> = members
                .iter()
                .filter_map(|record| Some((record.estimate_by(estimator)?, record.actual?)))
                .collect();
            let (estimated, actual): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
            let agreement = Agreement::of(&estimated, &actual);
            let three = |value: Option<f64>| known(value, |value| format!("{value:.3}"));
            rows.push(vec![
                estimator.to_string(),
                family.to_string(),
                agreement.n.to_string(),
                three(agreement.pearson),
                three(agreement.spearman),
                three(agreement.slope),
            ]);
            for record in members {
                let (id, scale) =
                    (record.id(), record.scale.map_or(String::new(), |scale| scale.to_string()));
                let (estimated, actual) = (number(record.estimate_by(estimator)), number(record.actual));
                let _ = writeln!(csv, "{estimator},{id},{family},{scale},{estimated},{actual}");
            }
            let points = pairs.iter().map(|&(x, y)| Point { x, y, spread: 0.0 }).collect();
            panels.push(Panel {
                title: format!(
                    "{family} by {estimator}: r {}, slope {}",
                    three(agreement.pearson),
                    three(agreement.slope)
                ),
                x: "estimated gain (nats)".into(),
                y: "actual gain".into(),
                scale: Scale::Linear,
                diagonal: true,
                series: vec![Series { name: family.to_string(), points, joined: false }],
            });
        }
    }
    let sizes = studio.sizes(&config);
    let title = format!("Figure 3: estimated and actual gains ({sizes}, seed {seed})");
    studio.write("figure-3.svg", &panels_svg(&title, FAMILIES.len(), &panels)?)?;
    studio.write("figure-3.csv", &csv)?;
    studio.console.line(&format!("\n{title}\n{}", aligned(&rows, "  ", false).trim_end()));
    Ok(())
}
