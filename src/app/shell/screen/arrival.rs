//! The way to where a link leads.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::shell::show::Show;
use crate::app::worker::board::Snapshot;
use crate::app::worker::{Order, Until};
use crate::lab::{Command, Stage};

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
        let wanted = self.choices.get(&state.round).filter(|_| state.stage == Stage::Grow);
        if let (Some(wanted), Some(round)) = (wanted, state.record(state.round)) {
            let (mut wanted, mut chosen) = (wanted.clone(), round.chosen());
            wanted.sort_unstable();
            chosen.sort_unstable();
            if wanted != chosen {
                return Some(Order::Do(Command::Choose(wanted)));
            }
        }
        let place =
            |stage: Stage, round: u64| (if stage == Stage::Done { u64::MAX } else { round }, stage as u8);
        let (stage, round) = self.at?;
        let there = place(state.stage, state.round) >= place(stage, round);
        (!there).then_some(Order::Run { until: Until::StageDone, rest: Duration::ZERO })
    }
}
