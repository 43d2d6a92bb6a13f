//! The command palette: every action, found by a few letters.

use eframe::egui::{self, Align2, Key, RichText, TextEdit};

use super::action::Action;
use crate::app::controls::{Controls, frozen};
use crate::app::worker::board::Board;
use crate::words::say;

/// The palette while it is open.
#[derive(Default)]
pub struct Palette {
    query: String,
    selected: usize,
}

/// How the palette was closed.
pub enum Picked {
    /// Without a choice.
    Nothing,
    /// An action.
    Action(Action),
}

impl Palette {
    /// Draws it, and returns what was picked once it closes. A disabled command is grey; its tooltip says why.
    pub fn ui(&mut self, context: &egui::Context, board: &Board) -> Option<Picked> {
        let controls = Controls::of(context);
        let mut found = matching(&self.query);
        found.retain(|action| !controls.hides(&action.control()));
        let refusal = |action: &Action| match controls.freezes(&action.control()) {
            true => Some(frozen()),
            false => action.refusal(board),
        };
        self.selected = self.selected.min(found.len().saturating_sub(1));
        let (mut up, mut down, mut enter) = (false, false, false);
        context.input_mut(|input| {
            up = input.consume_key(egui::Modifiers::NONE, Key::ArrowUp);
            down = input.consume_key(egui::Modifiers::NONE, Key::ArrowDown);
            enter = input.consume_key(egui::Modifiers::NONE, Key::Enter);
        });
        if down && self.selected + 1 < found.len() {
            self.selected += 1;
        }
        if up {
            self.selected = self.selected.saturating_sub(1);
        }
        let entered = found.get(self.selected).filter(|action| enter && refusal(action).is_none());
        let mut picked = entered.map(|action| Picked::Action(*action));
        let area =
            egui::Modal::default_area(egui::Id::unique("palette")).anchor(Align2::CENTER_TOP, [0.0, 90.0]);
        let modal = egui::Modal::new(egui::Id::unique("palette")).area(area).show(context, |ui| {
            let width = 420.0_f32.min(context.content_rect().width() - 40.0);
            ui.set_width(width);
            let edit = TextEdit::singleline(&mut self.query)
                .hint_text(say!("palette-letters"))
                .desired_width(f32::INFINITY);
            let response = ui.add(edit);
            response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::TextInput, true, say!("palette-search"))
            });
            response.request_focus();
            let most = 360.0_f32.min(context.content_rect().height() - 180.0);
            egui::ScrollArea::vertical().max_height(most).show(ui, |ui| {
                for (index, action) in found.iter().enumerate() {
                    let key = action.shortcut().map_or(String::new(), |key| ui.ctx().format_shortcut(&key));
                    let row = egui::Button::selectable(index == self.selected, action.label())
                        .shortcut_text(RichText::new(key).weak())
                        .min_size(egui::vec2(width - 10.0, 24.0));
                    let refusal = refusal(action);
                    let response = ui.add_enabled(refusal.is_none(), row);
                    response.widget_info(|| {
                        egui::WidgetInfo::labeled(egui::Role::Button, refusal.is_none(), action.label())
                    });
                    if index == self.selected && (up || down) {
                        response.scroll_to_me(None);
                    }
                    if response.on_disabled_hover_text(refusal.unwrap_or_default()).clicked() {
                        picked = Some(Picked::Action(*action));
                    }
                }
                if found.is_empty() {
                    ui.label(RichText::new(say!("palette-none")).weak());
                }
            });
        });
        if modal.should_close() && picked.is_none() {
            picked = Some(Picked::Nothing);
        }
        picked
    }
}

/// Actions whose names hold every word of the query.
fn matching(query: &str) -> Vec<Action> {
    let query = query.to_lowercase();
    let fits = |action: &Action| {
        let name = action.label().to_lowercase();
        query.split_whitespace().all(|word| name.contains(word))
    };
    Action::all().into_iter().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_may_come_in_any_order_and_case() {
        assert_eq!(matching("SVG export"), [Action::ExportSvg]);
        assert_eq!(matching("").len(), Action::all().len());
        assert_eq!(matching("zebra"), []);
    }
}
