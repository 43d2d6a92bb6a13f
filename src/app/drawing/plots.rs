//! The plots of a run as SVG files.

use super::stretch::Stretch;
use crate::app::view::{View, families};
use crate::app::worker::board::Snapshot;
use crate::app::worker::curves::Curves;
use crate::estimate::Agreement;
use crate::lab::Round;
use crate::morphism::morph;
use crate::plot::{Axis, Content, Drawn, Ink, Look, Panel, Picture, Point, Scale, Series, Unit};

/// The plot of a round's measured candidates, or why there is none.
pub fn candidates_svg(snapshot: &Snapshot, view: &View) -> Result<String, String> {
    let measured = |round: &&Round| round.candidates.iter().any(|candidate| candidate.actual.is_some());
    let round = view.record(snapshot).filter(measured);
    let round = round.ok_or("There is nothing to plot before gains are measured.")?;
    Ok(cloud(snapshot, round, view).svg())
}

/// Estimated against actual, for the families shown.
fn cloud(snapshot: &Snapshot, round: &Round, view: &View) -> Picture {
    let estimator = view.estimator(round);
    let knee =
        Stretch::of(round.candidates.iter().filter_map(|candidate| candidate.estimate_by(round.estimator)))
            .knee();
    let layers = &snapshot.diagram.layers;
    let (mut series, mut notes) = (Vec::new(), Vec::new());
    for family in families(round).into_iter().filter(|family| !view.hidden.contains(family)) {
        let of_family = round.candidates.iter().filter(|candidate| candidate.family == family);
        let points: Vec<(&str, f64, f64)> = of_family
            .filter_map(|candidate| {
                let actual = view.actual(snapshot, round, candidate)?;
                Some((candidate.layer(), candidate.estimate_by(estimator)?, actual))
            })
            .collect();
        let (estimated, actual): (Vec<f64>, Vec<f64>) = points.iter().map(|(_, a, b)| (*a, *b)).unzip();
        let agreement = Agreement::of(&estimated, &actual);
        let number = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.3}"));
        let (n, r, slope) = (agreement.n, number(agreement.pearson), number(agreement.slope));
        notes.push(format!("{family}: n {n}, r {r}, slope {slope}"));
        let mark = morph(family).about().mark;
        for (index, layer) in layers.iter().enumerate() {
            let along = index as f64 / (layers.len().max(2) - 1) as f64;
            let inside = points.iter().filter(|(name, _, _)| *name == layer.name);
            let points: Vec<Point> = inside.map(|&(_, x, y)| Point { x, y, ..Point::default() }).collect();
            let look = Look::Sign(mark, Ink::Along(along));
            series.push(Series { name: family.to_string(), look, drawn: Drawn::Points, points });
        }
    }
    notes.push(
        "Colours: the layers, dark for the first and light for the last. On the line the estimate is right."
            .into(),
    );
    let axis = |label: &str| Axis {
        label: label.to_owned(),
        unit: Unit::Plain("nats"),
        scale: Scale::Stretched(knee),
    };
    let panel = Panel {
        title: String::new(),
        x: axis("estimated gain"),
        y: axis("actual gain"),
        diagonal: true,
        series,
        span: 2,
        notes: Vec::new(),
    };
    Picture {
        title: format!("Round {}: gains estimated by {estimator} and actual gains", round.round),
        notes,
        content: Content::Panels { columns: 2, panels: vec![panel] },
    }
}

/// Held-out loss over training steps, of this run and of those kept.
pub fn curves_svg(own: &Curves, kept: &[Curves]) -> String {
    let mut series = Vec::new();
    let line = |points: &[[f64; 2]]| -> Vec<Point> {
        points.iter().map(|&[x, y]| Point { x, y, ..Point::default() }).collect()
    };
    series.push(Series {
        name: "training batches".into(),
        look: Look::Numbered(4),
        drawn: Drawn::Curve,
        points: line(&own.batches),
    });
    for (index, curves) in std::iter::once(own).chain(kept).enumerate() {
        // The number of the batches' look is left out.
        let look = Look::Numbered(if index < 4 { index } else { index + 1 });
        let name = format!("held out: {}", curves.name);
        series.push(Series { name, look, drawn: Drawn::Line, points: line(&curves.losses) });
    }
    let panel = Panel {
        title: String::new(),
        x: Axis::linear("training steps", Unit::Count("")),
        y: Axis::linear("mean cross-entropy", Unit::Plain("nats")),
        diagonal: false,
        series,
        span: 2,
        notes: Vec::new(),
    };
    let picture = Picture {
        title: "Loss over training steps".into(),
        notes: Vec::new(),
        content: Content::Panels { columns: 2, panels: vec![panel] },
    };
    picture.svg()
}
