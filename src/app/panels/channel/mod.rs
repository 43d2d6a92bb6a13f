//! One channel: its activation for the image, and four views of it.
//!
//! - `changes`: its candidates with their numbers, beside its `filter`;
//! - `pixels`: a place of its activation, taken apart into pixels and weights;
//! - `images`: which held-out images a change repairs and which it breaks;
//! - `scale`: what a change gains along its scale. What is `selected` for both.

mod changes;
mod filter;
mod images;
mod pixels;
mod scale;
mod selected;

use std::sync::Arc;

use eframe::egui::{
    self, Align, Color32, EventFilter, Key, Layout, Modifiers, Pos2, Rect, Response, RichText, Sense, Stroke,
    StrokeKind, Ui, Vec2, vec2,
};

use self::changes::changes_ui;
use self::filter::filter_ui;
use self::images::ImageRows;
use self::pixels::Pixels;
use self::scale::scale_ui;
use super::PanelContext;
use crate::app::drawing::pictures::{Pictures, Strip};
use crate::app::drawing::tokens::Tokens;
use crate::app::view::Channel;
use crate::app::worker::board::Look;
use crate::network::Layer;
use crate::words::say;

/// Side of the activation's picture, in points.
const MAP: f32 = 112.0;
/// With less width, in points, what is beside the activation goes below it.
const NARROW: f32 = 520.0;
/// With less height too.
const LOW: f32 = MAP + 40.0;
/// With less width the head is broken into lines.
const WIDE: f32 = 660.0;

/// What is shown beside the activation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Changes,
    Pixels,
    Images,
    Scale,
}

impl Part {
    const ALL: [Part; 4] = [Part::Changes, Part::Pixels, Part::Images, Part::Scale];

    /// What its button says, and the hint of it.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Part::Changes => (say!("channel-changes"), say!("channel-changes-hint")),
            Part::Pixels => (say!("channel-pixels"), say!("channel-pixels-hint")),
            Part::Images => (say!("channel-images"), say!("channel-images-hint")),
            Part::Scale => (say!("channel-scale"), say!("channel-scale-hint")),
        }
    }
}

/// What the channel's panel remembers between frames.
#[derive(Default)]
pub struct ChannelPanel {
    /// The channel that it was about.
    of: Option<Channel>,
    part: Part,
    /// Row and column of the activation that were chosen.
    place: (usize, usize),
    /// Whether the arrow keys chose it, and the pointer has not moved since.
    by_keys: bool,
    pixels: Pixels,
    images: ImageRows,
    /// Where the mark stands along the scale.
    mark: f64,
}

impl ChannelPanel {
    /// Draws it, and returns whether it should be closed.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>, pictures: &mut Pictures) -> bool {
        let snapshot = context.snapshot;
        let Some(here) = context.view.channel.clone() else { return true };
        let Some(layer) = snapshot.diagram.layers.iter().find(|layer| layer.name == here.layer) else {
            return true;
        };
        if here.channel >= layer.channels {
            return true;
        }
        if self.of.as_ref() != Some(&here) {
            self.of = Some(here.clone());
            self.place = (layer.side / 2, layer.side / 2);
        }
        // A run of another network may have smaller layers.
        self.place = (self.place.0.min(layer.side - 1), self.place.1.min(layer.side - 1));
        let close = self.header_ui(ui, &here);
        if ui.available_width() < NARROW || ui.available_height() < LOW {
            egui::ScrollArea::vertical().id_salt("channel").auto_shrink(false).show(ui, |ui| {
                let pointed = ui.horizontal_top(|ui| self.beside_ui(ui, context, layer, pictures)).inner;
                ui.separator();
                self.part_ui(ui, context, layer, pointed);
            });
            return close;
        }
        ui.horizontal_top(|ui| {
            let pointed = self.beside_ui(ui, context, layer, pictures);
            ui.separator();
            let area = if self.part == Part::Changes {
                egui::ScrollArea::vertical()
            } else {
                egui::ScrollArea::both()
            };
            area.id_salt("channel candidates").auto_shrink(false).show(ui, |ui| {
                ui.vertical(|ui| self.part_ui(ui, context, layer, pointed));
            });
        });
        close
    }

    /// Its name, the four views, and the button that closes it.
    fn header_ui(&mut self, ui: &mut Ui, here: &Channel) -> bool {
        let is_wide = ui.available_width() >= WIDE;
        let head = |ui: &mut Ui| {
            ui.heading(say!("network-channel", layer = &here.layer, channel = here.channel));
            for part in Part::ALL {
                let (name, hint) = part.words();
                ui.selectable_value(&mut self.part, part, name).on_hover_text(hint);
            }
            let close = |ui: &mut Ui| ui.button(say!("channel-close"));
            match is_wide {
                true => ui.with_layout(Layout::right_to_left(Align::Center), close).inner,
                false => close(ui),
            }
        };
        let close = if is_wide { ui.horizontal(head) } else { ui.horizontal_wrapped(head) };
        close.inner.clicked()
    }

    /// The filter and the activation; the place of it that is pointed at.
    fn beside_ui(
        &mut self,
        ui: &mut Ui,
        context: &PanelContext<'_>,
        layer: &Layer,
        pictures: &mut Pictures,
    ) -> Option<(usize, usize)> {
        let here = self.of.clone()?;
        let tokens = Tokens::of(ui);
        if self.part == Part::Changes {
            ui.vertical(|ui| {
                ui.label(RichText::new(say!("channel-filter")).small().weak());
                filter_ui(ui, context.snapshot, &here.layer, here.channel, &tokens);
            });
        }
        let strip = look(context).and_then(|look| pictures.activations(ui.ctx(), look, layer));
        ui.vertical(|ui| {
            ui.label(RichText::new(say!("channel-activation")).small().weak());
            let Some(strip) = strip else {
                ui.label(RichText::new(no_look(context)).weak());
                return None;
            };
            let pointed = self.map_ui(ui, &strip, layer, here.channel, &tokens);
            let (row, column) = pointed.unwrap_or(self.place);
            let text = match self.part {
                Part::Pixels => say!("channel-place", row = row, column = column, side = layer.side),
                _ => say!("channel-size", side = layer.side),
            };
            ui.label(RichText::new(text).small().weak());
            pointed
        })
        .inner
    }

    /// The activation, of which a place can be pointed at, clicked, and moved by the arrow keys.
    fn map_ui(
        &mut self,
        ui: &mut Ui,
        strip: &Strip,
        layer: &Layer,
        channel: usize,
        tokens: &Tokens,
    ) -> Option<(usize, usize)> {
        let (texture, part) = strip.of(channel);
        let (rect, _) = ui.allocate_exact_size(vec2(MAP, MAP), Sense::hover());
        // The same wherever it stands, or it would lose the keyboard when the view beside it changes.
        let response = ui.interact(rect, egui::Id::unique("activation of the channel"), Sense::click());
        ui.painter().image(texture.id(), rect, part, Color32::WHITE);
        self.by_keys &= ui.input(|input| input.pointer.delta() == Vec2::ZERO);
        let place_at = |at: Pos2| {
            let along = |part: f32| ((part * layer.side as f32) as usize).min(layer.side - 1);
            (along((at.y - rect.top()) / MAP), along((at.x - rect.left()) / MAP))
        };
        let pointed = response.hover_pos().filter(|_| !self.by_keys).map(place_at);
        if response.clicked() {
            self.place = response.interact_pointer_pos().map_or(self.place, place_at);
            self.part = Part::Pixels;
            response.request_focus();
        }
        self.arrows(ui, &response, layer.side);
        if self.part == Part::Pixels {
            let (row, column) = pointed.unwrap_or(self.place);
            let cell = MAP / layer.side as f32;
            let corner = rect.min + cell * vec2(column as f32, row as f32);
            let mark = Rect::from_min_size(corner, vec2(cell, cell)).expand(1.0);
            ui.painter().rect_stroke(mark, 0.0, Stroke::new(1.5, tokens.warm), StrokeKind::Outside);
        }
        if response.has_focus() {
            let ring = Stroke::new(1.5, tokens.accent);
            ui.painter().rect_stroke(rect.expand(1.0), 2.0, ring, StrokeKind::Outside);
        }
        let (row, column) = self.place;
        let name = || say!("channel-place-name", row = row, column = column);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name()));
        pointed
    }

    /// Moves the chosen place where the activation has the keyboard.
    fn arrows(&mut self, ui: &Ui, response: &Response, side: usize) {
        if !response.has_focus() {
            return;
        }
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        let times = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        let moved =
            |at: usize, back: Key, forth: Key| (at + times(forth)).saturating_sub(times(back)).min(side - 1);
        let (row, column) = self.place;
        let place =
            (moved(row, Key::ArrowUp, Key::ArrowDown), moved(column, Key::ArrowLeft, Key::ArrowRight));
        if place != self.place {
            (self.place, self.part, self.by_keys) = (place, Part::Pixels, true);
        }
    }

    fn part_ui(
        &mut self,
        ui: &mut Ui,
        context: &mut PanelContext<'_>,
        layer: &Layer,
        pointed: Option<(usize, usize)>,
    ) {
        let Some(here) = self.of.clone() else { return };
        match self.part {
            Part::Changes => changes_ui(ui, context.snapshot, context.view, &here.layer, here.channel),
            Part::Pixels => match look(context) {
                Some(look) => {
                    let place = pointed.unwrap_or(self.place);
                    self.pixels.ui(ui, context.snapshot, context.view, look, (layer, here.channel, place));
                }
                None => drop(ui.label(RichText::new(no_look(context)).weak())),
            },
            Part::Images => self.images.ui(ui, context, &here.layer),
            Part::Scale => scale_ui(ui, context, &here.layer, &mut self.mark),
        }
    }
}

/// Why there are no activations.
fn no_look(context: &PanelContext<'_>) -> &'static str {
    if context.snapshot.is_past() { say!("channel-past") } else { say!("channel-not-computed") }
}

/// The activations of the run on the screen.
fn look<'a>(context: &PanelContext<'a>) -> Option<&'a Arc<Look>> {
    let snapshot = context.snapshot;
    context.board.look.as_ref().filter(|look| look.of.run == snapshot.run && !snapshot.is_past())
}
