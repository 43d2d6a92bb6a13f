//! The tree of trials as a picture: by cost, by size, and what was believed beside what came.

use super::id::TrialId;
use super::tree::{Tree, Trial};
use crate::morphism::{Mark, Shape};
use crate::plot::{Axis, Content, Drawn, Ink, Look, Panel, Picture, Point, Series, Unit};
use crate::words::say;

/// The picture, once the seed was tried. The incumbent is the trial that the search would go on with.
pub fn picture(tree: &Tree, incumbent: TrialId, title: &str) -> Option<Picture> {
    if tree.is_empty() {
        return None;
    }
    let mut spent = 0.0;
    let costs: Vec<f64> = tree
        .trials()
        .map(|trial| {
            spent += trial.cost.total().method_flops() as f64;
            spent
        })
        .collect();
    let by_cost = |trial: &Trial| costs[trial.id];
    let by_size = |trial: &Trial| trial.parameters as f64;
    let loss = || Axis::linear(say!("pictures-validation-loss"), Unit::Plain("nats"));
    let panels = vec![
        of_losses(
            tree,
            incumbent,
            say!("pictures-by-cost"),
            Axis::linear(say!("pictures-cost-so-far"), Unit::Count("FLOP")),
            loss(),
            &by_cost,
        ),
        of_losses(
            tree,
            incumbent,
            say!("pictures-by-size"),
            Axis::logarithmic(say!("heads-parameters"), Unit::Count("")),
            loss(),
            &by_size,
        ),
        believed(tree),
    ];
    let trials = tree.len() - 1;
    let notes = vec![say!("pictures-trials-note", trials = trials), say!("pictures-copies-note").into()];
    Some(Picture { title: title.to_owned(), notes, content: Content::Panels { columns: 3, panels } })
}

fn sign(shape: Shape, filled: bool, ink: Ink) -> Look {
    Look::Sign(Mark { shape, filled }, ink)
}

fn of_losses(
    tree: &Tree,
    incumbent: TrialId,
    title: &str,
    x: Axis,
    y: Axis,
    at: &dyn Fn(&Trial) -> f64,
) -> Panel {
    let point = |trial: &Trial| {
        let judged = trial.judged?;
        Some(Point { x: at(trial), y: judged.loss, dy: judged.error, ..Point::default() })
    };
    let bare = |trial: &Trial| point(trial).map(|point| Point { dy: 0.0, ..point });
    let mut series = Vec::new();
    for trial in tree.trials() {
        let parent = trial.parent.and_then(|parent| tree.get(parent));
        if let (Some(from), Some(to)) = (parent.and_then(bare), bare(trial)) {
            let look = sign(Shape::Circle, false, Ink::Grid);
            let name = say!("pictures-parent-to-child").to_owned();
            series.push(Series { name, look, drawn: Drawn::Curve, points: vec![from, to] });
        }
    }
    let mut add = |name: &str, look: Look, among: &dyn Fn(&Trial) -> bool| {
        let points: Vec<Point> = tree.trials().filter(|trial| among(trial)).filter_map(point).collect();
        if !points.is_empty() {
            series.push(Series { name: name.to_owned(), look, drawn: Drawn::Points, points });
        }
    };
    add(say!("pictures-copy"), sign(Shape::Circle, false, Ink::Weak), &|trial| trial.is_copy());
    add(say!("pictures-changed"), sign(Shape::Circle, true, Ink::Series(0)), &|trial| {
        trial.parent.is_some() && !trial.is_copy() && trial.id != incumbent
    });
    add(say!("pictures-the-seed"), sign(Shape::Square, true, Ink::Text), &|trial| {
        trial.id == 0 && trial.id != incumbent
    });
    add(say!("pictures-goes-on"), sign(Shape::Diamond, true, Ink::Series(1)), &|trial| trial.id == incumbent);
    Panel { title: title.to_owned(), x, y, diagonal: false, series, span: 1, notes: Vec::new() }
}

/// What was believed before, beside what came: at once, and in the end.
fn believed(tree: &Tree) -> Panel {
    let points = |outcome: &dyn Fn(&Trial) -> Option<f64>| -> Vec<Point> {
        let point = |trial: &Trial| {
            let predicted = trial.predicted?;
            Some(Point { x: predicted.mean, dx: predicted.error, y: outcome(trial)?, dy: 0.0 })
        };
        tree.trials().filter_map(point).collect()
    };
    let series = |name: &str, look: usize, points: Vec<Point>| Series {
        name: name.to_owned(),
        look: Look::Numbered(look),
        drawn: Drawn::Points,
        points,
    };
    Panel {
        title: say!("pictures-believed").into(),
        x: Axis::linear(say!("pictures-predicted-gain"), Unit::Plain("nats")),
        y: Axis::linear(say!("pictures-gain"), Unit::Plain("nats")),
        diagonal: true,
        series: vec![
            series(say!("pictures-at-once"), 4, points(&|trial| trial.immediate)),
            series(say!("pictures-in-the-end"), 1, points(&|trial| tree.gain(trial.id))),
        ],
        span: 1,
        notes: vec![say!("pictures-right-on-the-line").into()],
    }
}
