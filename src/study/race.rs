//! A race: several configurations, each with several seeds, at equal cost. What their runs show together.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::str::FromStr;

use super::Table;
use super::interval::{mean_and_half_width, mean_and_spread};
use super::plan::{NAME, is_name};
use crate::format::{decimal, magnitude, percent, thousands};
use crate::lab::{self, Config, ConfigError};
use crate::plot::{Axis, Content, Drawn, LOOKS, Look, Panel, Picture, Point, Series, Unit};
use crate::words::say;

/// A run of a race, finished or not.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its configuration's name; runs of one name are summarised together.
    pub name: String,
    /// Its settings.
    pub config: Config,
    /// Every moment at which its network was scored.
    pub curve: Vec<lab::Point>,
    /// Images that it trains on.
    pub images: usize,
}

impl Run {
    /// Without the trials of a search and without looks within a training.
    fn without_some(&self) -> Self {
        let some = [lab::Moment::Tried, lab::Moment::Training];
        let curve = self.curve.iter().filter(|point| !some.contains(&point.moment));
        Self { curve: curve.copied().collect(), ..self.clone() }
    }
}

/// The result of a race.
#[derive(Clone, Debug, Default)]
pub struct Race {
    /// Floating-point operations that every run could spend.
    pub cost: u64,
    /// The runs, in the plan's order.
    pub runs: Vec<Run>,
}

/// An order of configurations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As they were planned.
    Plan,
    /// By name.
    Name,
    /// The most accurate first.
    Accuracy,
    /// The lowest loss first.
    Loss,
    /// The smallest network first.
    Parameters,
    /// The cheapest run first.
    Cost,
}

impl FromStr for Order {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Ok(match name {
            "plan" => Self::Plan,
            "name" => Self::Name,
            "accuracy" => Self::Accuracy,
            "loss" => Self::Loss,
            "parameters" => Self::Parameters,
            "cost" => Self::Cost,
            _ => {
                return Err(format!(
                    "found \"{name}\", expected plan, name, accuracy, loss, parameters or cost"
                ));
            }
        })
    }
}

/// Checks that there are seeds and that they differ.
pub fn check_seeds(seeds: &[u64]) -> Result<(), ConfigError> {
    let twice = |(position, seed): (usize, &u64)| seeds[..position].contains(seed);
    let refused = |found: String, expected: &str| {
        Err(ConfigError::Value { field: "seeds".into(), found, expected: expected.into() })
    };
    if seeds.is_empty() {
        return refused("none".into(), "at least one");
    }
    match seeds.iter().enumerate().position(twice) {
        Some(position) => refused(format!("{} twice", seeds[position]), "each once"),
        None => Ok(()),
    }
}

/// Checks that the names of configurations differ and fit into a CSV, and that all have the same images.
pub fn check_names(entrants: &[(String, Config)]) -> Result<(), ConfigError> {
    let refused = |found: String, expected: &str| {
        Err(ConfigError::Value { field: "configs".into(), found, expected: expected.into() })
    };
    for (position, (name, config)) in entrants.iter().enumerate() {
        if !is_name(name) {
            return refused(format!("\"{name}\""), NAME);
        }
        if entrants[..position].iter().any(|(other, _)| other == name) {
            return refused(format!("\"{name}\" twice"), "names that differ");
        }
        if config.data != entrants[0].1.data {
            return refused(
                format!("other [data] in {name}"),
                &format!("that of {}: runs on other images cannot be compared", entrants[0].0),
            );
        }
    }
    Ok(())
}

impl Race {
    /// One line for each configuration: means and standard deviations of the final networks over the seeds.
    pub fn table(&self) -> Table {
        let headings = [
            "",
            say!("pictures-column-seeds"),
            say!("pictures-column-accuracy"),
            say!("race-held-out-loss"),
            say!("heads-parameters"),
            say!("pictures-column-flops"),
            say!("pictures-column-total"),
        ];
        let mut table = Table::new(headings);
        for (name, runs) in by_name(&self.runs) {
            let ends = ends(&runs);
            let of = |column: &str| mean_and_spread(ends.get(column).map_or(&[][..], Vec::as_slice));
            let ((accuracy, accuracy_spread), (loss, loss_spread)) = (of("accuracy"), of("loss"));
            table.rows.push(vec![
                name.to_owned(),
                runs.len().to_string(),
                format!("{} ± {}", percent(accuracy), decimal(100.0 * accuracy_spread, 1)),
                format!("{} ± {}", decimal(loss, 4), decimal(loss_spread, 4)),
                thousands(of("parameters").0 as u64),
                magnitude(of("flops").0 as u64),
                magnitude(of("cost").0 as u64),
            ]);
        }
        table
    }

    /// [`Self::table`] in another order, of the configurations whose names contain `filter`.
    pub fn ordered_table(&self, order: Order, filter: Option<&str>) -> Table {
        let runs = self.runs.iter().filter(|run| filter.is_none_or(|text| run.name.contains(text)));
        let mut runs: Vec<Run> = runs.cloned().collect();
        if order != Order::Plan {
            let keys: BTreeMap<String, f64> = by_name(&runs)
                .into_iter()
                .map(|(name, runs)| {
                    let mean = |column: &str| {
                        ends(&runs).get(column).map_or(0.0, |numbers| mean_and_spread(numbers).0)
                    };
                    let key = match order {
                        Order::Plan | Order::Name => 0.0,
                        // The most accurate first; of the others the smallest.
                        Order::Accuracy => -mean("accuracy"),
                        Order::Loss => mean("loss"),
                        Order::Parameters => mean("parameters"),
                        Order::Cost => mean("cost"),
                    };
                    (name.to_owned(), key)
                })
                .collect();
            runs.sort_unstable_by(|a, b| {
                keys[&a.name].total_cmp(&keys[&b.name]).then_with(|| a.name.cmp(&b.name))
            });
        }
        Race { cost: self.cost, runs }.table()
    }

    /// The mean over seeds and its 95 % interval at every moment.
    pub fn picture(&self) -> Picture {
        // How many trials of a search were the best so far differs from seed to seed, and how long the last training is:
        // means need what all have.
        let runs: Vec<Run> = self.runs.iter().map(Run::without_some).collect();
        let all = by_name(&runs);
        let drawn = best(&all);
        let panel = |title: &str, y: Axis, number: fn(&lab::Point) -> f64| {
            let series = drawn.iter().enumerate().map(|(look, &index)| {
                let (name, runs) = &all[index];
                let moments = runs.iter().map(|run| run.curve.len()).min().unwrap_or(0);
                let points = (0..moments).map(|moment| {
                    let of = |number: &dyn Fn(&lab::Point) -> f64| -> Vec<f64> {
                        runs.iter().map(|run| number(&run.curve[moment])).collect()
                    };
                    let x = mean_and_spread(&of(&|point| point.cost as f64)).0;
                    let (y, dy) = mean_and_half_width(&of(&number));
                    Point { x, y, dx: 0.0, dy }
                });
                Series {
                    name: (*name).to_owned(),
                    look: Look::Numbered(look),
                    drawn: Drawn::Line,
                    points: points.collect(),
                }
            });
            Panel {
                title: title.to_owned(),
                x: Axis::logarithmic(say!("pictures-cost-of-run"), Unit::Count("FLOP")),
                y,
                diagonal: false,
                series: series.collect(),
                span: 1,
                notes: Vec::new(),
            }
        };
        let most = all.iter().map(|(_, runs)| runs.len()).max().unwrap_or(0);
        let mut notes = vec![match most {
            0 | 1 => say!("pictures-one-seed").to_owned(),
            seeds => say!("pictures-seeds", seeds = seeds),
        }];
        if drawn.len() < all.len() {
            notes.push(say!("pictures-most-accurate", drawn = drawn.len(), all = all.len()));
        }
        Picture {
            title: say!("pictures-race").into(),
            notes,
            content: Content::Panels {
                columns: 3,
                panels: vec![
                    panel(
                        say!("trials-loss"),
                        Axis::linear(say!("pictures-held-out-loss"), Unit::Plain("nats")),
                        |point| point.quality.held_out.loss,
                    ),
                    panel(
                        say!("costs-accuracy"),
                        Axis::linear(say!("pictures-held-out-accuracy"), Unit::Percent),
                        |point| point.quality.held_out.accuracy,
                    ),
                    panel(
                        say!("pictures-size-title"),
                        Axis::linear(say!("heads-parameters"), Unit::Count("")),
                        |point| point.quality.parameters as f64,
                    ),
                ],
            },
        }
    }

    /// The final network of each run.
    pub fn summary_csv(&self) -> String {
        let mut text = "config,seed,accuracy,loss,parameters,flops,cost\n".to_owned();
        for run in &self.runs {
            let ends = ends(&[run]);
            let _ = write!(text, "{},{}", run.name, run.config.seed);
            for column in ["accuracy", "loss", "parameters", "flops", "cost"] {
                let number = ends.get(column).and_then(|numbers| numbers.first());
                let _ = write!(text, ",{}", number.map_or(String::new(), ToString::to_string));
            }
            text.push('\n');
        }
        text
    }

    /// Every moment at which a run's network was scored.
    pub fn curves_csv(&self) -> String {
        let mut text = "config,seed,round,moment,cost,loss,accuracy,parameters\n".to_owned();
        for run in &self.runs {
            for point in &run.curve {
                let quality = point.quality;
                let _ = writeln!(
                    text,
                    "{},{},{},{},{},{},{},{}",
                    run.name,
                    run.config.seed,
                    point.round,
                    point.moment,
                    point.cost,
                    quality.held_out.loss,
                    quality.held_out.accuracy,
                    quality.parameters
                );
            }
        }
        text
    }
}

/// The configurations that a picture has marks for, in their own order: all, or else the most accurate.
fn best(all: &[(&str, Vec<&Run>)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    if all.len() > LOOKS {
        let accuracy =
            |runs: &[&Run]| ends(runs).get("accuracy").map_or(0.0, |numbers| mean_and_spread(numbers).0);
        let keys: Vec<f64> = all.iter().map(|(_, runs)| accuracy(runs)).collect();
        order.sort_unstable_by(|a, b| keys[*b].total_cmp(&keys[*a]).then(a.cmp(b)));
        order.truncate(LOOKS);
        order.sort_unstable();
    }
    order
}

/// Names in the order of their first run, each with its runs.
pub(super) fn by_name(runs: &[Run]) -> Vec<(&str, Vec<&Run>)> {
    let mut names: Vec<(&str, Vec<&Run>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for run in runs {
        let place = *places.entry(&run.name).or_insert(names.len());
        match names.get_mut(place) {
            Some((_, runs)) => runs.push(run),
            None => names.push((&run.name, vec![run])),
        }
    }
    names
}

/// The last network of each run, by column of the summary.
pub(super) fn ends(runs: &[&Run]) -> BTreeMap<&'static str, Vec<f64>> {
    let mut columns: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    for last in runs.iter().filter_map(|run| run.curve.last()) {
        for (column, number) in [
            ("accuracy", last.quality.held_out.accuracy),
            ("cost", last.cost as f64),
            ("flops", last.quality.flops as f64),
            ("loss", last.quality.held_out.loss),
            ("parameters", last.quality.parameters as f64),
        ] {
            columns.entry(column).or_default().push(number);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_raced_is_refused_by_name() {
        let entrant = |name: &str| (name.to_owned(), Config::default());
        assert!(check_names(&[entrant("a"), entrant("b")]).is_ok());
        let refused = |entrants: &[(String, Config)]| check_names(entrants).unwrap_err().to_string();
        assert!(refused(&[entrant("a"), entrant("a")]).contains("\"a\" twice"));
        assert!(refused(&[entrant("a,b")]).contains("\"a,b\""));
        let mut other = entrant("other");
        other.1.data.train = Some(10);
        assert!(refused(&[entrant("a"), other]).contains("[data] in other"));
        assert!(check_seeds(&[1, 2]).is_ok());
        assert!(check_seeds(&[1, 2, 1]).unwrap_err().to_string().contains("1 twice"));
        assert!(check_seeds(&[]).unwrap_err().to_string().contains("at least one"));
    }
}
