//! Estimated against actual gains of a round: a mark a candidate.

use crate::estimate::{Agreement, Estimator};
use crate::format::{decimal, known};
use crate::lab::{CandidateRecord, Round};
use crate::morphism::{Family, morph};
use crate::plot::{Axis, Content, Drawn, Ink, Look, Panel, Picture, Point, Scale, Series, Unit, knee};
use crate::words::say;

/// What estimates are held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// The actual gain, before any training.
    AtOnce,
    /// The gain after the next training, of the candidates that were followed so far.
    InTheEnd,
}

impl Outcome {
    /// A candidate's, if it is known.
    pub fn of(self, candidate: &CandidateRecord) -> Option<f64> {
        match self {
            Outcome::AtOnce => candidate.actual,
            Outcome::InTheEnd => candidate.in_the_end,
        }
    }

    /// What its axis is called.
    pub fn axis(self) -> &'static str {
        match self {
            Outcome::AtOnce => say!("cloud-axis-actual"),
            Outcome::InTheEnd => say!("cloud-axis-end"),
        }
    }
}

/// The candidates of the `families`, by one estimator and by the gains that `actual` tells, which are of an outcome. Their colours say where in
/// the network they are, by the names of its `layers` in order.
pub fn cloud(
    round: &Round,
    estimator: Estimator,
    layers: &[&str],
    families: &[Family],
    outcome: Outcome,
    actual: &dyn Fn(&CandidateRecord) -> Option<f64>,
) -> Picture {
    let (mut series, mut chosen, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for &family in families {
        let of_family = round.candidates.iter().filter(|candidate| candidate.family == family);
        let points: Vec<(&CandidateRecord, Point)> = of_family
            .filter_map(|candidate| {
                let (x, y) = (candidate.estimate_by(estimator)?, actual(candidate)?);
                Some((candidate, Point { x, y, ..Point::default() }))
            })
            .collect();
        let (estimated, gained): (Vec<f64>, Vec<f64>) = points.iter().map(|(_, at)| (at.x, at.y)).unzip();
        let agreement = Agreement::of(&estimated, &gained);
        let number = |value: Option<f64>| known(value, |value| decimal(value, 3));
        let (n, r, slope) = (agreement.n, number(agreement.pearson), number(agreement.slope));
        let family_name = family.to_string();
        notes.push(say!("pictures-agreement", family = family_name, n = n, r = r, slope = slope));
        let mark = morph(family).about().mark;
        for (index, layer) in layers.iter().enumerate() {
            let along = index as f64 / (layers.len().max(2) - 1) as f64;
            let inside = points.iter().filter(|(candidate, _)| candidate.layer() == *layer);
            let points: Vec<Point> = inside.map(|(_, at)| *at).collect();
            let look = Look::Sign(mark, Ink::Along(along));
            series.push(Series { name: family.to_string(), look, drawn: Drawn::Points, points });
        }
        let made: Vec<Point> =
            points.iter().filter(|(candidate, _)| candidate.chosen).map(|(_, at)| *at).collect();
        if !made.is_empty() {
            let look = Look::Sign(mark, Ink::Series(1));
            let name = say!("pictures-family-chosen", family = family.to_string());
            chosen.push(Series { name, look, drawn: Drawn::Points, points: made });
        }
    }
    notes.push(say!("pictures-layer-colours").into());
    series.append(&mut chosen);
    let knee = knee(round.candidates.iter().filter_map(|candidate| candidate.estimate_by(round.estimator)));
    let axis = |label: &str| Axis {
        label: label.to_owned(),
        unit: Unit::Plain("nats"),
        scale: Scale::Stretched(knee),
    };
    let panel = Panel {
        title: String::new(),
        x: axis(say!("cloud-axis-estimated")),
        y: axis(outcome.axis()),
        diagonal: true,
        series,
        span: 2,
        notes: Vec::new(),
    };
    let (number, estimator) = (round.round, estimator.to_string());
    Picture {
        title: match outcome {
            Outcome::AtOnce => say!("pictures-cloud", round = number, estimator = estimator),
            Outcome::InTheEnd => say!("pictures-cloud-end", round = number, estimator = estimator),
        },
        notes,
        content: Content::Panels { columns: 2, panels: vec![panel] },
    }
}
