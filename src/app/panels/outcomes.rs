//! What each choice gained: the method's and the person's, for rounds that were grown more than once.

use eframe::egui::{RichText, Ui};

use crate::app::drawing::tokens::Tokens;
use crate::app::worker::board::{EDITED, Snapshot};
use crate::format::brief as gain;
use crate::lab::Stage;
use crate::words::say;

/// A growth that was made.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    run: u64,
    round: u64,
    by_hand: bool,
    chosen: Vec<String>,
    gain: f64,
}

/// Every growth seen since the program began.
#[derive(Default)]
pub struct Outcomes(Vec<Outcome>);

impl Outcomes {
    /// Takes note of a growth that has just been made.
    pub fn note(&mut self, snapshot: &Snapshot) {
        let state = &snapshot.state;
        if state.stage != Stage::Train || state.step > 0 {
            return;
        }
        let Some(round) = state.round.checked_sub(1).and_then(|round| state.record(round)) else { return };
        let (Some(before), Some(after)) = (round.before, round.after) else { return };
        // The choice stands just before the growth in the history.
        let choice = snapshot.at.checked_sub(1).and_then(|choice| snapshot.trail.get(&choice));
        let by_hand = choice.is_some_and(|text| text == EDITED);
        let chosen = round.chosen();
        let gain = before.held_out.loss - after.held_out.loss;
        let outcome = Outcome { run: snapshot.run, round: round.round, by_hand, chosen, gain };
        if !self.0.contains(&outcome) {
            self.0.push(outcome);
        }
    }

    /// Says what the choices of a round gained.
    pub fn ui(&self, ui: &mut Ui, run: u64, round: u64) {
        let weak = Tokens::of(ui).weak;
        for outcome in self.0.iter().filter(|outcome| (outcome.run, outcome.round) == (run, round)) {
            let (count, gained) = (outcome.chosen.len(), gain(outcome.gain));
            let text = match outcome.by_hand {
                true => say!("outcomes-by-you", count = count, gain = gained),
                false => say!("outcomes-by-method", count = count, gain = gained),
            };
            let hint = format!("{}\n{}", outcome.chosen.join("\n"), say!("outcomes-again-hint"));
            ui.label(RichText::new(text).color(weak)).on_hover_text(hint);
        }
    }
}
