//! Estimated against actual: a point a candidate, the diagonal where the formula is right.

mod square;

use eframe::egui::{self, RichText, Ui};

use self::square::{Dot, formula_mark, legend_ui, square_ui};
use super::{Entry, Panel, PanelContext, predict, trials};
use crate::app::drawing::stretch::Stretch;
use crate::app::drawing::tokens::Tokens;
use crate::app::drawing::{landmarks, motion};
use crate::app::view::View;
use crate::app::worker::board::Snapshot;
use crate::estimate::{Agreement, Estimator};
use crate::format::decimal;
use crate::lab::Round;
use crate::morphism::{Family, morph};
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
/// Seconds that a point takes to move to another estimator's place.
const MOVE: f32 = 0.5;

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
