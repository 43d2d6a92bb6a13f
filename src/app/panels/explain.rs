//! The formula of an estimate, with a candidate's own numbers in it.

use eframe::egui::{RichText, Ui};

use crate::app::drawing::tokens::Tokens;
use crate::app::view::View;
use crate::app::worker::board::Snapshot;
use crate::estimate::Estimator;
use crate::format::brief as gain;
use crate::lab::{CandidateRecord, Round};
use crate::morphism::{Family, morph};

/// What a family does, in a sentence.
pub fn family_sentence(family: Family) -> &'static str {
    morph(family).about().sentence
}

/// The formula of an estimator, in words.
pub fn estimator_sentence(estimator: Estimator) -> &'static str {
    match estimator {
        Estimator::FirstOrder => "gain ≈ −mean a: the slope alone",
        Estimator::Rank1 => "gain ≈ −mean (a + a²/4L): the slope, and the least curvature that fits it",
        Estimator::GaussNewton => {
            "gain ≈ −mean (a + ½(Σp·d² − (Σp·d)²)): the slope, and the curvature of the softmax"
        }
        Estimator::Sampled => {
            "gain ≈ −mean (a + ½(ĝ·Δz)²): the slope, and the curvature by one drawn label per image"
        }
        Estimator::Linearised => {
            "gain ≈ mean L − mean (logsumexp(o + d) − (o + d) at y): the true loss of the shifted logits"
        }
    }
}

/// The candidate's name for people.
pub fn title(candidate: &CandidateRecord) -> String {
    candidate.title()
}

/// What is said in place of a gain that is to be predicted first.
pub const HIDDEN: &str = "Gains are hidden until you have put the cards in order.";

/// The formula in this candidate's numbers: first-order gain, curvature cost and estimate; then the actual gain, if it
/// is known.
pub fn sum(candidate: &CandidateRecord, estimator: Estimator, actual: Option<f64>) -> Option<String> {
    let slope = candidate.estimate_by(Estimator::FirstOrder)?;
    let estimate = candidate.estimate_by(estimator)?;
    let scale = candidate.scale?;
    let mut text = match estimator {
        Estimator::FirstOrder => format!("{estimator}, step {scale:.2}:  first-order gain {}", gain(slope)),
        _ => format!(
            "{estimator}, step {scale:.2}:  first-order gain {}  {} curvature cost {}  =  {}",
            gain(slope),
            if estimate <= slope { "−" } else { "+" },
            gain((slope - estimate).abs()).trim_start_matches('+'),
            gain(estimate)
        ),
    };
    if let Some(actual) = actual {
        text.push_str(&format!("     actual {}     error {}", gain(actual), gain(actual - estimate)));
    }
    Some(text)
}

/// Draws the formula for the candidate that is pointed at or selected.
pub fn explain_ui(ui: &mut Ui, snapshot: &Snapshot, round: &Round, view: &View) {
    let tokens = Tokens::of(ui);
    let Some(candidate) = view.spoken(round) else {
        ui.label(
            RichText::new("Point at a cell, a point or a row to see its numbers in the formula.").weak(),
        );
        return;
    };
    let estimator = view.estimator(round);
    ui.horizontal_wrapped(|ui| {
        ui.strong(title(candidate));
        ui.label(RichText::new(family_sentence(candidate.family)).weak());
    });
    if view.hides(snapshot, round) {
        ui.label(RichText::new(HIDDEN).weak());
        return;
    }
    match sum(candidate, estimator, view.actual(snapshot, round, candidate)) {
        Some(text) => {
            ui.label(RichText::new(text).monospace().color(tokens.text))
                .on_hover_text(format!("{}\na is the loss's slope along the change, d the change of the logits, p the softmax, L the loss", estimator_sentence(estimator)));
        }
        None => {
            ui.label(RichText::new("Not estimated yet.").weak());
        }
    }
}
