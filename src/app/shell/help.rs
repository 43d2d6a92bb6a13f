//! The first look around, and the way back to the last run.

use std::path::Path;

use eframe::egui::{self, RichText};

use crate::app::drawing::tokens::Tokens;
use crate::app::worker::runs::Kept;
use crate::words::say;

/// What the help was closed with.
pub enum Closed {
    /// Nothing more.
    Begin,
    /// The first lesson is to begin.
    Lesson,
    /// The lessons are to be listed.
    Lessons,
    /// A run is to be resumed.
    Open(Kept),
}

/// What happens in a round: a title and a sentence each.
fn lines() -> [(&'static str, &'static str); 5] {
    [
        (say!("help-learns"), say!("help-learns-text")),
        (say!("help-could-change"), say!("help-could-change-text")),
        (say!("help-estimates"), say!("help-estimates-text")),
        (say!("help-measured"), say!("help-measured-text")),
        (say!("help-kept"), say!("help-kept-text")),
    ]
}

/// Height of everything around the lines, where narrow windows break it.
const AROUND: f32 = 210.0;

/// Draws it; `last` is a run that can be resumed. Returns how it was closed, if it was.
pub fn help_ui(context: &egui::Context, last: Option<&Kept>) -> Option<Closed> {
    let mut closed = None;
    let modal = egui::Modal::new(egui::Id::unique("help")).show(context, |ui| {
        ui.set_width(520.0_f32.min(context.content_rect().width() - 40.0));
        let tokens = Tokens::of(ui);
        ui.heading(say!("help-title"));
        ui.add_space(6.0);
        // In a low window the lines scroll, so that the buttons stay in sight.
        let most = (context.content_rect().height() - AROUND).max(60.0);
        egui::ScrollArea::vertical().max_height(most).show(ui, |ui| {
            for (number, (title, text)) in lines().into_iter().enumerate() {
                ui.horizontal_top(|ui| {
                    ui.label(RichText::new(format!("{}", number + 1)).heading().color(tokens.accent));
                    ui.vertical(|ui| {
                        ui.strong(title);
                        ui.label(RichText::new(text).color(tokens.weak));
                    });
                });
            }
        });
        ui.add_space(4.0);
        ui.label(RichText::new(say!("help-source")).small().color(tokens.weak));
        ui.add_space(8.0);
        ui.horizontal_wrapped(|ui| {
            let text = RichText::new(say!("help-lesson")).color(tokens.on_accent);
            if ui.add(egui::Button::new(text).fill(tokens.accent).min_size(egui::vec2(130.0, 30.0))).clicked()
            {
                closed = Some(Closed::Lesson);
            }
            if ui.button(say!("help-lessons")).clicked() {
                closed = Some(Closed::Lessons);
            }
            if let Some(kept) = last {
                let button = ui.button(say!("help-resume", run = lower_first(&kept.title())));
                if button.on_hover_text(place(&kept.folder, &kept.age())).clicked() {
                    closed = Some(Closed::Open(kept.clone()));
                }
            }
            if ui.button(say!("help-close")).clicked() {
                closed = Some(Closed::Begin);
            }
        });
    });
    if modal.should_close() && closed.is_none() {
        closed = Some(Closed::Begin);
    }
    closed
}

fn lower_first(title: &str) -> String {
    let mut title = title.to_owned();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    title
}

fn place(folder: &Path, age: &str) -> String {
    say!("help-resume-hint", age = age, folder = folder.display().to_string())
}
