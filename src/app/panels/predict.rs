//! Predict first: actual gains stay hidden until the person has said what to expect; then both are scored.

use eframe::egui::{self, RichText, Slider, Ui};

use crate::app::drawing::tokens::Tokens;
use crate::app::view::{Prediction, View};
use crate::app::worker::board::{Board, Snapshot};
use crate::estimate::spearman;
use crate::format::gain;
use crate::lab::{CandidateRecord, Round};
use crate::random::Stream;

/// Candidates to predict.
const ASKED: usize = 6;

const NOTHING: &str = "There is nothing to predict before candidates are estimated.";

/// Why nothing can be predicted now; none if something can.
pub fn refusal(board: &Board) -> Option<&'static str> {
    let estimated = board
        .snapshot
        .as_ref()
        .is_some_and(|snapshot| snapshot.state.rounds.iter().any(|round| round.is_estimated()));
    (!estimated).then_some(NOTHING)
}

/// Begins to hide and ask, or stops it.
pub fn toggle(snapshot: &Snapshot, view: &mut View) -> Result<(), &'static str> {
    if view.prediction.take().is_some() {
        return Ok(());
    }
    let round = view.record(snapshot).filter(|round| round.is_estimated()).ok_or(NOTHING)?;
    let guesses = asked(snapshot, round).into_iter().map(|candidate| (candidate.id(), 0.0)).collect();
    view.prediction = Some(Prediction { of: (snapshot.run, round.round), guesses, revealed: false });
    Ok(())
}

/// Some candidates, different in every round, the same for the same seed.
fn asked<'a>(snapshot: &Snapshot, round: &'a Round) -> Vec<&'a CandidateRecord> {
    let mut pool: Vec<&CandidateRecord> = round
        .candidates
        .iter()
        .filter(|candidate| candidate.scale.is_some_and(|scale| scale > 0.0))
        .collect();
    let mut stream = Stream::new(snapshot.config.seed, "candidates to predict", round.round);
    let mut asked = Vec::new();
    while asked.len() < ASKED && !pool.is_empty() {
        asked.push(pool.swap_remove(stream.below(pool.len())));
    }
    asked
}

/// How well a person did beside the formula.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Rank correlation of the person's predictions with the actual gains; none without spread.
    pub person: Option<f64>,
    /// The same of the formula's.
    pub formula: Option<f64>,
    /// Signs that the person had right, of how many.
    pub signs: (usize, usize),
}

/// Scores the guesses whose actual gains are known.
pub fn scores(round: &Round, view: &View) -> Option<Scores> {
    let prediction = view.prediction.as_ref()?;
    let estimator = view.estimator(round);
    let mut rows = Vec::new();
    for (id, guess) in &prediction.guesses {
        let candidate = round.candidates.iter().find(|candidate| candidate.id() == *id)?;
        rows.push((*guess, candidate.estimate_by(estimator)?, candidate.actual?));
    }
    let column = |of: fn(&(f64, f64, f64)) -> f64| -> Vec<f64> { rows.iter().map(of).collect() };
    let actual = column(|row| row.2);
    let right = rows.iter().filter(|(guess, _, actual)| (*guess > 0.0) == (*actual > 0.0)).count();
    Some(Scores {
        person: spearman(&column(|row| row.0), &actual),
        formula: spearman(&column(|row| row.1), &actual),
        signs: (right, rows.len()),
    })
}

/// Draws the questions, or the scores.
pub fn predict_ui(ui: &mut Ui, snapshot: &Snapshot, view: &mut View) {
    let Some(round) = view.record(snapshot) else { return };
    let Some(mut prediction) = view.prediction.take().filter(|asked| asked.of == (snapshot.run, round.round))
    else {
        return;
    };
    let tokens = Tokens::of(ui);
    let measured = prediction.guesses.keys().all(|id| {
        round.candidates.iter().any(|candidate| candidate.id() == *id && candidate.actual.is_some())
    });
    let largest = round
        .candidates
        .iter()
        .filter(|candidate| prediction.guesses.contains_key(&candidate.id()))
        .filter_map(|candidate| candidate.estimate_by(round.estimator))
        .fold(1e-3_f64, |largest, gain| largest.max(gain.abs()));
    let mut keep = true;
    egui::Frame::group(ui.style()).fill(tokens.raised).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.strong("Predict first");
            ui.label(
                RichText::new("How far will the loss fall? Right: it falls. Left: it rises.").small().weak(),
            );
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                keep = !ui.button("Stop").on_hover_text("Show everything again").clicked();
            });
        });
        egui::Grid::new("guesses").num_columns(3).spacing([12.0, 2.0]).show(ui, |ui| {
            for (id, guess) in &mut prediction.guesses {
                ui.label(id.as_str());
                let slider = Slider::new(guess, -1.5 * largest..=1.5 * largest).show_value(false);
                let response = ui.add_enabled(!prediction.revealed, slider);
                response.widget_info(|| egui::WidgetInfo::slider(!prediction.revealed, *guess, id.as_str()));
                let actual =
                    round.candidates.iter().find(|candidate| candidate.id() == *id).and_then(|c| c.actual);
                let text = match (prediction.revealed, actual) {
                    (true, Some(actual)) => format!("you {}, actual {}", gain(*guess), gain(actual)),
                    _ => gain(*guess),
                };
                ui.label(RichText::new(text).monospace().small());
                ui.end_row();
            }
        });
        if !prediction.revealed {
            let button =
                egui::Button::new(RichText::new("Reveal").color(tokens.on_accent)).fill(tokens.accent);
            let hint = "Measure first: press play, then reveal";
            if ui.add_enabled(measured, button).on_disabled_hover_text(hint).clicked() {
                prediction.revealed = true;
            }
        }
    });
    let revealed = prediction.revealed;
    view.prediction = keep.then_some(prediction);
    if let (true, Some(scores)) = (revealed, scores(round, view)) {
        let said = |value: Option<f64>| value.map_or("no order".into(), |value| format!("ρ {value:.2}"));
        ui.label(format!(
            "Your order: {}. The formula's: {}. You had the direction right for {} of {}.",
            said(scores.person),
            said(scores.formula),
            scores.signs.0,
            scores.signs.1
        ));
    }
}
