//! The plots as SVG files.

use eframe::egui::Color32;
use plotters::prelude::*;

use super::stretch::Stretch;
use super::tokens::LIGHT;
use crate::app::view::{View, families};
use crate::app::worker::board::Snapshot;
use crate::app::worker::curves::Curves;
use crate::estimate::Agreement;
use crate::lab::Round;
use crate::morphism::{Family, morph};
use crate::plot::{PlotError, failed, sign};

const SIZE: (u32, u32) = (720, 640);

/// The plot of a round's measured candidates, or why there is none.
pub fn candidates_svg(snapshot: &Snapshot, view: &View) -> Result<String, String> {
    let measured = |round: &&Round| round.candidates.iter().any(|candidate| candidate.actual.is_some());
    let round = view.record(snapshot).filter(measured);
    let round = round.ok_or("There is nothing to plot before gains are measured.")?;
    cloud_svg(snapshot, round, view).map_err(|error| error.to_string())
}

/// Estimated against actual, for the families shown.
fn cloud_svg(snapshot: &Snapshot, round: &Round, view: &View) -> Result<String, PlotError> {
    let estimator = view.estimator(round);
    let shown = |family: &Family| !view.hidden.contains(family);
    let stretch =
        Stretch::of(round.candidates.iter().filter_map(|candidate| candidate.estimate_by(round.estimator)));
    let pairs = |family: Family| -> Vec<(String, f64, f64)> {
        let of_family = round.candidates.iter().filter(|candidate| candidate.family == family);
        of_family
            .filter_map(|candidate| {
                let actual = view.actual(snapshot, round, candidate)?;
                Some((candidate.layer().to_owned(), candidate.estimate_by(estimator)?, actual))
            })
            .collect()
    };
    let families: Vec<Family> = families(round).into_iter().filter(shown).collect();
    let places = families.iter().flat_map(|family| pairs(*family)).flat_map(|(_, a, b)| [a, b]);
    let (low, high) = places
        .map(|gain| stretch.place(gain))
        .fold((-1.0_f64, 1.0_f64), |(low, high), place| (low.min(place), high.max(place)));
    let range = 1.08 * low..1.08 * high;
    let layers = &snapshot.diagram.layers;
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        let title = format!("Round {}: gains estimated by {estimator} and actual gains", round.round);
        let mut chart = ChartBuilder::on(&root)
            .caption(title, ("sans-serif", 19))
            .margin(14)
            .x_label_area_size(44)
            .y_label_area_size(70)
            .build_cartesian_2d(range.clone(), range.clone())
            .map_err(failed)?;
        let label = |place: &f64| format!("{:.1e}", stretch.gain(*place));
        chart
            .configure_mesh()
            .x_desc("estimated gain (nats; scale stretched around 0)")
            .y_desc("actual gain")
            .x_label_formatter(&label)
            .y_label_formatter(&label)
            .light_line_style(TRANSPARENT)
            .draw()
            .map_err(failed)?;
        let ends = [(range.start, range.start), (range.end, range.end)];
        chart.draw_series(LineSeries::new(ends, rgb(LIGHT.accent).stroke_width(2))).map_err(failed)?;
        for family in families {
            let pairs = pairs(family);
            let (estimated, actual): (Vec<f64>, Vec<f64>) = pairs.iter().map(|(_, a, b)| (*a, *b)).unzip();
            let agreement = Agreement::of(&estimated, &actual);
            let number = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.3}"));
            let legend = format!(
                "{family}: n {}, r {}, slope {}",
                agreement.n,
                number(agreement.pearson),
                number(agreement.slope)
            );
            let dots: Vec<((f64, f64), RGBColor)> = pairs
                .iter()
                .map(|(layer, estimated, actual)| {
                    let index = layers.iter().position(|other| other.name == *layer).unwrap_or(0);
                    let at = (stretch.place(*estimated), stretch.place(*actual));
                    (at, rgb(LIGHT.layer(index, layers.len())))
                })
                .collect();
            // Signs differ, so that colour is never all that tells families apart.
            let mark = morph(family).about().mark;
            chart
                .draw_series(dots.into_iter().map(|(at, colour)| sign(at, mark, colour)))
                .map_err(failed)?
                .label(legend)
                .legend(move |(x, y)| sign((x + 10, y), mark, BLACK));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.3))
            .draw()
            .map_err(failed)?;
        root.present().map_err(failed)?;
    }
    Ok(text)
}

/// Held-out loss over training steps, of this run and of those kept.
pub fn curves_svg(own: &Curves, kept: &[Curves]) -> Result<String, PlotError> {
    let all = || std::iter::once(own).chain(kept);
    let points = || all().flat_map(|curves| curves.batches.iter().chain(&curves.losses));
    let steps = points().map(|point| point[0]).fold(1.0_f64, f64::max);
    let top = points().map(|point| point[1]).fold(0.1_f64, f64::max);
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        let mut chart = ChartBuilder::on(&root)
            .caption("Loss over training steps", ("sans-serif", 19))
            .margin(14)
            .x_label_area_size(44)
            .y_label_area_size(60)
            .build_cartesian_2d(0.0..1.02 * steps, 0.0..1.05 * top)
            .map_err(failed)?;
        let mesh = &mut chart.configure_mesh();
        mesh.x_desc("training steps").y_desc("mean cross-entropy (nats)").light_line_style(TRANSPARENT);
        mesh.draw().map_err(failed)?;
        for (index, curves) in all().enumerate() {
            let colour = rgb(LIGHT.layer(index, kept.len() + 1));
            let line = |points: &[[f64; 2]]| points.iter().map(|[x, y]| (*x, *y)).collect::<Vec<_>>();
            chart.draw_series(LineSeries::new(line(&curves.batches), colour.mix(0.4))).map_err(failed)?;
            let series = chart.draw_series(LineSeries::new(line(&curves.losses), colour.stroke_width(2)));
            let legend = move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2));
            series.map_err(failed)?.label(format!("held out: {}", curves.name)).legend(legend);
        }
        let labels = &mut chart.configure_series_labels();
        labels.background_style(WHITE.mix(0.85)).border_style(BLACK.mix(0.3)).draw().map_err(failed)?;
        root.present().map_err(failed)?;
    }
    Ok(text)
}

/// The screen's colour, on paper.
fn rgb(colour: Color32) -> RGBColor {
    let [r, g, b, _] = colour.to_array();
    RGBColor(r, g, b)
}
