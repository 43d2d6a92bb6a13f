//! The candidates of a channel, with their gains.

use eframe::egui::{Label, RichText, Ui};

use crate::app::panels::explain::{estimator_sentence, family_sentence};
use crate::app::panels::sketch::sketch_ui;
use crate::app::view::{View, present_round};
use crate::app::worker::board::Snapshot;
use crate::format::{brief as gain, signed, signed_magnitude};
use crate::morphism::morph;
use crate::words::say;

/// Draws them; a click selects one.
pub fn changes_ui(ui: &mut Ui, snapshot: &Snapshot, view: &mut View, layer: &str, channel: usize) {
    let Some(round) = present_round(snapshot) else {
        ui.label(RichText::new(say!("channel-not-proposed")).weak());
        return;
    };
    let estimator = view.estimator(round);
    for candidate in &round.candidates {
        if candidate.layer() != layer || candidate.channel().is_some_and(|other| other != channel) {
            continue;
        }
        let mut name = format!("{} {}", morph(candidate.family).about().mark.glyph(), candidate.family);
        let of_layer = candidate.channel().is_none().then(|| say!("channel-whole-layer"));
        for more in of_layer.into_iter().chain(candidate.chosen.then(|| say!("channel-chosen"))) {
            name.push_str(", ");
            name.push_str(more);
        }
        let lit = view.spoken(round).is_some_and(|spoken| spoken.id() == candidate.id());
        if ui.selectable_label(lit, RichText::new(name).strong()).clicked() {
            view.candidate = Some(candidate.id());
        }
        ui.horizontal(|ui| {
            sketch_ui(ui, candidate.family);
            ui.add(Label::new(RichText::new(family_sentence(candidate.family)).small().weak()).wrap());
        });
        // The whole formula stands below all panels, of the change that is pointed at.
        if let Some(estimate) = candidate.estimate_by(estimator).filter(|_| !view.hides(snapshot, round)) {
            let formula = estimator.name();
            let mut text = say!("cloud-estimated-by", formula = formula, gain = gain(estimate));
            if let Some(actual) = view.actual(snapshot, round, candidate) {
                text.push_str(&format!(", {}", say!("cloud-actual", gain = gain(actual))));
            }
            ui.label(RichText::new(text).small()).on_hover_text(estimator_sentence(estimator));
        }
        let cost = say!(
            "channel-cost",
            parameters = signed(candidate.params_delta),
            arithmetic = signed_magnitude(candidate.flops_delta)
        );
        ui.label(RichText::new(cost).small().weak());
        ui.add_space(4.0);
    }
}
