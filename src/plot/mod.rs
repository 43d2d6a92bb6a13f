//! Plots of studies, as data and as SVG files: panels of series side by side, and networks as coloured cells.

mod cells;
mod panel;
mod sign;

use plotters::style::RGBColor;

pub use cells::{Cell, Column};
pub use panel::{Panel, Point, Scale, Series, short};
pub use sign::sign;

/// A picture of a study.
#[derive(Clone, Debug)]
pub enum Picture {
    /// Charts side by side.
    Panels {
        /// The title above all charts.
        title: String,
        /// Charts in one row of the file.
        columns: usize,
        /// The charts.
        panels: Vec<Panel>,
    },
    /// A network.
    Cells {
        /// The title above it.
        title: String,
        /// How to read it, and its sizes.
        notes: [String; 2],
        /// Its layers.
        columns: Vec<Column>,
    },
}

impl Picture {
    /// The picture as the text of an SVG file.
    pub fn svg(&self) -> Result<String, PlotError> {
        match self {
            Self::Panels { title, columns, panels } => panel::panels_svg(title, *columns, panels),
            Self::Cells { title, notes, columns } => cells::cells_svg(title, notes, columns),
        }
    }
}

/// A plot that cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the plot cannot be drawn: {0}")]
pub struct PlotError(String);

/// An error of the drawing library.
pub(crate) fn failed(error: impl std::fmt::Display) -> PlotError {
    PlotError(error.to_string())
}

/// Colours that people with colour blindness can tell apart (those of Okabe and Ito, without the yellow), on light
/// and dark backgrounds; red, green and blue.
pub const COLOURS: [[u8; 3]; 7] = [
    [0, 114, 178],
    [213, 94, 0],
    [0, 158, 115],
    [204, 121, 167],
    [86, 180, 233],
    [230, 159, 0],
    [120, 120, 120],
];

/// The colour of series `index`.
fn colour(index: usize) -> RGBColor {
    let [red, green, blue] = COLOURS[index % COLOURS.len()];
    RGBColor(red, green, blue)
}
