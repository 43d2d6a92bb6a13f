//! The network: one column per layer, one cell per channel, coloured by estimated gains.

use std::collections::{BTreeMap, BTreeSet};

use eframe::egui::{
    self, Align2, Color32, FontId, Painter, Pos2, Rect, RichText, Sense, Stroke, StrokeKind, Ui, pos2, vec2,
};

use crate::app::drawing::landmarks;
use crate::app::drawing::pictures::{Pictures, Strip, numbers};
use crate::app::drawing::placement::{PlacedLayer, Placement};
use crate::app::drawing::tokens::Tokens;
use crate::app::view::{Channel, Paint, View, present_round};
use crate::app::worker::board::{Board, Look, Snapshot};
use crate::estimate::Estimator;
use crate::format::{gain, percent};
use crate::lab::{CandidateRecord, Round, Stage};
use crate::morphism::morph;
use crate::network::{Diagram, Layer, Shortcut};

/// Side of the image, in points.
const IMAGE: f32 = 76.0;
/// Width of the classes.
const CLASSES: f32 = 118.0;
/// Room that the longest legend needs.
const LEGEND: f32 = 350.0;
/// Seconds that growth takes to appear.
const GROWTH: f64 = 0.9;

/// The estimated gains of each channel.
#[derive(Default)]
struct ChannelGains {
    /// By layer and channel: gain of the split, gain of the pruning.
    gains: BTreeMap<(String, usize), (Option<f64>, Option<f64>)>,
    /// The largest gain of a split.
    best_split: f64,
    /// The middle loss of a pruning.
    usual_prune: f64,
}

impl ChannelGains {
    fn of(round: &Round, estimator: Estimator) -> Self {
        let mut found = Self::default();
        let mut costs = Vec::new();
        for candidate in &round.candidates {
            let (Some(channel), Some(value)) = (candidate.channel(), candidate.estimate_by(estimator)) else {
                continue;
            };
            let gains = found.gains.entry((candidate.layer().to_owned(), channel)).or_default();
            let family = morph(candidate.family);
            // Whole layers have no cell of their own.
            if family.splits_channel() {
                gains.0 = Some(gains.0.map_or(value, |other| other.max(value)));
                found.best_split = found.best_split.max(value);
            } else if family.removes_channel() {
                gains.1 = Some(gains.1.map_or(value, |other| other.max(value)));
                costs.push(-value);
            }
        }
        costs.sort_unstable_by(f64::total_cmp);
        found.usual_prune = costs.get(costs.len() / 2).copied().unwrap_or(0.0).max(1e-12);
        found
    }

    /// 1 where splitting gains most, −1 where pruning costs nothing or even helps; none without estimates.
    fn score(&self, layer: &str, channel: usize) -> Option<f32> {
        let (split, prune) = self.gains.get(&(layer.to_owned(), channel))?;
        let warm = split.map_or(0.0, |gain| (gain / self.best_split.max(1e-12)).clamp(0.0, 1.0));
        let cold = prune.map_or(0.0, |gain| (1.0 + gain / self.usual_prune).clamp(0.0, 1.0));
        Some(if warm > cold { warm } else { -cold } as f32)
    }
}

/// Channels that the last growth made and no training has touched, and how many it took away, by layer.
#[derive(Default, PartialEq)]
pub struct Growth {
    new: BTreeSet<(String, usize)>,
    gone: BTreeMap<String, usize>,
}

impl Growth {
    fn of(snapshot: &Snapshot) -> Self {
        let state = &snapshot.state;
        let mut growth = Self::default();
        let Some(before) = &snapshot.grown_from else { return growth };
        if state.stage != Stage::Train {
            return growth;
        }
        let old = Diagram::of(&before.network.architecture);
        let candidates = state.record(state.round - 1).map_or(&[][..], |round| &round.candidates);
        for layer in &snapshot.diagram.layers {
            let Some(earlier) = old.layers.iter().find(|earlier| earlier.name == layer.name) else {
                growth.new.extend((0..layer.channels).map(|channel| (layer.name.clone(), channel)));
                continue;
            };
            let pruned = |candidate: &&CandidateRecord| {
                candidate.chosen
                    && candidate.layer() == layer.name
                    && morph(candidate.family).removes_channel()
            };
            let gone = candidates.iter().filter(pruned).count();
            // New channels come last.
            let first = earlier.channels - gone;
            growth.new.extend((first..layer.channels).map(|channel| (layer.name.clone(), channel)));
            if gone > 0 {
                growth.gone.insert(layer.name.clone(), gone);
            }
        }
        growth
    }
}

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
            ui.heading("Network");
            ui.add_space(8.0);
            for (paint, name, hint) in [
                (
                    Paint::Gain,
                    "Estimated gain",
                    "Red where splitting gains most, blue where pruning costs least",
                ),
                (Paint::Activation, "Activation", "Each channel's output for the image"),
                (Paint::Filter, "Filter", "Each channel's weights"),
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
        let diagram = &snapshot.diagram;
        let space = ui.available_rect_before_wrap();
        let plan = Placement::of(diagram, space, IMAGE, CLASSES);
        ui.allocate_space(plan.size);
        let round = present_round(snapshot);
        let shown = round.filter(|round| !view.hides(snapshot, round));
        let gains = shown.map(|round| ChannelGains::of(round, view.estimator(round)));
        let growth = Growth::of(snapshot);
        let appearing = self.appearing(ui, snapshot, &growth);
        let painter = ui.painter().clone();
        wires(&painter, diagram, &plan, tokens);
        image_ui(ui, snapshot, view, pictures, &plan, tokens);
        landmarks::note(ui.ctx(), "image", plan.image.expand(3.0));
        landmarks::note(ui.ctx(), "classes", plan.classes.expand(3.0));

        let look = board.look.as_ref().filter(|look| look.of.run == snapshot.run);
        let spoken = round.and_then(|round| view.spoken(round)).cloned();
        for (index, (layer, column)) in diagram.layers.iter().zip(&plan.layers).enumerate() {
            let about_layer = spoken.as_ref().is_some_and(|candidate| candidate.layer() == layer.name);
            layer_title(&painter, layer, column.title, tokens, about_layer);
            if let Some(gone) = growth.gone.get(&layer.name) {
                fading(&painter, column, *gone, appearing, tokens);
            }
            let strip = match (view.paint, look) {
                (Paint::Activation, Some(look)) => pictures.activations(ui.ctx(), look, layer),
                (Paint::Filter, _) => pictures.filters(ui.ctx(), snapshot, layer, tokens),
                _ => None,
            };
            for (channel, cell) in column.cells.iter().enumerate() {
                let key = (layer.name.clone(), channel);
                let is_new = growth.new.contains(&key);
                let rect = if is_new { shrunk(*cell, appearing) } else { *cell };
                let score = gains.as_ref().and_then(|gains| gains.score(&layer.name, channel));
                let fill = match score {
                    Some(score) => tokens.diverging(score),
                    None => tokens.middle.lerp_to_gamma(tokens.layer(index, diagram.layers.len()), 0.25),
                };
                cell_picture(&painter, rect, fill, strip.as_ref().filter(|_| rect.width() > 3.0), channel);
                let here = Channel { layer: key.0, channel };
                let selected = view.channel.as_ref() == Some(&here);
                let spoken_of = spoken.as_ref().is_some_and(|candidate| {
                    candidate.layer() == here.layer && candidate.channel() == Some(channel)
                });
                let ring = match (selected, spoken_of, is_new) {
                    (true, _, _) => Some(Stroke::new(2.5, tokens.text)),
                    (_, true, _) => Some(Stroke::new(2.0, tokens.accent)),
                    (_, _, true) => Some(Stroke::new(2.0, tokens.new)),
                    _ => None,
                };
                if let Some(ring) = ring {
                    painter.rect_stroke(rect.expand(1.0), rect.width() * 0.2, ring, StrokeKind::Outside);
                }
                cell_ui(ui, *cell, here, snapshot, view, is_new);
            }
        }
        classes_ui(ui, snapshot, look.map(AsRef::as_ref), view, &plan, tokens);
        if !growth.new.is_empty() {
            let text = "outlined: new, not trained yet";
            let place = pos2(space.left() + 4.0, space.bottom() - 4.0);
            painter.text(place, Align2::LEFT_BOTTOM, text, FontId::proportional(11.5), tokens.new);
        }
    }

    /// How far a growth has appeared, in 0…1.
    fn appearing(&mut self, ui: &Ui, snapshot: &Snapshot, growth: &Growth) -> f32 {
        if *growth == Growth::default() {
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
        let along = ((now - start) / GROWTH).min(1.0) as f32;
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

/// What the colours mean, at the right.
fn legend_ui(ui: &mut Ui, tokens: &Tokens, snapshot: &Snapshot, paint: Paint) {
    let small = |ui: &mut Ui, text: &str| {
        ui.label(RichText::new(text).small().weak());
    };
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| match paint {
        Paint::Gain if present_round(snapshot).is_some_and(Round::is_estimated) => {
            small(ui, "splitting gains most");
            scale_ui(ui, tokens);
            small(ui, "pruning costs least");
        }
        Paint::Gain => small(ui, "no estimates yet: one tint per layer"),
        Paint::Activation => small(ui, "bright: strong activation"),
        Paint::Filter => small(ui, "first layer in its own colours; red positive, blue negative"),
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

fn layer_title(painter: &Painter, layer: &Layer, at: Pos2, tokens: &Tokens, lit: bool) {
    let colour = if lit { tokens.accent } else { tokens.text };
    painter.text(at - vec2(0.0, 7.0), Align2::CENTER_CENTER, &layer.name, FontId::proportional(12.0), colour);
    let size = format!("{}×{}²", layer.channels, layer.side);
    painter.text(at + vec2(0.0, 7.0), Align2::CENTER_CENTER, size, FontId::proportional(10.5), tokens.weak);
}

/// Empty outlines where channels were, fading away below the column.
fn fading(painter: &Painter, column: &PlacedLayer, gone: usize, appearing: f32, tokens: &Tokens) {
    let Some(last) = column.cells.last() else { return };
    let colour = tokens.cold.gamma_multiply(1.0 - appearing);
    for number in 0..gone {
        let shift = vec2(0.0, last.height() * 1.16 * (number as f32 + 1.0 + appearing));
        painter.rect_stroke(
            last.translate(shift),
            last.width() * 0.18,
            Stroke::new(1.5, colour),
            StrokeKind::Inside,
        );
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
    let name = format!("{} channel {}", here.layer, here.channel);
    let response = ui.interact(cell.expand(1.0), ui.scope_id().with(&name), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    landmarks::note(ui.ctx(), &name, response.rect);
    let own = || -> Vec<&CandidateRecord> {
        let own = |candidate: &&CandidateRecord| {
            candidate.layer() == here.layer && candidate.channel() == Some(here.channel)
        };
        round.map(|round| round.candidates.iter().filter(own).collect()).unwrap_or_default()
    };
    if response.hovered()
        && let Some(candidate) = own().first()
    {
        view.hovering = Some(candidate.id());
    }
    if response.clicked() || response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
        let same = view.channel.as_ref() == Some(&here);
        view.candidate = own().first().filter(|_| !same).map(|candidate| candidate.id());
        view.channel = (!same).then(|| here.clone());
    }
    response.on_hover_ui(|ui| {
        ui.strong(&name);
        if is_new {
            ui.label("New: made by the last growth, not trained yet.");
        }
        for candidate in own() {
            if let Some(round) = round
                && let Some(value) = view.estimate(snapshot, round, candidate)
            {
                ui.label(format!("{}: estimated gain {}", candidate.family, gain(value)));
            }
        }
        ui.label(RichText::new("Click to see its filter and candidates").small().weak());
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
        let said = if step == 1 { "Next image" } else { "Previous image" };
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
    let top = plan.classes.center().y - pitch * shown as f32 / 2.0;
    for (row, &class) in order.iter().take(shown).enumerate() {
        let y = top + row as f32 * pitch;
        let is_true = truth == Some(class);
        let colour = if is_true { tokens.accent } else { tokens.weak };
        let painter = ui.painter();
        let left = plan.classes.left();
        painter.text(pos2(left, y), Align2::LEFT_TOP, &names[class], FontId::proportional(11.0), colour);
        if let Some(chance) = chances.as_ref().and_then(|chances| chances.get(class)) {
            let bar = Rect::from_min_size(pos2(left, y + 14.0), vec2(plan.classes.width() * chance, 4.0));
            painter.rect_filled(bar, 2.0, colour);
            let said = percent(f64::from(*chance));
            let end = pos2(plan.classes.right(), y);
            painter.text(end, Align2::RIGHT_TOP, said, FontId::proportional(10.5), colour);
        }
    }
}
