//! The first look around, and the way back to the last run.

use std::path::Path;

use eframe::egui::{self, RichText};

use crate::app::drawing::tokens::Tokens;
use crate::app::worker::runs::Kept;

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

const LINES: [(&str, &str); 5] = [
    (
        "A small network learns",
        "Each column is a layer, each cell a channel: a filter that looks for something in the image.",
    ),
    (
        "It could change",
        "A channel could be split in two, or pruned; a layer widened, or a new one put after it. Such a change is a morphism: at first the network computes the same as before.",
    ),
    (
        "A formula estimates",
        "For every change at once, how far the loss would fall, without building it (Gauss–Newton morphisms).",
    ),
    (
        "Then it is measured",
        "Each change is really made. Where a point lies on the diagonal of the plot, the formula was right.",
    ),
    ("The best are kept", "The network grows by the changes that paid, and trains again."),
];

/// Height of everything around the lines, where narrow windows break it.
const AROUND: f32 = 210.0;

/// Draws it; `last` is a run that can be resumed. Returns how it was closed, if it was.
pub fn help_ui(context: &egui::Context, last: Option<&Kept>) -> Option<Closed> {
    let mut closed = None;
    let modal = egui::Modal::new(egui::Id::unique("help")).show(context, |ui| {
        ui.set_width(520.0_f32.min(context.content_rect().width() - 40.0));
        let tokens = Tokens::of(ui);
        ui.heading("Seedling grows a network, and checks every estimate");
        ui.add_space(6.0);
        // In a low window the lines scroll, so that the buttons stay in sight.
        let most = (context.content_rect().height() - AROUND).max(60.0);
        egui::ScrollArea::vertical().max_height(most).show(ui, |ui| {
            for (number, (title, text)) in LINES.into_iter().enumerate() {
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
        ui.label(
            RichText::new(
                "After Lawton, Galstyan and Ver Steeg, arXiv 2411.05855, in our own reconstruction. \
                 Space plays and pauses; Ctrl+K finds every command.",
            )
            .small()
            .color(tokens.weak),
        );
        ui.add_space(8.0);
        ui.horizontal_wrapped(|ui| {
            let text = RichText::new("Start the lesson").color(tokens.on_accent);
            if ui.add(egui::Button::new(text).fill(tokens.accent).min_size(egui::vec2(130.0, 30.0))).clicked()
            {
                closed = Some(Closed::Lesson);
            }
            if ui.button("Other lessons").clicked() {
                closed = Some(Closed::Lessons);
            }
            if let Some(kept) = last {
                let button = ui.button(format!("Resume {}", lower_first(&kept.title)));
                if button.on_hover_text(place(&kept.folder, &kept.age)).clicked() {
                    closed = Some(Closed::Open(kept.clone()));
                }
            }
            if ui.button("Close").clicked() {
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
    format!("{age}, in {}", folder.display())
}
