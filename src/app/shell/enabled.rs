//! Whether an action is possible now: said once, for keys, buttons, menus and the command palette.

use super::action::Action;
use crate::app::worker::board::{Board, Snapshot};
use crate::lab::Stage;
use crate::words::say;

fn no_run() -> &'static str {
    say!("enabled-no-run")
}

impl Action {
    /// Whether it can be done now.
    pub fn is_enabled(self, board: &Board) -> bool {
        self.refusal(board).is_none()
    }

    /// Why it cannot be done now; none if it can.
    pub fn refusal(self, board: &Board) -> Option<&'static str> {
        match self {
            Action::PlayPause if board.pausing => Some(say!("enabled-pausing")),
            Action::PlayPause if board.playing => None,
            Action::PlayPause | Action::RunThrough | Action::Step | Action::Round => {
                let done = |snapshot: &Snapshot| snapshot.state.stage == Stage::Done;
                idle(board).or_else(|| {
                    let finished = board.snapshot.as_deref().is_some_and(done);
                    finished.then(|| say!("enabled-finished"))
                })
            }
            Action::Cancel => (!board.busy).then(|| say!("enabled-nothing-under-way")),
            Action::Undo => idle(board).or_else(|| {
                let possible =
                    |snapshot: &Snapshot| inside(snapshot) || kept(snapshot, snapshot.at.checked_sub(1));
                missing(board, possible, say!("enabled-nothing-to-undo"))
            }),
            Action::Redo => idle(board).or_else(|| {
                let possible =
                    |snapshot: &Snapshot| !inside(snapshot) && kept(snapshot, snapshot.at.checked_add(1));
                missing(board, possible, say!("enabled-nothing-to-redo"))
            }),
            Action::OneMoreRound => idle(board),
            Action::Predict
            | Action::SaveRun
            | Action::SaveSettings
            | Action::KeepCurves
            | Action::ExportCsv
            | Action::ExportSvg
            | Action::ExportPng
            | Action::Export(_) => missing(board, |_| true, no_run()),
            #[cfg(target_arch = "wasm32")]
            Action::CopyLink => missing(board, |_| true, no_run()),
            Action::Lessons
            | Action::OwnRun
            | Action::NewRun
            | Action::OpenRun
            | Action::Log
            | Action::Show(_)
            | Action::Theme
            | Action::Presenter
            | Action::Calm
            | Action::Speak(_)
            | Action::Palette
            | Action::Help
            | Action::Quit => None,
        }
    }
}

/// Why the worker takes no order for the run now; none if it does.
fn idle(board: &Board) -> Option<&'static str> {
    match (&board.snapshot, board.busy) {
        (None, _) => Some(no_run()),
        (Some(_), true) => Some(say!("enabled-at-work")),
        (Some(_), false) => None,
    }
}

/// `why` unless there is a run for which it is `possible`.
fn missing(board: &Board, possible: impl Fn(&Snapshot) -> bool, why: &'static str) -> Option<&'static str> {
    (!board.snapshot.as_deref().is_some_and(possible)).then_some(why)
}

/// Whether the run has stopped inside a training, or inside Learn.
fn inside(snapshot: &Snapshot) -> bool {
    snapshot.state.step > 0 || snapshot.state.partly.is_some()
}

/// Whether the history still has this position.
fn kept(snapshot: &Snapshot, position: Option<usize>) -> bool {
    position.is_some_and(|position| snapshot.trail.contains_key(&position))
}
