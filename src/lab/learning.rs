//! The stage in which φ is learned: in stretches, so that a kill, a power cut or a lost device costs one of them.

use std::cell::Cell;
use std::sync::Arc;

use web_time::{Duration, Instant};

use super::config::Config;
use super::cost::Spent;
use super::error::LabError;
use super::events::{Observer, Relay};
use super::record::CandidateRecord;
use super::state::{Stage, State};
use super::under_way::{expect, ledger, record};
use crate::data::Data;
use crate::engine::{Engine, EngineError, Learned, Learner, Watch};

/// How long φ is learned before there is an opportunity to save.
pub const STRETCH: Duration = Duration::from_secs(30);

/// Learns φ. After a stretch, and where it is cancelled, the state has what was learned so far, and nothing is answered; what
/// cannot be gone on with ends in an error instead.
pub async fn learn(
    config: &Config,
    data: &Data,
    state: &mut State,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
    stretch: Duration,
) -> Result<Option<Spent>, LabError> {
    let candidates: Vec<_> = record(state)?.candidates.iter().map(CandidateRecord::candidate).collect();
    if candidates.is_empty() {
        return Ok(Some(Spent::default()));
    }
    let learning = &config.learning;
    let request = learning.request(config.seed, state.round, candidates);
    // Closed forms have no steps to go on after.
    let has_steps = matches!(learning.learner, Learner::Estimate | Learner::Firefly | Learner::Direct);
    let end = has_steps.then(|| Instant::now() + stretch);
    let watch = Stretch { relay: Relay::new(observer), end, is_between: Cell::new(false) };
    let mut partly = state.partly.as_deref().cloned();
    let Learned { morphisms, scores } = match engine.learn_from(&mut partly, &request, &watch).await {
        Err(EngineError::Cancelled) if partly.is_some() => {
            state.partly = partly.map(Arc::new);
            return Ok(None);
        }
        outcome => outcome?,
    };
    expect(Stage::Learn, morphisms.len(), request.candidates.len())?;
    expect(Stage::Learn, scores.len(), request.candidates.len())?;
    let flops = ledger(state)?.learn(&morphisms, learning, data.train.len() as u64)?;
    for (record, score) in record(state)?.candidates.iter_mut().zip(scores) {
        record.score = score;
    }
    state.morphisms = Arc::new(morphisms);
    state.partly = None;
    Ok(Some(Spent::method(flops)))
}

/// Passes progress on, and cancels between two steps once it has been long enough.
struct Stretch<'a> {
    relay: Relay<'a>,
    end: Option<Instant>,
    /// Whether a step was taken, and not the last one.
    is_between: Cell<bool>,
}

impl Watch for Stretch<'_> {
    fn progress(&self, done: u64, total: u64, loss: Option<f32>) {
        self.is_between.set(done < total);
        self.relay.progress(done, total, loss);
    }

    fn cancelled(&self) -> bool {
        self.relay.cancelled() || self.is_between.get() && self.end.is_some_and(|end| Instant::now() >= end)
    }

    fn wants_foreseen(&self) -> bool {
        self.relay.wants_foreseen()
    }

    fn foreseen(&self, gains: &[f64]) {
        self.relay.foreseen(gains);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::events::Event;

    /// Counts what it is told.
    #[derive(Default)]
    struct Heard(Cell<usize>);

    impl Observer for Heard {
        fn event(&self, _event: Event) {
            self.0.set(self.0.get() + 1);
        }

        fn wants_foreseen(&self) -> bool {
            true
        }

        fn foreseen(&self, gains: &[f64]) {
            self.0.set(self.0.get() + 10 * gains.len());
        }
    }

    #[test]
    fn a_stretch_ends_between_two_steps_and_passes_everything_on() {
        let heard = Heard::default();
        let watch =
            Stretch { relay: Relay::new(&heard), end: Some(Instant::now()), is_between: Cell::new(false) };
        assert!(!watch.cancelled(), "before the first step");
        watch.progress(1, 3, None);
        assert!(watch.cancelled());
        watch.progress(3, 3, None);
        assert!(!watch.cancelled(), "after the last step");
        assert!(watch.wants_foreseen());
        watch.foreseen(&[0.5; 2]);
        assert_eq!(heard.0.get(), 22);
    }
}
