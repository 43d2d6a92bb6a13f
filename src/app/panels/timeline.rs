//! A slider over the whole history: the screen shows the moment that it stands at, and the run stays where it is.

use eframe::egui::{self, RichText, Slider, Ui};

use crate::app::drawing::tokens::Tokens;
use crate::app::view::View;
use crate::app::worker::board::Snapshot;

/// Room for what the moment is called.
const NAME: f32 = 210.0;
/// With less height, in points, a window has it in the menu of the history.
const ROOMY: f32 = 560.0;
/// What screen readers call it.
const TITLE: &str = "Moment in the history";

/// Whether the window has room for it among its panels.
pub fn is_roomy(context: &egui::Context) -> bool {
    context.content_rect().height() >= ROOMY
}

/// Draws it, if the history has more than one moment; `now` is the run as it stands.
pub fn timeline_ui(ui: &mut Ui, now: &Snapshot, view: &mut View) {
    let (Some(&first), Some(&last)) = (now.trail.keys().next(), now.trail.keys().next_back()) else { return };
    if first == last {
        return;
    }
    let tokens = Tokens::of(ui);
    let mut at = view.past(now).unwrap_or(now.at);
    ui.horizontal(|ui| {
        ui.spacing_mut().slider_width = (ui.available_width() - NAME).max(60.0);
        let slider = ui.add(Slider::new(&mut at, first..=last).show_value(false).trailing_fill(true));
        let enabled = ui.is_enabled();
        slider.widget_info(|| egui::WidgetInfo::slider(enabled, at as f64, TITLE));
        if slider.changed() {
            view.look_back(now, at);
        }
        let earliest = now.trail.get(&first).map_or("", String::as_str);
        slider.on_hover_text(format!(
            "Shows the network, its candidates and curves as they were at any moment; nothing is undone. Activations are \
             only of now. The earliest moment kept: {earliest}"
        ));
        let Some(name) = view.past(now).and_then(|past| now.trail.get(&past)) else {
            ui.label(RichText::new("Now").small().color(tokens.weak));
            return;
        };
        if ui.small_button("To now").on_hover_text("Shows the run as it stands (Escape)").clicked() {
            view.moment = None;
        }
        let undone = if at > now.at { ", undone" } else { "" };
        let name = RichText::new(format!("{name}{undone}")).small().color(tokens.accent);
        ui.add(egui::Label::new(name).truncate());
    });
}
