//! Charts of series, several in one picture.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::{PlotError, colour, failed};
use crate::format::magnitude;

/// Size of a panel in pixels.
const SIZE: (u32, u32) = (460, 400);
/// Width of the legend of a panel with several series.
const NAMES: u32 = 170;
/// Height of the line above all panels.
const TITLE: u32 = 40;

/// How an axis runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By powers of ten; what is not above 0 is left out.
    Logarithmic,
}

/// A point of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Place along the x axis.
    pub x: f64,
    /// Place along the y axis.
    pub y: f64,
    /// Half the length of the bar through the point, along y; 0 for none.
    pub spread: f64,
}

/// Points of one kind.
#[derive(Clone, Debug)]
pub struct Series {
    /// What they are.
    pub name: String,
    /// The points.
    pub points: Vec<Point>,
    /// Whether a line joins them.
    pub joined: bool,
}

/// A chart.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The title above it.
    pub title: String,
    /// The label of the x axis.
    pub x: String,
    /// The label of the y axis.
    pub y: String,
    /// How the x axis runs.
    pub scale: Scale,
    /// Whether both axes have one range and a line shows where they are equal.
    pub diagonal: bool,
    /// The series that are drawn.
    pub series: Vec<Series>,
}

impl Panel {
    /// The position of `x` along the axis; none where a logarithmic axis has no such position.
    pub fn place(&self, x: f64) -> Option<f64> {
        match self.scale {
            Scale::Linear => Some(x),
            Scale::Logarithmic => (x > 0.0).then(|| x.log10()),
        }
    }

    /// The label at a position along the x axis.
    pub fn x_label(&self, place: f64) -> String {
        match self.scale {
            Scale::Logarithmic => magnitude(10f64.powf(place) as u64),
            Scale::Linear => short(place),
        }
    }

    /// For each series its points with their positions along x; points without a position are left out.
    pub fn places(&self) -> Vec<Vec<(f64, Point)>> {
        let place = |point: &Point| {
            Some((self.place(point.x)?, *point)).filter(|(x, p)| x.is_finite() && p.y.is_finite())
        };
        self.series.iter().map(|series| series.points.iter().filter_map(place).collect()).collect()
    }
}

/// The panels, `columns` in a row, under one title.
pub(super) fn panels_svg(title: &str, columns: usize, panels: &[Panel]) -> Result<String, PlotError> {
    let columns = columns.clamp(1, panels.len().max(1));
    let rows = panels.len().div_ceil(columns).max(1);
    let named = panels.iter().any(|panel| panel.series.len() > 1);
    let width = SIZE.0 + if named { NAMES } else { 0 };
    let size = (width * columns as u32, SIZE.1 * rows as u32 + TITLE);
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, size).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        let (head, body) = root.split_vertically(TITLE);
        let style = ("sans-serif", 18).into_font().color(&BLACK);
        head.draw(&Text::new(title.to_owned(), (14, 12), style)).map_err(failed)?;
        for (panel, area) in panels.iter().zip(body.split_evenly((rows, columns))) {
            match named {
                true => {
                    let (chart, names) = area.split_horizontally(SIZE.0);
                    draw(panel, &chart)?;
                    name(panel, &names)?;
                }
                false => draw(panel, &area)?,
            }
        }
        root.present().map_err(failed)?;
    }
    Ok(text)
}

/// The range of some numbers, with a margin.
fn range(numbers: impl Iterator<Item = f64>) -> std::ops::Range<f64> {
    let (low, high) =
        numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if low > high {
        return 0.0..1.0;
    }
    let room = if high > low { 0.06 * (high - low) } else { 0.5 * high.abs().max(1e-6) };
    low - room..high + room
}

fn draw(panel: &Panel, area: &DrawingArea<SVGBackend, Shift>) -> Result<(), PlotError> {
    let places = panel.places();
    let all = || places.iter().flatten();
    let y_ends = || all().flat_map(|(_, point)| [point.y - point.spread, point.y + point.spread]);
    let (mut across, mut up) = (range(all().map(|(x, _)| *x)), range(y_ends()));
    if panel.diagonal {
        across = range(all().map(|(x, _)| *x).chain(y_ends()));
        up = across.clone();
    }
    let mut chart = ChartBuilder::on(area)
        .caption(&panel.title, ("sans-serif", 15))
        .margin(10)
        .x_label_area_size(42)
        .y_label_area_size(62)
        .build_cartesian_2d(across.clone(), up)
        .map_err(failed)?;
    let label = |x: &f64| panel.x_label(*x);
    chart
        .configure_mesh()
        .x_desc(&panel.x)
        .y_desc(&panel.y)
        .x_labels(5)
        .y_labels(6)
        .x_label_formatter(&label)
        .y_label_formatter(&|y| short(*y))
        .light_line_style(TRANSPARENT)
        .draw()
        .map_err(failed)?;
    if panel.diagonal {
        let ends = [(across.start, across.start), (across.end, across.end)];
        chart.draw_series(LineSeries::new(ends, BLACK.mix(0.4).stroke_width(1))).map_err(failed)?;
    }
    for (index, (series, points)) in panel.series.iter().zip(&places).enumerate() {
        let colour = colour(index);
        if series.joined {
            let line = points.iter().map(|(x, point)| (*x, point.y));
            chart.draw_series(LineSeries::new(line, colour.stroke_width(2))).map_err(failed)?;
        }
        let bars = points.iter().filter(|(_, point)| point.spread > 0.0).map(|(x, point)| {
            PathElement::new(
                [(*x, point.y - point.spread), (*x, point.y + point.spread)],
                colour.stroke_width(1),
            )
        });
        chart.draw_series(bars).map_err(failed)?;
        let marks = points.iter().map(|(x, point)| mark(index, (*x, point.y)));
        chart.draw_series(marks).map_err(failed)?;
    }
    Ok(())
}

/// The legend: each series' mark and name.
fn name(panel: &Panel, area: &DrawingArea<SVGBackend, Shift>) -> Result<(), PlotError> {
    for (index, series) in panel.series.iter().enumerate() {
        let top = 46 + 20 * index as i32;
        area.draw(&mark(index, (12, top))).map_err(failed)?;
        let style = ("sans-serif", 12).into_font().color(&BLACK);
        area.draw(&Text::new(series.name.clone(), (24, top - 6), style)).map_err(failed)?;
    }
    Ok(())
}

/// The mark of series `index`. Shapes differ, so that colour is never all that tells series apart.
fn mark<'b, C: Clone + 'static>(index: usize, at: C) -> DynElement<'static, SVGBackend<'b>, C> {
    let style = colour(index).filled();
    match index % 3 {
        0 => Circle::new(at, 4, style).into_dyn(),
        1 => TriangleMarker::new(at, 4, style).into_dyn(),
        _ => Cross::new(at, 4, style).into_dyn(),
    }
}

/// A number for an axis.
pub fn short(number: f64) -> String {
    match number.abs() {
        // A tick at 0, up to rounding.
        size if size < 1e-12 => "0".to_owned(),
        size if size >= 1e4 => magnitude_signed(number),
        size if size < 1e-2 => format!("{number:.1e}"),
        size if size < 100.0 => {
            let text = format!("{number:.3}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => format!("{number:.0}"),
    }
}

fn magnitude_signed(number: f64) -> String {
    format!("{}{}", if number < 0.0 { "-" } else { "" }, magnitude(number.abs() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(scale: Scale, points: &[(f64, f64)]) -> Panel {
        let points = points.iter().map(|&(x, y)| Point { x, y, spread: 0.1 }).collect();
        let series = |name: &str, points| Series { name: name.into(), points, joined: true };
        Panel {
            title: "A title".into(),
            x: "cost".into(),
            y: "loss".into(),
            scale,
            diagonal: false,
            series: vec![series("ours", points), series("empty", Vec::new())],
        }
    }

    #[test]
    fn every_panel_is_drawn_and_what_cannot_be_placed_is_left_out() {
        let points = [(1e6, 1.5), (1e9, 0.5), (0.0, 7.0), (f64::NAN, 1.0)];
        let panels = [
            panel(Scale::Logarithmic, &points),
            panel(Scale::Linear, &[]),
            panel(Scale::Linear, &points[..1]),
        ];
        assert_eq!(panels[0].places()[0].len(), 2);
        let text = panels_svg("Three", 2, &panels).unwrap();
        assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"));
        for (part, count) in [("A title", 3), ("ours", 3), ("Three", 1), ("<circle", 2 + 1 + 3)] {
            assert_eq!(text.matches(part).count(), count, "{part}");
        }
        assert!(!text.contains("NaN"));
        assert_eq!(
            [0.0, 2e-18, 0.005, 0.25, 3.0, 64_000.0].map(short),
            ["0", "0", "5.0e-3", "0.25", "3", "64.0 k"]
        );
    }
}
