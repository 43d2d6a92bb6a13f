//! The network: one column per layer, one cell per channel, coloured by estimated gains. After growth the
//! colours are those of
//! the round before, until there are new ones.

use eframe::egui::{
    self, Align2, Color32, FontId, Painter, Pos2, Rect, RichText, Sense, Stroke, StrokeKind, Ui, Vec2, pos2,
    vec2,
};

use super::badges::{Badges, Bar, Rings, badge, ghost};
use super::gains::ChannelGains;
use super::growth::{Growth, Slot, grown_round};
use super::heads::head_ui;
use super::why::reason;
use crate::app::drawing::pictures::{Pictures, Strip, numbers};
use crate::app::drawing::placement::Placement;
use crate::app::drawing::tokens::Tokens;
use crate::app::drawing::{landmarks, motion};
use crate::app::view::{Channel, Paint, View, present_round};
use crate::app::worker::board::{Board, Look, Snapshot};
use crate::format::{brief as gain, percent};
use crate::lab::{CandidateRecord, Round};
use crate::network::{Diagram, Shortcut};
use crate::words::say;

/// Side of the image, in points.
const IMAGE: f32 = 76.0;
/// Width of the classes.
const CLASSES: f32 = 118.0;
/// Height that a class needs for its name and a bar under it.
const ROW: f32 = 19.0;
/// Room that the longest legend needs.
const LEGEND: f32 = 350.0;
/// How much wider a column's head is than the column, and how high it is, in points: neighbours must not touch.
const HEAD: Vec2 = vec2(26.0, 30.0);
/// Seconds that growth takes to appear.
const GROWTH: f64 = 0.9;

/// What the network's panel remembers between frames.
#[derive(Default)]
pub struct Network {
    /// When the growth now shown began to appear, on the screen's clock.
    appeared: Option<(u64, usize, f64)>,
}

impl Network {
    /// Draws it, with its legend.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        board: &Board,
        snapshot: &Snapshot,
        view: &mut View,
        pictures: &mut Pictures,
    ) {
        let tokens = Tokens::of(ui);
        let beside = ui.horizontal(|ui| {
            ui.heading(say!("network-title"));
            ui.add_space(8.0);
            for (paint, name, hint) in [
                (Paint::Gain, say!("network-paint-gain"), say!("network-paint-gain-hint")),
                (Paint::Activation, say!("network-paint-activation"), say!("network-paint-activation-hint")),
                (Paint::Filter, say!("network-paint-filter"), say!("network-paint-filter-hint")),
            ] {
                let choice = ui.selectable_value(&mut view.paint, paint, name).on_hover_text(hint);
                if paint == Paint::Activation {
                    landmarks::note(ui.ctx(), "paint", choice.rect);
                }
            }
            let beside = ui.available_width() >= LEGEND;
            if beside {
                legend_ui(ui, &tokens, snapshot, view.paint);
            }
            beside
        });
        if !beside.inner {
            ui.horizontal(|ui| legend_ui(ui, &tokens, snapshot, view.paint));
        }
        egui::ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
            self.picture_ui(ui, board, snapshot, view, pictures, &tokens);
        });
    }

    fn picture_ui(
        &mut self,
        ui: &mut Ui,
        board: &Board,
        snapshot: &Snapshot,
        view: &mut View,
        pictures: &mut Pictures,
        tokens: &Tokens,
    ) {
        let growth = Growth::of(snapshot);
        let columns: Vec<Vec<Slot>> =
            snapshot.diagram.layers.iter().map(|layer| growth.column(layer)).collect();
        let space = ui.available_rect_before_wrap();
        let plan = Placement::of(&with_room(&snapshot.diagram, &columns), space, IMAGE, CLASSES);
        ui.allocate_space(plan.size);
        let round = present_round(snapshot);
        let shown = round.filter(|round| !view.hides(snapshot, round));
        let estimated = shown.filter(|round| round.is_estimated());
        let last = grown_round(snapshot).filter(|_| !round.is_some_and(Round::is_estimated));
        let gains = estimated.or(last).map(|round| ChannelGains::of(round, view.estimator(round)));
        let badges = shown.filter(|round| round.decided).map(Badges::of).unwrap_or_default();
        let appearing = self.appearing(ui, snapshot, &growth);
        let painter = ui.painter().clone();
        if view.resting != ui.input(|input| input.pointer.hover_pos()) {
            view.resting = None;
        }
        wires(&painter, &snapshot.diagram, &plan, tokens);
        image_ui(ui, snapshot, view, pictures, &plan, tokens);
        landmarks::note(ui.ctx(), "image", plan.image.expand(3.0));

        let look = board.look.as_ref().filter(|look| look.of.run == snapshot.run && !snapshot.is_past());
        let spoken = round.and_then(|round| view.spoken(round)).cloned();
        let layers = &snapshot.diagram.layers;
        let numbered = is_out_of_order(&snapshot.diagram);
        for (index, ((layer, column), slots)) in layers.iter().zip(&plan.layers).zip(&columns).enumerate() {
            let about_layer = spoken.as_ref().is_some_and(|candidate| candidate.layer() == layer.name);
            let place = numbered.then_some(index + 1);
            let head = Rect::from_center_size(column.title, vec2(column.rect.width() + HEAD.x, HEAD.y));
            head_ui(ui, snapshot, layer, place, head, about_layer);
            let of_layer = badges.layer(&layer.name);
            let below = pos2(column.rect.center().x, (column.rect.bottom() + 4.0).min(space.bottom() - 12.0));
            painter.text(below, Align2::CENTER_TOP, of_layer, FontId::proportional(11.0), tokens.text);
            let strip = match (view.paint, look) {
                (Paint::Activation, Some(look)) => pictures.activations(ui.ctx(), look, layer),
                (Paint::Filter, _) => pictures.filters(ui.ctx(), snapshot, layer, tokens),
                _ => None,
            };
            let tint = tokens.middle.lerp_to_gamma(tokens.layer(index, layers.len()), 0.25);
            let score = |slot: Slot| {
                // Estimates of this round are of the channels as they are now.
                let asked = if estimated.is_some() { slot.channel() } else { slot.origin() };
                gains.as_ref().zip(asked).and_then(|(gains, asked)| gains.score(&layer.name, asked))
            };
            let colour = |slot: Slot| score(slot).map_or(tint, |score| tokens.diverging(score));
            for (place, (slot, cell)) in slots.iter().zip(&column.cells).enumerate() {
                let Some(channel) = slot.channel() else {
                    painter.rect_filled(
                        *cell,
                        cell.width() * 0.18,
                        colour(*slot).gamma_multiply(0.5 - 0.35 * appearing),
                    );
                    ghost(&painter, *cell, tokens.weak, tokens);
                    continue;
                };
                let is_new = growth.fresh && slot.is_new();
                // A child stands before itself where its parent is.
                let rect = match (slot, place.checked_sub(1).and_then(|parent| column.cells.get(parent))) {
                    (Slot::Child { .. }, Some(parent)) if is_new => between(*parent, *cell, appearing),
                    _ if is_new => shrunk(*cell, appearing),
                    _ => *cell,
                };
                let here = Channel { layer: layer.name.clone(), channel };
                cell_picture(
                    &painter,
                    rect,
                    colour(*slot),
                    strip.as_ref().filter(|_| rect.width() > 3.0),
                    channel,
                );
                if let Some(bar) = score(*slot).filter(|_| strip.is_none()).and_then(Bar::of) {
                    bar.draw(&painter, rect, tokens);
                }
                if let Some(family) = badges.channel(&layer.name, channel) {
                    badge(&painter, rect, family, tokens);
                }
                let selected = view.channel.as_ref() == Some(&here);
                let spoken_of = spoken.as_ref().is_some_and(|candidate| {
                    candidate.layer() == here.layer && candidate.channel() == Some(channel)
                });
                Rings { new: is_new, spoken: spoken_of, selected }.draw(&painter, rect, tokens);
                cell_ui(ui, *cell, here, snapshot, view, is_new);
            }
        }
        classes_ui(ui, snapshot, look.map(AsRef::as_ref), view, &plan, tokens);
    }

    /// How far a growth has appeared, in 0…1.
    fn appearing(&mut self, ui: &Ui, snapshot: &Snapshot, growth: &Growth) -> f32 {
        if !(growth.fresh && growth.is_any()) {
            self.appeared = None;
            return 1.0;
        }
        let now = ui.input(|input| input.time);
        let start = match self.appeared {
            Some((run, round, start)) if (run, round) == (snapshot.run, snapshot.state.round as usize) => {
                start
            }
            _ => now,
        };
        self.appeared = Some((snapshot.run, snapshot.state.round as usize, start));
        let along = if motion::is_calm(ui.ctx()) { 1.0 } else { ((now - start) / GROWTH).min(1.0) as f32 };
        if along < 1.0 {
            ui.ctx().request_repaint();
        }
        // Fast at first, then settling.
        1.0 - (1.0 - along).powi(3)
    }
}

fn shrunk(cell: Rect, size: f32) -> Rect {
    Rect::from_center_size(cell.center(), cell.size() * size.max(0.02))
}

/// A rectangle on its way from one place to another.
fn between(from: Rect, to: Rect, along: f32) -> Rect {
    Rect::from_center_size(from.center().lerp(to.center(), along), to.size())
}

/// The diagram with as many cells in each column as there are slots.
fn with_room(diagram: &Diagram, columns: &[Vec<Slot>]) -> Diagram {
    let mut diagram = diagram.clone();
    for (layer, slots) in diagram.layers.iter_mut().zip(columns) {
        layer.channels = slots.len();
    }
    diagram
}

/// Whether the layers' names no longer say where they stand: a new layer is called after the last, wherever
/// it is.
fn is_out_of_order(diagram: &Diagram) -> bool {
    diagram.layers.iter().enumerate().any(|(index, layer)| layer.name != format!("conv{}", index + 1))
}

/// What the colours mean, at the right.
fn legend_ui(ui: &mut Ui, tokens: &Tokens, snapshot: &Snapshot, paint: Paint) {
    let small = |ui: &mut Ui, text: &str| {
        ui.label(RichText::new(text).small().weak());
    };
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| match paint {
        Paint::Gain if snapshot.is_forming() => {
            scale_ui(ui, tokens);
            small(ui, say!("network-legend-forming"));
        }
        Paint::Gain if present_round(snapshot).is_some_and(Round::is_estimated) => {
            small(ui, say!("network-legend-split"));
            scale_ui(ui, tokens);
            small(ui, say!("network-legend-prune"));
        }
        Paint::Gain if Growth::of(snapshot).fresh => {
            ui.label(RichText::new(say!("network-legend-new")).small().color(tokens.new));
            small(ui, say!("network-legend-before-and"));
        }
        Paint::Gain if grown_round(snapshot).is_some() => small(ui, say!("network-legend-before")),
        Paint::Gain => small(ui, say!("network-legend-none")),
        Paint::Activation if snapshot.is_past() => small(ui, say!("network-legend-past")),
        Paint::Activation => small(ui, say!("network-legend-activation")),
        Paint::Filter => small(ui, say!("network-legend-filter")),
    });
}

fn scale_ui(ui: &mut Ui, tokens: &Tokens) {
    let (rect, _) = ui.allocate_exact_size(vec2(90.0, 10.0), Sense::hover());
    let steps = 24;
    for step in 0..steps {
        let part = |step: usize| rect.left() + rect.width() * step as f32 / steps as f32;
        let slice = Rect::from_x_y_ranges(part(step)..=part(step + 1), rect.y_range());
        let value = 2.0 * step as f32 / (steps - 1) as f32 - 1.0;
        ui.painter().rect_filled(slice, 0.0, tokens.diverging(value));
    }
    for (bar, x) in [(Bar::Level, rect.left() + 8.0), (Bar::Upright, rect.right() - 8.0)] {
        bar.draw(ui.painter(), Rect::from_center_size(pos2(x, rect.center().y), vec2(16.0, 16.0)), tokens);
    }
}

/// Arrows from layer to layer, arcs for residual streams.
fn wires(painter: &Painter, diagram: &Diagram, plan: &Placement, tokens: &Tokens) {
    let line = Stroke::new(1.2, tokens.line);
    let middle = plan.image.center().y;
    let mut from = plan.image.right();
    for column in &plan.layers {
        arrow(painter, pos2(from + 4.0, middle), pos2(column.rect.left() - 5.0, middle), line);
        from = column.rect.right();
    }
    arrow(painter, pos2(from + 4.0, middle), pos2(plan.classes.left() - 5.0, middle), line);
    let top = plan.layers.iter().map(|column| column.rect.top()).fold(f32::INFINITY, f32::min);
    for Shortcut { from: start, to: end, .. } in &diagram.skips {
        let behind = |index: usize| plan.layers[index].rect.right() + 10.0;
        let from = start.map_or(plan.image.right() + 10.0, behind);
        let to = behind(*end) - 4.0;
        let height = top - 9.0;
        let points = [pos2(from, middle), pos2(from, height), pos2(to, height), pos2(to, middle)]
            .map(|point: Pos2| point);
        painter.line(points.to_vec(), Stroke::new(1.2, tokens.weak.gamma_multiply(0.6)));
    }
}

fn arrow(painter: &Painter, from: Pos2, to: Pos2, line: Stroke) {
    if to.x - from.x < 6.0 {
        return;
    }
    painter.line_segment([from, to], line);
    for side in [-3.0, 3.0] {
        painter.line_segment([to, to + vec2(-4.0, side)], line);
    }
}

fn cell_picture(painter: &Painter, rect: Rect, fill: Color32, strip: Option<&Strip>, channel: usize) {
    match strip {
        Some(strip) => {
            let (texture, part) = strip.of(channel);
            painter.image(texture.id(), rect, part, Color32::WHITE);
        }
        None => {
            painter.rect_filled(rect, rect.width() * 0.18, fill);
        }
    }
}

fn cell_ui(ui: &mut Ui, cell: Rect, here: Channel, snapshot: &Snapshot, view: &mut View, is_new: bool) {
    let round = present_round(snapshot);
    // What lessons call it, whatever the language.
    let name = format!("{} channel {}", here.layer, here.channel);
    let title = || say!("network-channel", layer = &here.layer, channel = here.channel);
    let response = ui.interact(cell.expand(1.0), ui.scope_id().with(&name), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, title()));
    landmarks::note(ui.ctx(), &name, response.rect);
    let own = || -> Vec<&CandidateRecord> {
        let own = |candidate: &&CandidateRecord| {
            candidate.layer() == here.layer && candidate.channel() == Some(here.channel)
        };
        round.map(|round| round.candidates.iter().filter(own).collect()).unwrap_or_default()
    };
    if response.hovered()
        && view.resting.is_none()
        && let Some(candidate) = own().first()
    {
        view.hovering = Some(candidate.id());
    }
    if response.clicked() || response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
        let same = view.channel.as_ref() == Some(&here);
        view.candidate = own().first().filter(|_| !same).map(|candidate| candidate.id());
        view.channel = (!same).then(|| here.clone());
        view.resting = ui.input(|input| input.pointer.hover_pos());
    }
    response.on_hover_ui(|ui| {
        ui.strong(title());
        if is_new {
            ui.label(say!("network-cell-new"));
        }
        for candidate in own() {
            if let Some(round) = round
                && let Some(value) = view.estimate(snapshot, round, candidate)
            {
                let family = candidate.family.to_string();
                ui.label(say!("network-cell-gain", family = family, gain = gain(value)));
                if let Some((short, _)) = reason(round, candidate) {
                    ui.label(RichText::new(short).weak());
                }
            }
        }
        ui.label(RichText::new(say!("network-cell-click-hint")).small().weak());
    });
}

fn image_ui(
    ui: &mut Ui,
    snapshot: &Snapshot,
    view: &mut View,
    pictures: &mut Pictures,
    plan: &Placement,
    tokens: &Tokens,
) {
    let images = &snapshot.data.held_out;
    if images.is_empty() {
        return;
    }
    view.image = view.image.min(images.len() - 1);
    let texture = pictures.image(ui.ctx(), snapshot, view.image);
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter().image(texture.id(), plan.image, whole, Color32::WHITE);
    ui.painter().rect_stroke(plan.image, 2.0, Stroke::new(1.0, tokens.line), StrokeKind::Outside);
    let class = &snapshot.data.class_names[usize::from(images.labels[view.image])];
    let under = plan.image.center_bottom() + vec2(0.0, 5.0);
    ui.painter().text(under, Align2::CENTER_TOP, class, FontId::proportional(12.0), tokens.text);
    for (side, step, name) in [(-17.0, images.len() - 1, "◂"), (17.0, 1, "▸")] {
        let rect = Rect::from_center_size(under + vec2(side, 31.0), vec2(26.0, 22.0));
        let response = ui.put(rect, egui::Button::new(name).small());
        let said = if step == 1 { say!("network-next-image") } else { say!("network-previous-image") };
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, said));
        if response.on_hover_text(said).clicked() {
            view.image = (view.image + step) % images.len();
        }
    }
}

/// The network's probabilities of the classes for the image.
fn classes_ui(
    ui: &mut Ui,
    snapshot: &Snapshot,
    look: Option<&Look>,
    view: &View,
    plan: &Placement,
    tokens: &Tokens,
) {
    let names = &snapshot.data.class_names;
    let chances = look.filter(|look| look.index == view.image).and_then(|look| {
        let logits = numbers(look.outputs.get("head")?)?;
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers: Vec<f32> = logits.iter().map(|logit| (logit - largest).exp()).collect();
        let sum: f32 = powers.iter().sum();
        Some(powers.into_iter().map(|power| power / sum).collect::<Vec<f32>>())
    });
    let truth = snapshot.data.held_out.labels.get(view.image).copied().map(usize::from);
    let shown = names.len().min(12);
    let mut order: Vec<usize> = (0..names.len()).collect();
    if let (Some(chances), true) = (&chances, names.len() > shown) {
        order.sort_unstable_by(|&a, &b| chances[b].total_cmp(&chances[a]).then(a.cmp(&b)));
    }
    let pitch = (plan.classes.height() / shown as f32).min(25.0);
    let rows =
        Rect::from_center_size(plan.classes.center(), vec2(plan.classes.width(), pitch * shown as f32));
    landmarks::note(ui.ctx(), "classes", rows.expand(3.0));
    let top = rows.top();
    for (row, &class) in order.iter().take(shown).enumerate() {
        let y = top + row as f32 * pitch;
        let is_true = truth == Some(class);
        let colour = if is_true { tokens.accent } else { tokens.weak };
        let painter = ui.painter();
        let left = plan.classes.left();
        if let Some(chance) = chances.as_ref().and_then(|chances| chances.get(class)) {
            let width = plan.classes.width() * chance;
            // Where there is no room under the name, the bar is faint behind it.
            let (bar, fill) = match pitch < ROW {
                true => {
                    (Rect::from_min_size(pos2(left, y), vec2(width, pitch - 1.0)), colour.gamma_multiply(0.2))
                }
                false => (Rect::from_min_size(pos2(left, y + 14.0), vec2(width, 4.0)), colour),
            };
            painter.rect_filled(bar, 2.0, fill);
            let said = percent(f64::from(*chance));
            let end = pos2(plan.classes.right(), y);
            painter.text(end, Align2::RIGHT_TOP, said, FontId::proportional(10.5), colour);
        }
        // Its colour alone would not do.
        let name = if is_true { format!("● {}", names[class]) } else { names[class].clone() };
        painter.text(pos2(left, y), Align2::LEFT_TOP, name, FontId::proportional(11.0), colour);
    }
}
