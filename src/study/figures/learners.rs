//! Figure 4: what each learner's φ really gains: for splits of every channel of the first layer, and for a new channel
//! in every layer. Direct optimisation of the true loss is the yardstick, of gains and of costs.

use std::fmt::Write;
use std::path::Path;

use super::super::interval::mean_and_half_width;
use super::{
    Configuration, Figure, Plan, Request, RunError, Table, configuration, first_rounds, number,
    sizes_and_seed,
};
use crate::engine::Learner;
use crate::estimate::Estimator;
use crate::format::{magnitude, percent, signed_decimal};
use crate::lab::CandidateRecord;
use crate::morphism::Family;
use crate::plot::{Axis, Content, Drawn, Look, Panel, Picture, Point, Series, Unit};
use crate::words::say;

/// The network. Its first layer has many channels, and most of the work lies behind it, so that sharing one set of
/// backward passes among all candidates saves much.
const PRESET: &str = "32-M-32-32-M-32-32";

/// Its number in the paper.
pub const NUMBER: u8 = 4;
/// What is learned, as the CSV has it, and the family that it belongs to.
const PARTS: [(&str, Family); 2] = [("splits of conv1", Family::Split), ("a new channel", Family::Widen)];

/// What is learned of a family of these, in words.
fn in_words(family: Family) -> &'static str {
    match family {
        Family::Split => say!("pictures-figure-splits"),
        _ => say!("pictures-figure-widening"),
    }
}

/// A learner and the candidates as it learned them.
struct Tried {
    name: String,
    /// The number of its mark and colour, the same in every panel.
    look: usize,
    records: Vec<CandidateRecord>,
    /// FLOPs of learning.
    cost: u64,
}

impl Tried {
    fn actual(&self) -> f64 {
        self.records.iter().filter_map(|record| record.actual).sum::<f64>() / self.records.len().max(1) as f64
    }
}

/// Its study: a run for each learner and part.
pub fn plan(request: &Request) -> Plan {
    let mut configurations: Vec<Configuration> = Vec::new();
    for (_, family) in PARTS {
        let ours =
            [Estimator::Sampled, Estimator::GaussNewton].map(|estimator| (Learner::Estimate, estimator));
        let others = Learner::ALL
            .into_iter()
            .filter(|learner| *learner != Learner::Estimate && learner.serves(family))
            .map(|learner| (learner, Estimator::Sampled));
        for (learner, estimator) in ours.into_iter().chain(others) {
            let mut config = request.config(PRESET, &[family]);
            config.layers = (family == Family::Split).then(|| vec!["conv1".to_owned()]);
            (config.learning.learner, config.learning.estimator) = (learner, estimator);
            let by = if learner == Learner::Estimate { estimator.name() } else { learner.name() };
            configurations.push(configuration(&format!("{family} by {by}"), config));
        }
    }
    request.measured(configurations)
}

/// Draws it.
pub fn draw(folder: &Path) -> Result<Figure, RunError> {
    let rounds = first_rounds(folder)?;
    let with = sizes_and_seed(&rounds[0].0.config);
    let mut csv = "part,learner,id,scale,score,estimated,actual,learning_flops\n".to_owned();
    let mut panels = Vec::new();
    let mut tables = Vec::new();
    for (part, family) in PARTS {
        let mut all = Vec::new();
        for (run, record) in rounds.iter().filter(|(run, _)| run.config.families == [family]) {
            let (learner, estimator) = (run.config.learning.learner, run.config.learning.estimator);
            let name = match learner {
                Learner::Estimate => format!("ours ({estimator})"),
                learner => learner.to_string(),
            };
            for candidate in &record.candidates {
                let scale = candidate.scale.map_or(String::new(), |scale| scale.to_string());
                let (score, estimated) = (number(candidate.score), number(candidate.estimate_by(estimator)));
                let (id, actual, flops) =
                    (candidate.id(), number(candidate.actual), record.steps.learn.flops);
                let _ = writeln!(csv, "{part},{name},{id},{scale},{score},{estimated},{actual},{flops}");
            }
            let look = match (learner, estimator) {
                (Learner::Estimate, Estimator::Sampled) => 0,
                (Learner::Estimate, _) => 1,
                (other, _) => 1 + Learner::ALL.iter().position(|one| *one == other).unwrap_or(0),
            };
            all.push(Tried {
                name,
                look,
                records: record.candidates.clone(),
                cost: record.steps.learn.flops,
            });
        }
        let part = in_words(family);
        panels.extend(panels_of(part, &all));
        tables.push(table(part, &all));
    }
    let title = format!("Figure 4: actual gains of what each learner makes ({with})");
    let picture = Picture {
        title: say!("pictures-figure-learners").into(),
        notes: vec![with, say!("pictures-figure-learners-note").into()],
        content: Content::Panels { columns: 3, panels },
    };
    Ok(Figure { number: NUMBER, title, picture, csv, tables })
}

fn panels_of(part: &str, all: &[Tried]) -> [Panel; 2] {
    // Candidates in the order of what the reference gains by them.
    let direct = all.iter().find(|tried| tried.name == Learner::Direct.name()).or(all.first());
    let mut order: Vec<(f64, String)> = direct
        .iter()
        .flat_map(|tried| &tried.records)
        .map(|record| (record.actual.unwrap_or(0.0), record.id()))
        .collect();
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let (mut labels, mut bars, mut means) = (Vec::new(), Vec::new(), Vec::new());
    for (_, id) in &order {
        let record = all.iter().flat_map(|tried| &tried.records).find(|record| record.id() == *id);
        labels.push(match record.and_then(CandidateRecord::channel) {
            Some(channel) => channel.to_string(),
            None => record.map_or(String::new(), |record| record.layer().to_owned()),
        });
    }
    for tried in all {
        let actual = |id: &String| tried.records.iter().find(|record| record.id() == *id)?.actual;
        let of = |(index, (_, id)): (usize, &(f64, String))| {
            Some(Point { x: index as f64, y: actual(id)?, ..Point::default() })
        };
        let points: Vec<Point> = order.iter().enumerate().filter_map(of).collect();
        let gains: Vec<f64> = tried.records.iter().filter_map(|record| record.actual).collect();
        let (y, dy) = mean_and_half_width(&gains);
        let mean = vec![Point { x: tried.cost as f64, y, dx: 0.0, dy }];
        for (list, drawn, points) in [(&mut bars, Drawn::Bars, points), (&mut means, Drawn::Points, mean)] {
            let look = Look::Numbered(tried.look);
            list.push(Series { name: tried.name.clone(), look, drawn, points });
        }
    }
    let panel = |title: String, x: Axis, series: Vec<Series>, span: usize| Panel {
        title,
        x,
        y: Axis::linear(say!("cloud-axis-actual"), Unit::Plain("nats")),
        diagonal: false,
        series,
        span,
        notes: Vec::new(),
    };
    let what = if labels.iter().all(|label| label.parse::<u32>().is_ok()) {
        say!("pictures-axis-channel")
    } else {
        say!("pictures-axis-layer")
    };
    let cost = Axis::logarithmic(say!("pictures-learning-cost"), Unit::Count("FLOP"));
    [
        panel(say!("pictures-figure-each", part = part), Axis::names(what, labels), bars, 2),
        panel(say!("pictures-figure-mean", part = part), cost, means, 1),
    ]
}

fn table(part: &str, all: &[Tried]) -> Table {
    let direct = all.iter().find(|tried| tried.name == Learner::Direct.name());
    let of_direct = say!("pictures-column-of-direct");
    let mut table = Table::new([part, say!("pictures-column-mean-gain"), of_direct, "FLOPs", of_direct]);
    for tried in all {
        let share =
            |of: &dyn Fn(&Tried) -> f64| direct.map_or("-".into(), |direct| percent(of(tried) / of(direct)));
        table.rows.push(vec![
            tried.name.clone(),
            signed_decimal(tried.actual(), 6),
            share(&Tried::actual),
            magnitude(tried.cost),
            share(&|tried| tried.cost as f64),
        ]);
    }
    table
}
