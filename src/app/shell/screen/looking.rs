//! Looking at an earlier moment of the run, which stays where it is.

use std::sync::Arc;

use super::Screen;
use crate::app::shell::action::Action;
use crate::app::worker::board::Snapshot;

impl Screen {
    /// What the panels show: the moment that is looked at, or the run as it stands.
    pub(super) fn looked_at(&mut self, now: &Arc<Snapshot>) -> Arc<Snapshot> {
        let wanted = self.view.past(now);
        if let (Some(_), Some((of, past))) = (wanted, &self.past)
            && Arc::ptr_eq(of, now)
            && past.past == wanted
        {
            return past.clone();
        }
        let past = wanted.and_then(|wanted| now.looked_at(wanted)).map(Arc::new);
        self.past = past.clone().map(|past| (now.clone(), past));
        past.unwrap_or_else(|| now.clone())
    }

    /// Shows the run as it stands again, before it is changed.
    pub(super) fn leave_the_past(&mut self, action: Action) {
        if matches!(
            action,
            Action::PlayPause
                | Action::RunThrough
                | Action::Step
                | Action::Round
                | Action::Undo
                | Action::Redo
                | Action::OneMoreRound
                | Action::Predict
        ) {
            self.view.moment = None;
        }
    }
}
