//! What the person has chosen to look at; nothing of the experiment itself.

use std::collections::BTreeSet;
use std::time::Duration;

use eframe::egui::Pos2;

use super::worker::board::{Past, Snapshot};
use crate::estimate::Estimator;
use crate::lab::{CandidateRecord, Round, Stage};
use crate::morphism::Family;
use crate::pictures::{Outcome, SMOOTH};
use crate::words::{Language, say};

/// A channel of a layer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Channel {
    /// The convolution.
    pub layer: String,
    /// Its number, from 0.
    pub channel: usize,
}

/// How the network's cells are painted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paint {
    /// Red where splitting gains most, blue where pruning costs least.
    #[default]
    Gain,
    /// Each channel's activation for the chosen image.
    Activation,
    /// Each channel's weights.
    Filter,
}

/// How long to rest between stages while playing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// Time to read each sentence.
    Slow,
    /// Time to see what changed.
    #[default]
    Normal,
    /// No rest.
    Fast,
}

impl Speed {
    /// All speeds.
    pub const ALL: [Speed; 3] = [Speed::Slow, Speed::Normal, Speed::Fast];

    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Speed::Slow => say!("view-speed-slow"),
            Speed::Normal => say!("view-speed-normal"),
            Speed::Fast => say!("view-speed-fast"),
        }
    }

    /// The pause after each stage.
    pub fn rest(self) -> Duration {
        match self {
            Speed::Slow => Duration::from_secs(4),
            Speed::Normal => Duration::from_millis(1200),
            Speed::Fast => Duration::ZERO,
        }
    }
}

/// What a candidate table is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Family, layer and channel.
    Name,
    /// Parameters added.
    Parameters,
    /// Scale.
    Scale,
    /// Estimated gain.
    #[default]
    Estimated,
    /// Actual gain.
    Actual,
    /// Gain in the end.
    InTheEnd,
    /// Actual minus estimated.
    Error,
    /// Chosen or not.
    Why,
}

/// The order that a person expects some of a round's candidates in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prediction {
    /// The run and round it is about.
    pub of: (u64, u64),
    /// Candidates by id, the largest gain expected first.
    pub order: Vec<String>,
    /// Whether gains may be seen.
    pub revealed: bool,
}

/// How curves are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurveChoices {
    /// Whether the loss runs by powers of ten.
    pub logarithmic: bool,
    /// Training steps that a batch's loss is averaged over; 0 shows every batch as it was.
    pub smoothing: usize,
}

impl Default for CurveChoices {
    fn default() -> Self {
        Self { logarithmic: false, smoothing: SMOOTH }
    }
}

/// Everything chosen for the screen.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// What its texts are in.
    pub language: Language,
    /// How cells are painted.
    pub paint: Paint,
    /// The name of the panel shown at the right; the first of them if there is none of this name.
    pub tab: &'static str,
    /// Rest between stages.
    pub speed: Speed,
    /// The channel whose panel is open.
    pub channel: Option<Channel>,
    /// The candidate selected.
    pub candidate: Option<String>,
    /// The candidate under the pointer, as of the last frame.
    pub hovered: Option<String>,
    /// What this frame finds under the pointer.
    pub hovering: Option<String>,
    /// Where the pointer was at the last click on a channel, which moves the channels: until it is elsewhere, what lies below
    /// it is not what the person points at.
    pub resting: Option<Pos2>,
    /// The estimator shown; the run's own if none.
    pub estimator: Option<Estimator>,
    /// Whether every estimator's points are shown at once.
    pub overlay: bool,
    /// Whether estimates are held against gains in the end, where there are some, instead of those at once.
    pub in_the_end: bool,
    /// Whether the plot shows all gains, on a stretched scale, or only those above nothing.
    pub all_gains: bool,
    /// The run and the number of rounds at whose end the card was put away.
    pub ended: Option<(u64, u64)>,
    /// Families not shown.
    pub hidden: BTreeSet<Family>,
    /// The round whose candidates are shown; the newest if none.
    pub round: Option<u64>,
    /// The moment that is looked at, with its run. The run as it stands if none.
    pub moment: Option<(u64, Past)>,
    /// Part of a name that candidates in the table must have.
    pub filter: String,
    /// How curves are drawn.
    pub curves: CurveChoices,
    /// What the table is sorted by, and whether smallest first.
    pub sort: (SortBy, bool),
    /// The held-out image looked at.
    pub image: usize,
    /// The person's prediction, if one is being made.
    pub prediction: Option<Prediction>,
    /// Whether the next round that is estimated is to be predicted.
    pub predict_next: bool,
    /// Whether what is done here is written to a log.
    pub logged: bool,
}

impl View {
    /// The round whose candidates are shown.
    pub fn record<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Round> {
        let mut with_candidates =
            snapshot.state.rounds.iter().rev().filter(|round| !round.candidates.is_empty());
        match self.round {
            Some(number) => with_candidates.find(|round| round.round == number),
            None => with_candidates.next(),
        }
        .map(AsRef::as_ref)
    }

    /// The moment that is looked at in place of where the run stands, if there is one.
    pub fn past(&self, now: &Snapshot) -> Option<Past> {
        let (run, past) = self.moment?;
        (run == now.run && past != Past::Position(now.at) && now.pasts().contains(&past)).then_some(past)
    }

    /// Looks at a moment, with the candidates that were the newest then.
    pub fn look_back(&mut self, now: &Snapshot, past: Past) {
        self.moment = (past != Past::Position(now.at)).then_some((now.run, past));
        self.round = None;
    }

    /// Shows a family, or no longer.
    pub fn show_family(&mut self, family: Family, on: bool) {
        match on {
            true => self.hidden.remove(&family),
            false => self.hidden.insert(family),
        };
    }

    /// The estimator shown for a round.
    pub fn estimator(&self, round: &Round) -> Estimator {
        self.estimator.unwrap_or(round.estimator)
    }

    /// A candidate's gain by the estimator shown, unless it is to be predicted first.
    pub fn estimate(&self, snapshot: &Snapshot, round: &Round, candidate: &CandidateRecord) -> Option<f64> {
        if self.hides(snapshot, round) { None } else { candidate.estimate_by(self.estimator(round)) }
    }

    /// A candidate's actual gain, unless it is to be predicted first.
    pub fn actual(&self, snapshot: &Snapshot, round: &Round, candidate: &CandidateRecord) -> Option<f64> {
        if self.hides(snapshot, round) { None } else { candidate.actual }
    }

    /// What a round's estimates are held against.
    pub fn outcome(&self, round: &Round) -> Outcome {
        if self.in_the_end && round.is_followed() { Outcome::InTheEnd } else { Outcome::AtOnce }
    }

    /// A candidate's gain of that kind, unless it is to be predicted first.
    pub fn came(&self, snapshot: &Snapshot, round: &Round, candidate: &CandidateRecord) -> Option<f64> {
        if self.hides(snapshot, round) { None } else { self.outcome(round).of(candidate) }
    }

    /// A candidate's gain in the end, unless it is to be predicted first.
    pub fn end(&self, snapshot: &Snapshot, round: &Round, candidate: &CandidateRecord) -> Option<f64> {
        if self.hides(snapshot, round) { None } else { candidate.in_the_end }
    }

    /// Whether this round's gains, estimated and actual, are hidden until predicted.
    pub fn hides(&self, snapshot: &Snapshot, round: &Round) -> bool {
        let of = (snapshot.run, round.round);
        // What is still forming would tell as much.
        let forming = self.predict_next && snapshot.is_forming() && round.round == snapshot.state.round;
        forming
            || self.prediction.as_ref().is_some_and(|prediction| prediction.of == of && !prediction.revealed)
    }

    /// The candidate to explain: the one under the pointer, else the one selected.
    pub fn spoken<'a>(&self, round: &'a Round) -> Option<&'a CandidateRecord> {
        let id = self.hovered.as_ref().or(self.candidate.as_ref())?;
        round.candidates.iter().find(|candidate| candidate.id() == *id)
    }

    /// Selects a candidate, and opens its channel's panel.
    pub fn look_at(&mut self, candidate: &CandidateRecord) {
        self.candidate = Some(candidate.id());
        if let Some(channel) = candidate.channel() {
            self.channel = Some(Channel { layer: candidate.layer().to_owned(), channel });
        }
    }
}

/// The round whose candidates the current network can still grow by: none once it has grown.
pub fn present_round(snapshot: &Snapshot) -> Option<&Round> {
    let state = &snapshot.state;
    let waiting = !matches!(state.stage, Stage::Seed | Stage::Train | Stage::Done);
    waiting.then(|| state.record(state.round)).flatten()
}
