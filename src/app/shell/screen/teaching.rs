//! Lessons on the screen: how they begin and end, and their card as files.

use std::path::Path;
use std::sync::Arc;

use eframe::egui::{Context, Frame, Margin, Ui};

use super::Screen;
use super::dialog::Dialog;
use crate::app::drawing::tokens::Tokens;
use crate::app::shell::action::Action;
use crate::app::shell::exchange::{screenshot, write};
use crate::app::shell::guide::{Guide, Seen, Wanted};
use crate::app::shell::lessons::{Card, card_ui};
use crate::app::shell::paths::Purpose;
use crate::app::worker::board::{Board, Snapshot};
use crate::lesson::{self, Lesson, Results, results};
use crate::words::say;

/// Width of the lesson's card.
const WIDTH: f32 = 292.0;
/// The widest part of the window that it takes.
const SHARE: f32 = 0.36;

impl Screen {
    /// Opens the first lesson, where it was left.
    pub(super) fn begin_lesson(&mut self) {
        match lesson::names().next().and_then(lesson::built_in) {
            Some(Ok(lesson)) => self.open_lesson(lesson, None),
            Some(Err(error)) => self.complain(error.to_string()),
            None => {}
        }
    }

    /// Opens a lesson, where it was left or at a step.
    pub(super) fn open_lesson(&mut self, lesson: Lesson, at: Option<usize>) {
        self.guide = Some(Guide::open(Arc::new(lesson), at, self.home.clone()));
        self.dialog = None;
    }

    /// The lesson at the left, if one is open.
    pub(super) fn lesson_ui(&mut self, ui: &mut Ui, board: &Board, snapshot: &Snapshot) {
        let Some(guide) = &mut self.guide else { return };
        let tokens = Tokens::of(ui);
        let width = WIDTH.min(SHARE * ui.available_width());
        let frame = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(12, 8));
        let panel = eframe::egui::Panel::left("lesson").frame(frame).resizable(false).exact_size(width);
        let (view, engine) = (&mut self.view, self.engine);
        let mut seen = Seen { board, snapshot, view, engine };
        let wanted = panel.show(ui, |ui| guide.ui(ui, &mut seen)).inner;
        for wanted in wanted {
            match wanted {
                Wanted::Order(order) => self.worker.order(order),
                Wanted::Results => self.show_results(),
                Wanted::Leave => self.guide = None,
            }
        }
    }

    fn show_results(&mut self) {
        let results = self.guide.as_ref().map(|guide| results(guide.course()));
        self.dialog = results.map(|results| Dialog::Results(Box::new(results)));
    }

    /// The card with the results, until it is closed.
    pub(super) fn results_ui(&mut self, context: &Context, results: Box<Results>) {
        let Some(asked) = card_ui(context, &results) else {
            self.dialog = Some(Dialog::Results(results));
            return;
        };
        match asked {
            Card::Close => {}
            // A page has no folders to choose among, and draws no pictures but its own.
            Card::Picture(area) if cfg!(target_arch = "wasm32") => {
                self.dialog = Some(Dialog::Results(results));
                screenshot(self.shared(), Path::new("/downloads/lesson.png"), context, Some(area));
            }
            Card::Picture(_) => self.dialog = Some(Dialog::path(Purpose::CardPng)),
            Card::Text => self.dialog = Some(Dialog::path(Purpose::CardText)),
        }
    }

    /// Writes the card, as far as the lesson has come.
    pub(super) fn save_card(&mut self, purpose: Purpose, path: &Path) {
        let Some(guide) = &self.guide else { return };
        let results = results(guide.course());
        let written = match purpose {
            Purpose::CardText => write(path, &results.text()),
            _ => picture(path, &results),
        };
        match written {
            Ok(said) => self.tell(said),
            Err(why) => self.complain(why),
        }
        self.dialog = Some(Dialog::Results(Box::new(results)));
    }

    /// Says that the run was recorded, with the ways on; shown above everything.
    pub(super) fn recorded_ui(&mut self, ui: &mut Ui, board: &Board, snapshot: &Snapshot) {
        if !snapshot.recorded || self.guide.is_some() {
            return;
        }
        let tokens = Tokens::of(ui);
        let fill = tokens.panel.lerp_to_gamma(tokens.accent, 0.14);
        let frame = Frame::new().fill(fill).inner_margin(Margin::symmetric(12, 5));
        eframe::egui::Panel::top("recorded").frame(frame).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.label(say!("screen-recorded"));
                if ui.button(Action::OwnRun.label()).clicked() {
                    self.act(Action::OwnRun, &ui.ctx().clone(), board);
                }
                if ui.button(say!("screen-first-lesson")).clicked() {
                    self.begin_lesson();
                }
            });
        });
    }
}

/// Writes the card as PNG.
#[cfg(not(target_arch = "wasm32"))]
fn picture(path: &Path, results: &Results) -> Result<String, String> {
    /// Pixels a point.
    const SCALE: f32 = 2.0;
    let bytes = crate::plot::png(&crate::plot::pixels(&crate::pictures::card(results), false, SCALE));
    crate::files::write_atomically(path, &bytes).map_err(|error| error.to_string())?;
    Ok(say!("screen-file-written", path = path.display().to_string()))
}

/// A page saves what it shows instead.
#[cfg(target_arch = "wasm32")]
fn picture(path: &Path, _results: &Results) -> Result<String, String> {
    Err(say!("screen-page-saves", path = path.display().to_string()))
}
