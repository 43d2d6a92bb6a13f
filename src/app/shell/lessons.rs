//! The dialogs around a lesson: which there are, and the card at its end.

use eframe::egui::{self, Button, Rect, RichText, Ui};

use crate::app::drawing::charts::scene_ui;
use crate::app::drawing::tokens::Tokens;
use crate::lesson::{Lesson, Results, built_in, names};
use crate::pictures::card;
use crate::words::say;

/// What a menu of lessons was closed with.
pub enum Picked {
    /// Nothing.
    Nothing,
    /// A lesson.
    Lesson(Box<Lesson>),
}

/// Draws the menu of lessons. Once it closes, says with what.
pub fn lessons_ui(context: &egui::Context) -> Option<Picked> {
    let mut picked = None;
    let modal = egui::Modal::new(egui::Id::unique("lessons")).show(context, |ui| {
        ui.set_width(520.0);
        let tokens = Tokens::of(ui);
        ui.heading(say!("lessons-title"));
        for lesson in names().filter_map(|name| built_in(name)?.ok()) {
            egui::Frame::group(ui.style()).fill(tokens.raised).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal(|ui| {
                    ui.strong(&lesson.title);
                    let minutes = say!("lessons-minutes", count = lesson.minutes);
                    ui.label(RichText::new(minutes).small().weak());
                });
                ui.label(RichText::new(&lesson.summary).color(tokens.weak));
                let start = ui.button(say!("lessons-open"));
                let name = say!("lessons-open-named", title = &lesson.title);
                start.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
                if start.clicked() {
                    picked = Some(Picked::Lesson(Box::new(lesson)));
                }
            });
        }
        ui.label(RichText::new(say!("lessons-own")).small().weak());
        if ui.button(say!("lessons-close")).clicked() {
            picked = Some(Picked::Nothing);
        }
    });
    if modal.should_close() && picked.is_none() {
        picked = Some(Picked::Nothing);
    }
    picked
}

/// What the card with the results was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Card {
    /// To be closed.
    Close,
    /// To be saved as a picture; where it is on the screen.
    Picture(Rect),
    /// To be saved as a text.
    Text,
}

/// Draws the card with the results.
pub fn card_ui(context: &egui::Context, results: &Results) -> Option<Card> {
    let mut asked = None;
    let modal = egui::Modal::new(egui::Id::unique("results")).show(context, |ui| {
        let scene = card(results);
        let room = context.content_rect();
        let area = egui::ScrollArea::vertical().max_height((room.height() - 110.0).max(120.0));
        let drawn = area.show(ui, |ui| scene_ui(ui, &scene).rect).inner;
        buttons_ui(ui, &mut asked, drawn);
    });
    if modal.should_close() && asked.is_none() {
        asked = Some(Card::Close);
    }
    asked
}

fn buttons_ui(ui: &mut Ui, asked: &mut Option<Card>, drawn: Rect) {
    let tokens = Tokens::of(ui);
    ui.horizontal(|ui| {
        let save = RichText::new(say!("lessons-save-png")).color(tokens.on_accent);
        if ui.add(Button::new(save).fill(tokens.accent)).clicked() {
            *asked = Some(Card::Picture(drawn));
        }
        if ui.button(say!("lessons-save-text")).clicked() {
            *asked = Some(Card::Text);
        }
        if ui.button(say!("lessons-close")).clicked() {
            *asked = Some(Card::Close);
        }
    });
}
