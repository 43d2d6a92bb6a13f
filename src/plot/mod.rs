//! Plots as SVG files, for the command line: panels of series side by side, and networks as coloured cells.

mod cells;
mod panel;

use plotters::style::RGBColor;

pub use cells::{Cell, Column, cells_svg};
pub use panel::{Panel, Point, Scale, Series, panels_svg};

/// A plot that cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the plot cannot be drawn: {0}")]
pub struct PlotError(String);

/// From whatever the drawing library says.
pub(crate) fn failed(error: impl std::fmt::Display) -> PlotError {
    PlotError(error.to_string())
}

/// Colours that remain apart for people who see fewer (those of Okabe and Ito, without the yellow).
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(90, 90, 90),
];

/// The colour of series `index`.
fn colour(index: usize) -> RGBColor {
    COLOURS[index % COLOURS.len()]
}
