//! The candidates of a channel, with the formula in their numbers.

use eframe::egui::{Label, RichText, Ui};

use crate::app::panels::explain::{estimator_sentence, family_sentence, sum};
use crate::app::panels::sketch::sketch_ui;
use crate::app::view::{View, present_round};
use crate::app::worker::board::Snapshot;
use crate::morphism::morph;

/// Draws them; a click selects one.
pub fn changes_ui(ui: &mut Ui, snapshot: &Snapshot, view: &mut View, layer: &str, channel: usize) {
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
