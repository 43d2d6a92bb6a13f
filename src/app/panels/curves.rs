//! Loss and accuracy over training steps, with growth marked, and earlier runs beside them.

use eframe::egui::{self, Align2, RichText, Ui};
use egui_plot::{
    Corner, Legend, Line, LineStyle, MarkerShape, Plot, PlotPoint, PlotPoints, Points, Text as PlotText,
    VLine, uniform_grid_spacer,
};

use super::cloud::empty_ui;
use super::{Entry, News, Panel, PanelContext, Shown};
use crate::app::drawing::plots::curves_of;
use crate::app::drawing::ticks::Ticks;
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::board::Snapshot;
use crate::lab::Span;
use crate::pictures::{Curves, curves};

/// The panel in the list.
pub const ENTRY: Entry = Entry {
    name: "curves",
    tab: "Curves",
    command: "Show loss and accuracy",
    make: || Box::new(CurvesPanel::default()),
};

/// The run's curves, and those of runs kept to compare with.
#[derive(Default)]
struct CurvesPanel {
    kept: Vec<Curves>,
}

impl Panel for CurvesPanel {
    fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>) {
        let bottom = ui.max_rect().bottom();
        egui::ScrollArea::vertical().id_salt("curves").auto_shrink(false).show(ui, |ui| {
            curves_ui(ui, context.snapshot, &mut self.kept, bottom);
        });
    }

    fn svg(&self, shown: &Shown<'_>) -> Result<String, String> {
        Ok(curves(&curves_of(shown.snapshot), &self.kept).svg())
    }

    fn hear(&mut self, news: &News<'_>) {
        if let News::KeepCurves(snapshot) = news {
            self.kept.push(curves_of(snapshot));
        }
    }
}

/// Draws both plots down to `bottom`; `kept` are the runs to compare with.
fn curves_ui(ui: &mut Ui, snapshot: &Snapshot, kept: &mut Vec<Curves>, bottom: f32) {
    let own = curves_of(snapshot);
    if own.losses.is_empty() && own.batches.is_empty() {
        empty_ui(ui, "Nothing trained yet.", "Press Play, and watch the loss fall.");
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
    let height = (bottom - ui.cursor().top() - 60.0) / 2.0;
    ui.label(RichText::new("Loss: mean cross-entropy in nats, lower is better").small().weak());
    let restarts = snapshot.config.training.schedule_over == Span::Phase;
    plot_ui(ui, "loss", height, restarts, &own, kept, |curves| (&curves.batches, &curves.losses));
    ui.label(RichText::new("Accuracy on held-out images, in percent").small().weak());
    plot_ui(ui, "accuracy", height, false, &own, kept, |curves| (&[], &curves.accuracies));
}

type Part = for<'a> fn(&'a Curves) -> (&'a [[f64; 2]], &'a [[f64; 2]]);

/// One plot; `restarts` says that the learning rate's schedule begins anew after each growth.
fn plot_ui(ui: &mut Ui, name: &str, height: f32, restarts: bool, own: &Curves, kept: &[Curves], part: Part) {
    let tokens = Tokens::of(ui);
    // The legend keeps clear of where the curves end.
    let (unit, corner) = if name == "loss" { ("", Corner::RightTop) } else { (" %", Corner::RightBottom) };
    let drawn = part(own);
    let top = drawn.0.iter().chain(drawn.1).map(|point| point[1]).fold(0.0, f64::max);
    let (x, y) = (Ticks::default(), Ticks::default());
    let (x_texts, y_texts) = (x.clone(), y.clone());
    Plot::new(name)
        .height(height.max(120.0))
        .legend(Legend::default().position(corner).background_alpha(0.6))
        .grid_color(tokens.line)
        .link_axis(egui::Id::unique("curves"), [true, false])
        .x_axis_label("training steps")
        // Several times the closest spacing that the plot recommends, so that each line has room for its number.
        .x_grid_spacer(uniform_grid_spacer(move |input| x.lines((10.0 * input.base_step_size).max(1.0))))
        .y_grid_spacer(uniform_grid_spacer(move |input| y.lines(4.0 * input.base_step_size)))
        .x_axis_formatter(move |mark, _| x_texts.text(mark.value))
        .y_axis_formatter(move |mark, _| y_texts.text(mark.value))
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
                if restarts {
                    // Within what is drawn anyway: a place of its own would stretch the axis.
                    let text = RichText::new(" grown: learning rate restarts").small().color(tokens.weak);
                    let text = PlotText::new("", PlotPoint::new(*step, top), text);
                    plot.text(text.anchor(Align2::LEFT_TOP).allow_hover(false));
                }
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
