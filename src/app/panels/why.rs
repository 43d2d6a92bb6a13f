//! Why a candidate was taken or passed over, in words.

use crate::format::brief as gain;
use crate::lab::{CandidateRecord, Round, Why};
use crate::words::say;

/// The reason in a few words, and in a sentence; none before the choice is made.
pub fn reason(round: &Round, candidate: &CandidateRecord) -> Option<(String, String)> {
    if !round.decided {
        return None;
    }
    let pair = |short: &str, long: &str| Some((short.to_owned(), long.to_owned()));
    let taken = matches!(candidate.why, Some(Why::Chosen { .. }));
    match (&candidate.why, candidate.chosen) {
        (Some(_), true) if !taken => return pair(say!("why-by-you"), say!("why-by-you-hint")),
        (Some(_), false) if taken => return pair(say!("why-dropped"), say!("why-dropped-hint")),
        // A run of an older version.
        (None, true) => return pair(say!("why-chosen"), say!("why-chosen-hint")),
        (None, false) => return None,
        _ => {}
    }
    let gained = candidate.validation.unwrap_or(0.0);
    match candidate.why.as_ref()? {
        Why::Chosen { adds: Some(adds) } => Some((
            say!("why-adds", adds = gain(*adds)),
            say!("why-adds-hint", adds = gain(*adds), gained = gain(gained)),
        )),
        Why::Chosen { adds: None } => pair(say!("why-chosen"), say!("why-chosen-hint")),
        Why::NoStep => pair(say!("why-no-step"), say!("why-no-step-hint")),
        Why::Cost { .. } if gained <= 0.0 => pair(say!("why-no-help"), say!("why-no-help-hint")),
        Why::Cost { needs } => Some((
            say!("why-costs").to_owned(),
            say!("why-costs-hint", gained = gain(gained), needs = gain(*needs)),
        )),
        Why::Conflict { with: Some(with) } => {
            Some((say!("why-not-beside", other = with), say!("why-not-beside-hint", other = with)))
        }
        Why::Conflict { with: None } => pair(say!("why-layer-needs"), say!("why-layer-needs-hint")),
        Why::Little { adds } => Some((
            say!("why-little", adds = gain(*adds)),
            say!("why-little-hint", gained = gain(gained), adds = gain(*adds)),
        )),
        Why::Training { adds } => {
            Some((say!("why-training").to_owned(), say!("why-training-hint", adds = gain(*adds))))
        }
        Why::Full => pair(say!("why-full"), say!("why-full-hint")),
        Why::Budget => pair(say!("why-budget"), say!("why-budget-hint")),
        Why::NotTried => pair(say!("why-not-tried"), say!("why-not-tried-hint")),
        Why::NoneHelped => pair(say!("why-none-helped"), say!("why-none-helped-hint")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Estimator;
    use crate::morphism::{Candidate, CostDelta, Family};

    #[test]
    fn a_choice_by_hand_is_told_from_the_methods() {
        let mut round = Round::new(1, Estimator::Sampled);
        let candidate = Candidate::named(Family::Split, "conv1", Some(0)).unwrap();
        let mut record = CandidateRecord::new(&candidate, &CostDelta { parameters: 1, flops: 1 });
        record.why = Some(Why::Little { adds: 2e-4 });
        assert_eq!(reason(&round, &record), None);
        round.decided = true;
        let short = |record: &CandidateRecord| reason(&round, record).map(|(short, _)| short);
        assert_eq!(short(&record).as_deref(), Some(format!("adds only {} on top", gain(2e-4)).as_str()));
        record.chosen = true;
        assert_eq!(short(&record).as_deref(), Some("chosen by you"));
        record.why = Some(Why::Chosen { adds: None });
        assert_eq!(short(&record).as_deref(), Some("chosen"));
        record.chosen = false;
        assert_eq!(short(&record).as_deref(), Some("dropped by you"));
        record.why = None;
        assert_eq!(short(&record), None);
    }
}
