//! What is known of the run, as far as lessons ask for it.

use crate::lab::{Along, CandidateRecord, Config, Round, Stage, State};
use crate::study;

/// The round that lessons are about.
const ROUND: u64 = 1;
/// The part of the highest true gain by which a tangent must miss to have parted.
const APART: f64 = 0.1;

/// The run as it stands.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Its settings.
    pub config: &'a Config,
    /// Where it stands.
    pub state: &'a State,
    /// How many classes its images have.
    pub classes: usize,
    /// Whether a person made the choice that stands.
    pub by_hand: bool,
    /// The gains of a candidate along its scale, if they were looked at.
    pub along: Option<&'a Along>,
    /// The race that was run to its end.
    pub race: Option<&'a study::Race>,
}

impl<'a> Facts<'a> {
    /// The round that lessons are about.
    pub fn round(&self) -> Option<&'a Round> {
        self.state.record(ROUND)
    }

    /// The candidate of this id.
    pub fn candidate(&self, id: &str) -> Option<&'a CandidateRecord> {
        self.round()?.candidates.iter().find(|candidate| candidate.id() == id)
    }

    /// What a candidate is called for people.
    pub fn title(&self, id: &str) -> String {
        self.candidate(id).map_or_else(|| id.to_owned(), CandidateRecord::title)
    }

    /// Whether a stage of that round is over.
    pub fn is_over(&self, stage: Stage) -> bool {
        let round = self.round();
        let of = |holds: fn(&Round) -> bool| round.is_some_and(holds);
        match stage {
            Stage::Seed => self.state.seed.is_some(),
            Stage::Train => of(|round| round.before.is_some()),
            Stage::Propose => of(|round| !round.candidates.is_empty()),
            Stage::Learn => {
                !self.state.morphisms.is_empty() && self.state.round == ROUND || self.is_over(Stage::Estimate)
            }
            // While φ is learned, estimates are only foreseen.
            Stage::Estimate => {
                of(Round::is_estimated) && (self.state.stage != Stage::Learn || self.state.round != ROUND)
            }
            Stage::Measure => of(|round| round.candidates.iter().any(|candidate| candidate.actual.is_some())),
            Stage::Choose => of(|round| round.decided),
            Stage::Grow => of(|round| round.after.is_some()),
            // Lessons grow by rounds; a search has no such moment.
            Stage::Ask | Stage::Assess | Stage::Adopt => false,
            Stage::Done => self.state.stage == Stage::Done,
        }
    }

    /// Estimate minus actual gain of every candidate that has both.
    pub fn errors(&self) -> Vec<(&'a CandidateRecord, f64)> {
        let Some(round) = self.round() else { return Vec::new() };
        let error = |candidate: &'a CandidateRecord| {
            Some((candidate, candidate.estimate_by(round.estimator)? - candidate.actual?))
        };
        round.candidates.iter().filter_map(error).collect()
    }
}

/// What the method's own choice came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Method {
    /// Its changes.
    pub chosen: Vec<String>,
    /// What they gain together on the validation images, in nats.
    pub came: f64,
}

impl Method {
    /// Of a run whose choice the method has just made.
    pub fn of(facts: &Facts<'_>) -> Option<Self> {
        let round = facts.round().filter(|round| round.decided && !facts.by_hand)?;
        Some(Self { chosen: round.chosen(), came: round.joint?.came? })
    }
}

/// Pairs that an order and the formula have right, of those whose actual gains differ: `(order, formula, all)`. The order
/// has the largest gain first; each is given as its estimated and its actual gain.
pub fn pairs_right(gains: &[(f64, f64)]) -> (usize, usize, usize) {
    let (mut person, mut formula, mut all) = (0, 0, 0);
    for (place, first) in gains.iter().enumerate() {
        for second in gains[place + 1..].iter().filter(|second| second.1 != first.1) {
            all += 1;
            person += usize::from(first.1 > second.1);
            formula += usize::from((first.0 - second.0) * (first.1 - second.1) > 0.0);
        }
    }
    (person, formula, all)
}

/// The scale at which the tangent has parted from the truth: where it first misses by a tenth of the highest true gain (of
/// the largest absolute one, where all are losses). None where it never does.
pub fn parting(along: &Along) -> Option<f64> {
    let largest = along.actual.iter().fold(0.0_f64, |most, gain| most.max(gain.abs()));
    let highest = along.actual.iter().fold(0.0_f64, |most, gain| most.max(*gain));
    let allowed = APART * if highest > 0.0 { highest } else { largest };
    let misses = along.first_order.iter().zip(&along.actual).map(|(tangent, truth)| (tangent - truth).abs());
    let points: Vec<(f64, f64)> = along.scales.iter().copied().zip(misses).collect();
    let pair = points.windows(2).find(|pair| pair[1].1 > allowed)?;
    let ((from, before), (to, after)) = (pair[0], pair[1]);
    let share = if after > before { ((allowed - before) / (after - before)).clamp(0.0, 1.0) } else { 0.0 };
    Some(from + share * (to - from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_where_the_truth_differs() {
        // The person's first is the worst, the formula has the last two the wrong way round, two gains are equal.
        let gains = [(0.1, -1.0), (0.2, 2.0), (0.4, 1.0), (0.3, 2.0)];
        assert_eq!(pairs_right(&gains), (1, 3, 5));
        assert_eq!(pairs_right(&gains[..1]), (0, 0, 0));
    }

    #[test]
    fn a_tangent_parts_from_a_parabola_where_a_tenth_of_its_height_is_missed() {
        let scales: Vec<f64> = (0..=12).map(|point| f64::from(point) / 8.0).collect();
        // 2s − s², highest at 1, where it is 1; its tangent at 0 misses by s²: a tenth at the root of a tenth.
        let along = Along {
            actual: scales.iter().map(|s| 2.0 * s - s * s).collect(),
            first_order: scales.iter().map(|s| 2.0 * s).collect(),
            scales,
            ..Along::default()
        };
        let found = parting(&along).unwrap();
        assert!((found - 0.1_f64.sqrt()).abs() < 0.01, "{found}");
        let straight = Along { actual: along.first_order.clone(), ..along };
        assert_eq!(parting(&straight), None);
    }
}
