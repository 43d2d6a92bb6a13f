//! A run's loss and accuracy over its training steps.

use std::sync::Arc;

use crate::lab::{Round, State};
use crate::morphism::{Mark, Shape};
use crate::plot::{Axis, Content, Drawn, Ink, Look, Panel, Picture, Point, Series, Unit};
use crate::words::say;

/// Steps that a batch's loss is averaged over, if nothing else is asked for.
pub const SMOOTH: usize = 20;
/// Points drawn of a curve, at most.
const DRAWN: usize = 1_500;

/// A run's curves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// The run, in words.
    pub name: String,
    /// Training step and loss of its batch, averaged over the last few.
    pub batches: Vec<[f64; 2]>,
    /// Training step and held-out loss; at growth there are two at one step.
    pub losses: Vec<[f64; 2]>,
    /// Training step and held-out accuracy, in percent.
    pub accuracies: Vec<[f64; 2]>,
    /// Steps at which the network grew.
    pub growth: Vec<f64>,
    /// Steps within a training at which the held-out images were looked at, if they were.
    pub looks: Vec<f64>,
    /// Of the growths that were followed, step and held-out loss of the network before, and of its twin that was trained
    /// through the next phase without having grown.
    pub ungrown: Vec<[[f64; 2]; 2]>,
}

impl Curves {
    /// Of a run as it is now.
    pub fn of(name: String, state: &State) -> Self {
        Self::smoothed(name, state, SMOOTH)
    }

    /// The same with the batches' losses averaged over so many steps; over 0 or 1 they are as they were.
    pub fn smoothed(name: String, state: &State, steps: usize) -> Self {
        let mut curves = Self { name, ..Self::default() };
        if let Some(seed) = state.seed {
            curves.losses.push([0.0, seed.held_out.loss]);
            curves.accuracies.push([0.0, 100.0 * seed.held_out.accuracy]);
        }
        let mut step = 0;
        for round in &state.rounds {
            step += curves.add(round, step, steps.max(1));
        }
        curves.ungrown = ungrown(&state.rounds);
        curves
    }

    /// Adds a round that began at step `start`, its losses averaged over `window` steps, and returns how many it took.
    fn add(&mut self, round: &Round, start: usize, window: usize) -> usize {
        let every = (round.losses.len() / DRAWN).max(1);
        let mut sum = 0.0;
        for (position, loss) in round.losses.iter().enumerate() {
            sum += f64::from(*loss);
            if position >= window {
                sum -= f64::from(round.losses[position - window]);
            }
            if position.is_multiple_of(every) {
                let count = (position + 1).min(window);
                self.batches.push([(start + position + 1) as f64, sum / count as f64]);
            }
        }
        let end = (start + round.losses.len()) as f64;
        let looks: Vec<_> =
            round.looks.iter().map(|look| ((start as u64 + look.step) as f64, look.quality)).collect();
        self.looks.extend(looks.iter().map(|(step, _)| step));
        let scored = [round.before, round.after].into_iter().flatten().map(|quality| (end, quality));
        for (step, quality) in looks.into_iter().chain(scored) {
            self.losses.push([step, quality.held_out.loss]);
            self.accuracies.push([step, 100.0 * quality.held_out.accuracy]);
        }
        if round.after.is_some() {
            self.growth.push(end);
        }
        round.losses.len()
    }

    /// As it was when `scores` networks had been scored, looks within a training not counted; at least one.
    pub fn until(&self, scores: usize) -> Self {
        let mut curves = self.clone();
        let is_network = |step: f64| !self.looks.contains(&step);
        let networks = (0..self.losses.len()).filter(|&place| is_network(self.losses[place][0]));
        let last = networks.take(scores.max(1)).last().map_or(0, |place| place + 1);
        curves.losses.truncate(last);
        curves.accuracies.truncate(last);
        let end = curves.losses.last().map_or(0.0, |point| point[0]);
        curves.looks.retain(|step| *step < end);
        curves.batches.retain(|point| point[0] <= end);
        // Each growth is scored, as the second network at its step.
        let grown = |step: &f64| curves.losses.iter().filter(|point| point[0] == *step).count() > 1;
        curves.growth.retain(grown);
        curves.ungrown.retain(|[_, trained]| trained[0] <= end);
        curves
    }
}

/// See [`Curves::ungrown`].
fn ungrown(rounds: &[Arc<Round>]) -> Vec<[[f64; 2]; 2]> {
    let (mut end, mut found) = (0, Vec::new());
    for (place, round) in rounds.iter().enumerate() {
        end += round.losses.len();
        // How long the next phase is, is known once it is over.
        let next = rounds.get(place + 1).filter(|next| next.before.is_some());
        if let (Some(before), Some(twins), Some(next)) = (round.before, round.in_the_end, next) {
            let trained = end + next.losses.len();
            found.push([[end as f64, before.held_out.loss], [trained as f64, twins.nothing]]);
        }
    }
    found
}

/// Loss and accuracy of a run over its training steps with its growth, and of runs to compare it with.
pub fn curves(own: &Curves, others: &[Curves]) -> Picture {
    Picture {
        title: say!("pictures-curves").into(),
        notes: vec![own.name.clone()],
        content: panels(own, others, None),
    }
}

/// The two charts; where `whole` is given, it is drawn faintly behind: what is still to come.
pub(super) fn panels(own: &Curves, others: &[Curves], whole: Option<&Curves>) -> Content {
    let named: Vec<(String, &Curves)> = std::iter::once(own)
        .chain(others)
        .map(|curves| match others.is_empty() {
            true => (say!("pictures-held-out").to_owned(), curves),
            false => (say!("pictures-held-out-of", name = curves.name.as_str()), curves),
        })
        .collect();
    let panel = |title: &str, y: Axis, part: fn(&Curves) -> Vec<Point>, batches: bool| {
        let mut series = Vec::new();
        let mut add = |name: &str, look, drawn, points: Vec<Point>| {
            if !points.is_empty() {
                series.push(Series { name: name.to_owned(), look, drawn, points });
            }
        };
        let faint = Look::Sign(Mark::filled(Shape::Circle), Ink::Grid);
        if let Some(whole) = whole {
            add(say!("curves-still-to-come"), faint, Drawn::Curve, part(whole));
            add(
                say!("curves-still-to-come"),
                faint,
                Drawn::Curve,
                if batches { line(&whole.batches) } else { Vec::new() },
            );
        }
        if batches {
            add(say!("curves-batches"), Look::Numbered(4), Drawn::Curve, line(&own.batches));
        }
        let at = |step: &f64| {
            let scores = part(own);
            scores.into_iter().rev().find(|point| point.x == *step)
        };
        let growth = Look::Sign(Mark::filled(Shape::Up), Ink::Series(5));
        add(say!("curves-growth"), growth, Drawn::Upright, own.growth.iter().filter_map(at).collect());
        for (index, (name, curves)) in named.iter().enumerate() {
            // The looks of the batches and of growth are left out.
            let look = Look::Numbered(if index < 4 { index } else { index + 2 });
            add(name, look, Drawn::Line, part(curves));
        }
        if batches {
            let ends: Vec<[f64; 2]> = own.ungrown.iter().map(|[_, end]| *end).collect();
            let look = Look::Sign(Mark::open(Shape::Circle), Ink::Series(0));
            add(say!("curves-ungrown"), look, Drawn::Points, line(&ends));
        }
        Panel {
            title: title.into(),
            x: Axis::linear(say!("curves-steps"), Unit::Count("")),
            y,
            diagonal: false,
            series,
            span: 1,
            notes: Vec::new(),
        }
    };
    let nats = Axis::linear(say!("pictures-cross-entropy"), Unit::Plain("nats"));
    let percent = Axis::linear(say!("curves-plot-accuracy"), Unit::Percent);
    let panels = vec![
        panel(say!("pictures-loss-lower"), nats, |curves| line(&curves.losses), true),
        panel(say!("pictures-accuracy-higher"), percent, |curves| shares(&curves.accuracies), false),
    ];
    Content::Panels { columns: 2, panels }
}

fn line(points: &[[f64; 2]]) -> Vec<Point> {
    points.iter().map(|&[x, y]| Point { x, y, ..Point::default() }).collect()
}

/// Percentages as shares.
fn shares(points: &[[f64; 2]]) -> Vec<Point> {
    points.iter().map(|&[x, y]| Point { x, y: y / 100.0, ..Point::default() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Score;
    use crate::estimate::Estimator;
    use crate::lab::{InTheEnd, Look, Quality};

    #[test]
    fn a_round_is_smoothed_and_growth_stands_at_its_end() {
        let score = |loss| Score { loss, accuracy: 0.5 };
        let quality =
            |loss| Quality { parameters: 1, flops: 1, train: Some(score(loss)), held_out: score(loss) };
        let mut round = Round::new(1, Estimator::Sampled);
        round.losses = (0..50).map(|step| step as f32).collect();
        (round.before, round.after) = (Some(quality(1.0)), Some(quality(0.9)));
        let mut curves = Curves::default();
        assert_eq!(curves.add(&round, 100, SMOOTH), 50);
        assert_eq!(curves.batches[0], [101.0, 0.0]);
        assert_eq!(curves.batches[49], [150.0, 39.5], "the mean of 30 to 49");
        assert_eq!(curves.losses, [[150.0, 1.0], [150.0, 0.9]]);
        assert_eq!(curves.growth, [150.0]);
        let trained = curves.until(1);
        assert_eq!((trained.losses.len(), trained.growth.len(), trained.batches.len()), (1, 0, 50));
        assert_eq!(curves.until(2), curves);
        let mut looked = Curves::default();
        round.looks =
            vec![Look { step: 20, quality: quality(1.5) }, Look { step: 40, quality: quality(1.2) }];
        looked.add(&round, 100, SMOOTH);
        assert_eq!(looked.losses, [[120.0, 1.5], [140.0, 1.2], [150.0, 1.0], [150.0, 0.9]]);
        assert_eq!((looked.until(1).losses.len(), looked.until(2)), (3, looked.clone()));
        looked.ungrown = vec![[[150.0, 1.0], [200.0, 0.95]]];
        assert!(looked.until(2).ungrown.is_empty(), "its training is still to come");
        looked.losses.push([200.0, 0.8]);
        assert_eq!(looked.until(3).ungrown.len(), 1);
        round.in_the_end = Some(InTheEnd { nothing: 0.95, made: None });
        let mut next = Round::new(2, Estimator::Sampled);
        next.losses = vec![1.0; 30];
        let rounds = [round.clone(), next.clone()].map(Arc::new);
        assert!(super::ungrown(&rounds).is_empty(), "the next phase is not over");
        next.before = Some(quality(0.8));
        let rounds = [round.clone(), next].map(Arc::new);
        assert_eq!(super::ungrown(&rounds), [[[50.0, 1.0], [80.0, 0.95]]]);
        let mut raw = Curves::default();
        raw.add(&round, 100, 1);
        assert_eq!(raw.batches[49], [150.0, 49.0], "the last alone");
    }
}
