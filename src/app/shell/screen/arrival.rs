//! The way to where a link leads.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::shell::show::Show;
use crate::app::worker::board::Snapshot;
use crate::app::worker::{Order, Until};
use crate::lab::{Command, Measure, Stage};

/// What a link still asks for, until its run has come there.
pub(super) struct Arrival {
    /// The stage and round before which to stop.
    pub at: Option<(Stage, u64)>,
    /// Candidates to grow by, by round.
    pub choices: BTreeMap<u64, Vec<String>>,
    /// What is looked at then.
    pub show: Show,
    /// The number of the run that was open before; 0 if none.
    pub after: u64,
    /// The position in the history at which something was ordered last.
    pub asked: Option<usize>,
}

impl Arrival {
    /// What is to be done next; none once the run stands where it should.
    pub fn next(&self, snapshot: &Snapshot) -> Option<Order> {
        let state = &snapshot.state;
        let decided = state.record(state.round).filter(|round| round.decided && state.stage != Stage::Train);
        if let (Some(wanted), Some(round)) = (self.choices.get(&state.round), decided) {
            let (mut wanted, mut chosen) = (wanted.clone(), round.chosen());
            wanted.sort_unstable();
            chosen.sort_unstable();
            if wanted != chosen {
                return Some(Order::Do(Command::Choose(wanted)));
            }
        }
        let measure = snapshot.config.measure;
        let (stage, round) = self.at?;
        let there = place(state.stage, state.round, measure) >= place(stage, round, measure);
        (!there).then_some(Order::Run { until: Until::StageDone, rest: Duration::ZERO })
    }
}

/// The round and the place in it of a stage; what is never measured is as far as its choice.
fn place(stage: Stage, round: u64, measure: Measure) -> (u64, usize) {
    if stage == Stage::Done {
        return (u64::MAX, 0);
    }
    let mut order = vec![Stage::Seed, Stage::Train];
    while let Some(last) = order.last().copied().filter(|last| *last != Stage::Grow) {
        order.push(last.next(measure));
    }
    let at = |wanted: Stage| order.iter().position(|stage| *stage == wanted);
    (round, at(stage).or(at(Stage::Choose)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::shell::visit::Visit;

    #[test]
    fn stages_follow_one_another_as_the_settings_have_it() {
        let at = |text: &str, measure| {
            let visit = Visit::read(&format!("at={text}")).unwrap();
            visit.at.map(|(stage, round)| place(stage, round, measure)).unwrap()
        };
        for measure in [Measure::All, Measure::Chosen, Measure::None] {
            let mut last = at("seed", measure);
            for text in [
                "train",
                "learn:1",
                "estimate:1",
                "grow:1",
                "train:2",
                "choose:2",
                "grow:2",
                "train:3",
                "done",
            ] {
                assert!(at(text, measure) > last, "{text}");
                last = at(text, measure);
            }
        }
        assert!(at("measure:1", Measure::All) < at("choose:1", Measure::All));
        assert!(at("measure:1", Measure::Chosen) > at("choose:1", Measure::Chosen));
        assert_eq!(at("measure:1", Measure::None), at("choose:1", Measure::None));
    }
}
