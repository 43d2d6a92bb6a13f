//! Figure 2: a trained network, each channel coloured by what splitting it promises and what pruning it costs.

use std::fmt::Write;
use std::path::Path;

use super::{
    Figure, Plan, Request, RunError, Table, agreement_cells, configuration, first_rounds, number,
    sizes_and_seed,
};
use crate::lab::CandidateRecord;
use crate::morphism::Family;
use crate::plot::{Cell, Column, Content, Picture};
use crate::words::say;

/// Its number in the paper.
pub const NUMBER: u8 = 2;

/// Its study: a single run.
pub fn plan(request: &Request) -> Plan {
    let config = request.config("tiny", &[Family::Split, Family::Prune]);
    request.measured(vec![configuration("tiny", config)])
}

/// Draws it.
pub fn draw(folder: &Path) -> Result<Figure, RunError> {
    let (run, round) = first_rounds(folder)?.remove(0);
    let (config, records) = (run.config, &round.candidates);
    let estimator = config.learning.estimator;
    let of = |family: Family| -> Vec<&CandidateRecord> {
        records.iter().filter(|record| record.family == family).collect()
    };
    let (splits, prunes) = (of(Family::Split), of(Family::Prune));
    let estimate = |record: &CandidateRecord| record.estimate_by(estimator).unwrap_or(0.0);
    let largest = |records: &[&CandidateRecord]| {
        records.iter().fold(f64::MIN_POSITIVE, |most, record| most.max(estimate(record).abs()))
    };
    let most_split = largest(&splits);
    let mut columns: Vec<Column> = Vec::new();
    let mut csv = "layer,channel,split_estimated,split_actual,prune_estimated,prune_actual\n".to_owned();
    // Prunes differ by orders of magnitude: their colour goes by rank, the cheapest first.
    let mut costs: Vec<f64> = prunes.iter().map(|record| estimate(record)).collect();
    costs.sort_unstable_by(f64::total_cmp);
    for split in &splits {
        let prune = prunes.iter().find(|prune| prune.at == split.at);
        let rank = prune.map_or(0, |prune| costs.partition_point(|cost| *cost < estimate(prune)));
        let cell = Cell {
            split: (estimate(split) / most_split).max(0.0),
            prune: rank as f64 / costs.len().saturating_sub(1).max(1) as f64,
        };
        match columns.last_mut().filter(|column| column.name == split.layer()) {
            Some(column) => column.cells.push(cell),
            None => columns.push(Column { name: split.layer().to_owned(), cells: vec![cell] }),
        }
        let _ = writeln!(
            csv,
            "{},{},{},{},{},{}",
            split.layer(),
            split.channel().unwrap_or(0),
            number(split.estimate_by(estimator)),
            number(split.actual),
            number(prune.and_then(|prune| prune.estimate_by(estimator))),
            number(prune.and_then(|prune| prune.actual)),
        );
    }
    let with = sizes_and_seed(&config);
    let mut table = Table::new([
        say!("pictures-by-estimator", estimator = estimator.to_string()).as_str(),
        "n",
        "Pearson",
        "Spearman",
        say!("cloud-slope"),
    ]);
    for (family, agreement) in round.agreement() {
        if let Some(agreement) = agreement {
            let mut row = vec![family.to_string()];
            row.extend(agreement_cells(&agreement));
            table.rows.push(row);
        }
    }
    Ok(Figure {
        number: NUMBER,
        title: format!("Figure 2: split and prune scores ({with})"),
        picture: Picture {
            title: say!("pictures-figure-network").into(),
            notes: vec![with],
            content: Content::Cells(columns),
        },
        csv,
        tables: vec![table],
    })
}
