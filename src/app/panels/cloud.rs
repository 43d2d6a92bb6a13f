//! Estimated against actual: a point a candidate, the diagonal where the formula is right.

use eframe::egui::{self, Color32, RichText, Ui};
use egui_plot::{Line, MarkerShape, Plot, PlotPoint, PlotPoints, PlotUi, Points};

use super::{Entry, Panel, PanelContext, predict, trials};
use crate::app::drawing::landmarks;
use crate::app::drawing::stretch::Stretch;
use crate::app::drawing::tokens::Tokens;
use crate::app::view::View;
use crate::app::worker::board::Snapshot;
use crate::estimate::{Agreement, Estimator};
use crate::format::gain;
use crate::lab::{CandidateRecord, Round};
use crate::morphism::{Shape, morph};

/// The panel in the list.
pub const ENTRY: Entry = Entry {
    name: "cloud",
    tab: "Estimated and actual",
    command: "Show estimated against actual",
    make: || Box::new(Cloud),
};

struct Cloud;

impl Panel for Cloud {
    fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>) {
        if trials::tree_ui(ui, context.snapshot) || predict::predict_ui(ui, context.snapshot, context.view) {
            return;
        }
        if cloud_ui(ui, context) {
            predict::toggle(context.snapshot, context.view);
        }
    }
}

/// How near the pointer must be to select a point, in screen points.
const REACH: f32 = 11.0;
/// Seconds that a point takes to move to another estimator's place.
const MOVE: f32 = 0.5;

/// A sign's outline as the plot draws it.
fn marker(shape: Shape) -> MarkerShape {
    match shape {
        Shape::Circle => MarkerShape::Circle,
        Shape::Diamond => MarkerShape::Diamond,
        Shape::Square => MarkerShape::Square,
        Shape::Up => MarkerShape::Up,
        Shape::Down => MarkerShape::Down,
        Shape::Left => MarkerShape::Left,
        Shape::Right => MarkerShape::Right,
        Shape::Plus => MarkerShape::Plus,
        Shape::Cross => MarkerShape::Cross,
        Shape::Asterisk => MarkerShape::Asterisk,
    }
}

/// A candidate's point.
struct Dot<'a> {
    candidate: &'a CandidateRecord,
    estimator: Estimator,
    at: [f64; 2],
    colour: Color32,
}

/// Draws the plot with its controls; whether predicting is to begin or end.
fn cloud_ui(ui: &mut Ui, context: &mut PanelContext<'_>) -> bool {
    let (snapshot, view) = (context.snapshot, &mut *context.view);
    let Some(round) = view.record(snapshot) else {
        let predict = predict_first_ui(ui, view);
        empty_ui(
            ui,
            "No candidates yet.",
            "Press Play: after the first training the network's possible changes are listed, and each gets a point here.",
        );
        return predict;
    };
    if !round.is_estimated() {
        let count = round.candidates.len();
        let predict = ui.horizontal(|ui| {
            round_ui(ui, snapshot, view);
            predict_first_ui(ui, view)
        });
        empty_ui(
            ui,
            &format!("{count} candidates, not estimated yet."),
            "The next stages learn each change and predict its gain; then the points appear here.",
        );
        return predict.inner;
    }
    let predict = controls_ui(ui, snapshot, round, view);
    if round.candidates.iter().all(|candidate| candidate.actual.is_none()) {
        let why = "Not measured yet: the points lie on the line of actual gain 0 until they are.";
        ui.label(RichText::new(why).color(Tokens::of(ui).alarm));
    }
    plot_ui(ui, snapshot, round, view);
    predict
}

/// The switch for predicting before looking.
fn predict_first_ui(ui: &mut Ui, view: &View) -> bool {
    let on = view.predict_next || view.prediction.is_some();
    let button = ui.add(egui::Button::selectable(on, "Predict first"));
    let button = button.on_hover_text(
        "Hide all gains once they are estimated, put six changes in the order that you expect, then compare",
    );
    if view.predict_next {
        ui.label(RichText::new("Play stops there and asks you.").small().weak());
    }
    button.clicked()
}

/// What is drawn while there is nothing to show: what is missing, and what to do.
pub fn empty_ui(ui: &mut Ui, text: &str, next: &str) {
    ui.add_space(ui.available_height() * 0.25);
    ui.vertical_centered(|ui| {
        ui.strong(text);
        ui.set_max_width(340.0);
        ui.label(RichText::new(next).weak());
    });
}

fn controls_ui(ui: &mut Ui, snapshot: &Snapshot, round: &Round, view: &mut View) -> bool {
    let predict = ui.horizontal_wrapped(|ui| {
        round_ui(ui, snapshot, view);
        let mut shown = view.estimator(round);
        let combo = egui::ComboBox::from_id_salt("estimator").width(120.0);
        let combo = combo
            .selected_text(shown.name())
            .show_ui(ui, |ui| {
                for estimator in Estimator::ALL {
                    let own = if estimator == round.estimator { " (learned by)" } else { "" };
                    ui.selectable_value(&mut shown, estimator, format!("{estimator}{own}"));
                }
            })
            .response
            .on_hover_text("The formula that the gains are estimated by");
        landmarks::note(ui.ctx(), "estimator", combo.rect);
        if shown != view.estimator(round) {
            view.estimator = Some(shown);
        }
        ui.checkbox(&mut view.overlay, "All formulas")
            .on_hover_text("Every formula's estimate of every candidate at once");
        predict_first_ui(ui, view)
    });
    let tokens = Tokens::of(ui);
    egui::Grid::new("agreement").num_columns(5).spacing([14.0, 3.0]).show(ui, |ui| {
        for (text, hint) in [
            ("", ""),
            ("n", "Candidates"),
            ("r", "Pearson's correlation: do they lie on a line? 1 is perfect"),
            ("ρ", "Spearman's rank correlation: are they in the same order? 1 is perfect"),
            ("slope", "Actual gain per estimated gain: 1 is perfect"),
        ] {
            ui.label(RichText::new(text).small().color(tokens.weak)).on_hover_text(hint);
        }
        ui.end_row();
        for family in round.families() {
            let mut on = !view.hidden.contains(&family);
            let name = format!("{} {family}", morph(family).about().mark.glyph());
            if ui.checkbox(&mut on, name).on_hover_text("Show this family").changed() {
                if on {
                    view.hidden.remove(&family)
                } else {
                    view.hidden.insert(family)
                };
            }
            let pairs: Vec<(f64, f64)> = round
                .candidates
                .iter()
                .filter(|candidate| candidate.family == family)
                .filter_map(|candidate| {
                    Some((
                        candidate.estimate_by(view.estimator(round))?,
                        view.actual(snapshot, round, candidate)?,
                    ))
                })
                .collect();
            let (estimated, actual): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let agreement = Agreement::of(&estimated, &actual);
            let number = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.3}"));
            ui.label(agreement.n.to_string());
            for value in [agreement.pearson, agreement.spearman, agreement.slope] {
                ui.label(RichText::new(number(value)).monospace());
            }
            ui.end_row();
        }
    });
    predict.inner
}

/// The choice of the round that is shown.
pub fn round_ui(ui: &mut Ui, snapshot: &Snapshot, view: &mut View) {
    let rounds: Vec<u64> = snapshot
        .state
        .rounds
        .iter()
        .filter(|round| !round.candidates.is_empty())
        .map(|round| round.round)
        .collect();
    let newest = rounds.last().copied();
    let shown = view.round.or(newest);
    for round in rounds {
        if ui.selectable_label(shown == Some(round), format!("Round {round}")).clicked() {
            view.round = (newest != Some(round)).then_some(round);
        }
    }
}

fn plot_ui(ui: &mut Ui, snapshot: &Snapshot, round: &Round, view: &mut View) {
    let tokens = Tokens::of(ui);
    let stretch =
        Stretch::of(round.candidates.iter().filter_map(|candidate| candidate.estimate_by(round.estimator)));
    let estimators = match view.overlay {
        true => Estimator::ALL.to_vec(),
        false => vec![view.estimator(round)],
    };
    let layers = &snapshot.diagram.layers;
    let dots: Vec<Dot<'_>> = round
        .candidates
        .iter()
        .filter(|candidate| !view.hidden.contains(&candidate.family))
        .flat_map(|candidate| estimators.iter().map(move |&estimator| (candidate, estimator)))
        .filter_map(|(candidate, estimator)| {
            let id = ui.scope_id().with((candidate.id(), view.overlay.then_some(estimator.name())));
            let place = |gain: f64, axis: &str| {
                f64::from(ui.ctx().animate_value_with_time(id.with(axis), stretch.place(gain) as f32, MOVE))
            };
            let actual = view.actual(snapshot, round, candidate).unwrap_or(0.0);
            let at = [place(candidate.estimate_by(estimator)?, "x"), place(actual, "y")];
            let layer =
                layers.iter().position(|layer| layer.name == candidate.layer()).unwrap_or(layers.len());
            let colour = match view.overlay {
                true => tokens.layer(estimator.index(), Estimator::COUNT),
                false => tokens.layer(layer, layers.len()),
            };
            Some(Dot { candidate, estimator, at, colour })
        })
        .collect();
    legend_ui(ui, view.overlay, &tokens);
    let spoken = view.spoken(round).map(CandidateRecord::id);
    let pointed = std::cell::Cell::new(None);
    let response = Plot::new("cloud")
        .x_axis_label("estimated gain")
        .y_axis_label("actual gain")
        .x_grid_spacer(move |input| stretch.marks(input))
        .y_grid_spacer(move |input| stretch.marks(input))
        .x_axis_formatter(move |mark, _| stretch.text(mark.value))
        .y_axis_formatter(move |mark, _| stretch.text(mark.value))
        .label_formatter(|_| None)
        .set_margin_fraction(egui::vec2(0.06, 0.08))
        .show_crosshair(false)
        .grid_color(tokens.line)
        .show(ui, |plot| {
            diagonal(plot, &dots, &tokens);
            points(plot, &dots, spoken.as_deref(), &tokens);
            pointed.set(nearest(plot, &dots));
        });
    let Some(index) = pointed.get() else { return };
    let dot = &dots[index];
    view.hovering = Some(dot.candidate.id());
    if response.response.clicked() {
        view.look_at(dot.candidate);
    }
    let actual = view.actual(snapshot, round, dot.candidate);
    response.response.on_hover_ui_at_pointer(|ui| {
        ui.strong(dot.candidate.id());
        let estimated = dot.candidate.estimate_by(dot.estimator);
        ui.label(format!("estimated by {}: {}", dot.estimator, estimated.map_or("–".into(), gain)));
        ui.label(format!("actual: {}", actual.map_or("not known".into(), gain)));
        if let (Some(estimated), Some(actual)) = (estimated, actual) {
            ui.label(format!("error: {}", gain(actual - estimated)));
        }
    });
}

/// Where estimates are right, and the axes.
fn diagonal(plot: &mut PlotUi<'_>, dots: &[Dot<'_>], tokens: &Tokens) {
    let ends = dots
        .iter()
        .flat_map(|dot| dot.at)
        .fold((-0.5_f64, 0.5_f64), |(low, high), value| (low.min(value), high.max(value)));
    let line = |name: &str, from: [f64; 2], to: [f64; 2]| Line::new(name, vec![from, to]).allow_hover(false);
    let (low, high) = (1.1 * ends.0, 1.1 * ends.1);
    plot.line(line("actual gain 0", [low, 0.0], [high, 0.0]).color(tokens.line).width(1.0));
    plot.line(line("estimated gain 0", [0.0, low], [0.0, high]).color(tokens.line).width(1.0));
    plot.line(line("estimate is right", [low, low], [high, high]).color(tokens.accent).width(1.4));
}

fn points(plot: &mut PlotUi<'_>, dots: &[Dot<'_>], spoken: Option<&str>, tokens: &Tokens) {
    for dot in dots {
        let chosen = dot.candidate.chosen;
        let mark = morph(dot.candidate.family).about().mark;
        let is_spoken = spoken == Some(dot.candidate.id().as_str());
        let one = |colour: Color32, radius: f32| {
            Points::new(dot.candidate.id(), PlotPoints::from(dot.at))
                .id((dot.candidate.id(), dot.estimator.name(), (radius * 10.0) as u32))
                .shape(marker(mark.shape))
                .filled(mark.filled)
                .color(colour)
                .radius(radius)
                .allow_hover(false)
        };
        if chosen || is_spoken {
            plot.points(one(if is_spoken { tokens.text } else { tokens.new }, 6.4));
        }
        plot.points(one(dot.colour, 4.2));
    }
}

/// The dot under the pointer.
fn nearest(plot: &PlotUi<'_>, dots: &[Dot<'_>]) -> Option<usize> {
    let pointer = plot.response().hover_pos()?;
    let away = |dot: &Dot<'_>| plot.screen_from_plot(PlotPoint::new(dot.at[0], dot.at[1])).distance(pointer);
    let (index, distance) = dots.iter().map(away).enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
    (distance < REACH).then_some(index)
}

/// What the colours mean.
fn legend_ui(ui: &mut Ui, overlay: bool, tokens: &Tokens) {
    ui.horizontal_wrapped(|ui| {
        let entry = |ui: &mut Ui, text: &str, colour: Color32| {
            ui.label(RichText::new("■").small().color(colour));
            ui.label(RichText::new(text).small().color(tokens.weak));
        };
        if overlay {
            for estimator in Estimator::ALL {
                entry(ui, estimator.name(), tokens.layer(estimator.index(), Estimator::COUNT));
            }
        } else {
            entry(ui, "first layer", tokens.layer(0, 2));
            entry(ui, "last layer", tokens.layer(1, 2));
        }
        entry(ui, "chosen", tokens.new);
        entry(ui, "diagonal: the formula is right", tokens.accent);
    });
}
