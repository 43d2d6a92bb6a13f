//! The best candidates of a round: what was estimated, what really came, and which were chosen.

use crate::format::signed;
use crate::lab::{CandidateRecord, Round};
use crate::morphism::morph;
use crate::plot::{Axis, Bars, Content, Ink, Picture, Row, Unit};
use crate::words::say;

/// The best estimates that are shown; all that were chosen are shown besides.
const BEST: usize = 16;

/// The picture, if candidates have estimates.
pub(super) fn candidates(round: &Round) -> Option<Picture> {
    // Where the instrument does not look at the held-out images, there are only the estimates that choices are made by.
    let held_out = round.is_estimated();
    let estimate = |candidate: &CandidateRecord| match held_out {
        true => candidate.estimate_by(round.estimator),
        false => candidate.validation,
    };
    let mut ranked: Vec<(&CandidateRecord, f64)> =
        round.candidates.iter().filter_map(|candidate| Some((candidate, estimate(candidate)?))).collect();
    if ranked.is_empty() {
        return None;
    }
    ranked.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.id().cmp(&b.0.id())));
    let (all, chosen) = (ranked.len(), round.chosen().len());
    let shown = ranked.iter().enumerate().filter(|(rank, (candidate, _))| *rank < BEST || candidate.chosen);
    let followed = round.is_followed();
    let row = |(_, (candidate, estimated)): (usize, &(&CandidateRecord, f64))| Row {
        sign: morph(candidate.family).about().mark,
        name: candidate.id(),
        detail: signed(candidate.params_delta).replace('-', "\u{2212}"),
        values: [Some(*estimated), candidate.actual]
            .into_iter()
            .chain(followed.then_some(candidate.in_the_end))
            .collect(),
        marked: candidate.chosen,
    };
    let rows: Vec<Row> = shown.map(row).collect();
    let mut values =
        vec![(say!("pictures-estimated"), Ink::Series(0)), (say!("pictures-actual"), Ink::Series(1))];
    values.extend(followed.then(|| (say!("pictures-in-the-end"), Ink::Series(2))));
    let gain = if held_out { say!("pictures-gain-held-out") } else { say!("pictures-gain-validation") };
    let estimator = round.estimator.to_string();
    let here = match rows.len() < all {
        true => {
            say!("pictures-some-candidates", all = all, chosen = chosen, best = BEST, estimator = estimator)
        }
        false => say!("pictures-all-candidates", all = all, chosen = chosen, estimator = estimator),
    };
    let bars = Bars {
        axis: Axis::linear(gain, Unit::Plain("nats")),
        values: values.into_iter().map(|(name, ink)| (name.to_owned(), ink)).collect(),
        detail: say!("heads-parameters").into(),
        marked: say!("cloud-chosen").into(),
        rows,
    };
    Some(Picture {
        title: say!("pictures-candidates", round = round.round),
        notes: vec![here, say!("pictures-gain-and-dash").into()],
        content: Content::Bars(bars),
    })
}
