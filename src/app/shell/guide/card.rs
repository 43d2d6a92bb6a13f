//! How the lesson's card is drawn.

use eframe::egui::{self, Align, Button, Layout, ProgressBar, RichText, Ui};

use super::asks::button_ui;
use super::run::facts;
use super::{Guide, Seen, Wanted};
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::board::inside;
use crate::lesson::Standing;
use crate::words::say;

impl Guide {
    /// Draws the card.
    pub(super) fn card_ui(&mut self, ui: &mut Ui, seen: &mut Seen<'_>, wanted: &mut Vec<Wanted>) {
        let tokens = Tokens::of(ui);
        let (place, count) = (self.course.progress().step + 1, self.course.lesson().steps.len());
        ui.horizontal(|ui| {
            let at = say!("guide-step", place = place, count = count);
            ui.label(RichText::new(at).small().color(tokens.accent));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let leave = ui.small_button(say!("guide-leave")).on_hover_text(say!("guide-leave-hint"));
                let name = say!("guide-leave-named");
                leave.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
                if leave.clicked() {
                    wanted.push(Wanted::Leave);
                }
                ui.add(
                    egui::Label::new(RichText::new(&self.course.lesson().title).small().weak()).truncate(),
                );
            });
        });
        ui.add(ProgressBar::new(place as f32 / count as f32).desired_height(3.0).fill(tokens.accent));
        // The buttons first: what is above them scrolls.
        egui::Panel::bottom("lesson buttons")
            .show_separator_line(false)
            .show(ui, |ui| self.buttons_ui(ui, wanted));
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.add_space(4.0);
            ui.heading(&self.course.step().title);
            for paragraph in &self.course.step().text {
                ui.label(paragraph);
            }
            ui.add_space(4.0);
            self.run_ui(ui, seen, wanted);
            self.said_ui(ui);
        });
    }

    /// What is asked, once the run is where it must be; until then, what it is doing.
    fn run_ui(&mut self, ui: &mut Ui, seen: &mut Seen<'_>, wanted: &mut Vec<Wanted>) {
        if !self.has_run(seen.snapshot) {
            if self.ordered_run.is_some() && seen.board.failure.is_none() {
                ui.horizontal(|ui| {
                    ui.spinner();
                    ui.label(RichText::new(say!("guide-opening-run")).weak());
                });
                return;
            }
            ui.label(RichText::new(say!("guide-another-run")).weak());
            if button_ui(ui, say!("guide-open-run"), true) {
                self.order_run(seen, wanted);
            }
            return;
        }
        let facts = facts(seen.board, seen.snapshot, None);
        let missing = self.course.step().needs.filter(|stage| !facts.is_over(*stage));
        let Some(stage) = missing else { return self.ask_ui(ui, seen, wanted) };
        match seen.board.progress {
            Some(progress) => {
                let fraction = progress.fraction();
                ui.label(RichText::new(say!("guide-working", stage = inside(progress.stage))).weak());
                ui.add(ProgressBar::new(fraction).desired_height(6.0));
            }
            None if self.halted => {
                ui.label(RichText::new(say!("guide-stopped", stage = inside(stage))).weak());
                if button_ui(ui, say!("guide-go-on"), !seen.board.busy) {
                    (self.halted, self.ordered_stage) = (false, None);
                }
            }
            None => drop(ui.spinner()),
        }
    }

    /// What is said of the last answer, and what helps.
    fn said_ui(&mut self, ui: &mut Ui) {
        let tokens = Tokens::of(ui);
        if let Some(complaint) = &self.complaint {
            ui.colored_label(tokens.alarm, complaint);
        }
        let answered = self.course.answered().map(|last| (last.standing, last.said.clone()));
        if let Some((standing, said)) = answered {
            let (sign, colour) = match standing {
                Standing::Right => ("●", tokens.accent),
                Standing::Wrong => ("×", tokens.alarm),
                Standing::Kept | Standing::Shown => ("\u{2022}", tokens.weak),
            };
            ui.add_space(4.0);
            egui::Frame::group(ui.style()).fill(tokens.raised).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal_top(|ui| {
                    ui.colored_label(colour, sign);
                    ui.add(egui::Label::new(said).wrap());
                });
            });
        }
        if self.course.may_go_on() {
            return;
        }
        if self.hinted {
            ui.label(RichText::new(&self.course.step().hint).italics());
        }
        ui.horizontal(|ui| {
            let has_hint = !self.hinted && !self.course.step().hint.is_empty();
            if has_hint && ui.button(say!("guide-hint")).clicked() {
                self.hinted = true;
            }
            if self.course.may_be_shown() && ui.button(say!("guide-show-answer")).clicked() {
                self.course.show();
                self.keep();
            }
        });
    }

    fn buttons_ui(&mut self, ui: &mut Ui, wanted: &mut Vec<Wanted>) {
        ui.horizontal(|ui| {
            let back = Button::new(say!("guide-back"));
            if ui.add_enabled(self.course.progress().step > 0, back).clicked() {
                self.back();
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let text = if self.course.is_last() { say!("guide-to-card") } else { say!("guide-next") };
                if button_ui(ui, text, self.course.may_go_on()) {
                    self.next(wanted);
                }
            });
        });
    }
}
