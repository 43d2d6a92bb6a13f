//! What Escape does: it closes the topmost thing, and asks before it stops work that has taken long.

use std::time::Duration;

use eframe::egui::{self, Context, Frame, Margin, Ui};

use super::Screen;
use crate::app::controls::Controls;
use crate::app::drawing::tokens::Tokens;
use crate::app::shell::action::Action;
use crate::app::worker::board::{Board, inside};
use crate::format::seconds;
use crate::lab::Stage;
use crate::words::say;

/// Work that has taken longer is only stopped once the person has said so.
const LONG: Duration = Duration::from_secs(10);

impl Screen {
    /// Where no menu, dialog or text took Escape: puts away the question, else the channel's panel, else an
    /// earlier moment, else stops what is under way.
    pub(super) fn escape(&mut self, context: &Context, board: &Board) {
        let controls = Controls::of(context);
        if std::mem::take(&mut self.stopping) {
            return;
        }
        if std::mem::take(&mut self.channel_open) {
            self.view.channel = None;
            return;
        }
        if board.snapshot.as_deref().is_some_and(|now| self.view.past(now).is_some()) {
            self.view.moment = None;
            return;
        }
        if controls.freezes(&Action::Cancel.control()) {
            return;
        }
        match board.began.is_some_and(|began| began.elapsed() > LONG) {
            true => self.stopping = true,
            false => self.act(Action::Cancel, context, board),
        }
    }

    /// Asks whether to stop what is under way, if Escape was pressed for that.
    pub(super) fn stopping_ui(&mut self, ui: &mut Ui, board: &Board) {
        let Some(began) = board.began.filter(|_| self.stopping) else {
            self.stopping = false;
            return;
        };
        let tokens = Tokens::of(ui);
        let fill = tokens.panel.lerp_to_gamma(tokens.accent, 0.14);
        let frame = Frame::new().fill(fill).inner_margin(Margin::symmetric(12, 5));
        let (question, then) = under_way(board);
        egui::Panel::top("stopping").frame(frame).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.strong(question);
                let taken = say!("stopping-taken", time = seconds(began.elapsed().as_secs_f64()));
                ui.label(format!("{taken} {then}"));
                let on =
                    ui.button(say!("stopping-keep-going")).on_hover_text(say!("stopping-keep-going-hint"));
                if on.clicked() {
                    self.stopping = false;
                }
                if ui.button(say!("stopping-now")).clicked() {
                    self.stopping = false;
                    self.act(Action::Cancel, &ui.ctx().clone(), board);
                }
            });
        });
    }
}

/// Whether to stop what a cancel would, and what would be left of it.
fn under_way(board: &Board) -> (String, &'static str) {
    if let Some(notes) = &board.study {
        let question = match notes.what.strip_prefix("figure ") {
            Some(number) => say!("stopping-figure", number = number),
            None if notes.what == "race" => say!("stopping-race").to_owned(),
            None => say!("stopping-anything").to_owned(),
        };
        return (question, say!("stopping-runs-kept"));
    }
    let stage = board.progress.map(|progress| progress.stage);
    let question = match stage {
        Some(stage) => say!("stopping-stage", stage = inside(stage)),
        None => say!("stopping-anything").to_owned(),
    };
    match stage {
        Some(Stage::Train | Stage::Learn) => (question, say!("stopping-goes-on")),
        _ => (question, say!("stopping-begins-again")),
    }
}
