//! Configurations compared seed by seed: what a seed decides for all of them (the images' order, the first weights)
//! cancels in the difference, so that far fewer seeds are needed than with two separate standard deviations.

use super::Table;
use super::race::{Race, Run, by_name, mean_and_spread};

/// A mean difference over seeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Seeds that both have.
    pub seeds: usize,
    /// Mean of the differences.
    pub mean: f64,
    /// Half the width of its 95 % interval, by Student's t; none for a single seed.
    pub half_width: Option<f64>,
}

impl Difference {
    /// Of these differences, one a seed; none without any.
    pub fn of(differences: &[f64]) -> Option<Self> {
        if differences.is_empty() {
            return None;
        }
        let (mean, spread) = mean_and_spread(differences);
        let seeds = differences.len();
        let half_width = (seeds > 1).then(|| t_95(seeds - 1) * spread / (seeds as f64).sqrt());
        Some(Self { seeds, mean, half_width })
    }
}

/// The 97.5 % quantile of Student's t with `freedom` degrees of freedom: 95 % lie between minus and plus this value.
fn t_95(freedom: usize) -> f64 {
    /// For 1 to 10 degrees of freedom, from tables.
    const FEW: [f64; 10] = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281];
    if let Some(quantile) = FEW.get(freedom.wrapping_sub(1)) {
        return *quantile;
    }
    // The expansion around the normal quantile (Abramowitz and Stegun 26.7.5): from 11 on it is right to 0.001.
    let (z, n) = (1.959_964_f64, freedom as f64);
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    let first = (z3 + z) / 4.0;
    let second = (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0;
    let third = (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / 384.0;
    z + first / n + second / n.powi(2) + third / n.powi(3)
}

impl Race {
    /// Each configuration against the first, seed by seed: held-out accuracy in points and loss. None where there is
    /// nothing to compare.
    pub fn differences(&self) -> Option<Table> {
        let groups = by_name(&self.runs);
        let (first, base) = groups.first()?;
        if groups.len() < 2 {
            return None;
        }
        let against = format!("against {first}");
        let mut table = Table::new([&against, "seeds in both", "accuracy, points", "loss"]);
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
        None => "no seed in both".into(),
        Some(Difference { mean, half_width: None, .. }) => format!("{mean:+.digits$}"),
        Some(Difference { mean, half_width: Some(half), .. }) => {
            format!("{mean:+.digits$} ({:+.digits$} to {:+.digits$})", mean - half, mean + half)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (freedom, table) in
            [(1, 12.7062), (10, 2.2281), (11, 2.2010), (20, 2.0860), (30, 2.0423), (120, 1.9799)]
        {
            assert!((t_95(freedom) - table).abs() < 1e-3, "{freedom}: {}", t_95(freedom));
        }
    }

    #[test]
    fn an_interval_as_worked_by_hand() {
        // Mean 2, standard deviation 1, three seeds: 4.3027 · 1 / √3.
        let difference = Difference::of(&[1.0, 2.0, 3.0]).unwrap();
        assert_eq!((difference.seeds, difference.mean), (3, 2.0));
        assert!((difference.half_width.unwrap() - 2.4842).abs() < 1e-3);
        assert_eq!(Difference::of(&[0.5]).unwrap().half_width, None);
        assert_eq!(Difference::of(&[]), None);
    }
}
