//! Loss and accuracy over training steps, with growth marked, and earlier runs beside them.

use eframe::egui::{self, RichText, Slider, TextStyle, Ui};
use egui_plot::{
    Corner, GridInput, HoverPosition, Legend, Line, LineStyle, MarkerShape, Plot, PlotPoints, PlotUi, Points,
    VLine, uniform_grid_spacer,
};

use super::cloud::empty_ui;
use super::{Entry, News, Panel, PanelContext, Shown};
use crate::app::drawing::logarithm;
use crate::app::drawing::plots::{curves_of, named};
use crate::app::drawing::ticks::Ticks;
use crate::app::drawing::tokens::Tokens;
use crate::app::view::CurveChoices;
use crate::app::worker::board::Snapshot;
use crate::format::decimal;
use crate::lab::Span;
use crate::pictures::{Curves, SMOOTH, curves};
use crate::words::say;

/// The panel in the list.
pub const ENTRY: Entry = Entry {
    name: "curves",
    tab: || say!("commands-tab-curves"),
    command: || say!("commands-show-curves"),
    make: || Box::new(CurvesPanel::default()),
};

/// The most steps that a loss is averaged over.
const SMOOTHEST: usize = 100;
/// The name of the marks where the schedule of the learning rate begins anew: without one they are not in the legend,
/// which would cover the curves.
const UNNAMED: &str = "";

/// The run's curves, and those of runs kept to compare with.
#[derive(Default)]
struct CurvesPanel {
    kept: Vec<Kept>,
}

/// A run kept to compare with.
struct Kept {
    curves: Curves,
    preset: String,
    seed: u64,
    run: u64,
}

impl Kept {
    fn of(snapshot: &Snapshot) -> Self {
        let (config, curves) = (&snapshot.config, curves_of(snapshot, SMOOTH));
        Self { curves, preset: config.preset.clone(), seed: config.seed, run: snapshot.run }
    }

    /// What it is called on the screen; in files its curves have a name.
    fn name(&self) -> String {
        // As text: the seed may have more digits than a number of the catalogue keeps.
        let seed = self.seed.to_string();
        say!("curves-kept", preset = &self.preset, seed = seed, run = self.run)
    }
}

impl Panel for CurvesPanel {
    fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>) {
        let bottom = ui.max_rect().bottom();
        // Behind an earlier moment stands what came after it.
        let later = context.board.snapshot.as_deref().filter(|_| context.snapshot.is_past());
        let choices = &mut context.view.curves;
        egui::ScrollArea::vertical().id_salt("curves").auto_shrink(false).show(ui, |ui| {
            curves_ui(ui, context.snapshot, later, choices, &mut self.kept, bottom);
        });
    }

    fn svg(&self, shown: &Shown<'_>) -> Result<String, String> {
        let kept: Vec<Curves> = self.kept.iter().map(|kept| kept.curves.clone()).collect();
        let own = curves_of(shown.snapshot, shown.view.curves.smoothing);
        Ok(curves(&own, &kept).svg())
    }

    fn hear(&mut self, news: &News<'_>) {
        if let News::KeepCurves(snapshot) = news {
            self.kept.push(Kept::of(snapshot));
        }
    }
}

/// Draws both plots down to `bottom`; `kept` are the runs to compare with.
fn curves_ui(
    ui: &mut Ui,
    snapshot: &Snapshot,
    later: Option<&Snapshot>,
    choices: &mut CurveChoices,
    kept: &mut Vec<Kept>,
    bottom: f32,
) {
    let of = |snapshot: &Snapshot| curves_of(snapshot, choices.smoothing);
    let (own, later) = (of(snapshot), later.map(of));
    if own.losses.is_empty() && own.batches.is_empty() && later.is_none() {
        empty_ui(ui, say!("curves-empty"), say!("curves-empty-next"));
        return;
    }
    choices_ui(ui, choices);
    let mut dropped = None;
    for (index, run) in kept.iter().enumerate() {
        ui.horizontal(|ui| {
            let colour = Tokens::of(ui).layer(index, kept.len().max(3));
            ui.colored_label(colour, RichText::new(kind_of(index).0).monospace());
            ui.label(run.name());
            if ui.small_button(say!("curves-remove")).on_hover_text(say!("curves-remove-hint")).clicked() {
                dropped = Some(index);
            }
        });
    }
    if let Some(index) = dropped {
        kept.remove(index);
    }
    let height = (bottom - ui.cursor().top() - 60.0) / 2.0;
    let drawn = Drawn { own: &own, later: later.as_ref(), kept, height: height.max(120.0) };
    ui.label(RichText::new(say!("curves-loss")).small().weak());
    let scale = if choices.logarithmic { Scale::Logarithmic } else { Scale::Even };
    let restarts = snapshot.config.training.schedule_over == Span::Phase;
    plot_ui(ui, "loss", scale, restarts, &drawn, |curves| (&curves.batches, &curves.losses));
    ui.label(RichText::new(say!("curves-accuracy")).small().weak());
    plot_ui(ui, "accuracy", Scale::Percent, false, &drawn, |curves| (&[], &curves.accuracies));
}

/// How the loss runs, and how smooth it is.
fn choices_ui(ui: &mut Ui, choices: &mut CurveChoices) {
    ui.horizontal_wrapped(|ui| {
        ui.checkbox(&mut choices.logarithmic, say!("curves-logarithmic"))
            .on_hover_text(say!("curves-logarithmic-hint"));
        ui.spacing_mut().slider_width = 90.0;
        let slider = Slider::new(&mut choices.smoothing, 0..=SMOOTHEST)
            .show_value(false)
            .text(say!("curves-smoothing"));
        ui.add(slider).on_hover_text(say!("curves-smoothing-hint"));
        let said = match choices.smoothing {
            0 | 1 => say!("curves-raw").to_owned(),
            steps => say!("curves-over-steps", steps = steps),
        };
        ui.label(RichText::new(said).small().weak());
    });
}

/// How the curves of the kept run of this number are drawn, as letters and as a line: not by their colour alone. The run's
/// own are whole.
fn kind_of(index: usize) -> (&'static str, LineStyle) {
    const KINDS: usize = 4;
    match index % KINDS {
        0 => ("— —", LineStyle::dashed_loose()),
        1 => ("· · ·", LineStyle::dotted_loose()),
        2 => ("- - -", LineStyle::dashed_dense()),
        _ => ("·····", LineStyle::dotted_dense()),
    }
}

/// How what is still to come is drawn.
const LATER: LineStyle = LineStyle::Dashed { length: 3.0 };

type Part = for<'a> fn(&'a Curves) -> (&'a [[f64; 2]], &'a [[f64; 2]]);

/// What both plots show.
struct Drawn<'a> {
    own: &'a Curves,
    /// The whole run, where `own` is an earlier moment of it.
    later: Option<&'a Curves>,
    kept: &'a [Kept],
    height: f32,
}

/// How the upright axis runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Scale {
    Even,
    Logarithmic,
    Percent,
}

impl Scale {
    /// Points as the plot has them.
    fn points(self, points: &[[f64; 2]]) -> PlotPoints<'static> {
        let place =
            |&[x, y]: &[f64; 2]| [x, if self == Scale::Logarithmic { logarithm::place(y) } else { y }];
        points.iter().map(place).collect()
    }

    /// A place of the plot as a number.
    fn said(self, y: f64) -> String {
        match self {
            Scale::Even => decimal(y, 3),
            Scale::Logarithmic => decimal(logarithm::value(y), 3),
            Scale::Percent => format!("{} %", decimal(y, 1)),
        }
    }
}

/// One plot, kept under `id`; `restarts` says that the learning rate's schedule begins anew after each growth.
fn plot_ui(ui: &mut Ui, id: &str, scale: Scale, restarts: bool, drawn: &Drawn<'_>, part: Part) {
    let tokens = Tokens::of(ui);
    let name = if scale == Scale::Percent { say!("curves-plot-accuracy") } else { say!("curves-plot-loss") };
    // The legend keeps clear of where the curves end.
    let corner = if scale == Scale::Percent { Corner::RightBottom } else { Corner::RightTop };
    let (x, y) = (Ticks::default(), Ticks::default());
    let (x_texts, y_texts) = (x.clone(), y.clone());
    let even = uniform_grid_spacer(move |input| y.lines(4.0 * input.base_step_size));
    let spacer = move |input: GridInput| match scale {
        Scale::Logarithmic => logarithm::marks(input),
        _ => even(input),
    };
    let shown = Plot::new((id, scale))
        .height(drawn.height)
        .legend(Legend::default().position(corner).text_style(TextStyle::Small).background_alpha(0.6))
        .grid_color(tokens.line)
        .link_axis(egui::Id::unique("curves"), [true, false])
        .x_axis_label(say!("curves-steps"))
        // Several times the closest spacing that the plot recommends, so that each line has room for its number.
        .x_grid_spacer(uniform_grid_spacer(move |input| x.lines((10.0 * input.base_step_size).max(1.0))))
        .y_grid_spacer(spacer)
        .x_axis_formatter(move |mark, _| x_texts.text(mark.value))
        .y_axis_formatter(move |mark, _| match scale {
            Scale::Logarithmic => logarithm::text(mark.value),
            _ => y_texts.text(mark.value),
        })
        .label_formatter(move |hover| match hover {
            HoverPosition::NearDataPoint { plot_name, position, .. } => {
                let name = if *plot_name == UNNAMED { say!("curves-restarts") } else { *plot_name };
                let step = format!("{:.0}", position.x);
                let point = say!("curves-point", step = step, value = scale.said(position.y));
                Some(format!("{name}\n{point}"))
            }
            HoverPosition::Elsewhere { .. } => None,
        })
        .show(ui, |plot| {
            if let Some(later) = drawn.later {
                let (batches, scores) = part(later);
                for points in [batches, scores] {
                    let line =
                        Line::new(say!("curves-still-to-come"), scale.points(points)).allow_band(false);
                    plot.line(line.color(tokens.line).style(LATER).allow_hover(false));
                }
            }
            growth(plot, drawn.own, scale, restarts, &tokens);
            if scale != Scale::Percent {
                ungrown(plot, drawn.own, scale, &tokens);
            }
            for (index, run) in drawn.kept.iter().enumerate() {
                let colour = tokens.layer(index, drawn.kept.len().max(3));
                let said = format!("{name}, {}", run.name());
                let (batches, scores) = part(&run.curves);
                let style = kind_of(index).1;
                let line = Line::new(said.clone(), scale.points(batches)).allow_band(false).style(style);
                plot.line(line.color(colour.gamma_multiply(0.5)));
                let line = Line::new(said, scale.points(scores)).allow_band(false).style(style);
                plot.line(line.color(colour));
            }
            let (batches, scores) = part(drawn.own);
            if !batches.is_empty() {
                let line = Line::new(say!("curves-batches"), scale.points(batches)).allow_band(false);
                plot.line(line.color(tokens.cold));
            }
            // What was scored are the points, small within a training; the line only leads from one to the next.
            let line = Line::new(say!("curves-held-out"), scale.points(scores)).allow_band(false);
            plot.line(line.color(tokens.accent).width(1.0));
            let is_look = |point: &&[f64; 2]| drawn.own.looks.contains(&point[0]);
            let (looks, ends): (Vec<&[f64; 2]>, Vec<&[f64; 2]>) = scores.iter().partition(is_look);
            for (points, radius) in [(looks, 2.5), (ends, 4.0)] {
                let points: Vec<[f64; 2]> = points.into_iter().copied().collect();
                let points =
                    Points::new(say!("curves-held-out"), scale.points(&points)).shape(MarkerShape::Circle);
                plot.points(points.radius(radius).color(tokens.accent));
            }
        });
    named(&shown.response, name);
}

/// Marks where the network grew, and on the loss where the learning rate then begins anew.
fn growth(plot: &mut PlotUi<'_>, own: &Curves, scale: Scale, restarts: bool, tokens: &Tokens) {
    for step in &own.growth {
        let line =
            VLine::new(say!("curves-growth"), *step).color(tokens.new).style(LineStyle::dashed_dense());
        plot.vline(line.allow_hover(false));
    }
    if restarts {
        let first = |step: &f64| own.batches.iter().find(|batch| batch[0] > *step).copied();
        let firsts: Vec<[f64; 2]> = own.growth.iter().filter_map(first).collect();
        if !firsts.is_empty() {
            let points = Points::new(UNNAMED, scale.points(&firsts)).shape(MarkerShape::Diamond);
            plot.points(points.radius(5.5).color(tokens.new));
        }
    }
}

/// Draws where each followed network would be if it had not grown: dashed to its twin's loss after the next training.
fn ungrown(plot: &mut PlotUi<'_>, own: &Curves, scale: Scale, tokens: &Tokens) {
    let name = || say!("curves-ungrown");
    for both in &own.ungrown {
        let line = Line::new(name(), scale.points(both)).allow_band(false).style(LineStyle::dashed_dense());
        plot.line(line.color(tokens.accent).allow_hover(false));
        let end = Points::new(name(), scale.points(&both[1..])).shape(MarkerShape::Circle).filled(false);
        plot.points(end.radius(4.0).color(tokens.accent));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_side_by_side_differ_by_more_than_their_colours() {
        for one in 0..4 {
            for other in 0..one {
                let ((text, line), (other_text, other_line)) = (kind_of(one), kind_of(other));
                assert!(text != other_text && line != other_line, "{one} and {other}");
            }
            assert!(kind_of(one).1 != LineStyle::Solid, "which is the run's own");
            assert!(kind_of(one).1 != LATER, "which is still to come");
        }
    }
}
