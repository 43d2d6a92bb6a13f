//! One channel: its filter, its activation for the image, its candidates with their numbers.

use eframe::egui::{self, Color32, ColorImage, Label, Rect, RichText, Sense, TextureOptions, Ui, pos2, vec2};

use super::explain::{estimator_sentence, family_sentence, sum};
use super::sketch::sketch_ui;
use crate::app::drawing::pictures::{Pictures, diverging, numbers};
use crate::app::drawing::tokens::Tokens;
use crate::app::view::{View, present_round};
use crate::app::worker::board::{Board, Snapshot};
use crate::morphism::morph;

/// Input channels of a filter that are drawn, at most.
const FILTERS: usize = 24;

/// Draws it, and returns whether it should be closed.
pub fn channel_ui(
    ui: &mut Ui,
    board: &Board,
    snapshot: &Snapshot,
    view: &mut View,
    pictures: &mut Pictures,
) -> bool {
    let Some(here) = view.channel.clone() else { return true };
    let Some(layer) = snapshot.diagram.layers.iter().find(|layer| layer.name == here.layer) else {
        return true;
    };
    if here.channel >= layer.channels {
        return true;
    }
    let tokens = Tokens::of(ui);
    let mut close = false;
    ui.horizontal(|ui| {
        ui.heading(format!("{} channel {}", here.layer, here.channel));
        ui.label(
            RichText::new(format!("{}×{} numbers for each image", layer.side, layer.side)).small().weak(),
        );
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            close = ui.button("Close").clicked();
        });
    });
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.label(RichText::new("Filter").small().weak());
            filter_ui(ui, snapshot, &here.layer, here.channel, &tokens);
        });
        ui.vertical(|ui| {
            ui.label(RichText::new("Activation for this image").small().weak());
            let look = board.look.as_ref().filter(|look| look.of.run == snapshot.run && !snapshot.is_past());
            match look.and_then(|look| pictures.activations(ui.ctx(), look, layer)) {
                Some(strip) => {
                    let (texture, part) = strip.of(here.channel);
                    let (rect, _) = ui.allocate_exact_size(vec2(112.0, 112.0), Sense::hover());
                    ui.painter().image(texture.id(), rect, part, Color32::WHITE);
                }
                None => {
                    let why = if snapshot.is_past() { "Only of now" } else { "Not computed yet" };
                    ui.label(RichText::new(why).weak());
                }
            }
        });
        ui.separator();
        egui::ScrollArea::vertical().id_salt("channel candidates").auto_shrink(false).show(ui, |ui| {
            ui.vertical(|ui| candidates_ui(ui, snapshot, view, &here.layer, here.channel));
        });
    });
    close
}

fn candidates_ui(ui: &mut Ui, snapshot: &Snapshot, view: &mut View, layer: &str, channel: usize) {
    let Some(round) = present_round(snapshot) else {
        ui.label(
            RichText::new(
                "Its candidates appear after the stage Propose, when the network has been trained.",
            )
            .weak(),
        );
        return;
    };
    let estimator = view.estimator(round);
    for candidate in &round.candidates {
        if candidate.layer() != layer || candidate.channel().is_some_and(|other| other != channel) {
            continue;
        }
        let of_layer = if candidate.channel().is_none() { ", the whole layer" } else { "" };
        let chosen = if candidate.chosen { ", chosen" } else { "" };
        let name = format!(
            "{} {}{of_layer}{chosen}",
            morph(candidate.family).about().mark.glyph(),
            candidate.family
        );
        let lit = view.spoken(round).is_some_and(|spoken| spoken.id() == candidate.id());
        if ui.selectable_label(lit, RichText::new(name).strong()).clicked() {
            view.candidate = Some(candidate.id());
        }
        ui.horizontal(|ui| {
            sketch_ui(ui, candidate.family);
            ui.add(Label::new(RichText::new(family_sentence(candidate.family)).small().weak()).wrap());
        });
        let text = sum(candidate, estimator, view.actual(snapshot, round, candidate));
        if let Some(text) = text.filter(|_| !view.hides(snapshot, round)) {
            ui.label(RichText::new(text).monospace().size(11.5)).on_hover_text(estimator_sentence(estimator));
        }
        ui.label(
            RichText::new(format!(
                "{} parameters, {}FLOP per image",
                crate::format::signed(candidate.params_delta),
                crate::format::signed_magnitude(candidate.flops_delta)
            ))
            .small()
            .weak(),
        );
        ui.add_space(4.0);
    }
}

/// The kernel of each input channel, red for positive weights and blue for negative ones.
fn filter_ui(ui: &mut Ui, snapshot: &Snapshot, layer: &str, channel: usize, tokens: &Tokens) {
    let network = &snapshot.state.model.network;
    let weights = network
        .tensor(&format!("{layer}.weight"))
        .ok()
        .and_then(|weight| Some((weight.dims4().ok()?, numbers(&weight.get(channel).ok()?)?)));
    let Some(((_, inputs, side, _), values)) = weights else { return };
    let plane = side * side;
    let shown = inputs.min(FILTERS);
    let across = if shown <= 3 { shown } else { shown.div_ceil(4).max(3) };
    let cell = if shown <= 3 { 50.0 } else { 24.0 };
    let colours = diverging(&values, tokens);
    let rows = shown.div_ceil(across);
    let (rect, _) = ui
        .allocate_exact_size(vec2(across as f32 * (cell + 4.0), rows as f32 * (cell + 4.0)), Sense::hover());
    for input in 0..shown {
        let corner = rect.min + vec2((input % across) as f32, (input / across) as f32) * (cell + 4.0);
        let image = ColorImage::new([side, side], colours[input * plane..(input + 1) * plane].to_vec());
        let name = format!("kernel {input}");
        let texture = kernel_texture(ui, &name, image);
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(
            texture.id(),
            Rect::from_min_size(corner, vec2(cell, cell)),
            whole,
            Color32::WHITE,
        );
    }
    let more = if inputs > shown { format!(", {shown} of {inputs} shown") } else { String::new() };
    ui.label(RichText::new(format!("one kernel per input channel{more}")).small().weak());
}

/// A texture kept in the screen's memory and only sent again when its pixels change.
fn kernel_texture(ui: &Ui, name: &str, image: ColorImage) -> egui::TextureHandle {
    let id = egui::Id::unique(("kernel texture", name));
    let kept: Option<(ColorImage, egui::TextureHandle)> = ui.ctx().data(|data| data.get_temp(id));
    if let Some((shown, texture)) = kept
        && shown == image
    {
        return texture;
    }
    let texture = ui.ctx().load_texture(name, image.clone(), TextureOptions::NEAREST);
    ui.ctx().data_mut(|data| data.insert_temp(id, (image, texture.clone())));
    texture
}
