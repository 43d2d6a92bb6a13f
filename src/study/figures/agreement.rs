//! Figure 3: estimated against actual gains, for each family and estimator, the network's weights held constant. φ is
//! learned, scaled and estimated by the same estimator.

use std::fmt::Write;

use super::{Figure, Studio, Table, agreement_cells, number};
use crate::estimate::{Agreement, Estimator};
use crate::lab::{CandidateRecord, LabError};
use crate::morphism::Family;
use crate::plot::{Panel, Picture, Point, Scale, Series};

const FAMILIES: [Family; 4] = [Family::Split, Family::Prune, Family::Widen, Family::Deepen];

/// Makes the figure.
pub async fn make(studio: &mut Studio<'_>) -> Result<Figure, LabError> {
    let seed = studio.seed();
    let config = studio.config("tiny", &FAMILIES, seed);
    let data = studio.load(&config)?;
    let trained = studio.trained(&config, &data).await?;
    let mut csv = "estimator,id,family,scale,estimated,actual\n".to_owned();
    let mut table = Table::new(["estimator", "family", "n", "Pearson", "Spearman", "slope"]);
    let mut panels = Vec::new();
    for estimator in Estimator::ALL {
        let mut config = config.clone();
        config.learning.estimator = estimator;
        studio.listener.say(&format!("learning by {estimator}"));
        let state = studio.round(&config, &data, &trained).await?;
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
            let cells = agreement_cells(&agreement);
            let [_, pearson, _, slope] = &cells;
            let title = format!("{family} by {estimator}: r {pearson}, slope {slope}");
            let mut row = vec![estimator.to_string(), family.to_string()];
            row.extend(cells);
            table.rows.push(row);
            for record in members {
                let (id, scale) =
                    (record.id(), record.scale.map_or(String::new(), |scale| scale.to_string()));
                let (estimated, actual) = (number(record.estimate_by(estimator)), number(record.actual));
                let _ = writeln!(csv, "{estimator},{id},{family},{scale},{estimated},{actual}");
            }
            let points = pairs.iter().map(|&(x, y)| Point { x, y, spread: 0.0 }).collect();
            panels.push(Panel {
                title,
                x: "estimated gain (nats)".into(),
                y: "actual gain".into(),
                scale: Scale::Linear,
                diagonal: true,
                series: vec![Series { name: family.to_string(), points, joined: false }],
            });
        }
    }
    let title = format!("Figure 3: estimated and actual gains ({}, seed {seed})", studio.sizes(&config));
    let picture = Picture::Panels { title: title.clone(), columns: FAMILIES.len(), panels };
    Ok(Figure { number: 3, title, picture, csv, tables: vec![table] })
}
