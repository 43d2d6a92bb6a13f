//! Figure 3: estimated against actual gains, for each family and estimator, the network's weights held constant. φ is
//! learned, scaled and estimated by the same estimator.

use std::fmt::Write;
use std::path::Path;

use super::{
    Figure, Plan, Request, RunError, Table, agreement_cells, configuration, first_rounds, number,
    sizes_and_seed,
};
use crate::estimate::{Agreement, Estimator};
use crate::lab::CandidateRecord;
use crate::morphism::Family;
use crate::plot::{Axis, Content, Drawn, Look, Panel, Picture, Point, Series, Unit};
use crate::words::say;

/// Its number in the paper.
pub const NUMBER: u8 = 3;

const FAMILIES: [Family; 4] = [Family::Split, Family::Prune, Family::Widen, Family::Deepen];

/// Its study: a run for each estimator.
pub fn plan(request: &Request) -> Plan {
    let configurations = Estimator::ALL.map(|estimator| {
        let mut config = request.config("tiny", &FAMILIES);
        config.learning.estimator = estimator;
        configuration(estimator.name(), config)
    });
    request.measured(configurations.to_vec())
}

/// Draws it.
pub fn draw(folder: &Path) -> Result<Figure, RunError> {
    let rounds = first_rounds(folder)?;
    let with = sizes_and_seed(&rounds[0].0.config);
    let mut csv = "estimator,id,family,scale,estimated,actual\n".to_owned();
    let mut table = Table::new([
        say!("pictures-column-estimator"),
        say!("pictures-column-family"),
        "n",
        "Pearson",
        "Spearman",
        say!("cloud-slope"),
    ]);
    let mut panels = Vec::new();
    for (run, round) in &rounds {
        let (estimator, records) = (run.config.learning.estimator, &round.candidates);
        for (look, family) in FAMILIES.into_iter().enumerate() {
            let members: Vec<&CandidateRecord> =
                records.iter().filter(|record| record.family == family).collect();
            let pairs: Vec<(f64, f64)> = members
                .iter()
                .filter_map(|record| Some((record.estimate_by(estimator)?, record.actual?)))
                .collect();
            let (estimated, actual): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
            let agreement = Agreement::of(&estimated, &actual);
            let cells = agreement_cells(&agreement);
            let [n, pearson, _, slope] = &cells;
            let title = format!("{family}, {estimator}");
            let note = say!(
                "pictures-figure-agreement",
                r = pearson.as_str(),
                slope = slope.as_str(),
                n = n.as_str()
            );
            let mut row = vec![estimator.to_string(), family.to_string()];
            row.extend(cells);
            table.rows.push(row);
            for record in members {
                let (id, scale) =
                    (record.id(), record.scale.map_or(String::new(), |scale| scale.to_string()));
                let (estimated, actual) = (number(record.estimate_by(estimator)), number(record.actual));
                let _ = writeln!(csv, "{estimator},{id},{family},{scale},{estimated},{actual}");
            }
            let points = pairs.iter().map(|&(x, y)| Point { x, y, ..Point::default() }).collect();
            let look = Look::Numbered(look);
            panels.push(Panel {
                title,
                x: Axis::linear(say!("cloud-axis-estimated"), Unit::Plain("nats")),
                y: Axis::linear(say!("cloud-axis-actual"), Unit::Plain("nats")),
                diagonal: true,
                series: vec![Series { name: family.to_string(), look, drawn: Drawn::Points, points }],
                span: 1,
                notes: vec![note],
            });
        }
    }
    let title = format!("Figure 3: estimated and actual gains ({with})");
    let picture = Picture {
        title: say!("pictures-figure-estimates").into(),
        notes: vec![with, say!("pictures-figure-estimates-note").into()],
        content: Content::Panels { columns: FAMILIES.len(), panels },
    };
    Ok(Figure { number: NUMBER, title, picture, csv, tables: vec![table] })
}
