//! Loss and accuracy over training steps, with growth marked, and earlier runs beside them.

use eframe::egui::{self, RichText, Ui};
use egui_plot::{
    Corner, Legend, Line, LineStyle, MarkerShape, Plot, PlotPoints, Points, VLine, uniform_grid_spacer,
};

use super::cloud::empty_ui;
use crate::app::drawing::ticks::{lines, round_step};
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::board::Snapshot;
use crate::lab::Round;

/// Steps that a batch's loss is averaged over.
const SMOOTH: usize = 20;
/// Points drawn of a curve, at most.
const DRAWN: usize = 1_500;

/// A run's curves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// Which run.
    pub name: String,
    /// Training step and loss of its batch, averaged over the last few.
    pub batches: Vec<[f64; 2]>,
    /// Training step and held-out loss; at growth there are two at one step.
    pub losses: Vec<[f64; 2]>,
    /// Training step and held-out accuracy, in percent.
    pub accuracies: Vec<[f64; 2]>,
    /// Steps at which the network grew.
    pub growth: Vec<f64>,
}

impl Curves {
    /// Of the experiment as it stands.
    pub fn of(snapshot: &Snapshot) -> Self {
        let config = &snapshot.config;
        let name = format!("{}, seed {} (run {})", config.preset, config.seed, snapshot.run);
        let mut curves = Self { name, ..Self::default() };
        if let Some(seed) = snapshot.state.seed {
            curves.losses.push([0.0, seed.held_out.loss]);
            curves.accuracies.push([0.0, 100.0 * seed.held_out.accuracy]);
        }
        let mut step = 0;
        for round in &snapshot.state.rounds {
            step += curves.add(round, step);
        }
        curves
    }

    /// Adds a round that began at `start`; the steps that it took.
    fn add(&mut self, round: &Round, start: usize) -> usize {
        let every = (round.losses.len() / DRAWN).max(1);
        let mut sum = 0.0;
        for (position, loss) in round.losses.iter().enumerate() {
            sum += f64::from(*loss);
            if position >= SMOOTH {
                sum -= f64::from(round.losses[position - SMOOTH]);
            }
            if position.is_multiple_of(every) {
                let count = (position + 1).min(SMOOTH);
                self.batches.push([(start + position + 1) as f64, sum / count as f64]);
            }
        }
        let end = (start + round.losses.len()) as f64;
        for quality in [round.before, round.after].into_iter().flatten() {
            self.losses.push([end, quality.held_out.loss]);
            self.accuracies.push([end, 100.0 * quality.held_out.accuracy]);
        }
        if round.after.is_some() {
            self.growth.push(end);
        }
        round.losses.len()
    }
}

/// Draws both plots; `kept` are the runs to compare with.
pub fn curves_ui(ui: &mut Ui, snapshot: &Snapshot, kept: &mut Vec<Curves>) {
    let own = Curves::of(snapshot);
    if own.losses.is_empty() && own.batches.is_empty() {
        empty_ui(ui, "Nothing trained yet.", "Press play, and watch the loss fall.");
        return;
    }
    let mut dropped = None;
    for (index, curves) in kept.iter().enumerate() {
        ui.horizontal(|ui| {
            let colour = Tokens::of(ui).layer(index, kept.len().max(3));
            ui.colored_label(colour, "■");
            ui.label(&curves.name);
            if ui.small_button("Remove").on_hover_text("Do not compare with this run any more").clicked() {
                dropped = Some(index);
            }
        });
    }
    if let Some(index) = dropped {
        kept.remove(index);
    }
    let height = (ui.available_height() - 60.0) / 2.0;
    ui.label(RichText::new("Loss: mean cross-entropy in nats, lower is better").small().weak());
    plot_ui(ui, "loss", height, &own, kept, |curves| (&curves.batches, &curves.losses));
    ui.label(RichText::new("Accuracy on held-out images, in percent").small().weak());
    plot_ui(ui, "accuracy", height, &own, kept, |curves| (&[], &curves.accuracies));
}

type Part = for<'a> fn(&'a Curves) -> (&'a [[f64; 2]], &'a [[f64; 2]]);

fn plot_ui(ui: &mut Ui, name: &str, height: f32, own: &Curves, kept: &[Curves], part: Part) {
    let tokens = Tokens::of(ui);
    // The legend keeps clear of where the curves end.
    let (unit, corner) = if name == "loss" { ("", Corner::RightTop) } else { (" %", Corner::RightBottom) };
    Plot::new(name)
        .height(height.max(90.0))
        .legend(Legend::default().position(corner).background_alpha(0.6))
        .grid_color(tokens.line)
        .link_axis(egui::Id::unique("curves"), [true, false])
        .x_axis_label("training steps")
        // So many times the closest lines that the plot recommends: room enough for a number at each.
        .x_grid_spacer(uniform_grid_spacer(|input| lines(round_step((10.0 * input.base_step_size).max(1.0)))))
        .y_grid_spacer(uniform_grid_spacer(|input| lines(round_step(4.0 * input.base_step_size))))
        .label_formatter(move |hover| match hover {
            egui_plot::HoverPosition::NearDataPoint { plot_name, position, .. } => {
                Some(format!("{plot_name}\nstep {:.0}: {:.3}{unit}", position.x, position.y))
            }
            egui_plot::HoverPosition::Elsewhere { .. } => None,
        })
        .show(ui, |plot| {
            for step in &own.growth {
                let line = VLine::new("growth", *step).color(tokens.new).style(LineStyle::dashed_dense());
                plot.vline(line.allow_hover(false));
            }
            for (index, curves) in kept.iter().enumerate() {
                let colour = tokens.layer(index, kept.len().max(3));
                let (batches, points) = part(curves);
                let said = format!("{name}, {}", curves.name);
                plot.line(
                    Line::new(said.clone(), PlotPoints::from(batches.to_vec()))
                        .allow_band(false)
                        .color(colour.gamma_multiply(0.5)),
                );
                plot.line(Line::new(said, PlotPoints::from(points.to_vec())).allow_band(false).color(colour));
            }
            let (batches, points) = part(own);
            if !batches.is_empty() {
                plot.line(
                    Line::new("training batches", PlotPoints::from(batches.to_vec()))
                        .allow_band(false)
                        .color(tokens.cold),
                );
            }
            plot.line(
                Line::new("held out", PlotPoints::from(points.to_vec()))
                    .allow_band(false)
                    .color(tokens.accent)
                    .width(2.0),
            );
            let ends = Points::new("held out", PlotPoints::from(points.to_vec()));
            plot.points(ends.shape(MarkerShape::Circle).radius(3.5).color(tokens.accent));
        });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Score;
    use crate::estimate::Estimator;
    use crate::lab::Quality;

    #[test]
    fn a_round_is_smoothed_and_growth_stands_at_its_end() {
        let score = |loss| Score { loss, accuracy: 0.5 };
        let quality = |loss| Quality { parameters: 1, flops: 1, train: score(loss), held_out: score(loss) };
        let mut round = Round::new(1, Estimator::Sampled);
        round.losses = (0..50).map(|step| step as f32).collect();
        (round.before, round.after) = (Some(quality(1.0)), Some(quality(0.9)));
        let mut curves = Curves::default();
        assert_eq!(curves.add(&round, 100), 50);
        assert_eq!(curves.batches[0], [101.0, 0.0]);
        assert_eq!(curves.batches[49], [150.0, 39.5], "the mean of 30 to 49");
        assert_eq!(curves.losses, [[150.0, 1.0], [150.0, 0.9]]);
        assert_eq!(curves.growth, [150.0]);
    }
}
