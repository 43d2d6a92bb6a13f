//! Why a candidate was taken or passed over, in words.

use crate::format::brief as gain;
use crate::lab::{CandidateRecord, Round, Why};

/// The reason in a few words, and in a sentence; none before the choice is made.
pub fn reason(round: &Round, candidate: &CandidateRecord) -> Option<(String, String)> {
    if !round.decided {
        return None;
    }
    let pair = |short: &str, long: &str| Some((short.to_owned(), long.to_owned()));
    let taken = matches!(candidate.why, Some(Why::Chosen { .. }));
    match (&candidate.why, candidate.chosen) {
        (Some(_), true) if !taken => return pair("chosen by you", "The method had passed it over"),
        (Some(_), false) if taken => return pair("dropped by you", "The method had chosen it"),
        // A run of an older version.
        (None, true) => return pair("chosen", "The network grows by it"),
        (None, false) => return None,
        _ => {}
    }
    let gained = candidate.validation.unwrap_or(0.0);
    match candidate.why.as_ref()? {
        Why::Chosen { adds: Some(adds) } => Some((
            format!("chosen: adds {}", gain(*adds)),
            format!(
                "On the validation images the choice would gain {} less without it; alone it gains {}",
                gain(*adds),
                gain(gained)
            ),
        )),
        Why::Chosen { adds: None } => pair("chosen", "The network grows by it"),
        Why::NoStep => {
            pair("no step helps", "On the validation images the best step along it is none at all")
        }
        Why::Cost { .. } if gained <= 0.0 => pair("would not help", "It would not lower the validation loss"),
        Why::Cost { needs } => Some((
            "costs more than it earns".to_owned(),
            format!("It gains {} on the validation images; its cost asks for {}", gain(gained), gain(*needs)),
        )),
        Why::Conflict { with: Some(with) } => Some((
            format!("not beside {with}"),
            format!("It and {with} change the same place; that one was taken"),
        )),
        Why::Conflict { with: None } => {
            pair("its layer needs it", "Its layer would lose its last channel, or the two exclude each other")
        }
        Why::Little { adds } => Some((
            format!("adds only {} on top", gain(*adds)),
            format!(
                "Alone it gains {} on the validation images, but what is taken repairs the same errors: on top of that \
                 it adds {}",
                gain(gained),
                gain(*adds)
            ),
        )),
        Why::Training { adds } => Some((
            "training brings it too".to_owned(),
            format!(
                "It would add {}, but training the weights that are there brings that as well",
                gain(*adds)
            ),
        )),
        Why::Full => pair("no place left", "The round has as many changes as budget.max-candidates allows"),
        Why::Budget => pair("over the budget", "The grown network would be larger than the budget allows"),
        Why::NotTried => pair("not tried", "The choice ended before its turn came"),
        Why::NoneHelped => pair(
            "together no help",
            "All changes with an estimated gain were tried together, at several lengths, and none lowered the \
             validation loss",
        ),
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
