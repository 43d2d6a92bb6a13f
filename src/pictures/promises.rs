//! What the made changes of each round were to gain, alone and together, and what came.

use std::sync::Arc;

use crate::lab::{CandidateRecord, Round};
use crate::plot::{Axis, Content, Drawn, Look, Panel, Picture, Point, Series, Unit};
use crate::words::say;

/// What can be said of a made set: its single gains summed, its joint estimate, what came, and what was left in the
/// end.
type Promises = [Option<f64>; 4];

/// The number of each one's look.
const LOOKS: [usize; 4] = [4, 0, 1, 2];

/// The picture, if some round has made changes.
pub(super) fn promises(rounds: &[Arc<Round>]) -> Option<Picture> {
    let made: Vec<&Round> =
        rounds.iter().map(Arc::as_ref).filter(|round| !round.chosen().is_empty()).collect();
    if made.is_empty() {
        return None;
    }
    let panels = vec![
        panel(say!("pictures-on-validation"), &made, validation),
        panel(say!("pictures-on-held-out"), &made, held_out),
    ];
    Some(Picture {
        title: say!("pictures-promises").into(),
        notes: vec![say!("pictures-promises-note").into()],
        content: Content::Panels { columns: 2, panels },
    })
}

fn panel(title: &str, rounds: &[&Round], part: fn(&Round) -> Promises) -> Panel {
    let numbers = rounds.iter().map(|round| round.round.to_string()).collect();
    let promises: Vec<Promises> = rounds.iter().map(|round| part(round)).collect();
    let names =
        [say!("pictures-summed"), say!("promises-joint"), say!("promises-came"), say!("pictures-in-the-end")];
    let series = (0..names.len()).filter_map(|kind| {
        let point = |(index, promises): (usize, &Promises)| {
            Some(Point { x: index as f64, y: promises[kind]?, ..Point::default() })
        };
        let points: Vec<Point> = promises.iter().enumerate().filter_map(point).collect();
        let (name, look) = (names[kind].to_owned(), Look::Numbered(LOOKS[kind]));
        (!points.is_empty()).then_some(Series { name, look, drawn: Drawn::Bars, points })
    });
    Panel {
        title: title.into(),
        x: Axis::names(say!("pictures-axis-round"), numbers),
        y: Axis::linear(say!("pictures-gain"), Unit::Plain("nats")),
        diagonal: false,
        series: series.collect(),
        span: 1,
        notes: Vec::new(),
    }
}

/// The sum over the chosen; none where it is not known of one of them.
fn summed(round: &Round, of: impl Fn(&CandidateRecord) -> Option<f64>) -> Option<f64> {
    round.candidates.iter().filter(|candidate| candidate.chosen).map(of).sum()
}

fn validation(round: &Round) -> Promises {
    match round.joint {
        Some(joint) => [Some(joint.sum_of_single), Some(joint.promised), joint.came, None],
        None => [summed(round, |candidate| candidate.validation), None, None, None],
    }
}

fn held_out(round: &Round) -> Promises {
    let fall = match (round.before, round.after) {
        (Some(before), Some(after)) => Some(before.held_out.loss - after.held_out.loss),
        _ => None,
    };
    [
        summed(round, |candidate| candidate.estimate_by(round.estimator)),
        round.joint.and_then(|joint| joint.promised_held_out),
        fall,
        round.in_the_end.and_then(|twins| twins.made),
    ]
}
