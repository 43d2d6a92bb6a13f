//! Predict first: gains stay hidden until the person has put some changes in order; then person and formula are scored.

use eframe::egui::{self, RichText, Ui};

use super::explain::title;
use crate::app::drawing::tokens::Tokens;
use crate::app::view::{Prediction, View, present_round};
use crate::app::worker::board::Snapshot;
use crate::format::brief as gain;
use crate::lab::{CandidateRecord, Round, Stage};
use crate::lesson::pairs_right;
use crate::morphism::morph;
use crate::random::Stream;
use crate::words::say;

/// Candidates to put in order.
const ASKED: usize = 6;
/// Width of a card.
const CARD: f32 = 210.0;

/// Begins to ask about the round shown, or about the next one once it is estimated; or stops it.
pub fn toggle(snapshot: &Snapshot, view: &mut View) {
    if view.prediction.take().is_some() || std::mem::take(&mut view.predict_next) {
        return;
    }
    let present = present_round(snapshot).map(|round| round.round);
    // While the grown network trains, the round before is not what is meant, unless the person looks at it.
    let meant = |round: &&Round| {
        present == Some(round.round) || snapshot.state.stage == Stage::Done || view.round.is_some()
    };
    match view.record(snapshot).filter(meant).and_then(|round| begin(snapshot, round)) {
        Some(prediction) => view.prediction = Some(prediction),
        None => view.predict_next = true,
    }
}

/// Asks about the present round if that is wanted and it has been estimated; whether it has begun to.
pub fn begin_if_wanted(snapshot: &Snapshot, view: &mut View) -> bool {
    let wanted = present_round(snapshot).filter(|_| view.predict_next);
    let Some(prediction) = wanted.and_then(|round| begin(snapshot, round)) else { return false };
    (view.prediction, view.predict_next, view.round) = (Some(prediction), false, None);
    true
}

/// Some candidates of an estimated round, different in every round, the same for the same seed; none where there are no two
/// to compare.
fn begin(snapshot: &Snapshot, round: &Round) -> Option<Prediction> {
    let moves = |candidate: &&CandidateRecord| candidate.scale.is_some_and(|scale| scale > 0.0);
    let mut pool: Vec<String> = round.candidates.iter().filter(moves).map(CandidateRecord::id).collect();
    let mut stream = Stream::new(snapshot.config.seed, "candidates to predict", round.round);
    let mut order = Vec::new();
    while order.len() < ASKED && !pool.is_empty() {
        order.push(pool.swap_remove(stream.below(pool.len())));
    }
    let asked = Prediction { of: (snapshot.run, round.round), order, revealed: false };
    (round.is_estimated() && !snapshot.is_forming() && asked.order.len() > 1).then_some(asked)
}

/// Draws the cards, or what came of them; whether it did, and nothing else is to be seen below.
pub fn predict_ui(ui: &mut Ui, snapshot: &Snapshot, view: &mut View) -> bool {
    let Some(round) = view.record(snapshot) else { return false };
    let Some(mut prediction) = view.prediction.take().filter(|asked| asked.of == (snapshot.run, round.round))
    else {
        return false;
    };
    let find = |id: &String| round.candidates.iter().find(|candidate| candidate.id() == *id);
    let cards: Vec<&CandidateRecord> = prediction.order.iter().filter_map(find).collect();
    let tokens = Tokens::of(ui);
    let mut keep = true;
    egui::Frame::group(ui.style()).fill(tokens.panel).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.strong(say!("predict-first"));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let (text, hint) = match prediction.revealed {
                    true => (say!("predict-plot"), say!("predict-plot-hint")),
                    false => (say!("predict-stop"), say!("predict-stop-hint")),
                };
                keep = !ui.button(text).on_hover_text(hint).clicked();
            });
        });
        if prediction.revealed {
            return outcome_ui(ui, &cards, view, round);
        }
        ui.label(say!("predict-question"));
        ui.add_space(4.0);
        let mut moved = None;
        for (place, candidate) in cards.iter().enumerate() {
            moved = card_ui(ui, place, cards.len(), candidate, view).or(moved);
        }
        if let Some((from, to)) = moved {
            let id = prediction.order.remove(from);
            prediction.order.insert(to, id);
        }
        ui.add_space(4.0);
        let measured = cards.iter().all(|candidate| candidate.actual.is_some());
        let text = RichText::new(say!("predict-reveal")).color(if measured {
            tokens.on_accent
        } else {
            tokens.weak
        });
        let fill = if measured { tokens.accent } else { tokens.raised };
        if ui.add_enabled(measured, egui::Button::new(text).fill(fill)).clicked() {
            prediction.revealed = true;
        }
        if !measured {
            ui.label(RichText::new(say!("predict-unmeasured")).small().weak());
        }
    });
    view.prediction = keep.then_some(prediction);
    keep
}

/// One card with its place; where it is moved from and to, if it is.
fn card_ui(
    ui: &mut Ui,
    place: usize,
    count: usize,
    candidate: &CandidateRecord,
    view: &mut View,
) -> Option<(usize, usize)> {
    let tokens = Tokens::of(ui);
    let mut moved = None;
    ui.horizontal(|ui| {
        let lit = view.hovered.as_ref() == Some(&candidate.id());
        let id = egui::Id::unique(("card", candidate.id()));
        let card = ui.dnd_drag_source(id, place, |ui| {
            let stroke = egui::Stroke::new(1.0, if lit { tokens.accent } else { tokens.line });
            egui::Frame::group(ui.style()).fill(tokens.panel).stroke(stroke).show(ui, |ui| {
                ui.set_width(CARD);
                let text = format!("{}   {}", place + 1, named(candidate));
                ui.add(egui::Label::new(text).selectable(false).truncate());
            });
        });
        let card = card.response.interact(egui::Sense::click_and_drag());
        card.widget_info(|| {
            let name = say!("predict-card", place = place + 1, change = title(candidate));
            egui::WidgetInfo::labeled(egui::Role::Button, true, name)
        });
        if card.hovered() {
            view.hovering = Some(candidate.id());
        }
        if card.clicked() {
            view.look_at(candidate);
        }
        if card.dnd_hover_payload::<usize>().is_some() {
            ui.painter().rect_stroke(card.rect, 4.0, (2.0, tokens.accent), egui::StrokeKind::Outside);
        }
        if let Some(from) = card.dnd_release_payload::<usize>() {
            moved = Some((*from, place));
        }
        for (text, to) in [
            (say!("predict-up"), place.checked_sub(1)),
            (say!("predict-down"), Some(place + 1).filter(|to| *to < count)),
        ] {
            let button = ui.add_enabled(to.is_some(), egui::Button::new(text).small());
            button.widget_info(|| {
                let name = format!("{text}: {}", candidate.id());
                egui::WidgetInfo::labeled(egui::Role::Button, to.is_some(), name)
            });
            if button.clicked() {
                moved = to.map(|to| (place, to));
            }
        }
    });
    moved
}

/// The cards in the person's order, with the formula's place and the true one, and how many pairs were right.
fn outcome_ui(ui: &mut Ui, cards: &[&CandidateRecord], view: &mut View, round: &Round) {
    let estimator = view.estimator(round);
    let known = |candidate: &&CandidateRecord| Some((candidate.estimate_by(estimator)?, candidate.actual?));
    let Some(gains) = cards.iter().map(known).collect::<Option<Vec<(f64, f64)>>>() else {
        return;
    };
    let place =
        |value: f64, of: fn(&(f64, f64)) -> f64| 1 + gains.iter().filter(|other| of(other) > value).count();
    egui::Grid::new("outcome").num_columns(5).spacing([14.0, 4.0]).show(ui, |ui| {
        for (text, hint) in [
            (say!("predict-you"), say!("predict-you-hint")),
            (say!("predict-change"), ""),
            (say!("predict-formula"), say!("predict-formula-hint")),
            (say!("predict-truth"), say!("predict-truth-hint")),
            (say!("predict-gain"), say!("predict-gain-hint")),
        ] {
            ui.label(RichText::new(text).small().weak()).on_hover_text(hint);
        }
        ui.end_row();
        for (index, (candidate, (estimated, actual))) in cards.iter().zip(&gains).enumerate() {
            ui.monospace(format!("{}", index + 1));
            let name = ui.selectable_label(false, named(candidate));
            if name.hovered() {
                view.hovering = Some(candidate.id());
            }
            if name.clicked() {
                view.candidate = Some(candidate.id());
            }
            ui.monospace(format!("{}", place(*estimated, |gains| gains.0)));
            ui.monospace(format!("{}", place(*actual, |gains| gains.1)));
            ui.monospace(gain(*actual));
            ui.end_row();
        }
    });
    let (person, formula, pairs) = pairs_right(&gains);
    ui.strong(say!("predict-score", person = person, pairs = pairs, formula = formula));
}

/// A change's sign and name.
fn named(candidate: &CandidateRecord) -> String {
    format!("{} {}", morph(candidate.family).about().mark.glyph(), title(candidate))
}
