//! The formula of an estimate, with a candidate's own numbers in it.

use eframe::egui::{RichText, Ui};

use crate::app::drawing::tokens::Tokens;
use crate::app::view::View;
use crate::app::worker::board::Snapshot;
use crate::estimate::Estimator;
use crate::format::{brief as gain, decimal};
use crate::lab::{CandidateRecord, Round};
use crate::morphism::{Family, morph};
use crate::words::{say, term};

/// What a family does, in a sentence.
pub fn family_sentence(family: Family) -> &'static str {
    term(morph(family).about().sentence, &format!("family-{family}"))
}

/// The formula of an estimator, in words.
pub fn estimator_sentence(estimator: Estimator) -> &'static str {
    match estimator {
        Estimator::FirstOrder => say!("explain-first-order"),
        Estimator::Rank1 => say!("explain-rank1"),
        Estimator::GaussNewton => say!("explain-gauss-newton"),
        Estimator::Sampled => say!("explain-sampled"),
        Estimator::Linearised => say!("explain-linearised"),
    }
}

/// The candidate's name for people.
pub fn title(candidate: &CandidateRecord) -> String {
    candidate.title()
}

/// What is said in place of a gain that is to be predicted first.
pub fn hidden() -> &'static str {
    say!("explain-hidden")
}

/// The same in English.
#[cfg(test)]
pub const HIDDEN: &str = "Gains are hidden until you have put the cards in order.";

/// The formula in this candidate's numbers: first-order gain, curvature cost and estimate; then the actual gain, if it
/// is known.
pub fn sum(candidate: &CandidateRecord, estimator: Estimator, actual: Option<f64>) -> Option<String> {
    let slope = candidate.estimate_by(Estimator::FirstOrder)?;
    let estimate = candidate.estimate_by(estimator)?;
    let scale = candidate.scale?;
    let (formula, scale) = (estimator.name(), decimal(f64::from(scale), 2));
    let mut text = match estimator {
        Estimator::FirstOrder => {
            say!("explain-slope", formula = formula, scale = scale, slope = gain(slope))
        }
        _ => say!(
            "explain-sum",
            formula = formula,
            scale = scale,
            slope = gain(slope),
            sign = if estimate <= slope { "−" } else { "+" },
            cost = gain((slope - estimate).abs()).trim_start_matches('+'),
            estimate = gain(estimate)
        ),
    };
    if let Some(actual) = actual {
        let known = say!("explain-actual", actual = gain(actual), error = gain(actual - estimate));
        text.push_str(&format!("     {known}"));
    }
    Some(text)
}

/// Draws the formula for the candidate that is pointed at or selected.
pub fn explain_ui(ui: &mut Ui, snapshot: &Snapshot, round: &Round, view: &View) {
    let tokens = Tokens::of(ui);
    let Some(candidate) = view.spoken(round) else {
        ui.label(RichText::new(say!("explain-point")).weak());
        return;
    };
    let estimator = view.estimator(round);
    ui.horizontal_wrapped(|ui| {
        ui.strong(title(candidate));
        ui.label(RichText::new(family_sentence(candidate.family)).weak());
    });
    if view.hides(snapshot, round) {
        ui.label(RichText::new(hidden()).weak());
        return;
    }
    match sum(candidate, estimator, view.actual(snapshot, round, candidate)) {
        Some(text) => {
            let hint = format!("{}\n{}", estimator_sentence(estimator), say!("explain-symbols-hint"));
            ui.label(RichText::new(text).monospace().color(tokens.text)).on_hover_text(hint);
        }
        None => {
            ui.label(RichText::new(say!("explain-unestimated")).weak());
        }
    }
}
