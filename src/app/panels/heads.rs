//! The heads of the network's columns: a layer's name and size, and on a click its shape and what it costs.

use eframe::egui::{
    self, Align2, CursorIcon, FontId, Grid, Popup, PopupCloseBehavior, Rect, RichText, Sense, Stroke,
    StrokeKind, Ui, vec2,
};

use crate::app::drawing::tokens::Tokens;
use crate::app::worker::board::Snapshot;
use crate::format::{magnitude, thousands};
use crate::network::{Layer, Pooling};
use crate::words::say;

/// Draws the head of a layer in `rect`; `place` is the layer's number among the layers, where its name does not say
/// that, and `lit` says that a candidate of this layer is pointed at.
pub fn head_ui(ui: &mut Ui, snapshot: &Snapshot, layer: &Layer, place: Option<usize>, rect: Rect, lit: bool) {
    let tokens = Tokens::of(ui);
    let response = ui.interact(rect, ui.scope_id().with(("head", &layer.name)), Sense::click());
    let title = || say!("heads-layer", layer = &layer.name);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, title()));
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect(
            rect,
            4.0,
            tokens.raised,
            Stroke::new(if response.has_focus() { 1.5 } else { 0.0 }, tokens.accent),
            StrokeKind::Inside,
        );
    }
    let colour = if lit { tokens.accent } else { tokens.text };
    let name = match place {
        Some(place) => format!("{place} · {}", layer.name),
        None => layer.name.clone(),
    };
    let at = rect.center();
    painter.text(at - vec2(0.0, 7.0), Align2::CENTER_CENTER, name, FontId::proportional(12.0), colour);
    if lit {
        // Its colour alone would not do.
        painter.rect_filled(Rect::from_center_size(at, vec2(36.0, 1.5)), 0.0, colour);
    }
    let size = format!("{}×{}²", layer.channels, layer.side);
    painter.text(at + vec2(0.0, 7.0), Align2::CENTER_CENTER, size, FontId::proportional(10.5), tokens.weak);
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.strong(title());
        Grid::new(("layer", &layer.name)).num_columns(2).spacing([14.0, 3.0]).show(ui, |ui| {
            for (name, value) in facts(snapshot, layer) {
                ui.label(RichText::new(name).small().weak());
                ui.label(value);
                ui.end_row();
            }
        });
    });
}

/// A pooling, in words.
pub fn pooling(pool: Pooling) -> &'static str {
    match pool {
        Pooling::Max => say!("heads-pooling-max"),
        Pooling::Mean => say!("heads-pooling-mean"),
        Pooling::MeanOfAll => say!("heads-pooling-all"),
    }
}

/// What there is to know of a layer, by name.
fn facts(snapshot: &Snapshot, layer: &Layer) -> Vec<(&'static str, String)> {
    let network = &snapshot.state.model.network;
    let weight = network.tensor(&format!("{}.weight", layer.name)).ok().map(|weight| weight.dims().to_vec());
    let mut facts = Vec::new();
    if let Some([outputs, inputs, rows, columns]) = weight.as_deref() {
        facts.push((say!("heads-reads"), say!("heads-reads-channels", inputs = inputs)));
        let shape =
            say!("heads-kernels-shape", outputs = outputs, inputs = inputs, rows = rows, columns = columns);
        facts.push((say!("heads-kernels"), shape));
    }
    let gives = say!("heads-gives-channels", channels = layer.channels, side = layer.side);
    facts.push((say!("heads-gives"), gives));
    if let Some(pool) = layer.pool {
        facts.push((say!("heads-then"), pooling(pool).to_owned()));
    }
    if let Ok(cost) = network.architecture.layer_cost(&layer.name) {
        facts.push((say!("heads-parameters"), thousands(cost.parameters)));
        facts.push((say!("heads-arithmetic"), say!("heads-flops", arithmetic = magnitude(cost.flops))));
    }
    facts
}
