//! What can be dropped, while something is held over the window.

use eframe::egui::{self, Align2, Context, Frame};

use crate::app::platform;
use crate::words::say;

/// Draws it.
pub(super) fn held_ui(context: &Context) {
    if context.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let area = egui::Area::new(egui::Id::unique("held")).order(egui::Order::Foreground);
    area.anchor(Align2::CENTER_CENTER, [0.0, 0.0]).show(context, |ui| {
        Frame::popup(ui.style()).inner_margin(16.0).show(ui, |ui| {
            ui.set_max_width(420.0);
            ui.heading(say!("held-title"));
            ui.label(say!("held-kinds", images = platform::images(), others = platform::dropped()));
        });
    });
}
