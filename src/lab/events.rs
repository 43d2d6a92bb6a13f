//! What goes into a lab and what comes out: commands and events.

use super::cost::StepCost;
use super::state::Stage;
use crate::engine::Watch;
use crate::words::{Language, in_language};

/// An order to the lab.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The next unit of work: about a second of training, half a minute of learning at most, or another whole stage.
    Step,
    /// Back to before the last stage, or out of an unfinished one.
    Undo,
    /// Forward again, after going back.
    Redo,
    /// To a position of the history that is kept (0 is the beginning).
    GoTo(usize),
    /// Between Choose and Grow: these candidates, by id, instead of the strategy's.
    Choose(Vec<String>),
    /// More growth rounds in all; a finished experiment goes on.
    Extend(u64),
}

/// A report of the lab.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A stage begins, or goes on.
    StageStarted {
        /// The stage.
        stage: Stage,
        /// The round.
        round: u64,
    },
    /// Work within a stage.
    Progress {
        /// Units of work done.
        done: u64,
        /// Units of work in all.
        total: u64,
        /// The newest loss, where there is one.
        loss: Option<f32>,
    },
    /// A stage is complete; the state holds its results.
    StageDone {
        /// The stage.
        stage: Stage,
        /// The round.
        round: u64,
        /// What it cost.
        cost: StepCost,
    },
    /// Something to know, in a sentence.
    Notice(String),
    /// Something has gone wrong though the run could go on, in a sentence.
    Warning(String),
}

/// A listener to a lab.
pub trait Observer {
    /// Takes an event.
    fn event(&self, event: Event);

    /// Whether to abort the unit of work at once; the lab then keeps the state before it.
    fn cancelled(&self) -> bool {
        false
    }

    /// What notices and warnings are to be in.
    fn language(&self) -> Language {
        Language::English
    }

    /// Whether [`Self::foreseen`] is listened to.
    fn wants_foreseen(&self) -> bool {
        false
    }

    /// Takes what is foreseen of each candidate while it is learned: its gain on a training batch, in nats,
    /// in the candidates'
    /// order. Not every engine says it.
    fn foreseen(&self, _gains: &[f64]) {}
}

/// Tells a notice, in the observer's language.
pub(super) fn notice(observer: &dyn Observer, words: impl FnOnce() -> String) {
    observer.event(Event::Notice(in_language(observer.language(), words)));
}

/// Ignores all events.
pub struct Unobserved;

impl Observer for Unobserved {
    fn event(&self, _event: Event) {}
}

/// Passes on only that the unit of work is to be aborted: short work within a stage has no progress of its own.
pub struct Silent<'a>(pub &'a dyn Observer);

impl Watch for Silent<'_> {
    fn progress(&self, _done: u64, _total: u64, _loss: Option<f32>) {}

    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

/// An engine's progress, passed on as a part of a stage's.
pub struct Relay<'a> {
    observer: &'a dyn Observer,
    before: u64,
    total: Option<u64>,
}

impl<'a> Relay<'a> {
    /// Progress as the engine reports it.
    pub fn new(observer: &'a dyn Observer) -> Self {
        Self { observer, before: 0, total: None }
    }

    /// Progress of an engine's part of a stage of `total` steps, after `before` of them.
    pub fn within(observer: &'a dyn Observer, before: u64, total: u64) -> Self {
        Self { observer, before, total: Some(total) }
    }
}

impl Watch for Relay<'_> {
    fn progress(&self, done: u64, total: u64, loss: Option<f32>) {
        let total = self.total.unwrap_or(total);
        self.observer.event(Event::Progress { done: self.before + done, total, loss });
    }

    fn cancelled(&self) -> bool {
        self.observer.cancelled()
    }

    fn wants_foreseen(&self) -> bool {
        self.observer.wants_foreseen()
    }

    fn foreseen(&self, gains: &[f64]) {
        self.observer.foreseen(gains);
    }
}
