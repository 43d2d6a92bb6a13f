//! A slider over the whole history: the screen shows the moment that it stands at, and the run stays where it is.

use eframe::egui::{self, RichText, Slider, Ui, vec2};

use crate::app::drawing::tokens::Tokens;
use crate::app::view::View;
use crate::app::worker::board::{Past, Snapshot};
use crate::words::say;

/// Height of the row.
const HEIGHT: f32 = 16.0;
/// Room for what the moment is called.
const NAME: f32 = 210.0;
/// With less height, in points, a window has it in the menu of the history.
const ROOMY: f32 = 640.0;
/// Width of the title: the slider begins where the chips of the stages do.
const TITLED: f32 = 108.0;
/// With less width, in points, it has no title.
const WIDE: f32 = 640.0;

/// Whether the window has room for it among its panels.
pub fn is_roomy(context: &egui::Context) -> bool {
    context.content_rect().height() >= ROOMY
}

/// Draws it, if the history has more than one moment; `now` is the run as it stands.
pub fn timeline_ui(ui: &mut Ui, now: &Snapshot, view: &mut View) {
    let pasts = now.pasts();
    let (Some(earliest), Some(last)) = (pasts.first(), pasts.len().checked_sub(1)) else { return };
    if last == 0 {
        return;
    }
    let tokens = Tokens::of(ui);
    let shown = view.past(now).unwrap_or(Past::Position(now.at));
    let mut notch = pasts.iter().position(|past| *past == shown).unwrap_or(last);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = HEIGHT;
        let title = RichText::new(say!("timeline-title")).small().color(tokens.weak);
        if ui.available_width() >= WIDE {
            ui.add_sized(vec2(TITLED, HEIGHT), egui::Label::new(title));
        }
        let name = NAME.min(0.5 * ui.available_width());
        ui.spacing_mut().slider_width = ui.available_width() - name;
        let slider = ui.add(Slider::new(&mut notch, 0..=last).show_value(false).trailing_fill(true));
        let enabled = ui.is_enabled();
        slider.widget_info(|| egui::WidgetInfo::slider(enabled, notch as f64, say!("timeline-name")));
        if slider.changed() {
            view.look_back(now, pasts[notch]);
        }
        slider.on_hover_text(say!("timeline-hint", earliest = now.name_of(*earliest)));
        let Some(past) = view.past(now) else {
            ui.label(RichText::new(say!("timeline-now")).small().color(tokens.weak));
            return;
        };
        if ui.small_button(say!("timeline-to-now")).on_hover_text(say!("timeline-to-now-hint")).clicked() {
            view.moment = None;
        }
        let name = RichText::new(now.name_of(past)).small().color(tokens.accent);
        ui.add(egui::Label::new(name).truncate());
    });
}
