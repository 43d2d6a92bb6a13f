//! Estimated against actual: a point a candidate, the diagonal where the formula is right.

use eframe::egui::{self, Color32, RectAlign, RichText, Tooltip, Ui};
use egui_plot::{Line, MarkerShape, Plot, PlotPoint, PlotPoints, PlotUi, Points};

use super::{Entry, Panel, PanelContext, predict, trials};
use crate::app::drawing::plots::named;
use crate::app::drawing::stretch::Stretch;
use crate::app::drawing::tokens::Tokens;
use crate::app::drawing::{landmarks, motion};
use crate::app::view::View;
use crate::app::worker::board::Snapshot;
use crate::estimate::{Agreement, Estimator};
use crate::format::{brief as gain, decimal};
use crate::lab::{CandidateRecord, Round};
use crate::morphism::{Family, Mark, Shape, morph};
use crate::pictures::Outcome;
use crate::words::say;

/// The panel in the list.
pub const ENTRY: Entry = Entry {
    name: "cloud",
    tab: || say!("commands-tab-cloud"),
    command: || say!("commands-show-cloud"),
    make: || Box::new(Cloud),
};

struct Cloud;

impl Panel for Cloud {
    fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>) {
        if trials::tree_ui(ui, context.snapshot) {
            return;
        }
        let height = ui.available_height();
        egui::ScrollArea::vertical().id_salt("cloud").auto_shrink(false).show(ui, |ui| {
            if predict::predict_ui(ui, context.snapshot, context.view) {
                return;
            }
            let bottom = ui.cursor().top() + height;
            if cloud_ui(ui, context, bottom) {
                predict::toggle(context.snapshot, context.view);
            }
        });
    }
}

/// The least side of the plot, in points.
const LEAST: f32 = 240.0;
/// Room that the legend needs beside the plot.
const LEGEND: f32 = 130.0;
/// With less height the agreement of estimated and actual gains is a line.
const FOLDED: f32 = 430.0;
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

/// A formula's sign, where every formula has points: their colours alone would not tell them apart.
fn formula_mark(estimator: Estimator) -> Mark {
    Mark::filled(match estimator {
        Estimator::FirstOrder => Shape::Up,
        Estimator::Rank1 => Shape::Diamond,
        Estimator::GaussNewton => Shape::Circle,
        Estimator::Sampled => Shape::Square,
        Estimator::Linearised => Shape::Down,
    })
}

/// A candidate's point.
struct Dot<'a> {
    candidate: &'a CandidateRecord,
    estimator: Estimator,
    at: [f64; 2],
    mark: Mark,
    colour: Color32,
}

/// Draws the plot with its controls down to `bottom`; whether predicting is to begin or end.
fn cloud_ui(ui: &mut Ui, context: &mut PanelContext<'_>, bottom: f32) -> bool {
    let (snapshot, view) = (context.snapshot, &mut *context.view);
    let Some(round) = view.record(snapshot) else {
        let predict = predict_first_ui(ui, view);
        empty_ui(ui, say!("cloud-none"), say!("cloud-none-next"));
        return predict;
    };
    if !round.is_estimated() || (snapshot.is_forming() && view.hides(snapshot, round)) {
        let count = round.candidates.len();
        let predict = ui.horizontal(|ui| {
            round_ui(ui, snapshot, view);
            predict_first_ui(ui, view)
        });
        empty_ui(ui, &say!("cloud-unestimated", count = count), say!("cloud-unestimated-next"));
        return predict.inner;
    }
    let folded = bottom - ui.cursor().top() < FOLDED;
    let predict = controls_ui(ui, snapshot, round, view);
    agreement_ui(ui, snapshot, round, view, folded);
    let at_once = view.outcome(round) == Outcome::AtOnce;
    if at_once && round.candidates.iter().all(|candidate| candidate.actual.is_none()) {
        let why = match snapshot.is_forming() {
            true => say!("cloud-forming"),
            false => say!("cloud-unmeasured"),
        };
        ui.label(RichText::new(why).color(Tokens::of(ui).alarm));
    }
    plot_ui(ui, snapshot, round, view, bottom);
    predict
}

/// The switch for predicting before looking.
fn predict_first_ui(ui: &mut Ui, view: &View) -> bool {
    let on = view.predict_next || view.prediction.is_some();
    let button = ui.add(egui::Button::selectable(on, say!("predict-first")));
    let button = button.on_hover_text(say!("cloud-predict-hint"));
    if view.predict_next {
        ui.label(RichText::new(say!("cloud-predict-next")).small().weak());
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
                    let text = if estimator == round.estimator {
                        say!("cloud-learned-by", formula = estimator.name())
                    } else {
                        estimator.to_string()
                    };
                    ui.selectable_value(&mut shown, estimator, text);
                }
            })
            .response
            .accessible_name(say!("cloud-formula"))
            .on_hover_text(say!("cloud-formula-hint"));
        landmarks::note(ui.ctx(), "estimator", combo.rect);
        if shown != view.estimator(round) {
            view.estimator = Some(shown);
        }
        ui.checkbox(&mut view.overlay, say!("cloud-all-formulas"))
            .on_hover_text(say!("cloud-all-formulas-hint"));
        !snapshot.is_past() && predict_first_ui(ui, view)
    });
    predict.inner
}

/// How well estimated and actual gains of each family agree, each with a switch that shows it; in lines where
/// it is `folded`.
fn agreement_ui(ui: &mut Ui, snapshot: &Snapshot, round: &Round, view: &mut View, folded: bool) {
    let number = |value: Option<f64>| value.map_or("–".into(), |value| decimal(value, 3));
    if folded {
        ui.horizontal_wrapped(|ui| {
            for family in round.families() {
                let agreement = agreement(snapshot, round, view, family);
                let mut on = !view.hidden.contains(&family);
                let mark = morph(family).about().mark.glyph();
                let text = format!("{mark} {family} ρ {}", number(agreement.spearman));
                let hint = say!(
                    "cloud-family-numbers-hint",
                    count = agreement.n,
                    r = number(agreement.pearson),
                    slope = number(agreement.slope)
                );
                if ui.toggle_value(&mut on, RichText::new(text).small()).on_hover_text(hint).changed() {
                    view.show_family(family, on);
                }
            }
        });
        return;
    }
    let tokens = Tokens::of(ui);
    egui::Grid::new("agreement").num_columns(5).spacing([14.0, 3.0]).show(ui, |ui| {
        for (text, hint) in [
            ("", ""),
            ("n", say!("cloud-count-hint")),
            ("r", say!("cloud-pearson-hint")),
            ("ρ", say!("cloud-spearman-hint")),
            (say!("cloud-slope"), say!("cloud-slope-hint")),
        ] {
            ui.label(RichText::new(text).small().color(tokens.weak)).on_hover_text(hint);
        }
        ui.end_row();
        for family in round.families() {
            let mut on = !view.hidden.contains(&family);
            let name = format!("{} {family}", morph(family).about().mark.glyph());
            if ui.checkbox(&mut on, name).on_hover_text(say!("cloud-family-hint")).changed() {
                view.show_family(family, on);
            }
            let agreement = agreement(snapshot, round, view, family);
            ui.label(agreement.n.to_string());
            for value in [agreement.pearson, agreement.spearman, agreement.slope] {
                ui.label(RichText::new(number(value)).monospace());
            }
            ui.end_row();
        }
    });
}

fn agreement(snapshot: &Snapshot, round: &Round, view: &View, family: Family) -> Agreement {
    let of_family = round.candidates.iter().filter(|candidate| candidate.family == family);
    let known = of_family.filter_map(|candidate| {
        Some((candidate.estimate_by(view.estimator(round))?, view.came(snapshot, round, candidate)?))
    });
    let (estimated, actual): (Vec<f64>, Vec<f64>) = known.unzip();
    Agreement::of(&estimated, &actual)
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
        if ui.selectable_label(shown == Some(round), say!("cloud-round", round = round)).clicked() {
            view.round = (newest != Some(round)).then_some(round);
        }
    }
}

/// The scale of the plot: even and around the gains, unless all is to be seen or nothing is gained.
fn stretch(snapshot: &Snapshot, round: &Round, view: &View) -> Stretch {
    let shown = || round.candidates.iter().filter(|candidate| !view.hidden.contains(&candidate.family));
    let even = Stretch::of_gains(shown().flat_map(|candidate| {
        let estimated = candidate.estimate_by(view.estimator(round));
        estimated.into_iter().chain(view.came(snapshot, round, candidate))
    }));
    let all = || round.candidates.iter().filter_map(|candidate| candidate.estimate_by(round.estimator));
    // In the end most changes have lost something, which is to be seen.
    let gains = !view.all_gains && view.outcome(round) == Outcome::AtOnce;
    even.filter(|_| gains).unwrap_or_else(|| Stretch::of(all()))
}

/// What part of the gains is shown, and how many lie outside it; gains of which time, if some changes were `followed`.
fn zoom_ui(ui: &mut Ui, view: &mut View, stretch: Stretch, outside: usize, followed: bool) {
    ui.horizontal_wrapped(|ui| {
        if !(followed && view.in_the_end) {
            ui.selectable_value(&mut view.all_gains, false, say!("cloud-gains"))
                .on_hover_text(say!("cloud-gains-hint"));
            ui.selectable_value(&mut view.all_gains, true, say!("cloud-all"))
                .on_hover_text(say!("cloud-all-hint"));
        }
        let text = match outside {
            0 => stretch.words(),
            _ => say!("cloud-outside", scale = stretch.words(), count = outside),
        };
        ui.label(RichText::new(text).small().weak());
        if followed {
            ui.separator();
            ui.selectable_value(&mut view.in_the_end, false, say!("trials-at-once"))
                .on_hover_text(say!("cloud-at-once-hint"));
            ui.selectable_value(&mut view.in_the_end, true, say!("trials-in-the-end"))
                .on_hover_text(say!("cloud-in-the-end-hint"));
        }
    });
}

fn plot_ui(ui: &mut Ui, snapshot: &Snapshot, round: &Round, view: &mut View, bottom: f32) {
    let tokens = Tokens::of(ui);
    let stretch = stretch(snapshot, round, view);
    let estimators = match view.overlay {
        true => Estimator::ALL.to_vec(),
        false => vec![view.estimator(round)],
    };
    let layers = &snapshot.diagram.layers;
    let at_once = view.outcome(round) == Outcome::AtOnce;
    let dots: Vec<Dot<'_>> = round
        .candidates
        .iter()
        .filter(|candidate| !view.hidden.contains(&candidate.family))
        .flat_map(|candidate| estimators.iter().map(move |&estimator| (candidate, estimator)))
        .filter_map(|(candidate, estimator)| {
            let id = ui.scope_id().with((candidate.id(), view.overlay.then_some(estimator.name())));
            let place = |gain: f64, axis: &str| {
                let time = motion::time(ui.ctx(), MOVE);
                f64::from(ui.ctx().animate_value_with_time(id.with(axis), stretch.place(gain) as f32, time))
            };
            let came = view.came(snapshot, round, candidate);
            // What is not measured yet lies on the line; what was not followed to the end is not there.
            let actual = if at_once { came.unwrap_or(0.0) } else { came? };
            let at = [place(candidate.estimate_by(estimator)?, "x"), place(actual, "y")];
            let layer =
                layers.iter().position(|layer| layer.name == candidate.layer()).unwrap_or(layers.len());
            let (mark, colour) = match view.overlay {
                true => (formula_mark(estimator), tokens.layer(estimator.index(), Estimator::COUNT)),
                false => (morph(candidate.family).about().mark, tokens.layer(layer, layers.len())),
            };
            Some(Dot { candidate, estimator, at, mark, colour })
        })
        .collect();
    let outside = |dot: &&Dot<'_>| {
        let low = stretch.bounds().map_or(f64::NEG_INFINITY, |bounds| bounds.0);
        dot.at.iter().any(|at| *at < low)
    };
    zoom_ui(ui, view, stretch, dots.iter().filter(outside).count(), round.is_followed());
    let width = ui.available_width();
    let side = (bottom - ui.cursor().top() - 6.0).min(width).max(LEAST.min(width));
    let beside = width - side >= LEGEND;
    if !beside {
        ui.horizontal_wrapped(|ui| legend_ui(ui, view.overlay, &tokens));
    }
    let side =
        if beside { side } else { (bottom - ui.cursor().top() - 6.0).min(width).max(LEAST.min(width)) };
    ui.horizontal_top(|ui| {
        square_ui(ui, snapshot, round, view, &dots, stretch, side);
        if beside {
            ui.vertical(|ui| legend_ui(ui, view.overlay, &tokens));
        }
    });
}

/// The plot itself.
fn square_ui(
    ui: &mut Ui,
    snapshot: &Snapshot,
    round: &Round,
    view: &mut View,
    dots: &[Dot<'_>],
    stretch: Stretch,
    side: f32,
) {
    let tokens = Tokens::of(ui);
    let spoken = view.spoken(round).map(CandidateRecord::id);
    let pointed = std::cell::Cell::new(None);
    let mut plot = Plot::new(("cloud", stretch.bounds().is_some()));
    if let Some((low, high)) = stretch.bounds() {
        plot = plot.default_x_bounds(low, high).default_y_bounds(low, high);
    }
    let response = plot
        .width(side)
        .height(side)
        .x_axis_label(say!("cloud-axis-estimated"))
        .y_axis_label(view.outcome(round).axis())
        .x_grid_spacer(move |input| stretch.marks(input))
        .y_grid_spacer(move |input| stretch.marks(input))
        .x_axis_formatter(move |mark, _| stretch.text(mark.value))
        .y_axis_formatter(move |mark, _| stretch.text(mark.value))
        .label_formatter(|_| None)
        .set_margin_fraction(egui::vec2(0.06, 0.08))
        .show_crosshair(false)
        .grid_color(tokens.line)
        .show(ui, |plot| {
            diagonal(plot, dots, &tokens);
            points(plot, dots, spoken.as_deref(), &tokens);
            pointed.set(nearest(plot, dots));
        });
    named(&response.response, say!("cloud-plot"));
    let Some(index) = pointed.get() else { return };
    let dot = &dots[index];
    view.hovering = Some(dot.candidate.id());
    if response.response.clicked() {
        view.look_at(dot.candidate);
    }
    let actual = view.actual(snapshot, round, dot.candidate);
    beside_points(&response.response, *response.transform.frame()).show(|ui| {
        ui.strong(dot.candidate.id());
        let estimated = dot.candidate.estimate_by(dot.estimator);
        let foreseen = estimated.map_or("–".into(), gain);
        ui.label(say!("cloud-estimated-by", formula = dot.estimator.name(), gain = foreseen));
        ui.label(match actual {
            Some(actual) => say!("cloud-actual", gain = gain(actual)),
            None => say!("cloud-actual-unknown").to_owned(),
        });
        if let (Some(estimated), Some(actual)) = (estimated, actual) {
            ui.label(say!("cloud-error", gain = gain(actual - estimated)));
        }
        if let Some(end) = view.end(snapshot, round, dot.candidate) {
            ui.label(say!("cloud-in-the-end", gain = gain(end)));
        }
    });
}

/// A tooltip in the corner of `plot` that lies off the diagonal and away from the pointer: at the pointer it would cover the
/// points around it.
fn beside_points<'a>(response: &egui::Response, plot: egui::Rect) -> Tooltip<'a> {
    let far = |corner: egui::Pos2| response.hover_pos().map_or(0.0, |pointer| corner.distance_sq(pointer));
    let (corner, align) = match far(plot.left_top()) >= far(plot.right_bottom()) {
        true => (plot.left_top(), RectAlign::BOTTOM_START),
        false => (plot.right_bottom(), RectAlign::TOP_END),
    };
    let mut tooltip = Tooltip::for_enabled(response);
    tooltip.popup = tooltip.popup.at_position(corner).align(align);
    tooltip
}

/// Where estimates are right, and the axes.
fn diagonal(plot: &mut PlotUi<'_>, dots: &[Dot<'_>], tokens: &Tokens) {
    let ends = dots
        .iter()
        .flat_map(|dot| dot.at)
        .fold((-0.5_f64, 1.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let line = |name: &str, from: [f64; 2], to: [f64; 2]| Line::new(name, vec![from, to]).allow_hover(false);
    let (low, high) = (1.1 * ends.0, 1.1 * ends.1);
    plot.line(line("actual gain 0", [low, 0.0], [high, 0.0]).color(tokens.line).width(1.0));
    plot.line(line("estimated gain 0", [0.0, low], [0.0, high]).color(tokens.line).width(1.0));
    plot.line(line("estimate is right", [low, low], [high, high]).color(tokens.accent).width(1.4));
}

fn points(plot: &mut PlotUi<'_>, dots: &[Dot<'_>], spoken: Option<&str>, tokens: &Tokens) {
    for dot in dots {
        let chosen = dot.candidate.chosen;
        let is_spoken = spoken == Some(dot.candidate.id().as_str());
        let one = |colour: Color32, radius: f32| {
            Points::new(dot.candidate.id(), PlotPoints::from(dot.at))
                .id((dot.candidate.id(), dot.estimator.name(), (radius * 10.0) as u32))
                .shape(marker(dot.mark.shape))
                .filled(dot.mark.filled)
                .color(colour)
                .radius(radius)
                .allow_hover(false)
        };
        if is_spoken {
            plot.points(one(tokens.accent, 6.4));
        }
        plot.points(one(dot.colour, 4.2));
        if chosen {
            let ring = Points::new(dot.candidate.id(), PlotPoints::from(dot.at));
            let ring = ring.id((dot.candidate.id(), dot.estimator.name(), "ring"));
            plot.points(ring.filled(false).color(tokens.text).radius(7.5).allow_hover(false));
        }
    }
}

/// The dot under the pointer.
fn nearest(plot: &PlotUi<'_>, dots: &[Dot<'_>]) -> Option<usize> {
    let pointer = plot.response().hover_pos()?;
    let away = |dot: &Dot<'_>| plot.screen_from_plot(PlotPoint::new(dot.at[0], dot.at[1])).distance(pointer);
    let (index, distance) = dots.iter().map(away).enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
    (distance < REACH).then_some(index)
}

/// What colours and signs mean; without formulas side by side, the signs are the families' above.
fn legend_ui(ui: &mut Ui, overlay: bool, tokens: &Tokens) {
    let mut entry = |sign: &str, text: &str, colour: Color32| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.label(RichText::new(sign).small().color(colour));
            ui.label(RichText::new(text).small().color(tokens.weak));
        });
    };
    if overlay {
        for estimator in Estimator::ALL {
            let colour = tokens.layer(estimator.index(), Estimator::COUNT);
            entry(formula_mark(estimator).glyph(), estimator.name(), colour);
        }
    } else {
        entry("■", say!("cloud-first-layer"), tokens.layer(0, 2));
        entry("■", say!("cloud-last-layer"), tokens.layer(1, 2));
    }
    entry("○", say!("cloud-chosen"), tokens.text);
    entry("╱", say!("cloud-right"), tokens.accent);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn formulas_side_by_side_have_signs_of_their_own() {
        let glyphs: BTreeSet<_> =
            Estimator::ALL.iter().map(|formula| formula_mark(*formula).glyph()).collect();
        assert_eq!(glyphs.len(), Estimator::COUNT, "{glyphs:?}");
    }
}
