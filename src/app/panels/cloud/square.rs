//! The plot itself: the points, the diagonal where estimates are right, what the pointer is on, and what signs mean.

use eframe::egui::{self, Color32, RectAlign, RichText, Tooltip, Ui};
use egui_plot::{Line, MarkerShape, Plot, PlotPoint, PlotPoints, PlotUi, Points};

use crate::app::drawing::plots::named;
use crate::app::drawing::stretch::Stretch;
use crate::app::drawing::tokens::Tokens;
use crate::app::view::View;
use crate::app::worker::board::Snapshot;
use crate::estimate::Estimator;
use crate::format::brief as gain;
use crate::lab::{CandidateRecord, Round};
use crate::morphism::{Mark, Shape};
use crate::words::say;

/// How near the pointer must be to select a point, in screen points.
const REACH: f32 = 11.0;

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
pub(super) fn formula_mark(estimator: Estimator) -> Mark {
    Mark::filled(match estimator {
        Estimator::FirstOrder => Shape::Up,
        Estimator::Rank1 => Shape::Diamond,
        Estimator::GaussNewton => Shape::Circle,
        Estimator::Sampled => Shape::Square,
        Estimator::Linearised => Shape::Down,
    })
}

/// A candidate's point.
pub(super) struct Dot<'a> {
    pub candidate: &'a CandidateRecord,
    pub estimator: Estimator,
    pub at: [f64; 2],
    pub mark: Mark,
    pub colour: Color32,
}

/// The plot itself.
pub(super) fn square_ui(
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
pub(super) fn legend_ui(ui: &mut Ui, overlay: bool, tokens: &Tokens) {
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
