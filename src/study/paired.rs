//! Configurations compared seed by seed: what a seed decides for all of them (the images' order, the first weights)
//! cancels in the difference, so that far fewer seeds are needed than with two separate standard deviations.

use super::Table;
use super::interval::Difference;
use super::race::{Race, Run, by_name};
use crate::format::signed_decimal;
use crate::words::say;

impl Race {
    /// Each configuration against the first, seed by seed: held-out accuracy in points and loss. None where there is
    /// nothing to compare.
    pub fn differences(&self) -> Option<Table> {
        let groups = by_name(&self.runs);
        let (first, base) = groups.first()?;
        if groups.len() < 2 {
            return None;
        }
        let against = say!("pictures-against", first = *first);
        let mut table = Table::new([
            against.as_str(),
            say!("pictures-seeds-in-both"),
            say!("pictures-accuracy-points"),
            say!("curves-plot-loss"),
        ]);
        for (name, runs) in &groups[1..] {
            let differences = |number: fn(&Run) -> Option<f64>| {
                let pairs = runs.iter().filter_map(|run| {
                    let same = base.iter().find(|other| other.config.seed == run.config.seed)?;
                    Some(number(run)? - number(same)?)
                });
                Difference::of(&pairs.collect::<Vec<f64>>())
            };
            let accuracy = differences(|run| Some(100.0 * run.curve.last()?.quality.held_out.accuracy));
            let loss = differences(|run| Some(run.curve.last()?.quality.held_out.loss));
            let seeds = accuracy.map_or(0, |difference| difference.seeds);
            table.rows.push(vec![(*name).to_owned(), seeds.to_string(), said(accuracy, 2), said(loss, 4)]);
        }
        Some(table)
    }
}

fn said(difference: Option<Difference>, digits: usize) -> String {
    match difference {
        None => say!("pictures-no-seed-in-both").into(),
        Some(Difference { mean, half_width: None, .. }) => signed_decimal(mean, digits),
        Some(Difference { mean, half_width: Some(half), .. }) => {
            let [mean, low, high] =
                [mean, mean - half, mean + half].map(|value| signed_decimal(value, digits));
            say!("pictures-interval", mean = mean, low = low, high = high)
        }
    }
}
