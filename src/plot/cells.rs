//! A network as columns of cells, one cell a channel, each with two halves: what splitting promises and what pruning
//! costs.

use plotters::prelude::*;

use super::{PlotError, failed};

/// A channel. Both shares are in 0…1: 1 for the channel whose split promises most, or whose pruning costs least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// How red the left half is.
    pub split: f64,
    /// How blue the right half is.
    pub prune: f64,
}

/// A layer.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its channels.
    pub cells: Vec<Cell>,
}

const CELL: (i32, i32) = (56, 18);
const GAP: i32 = 44;
const TOP: i32 = 84;

/// The network under a title and lines that say how to read it.
pub(super) fn cells_svg(title: &str, notes: &[String; 2], columns: &[Column]) -> Result<String, PlotError> {
    let tallest = columns.iter().map(|column| column.cells.len()).max().unwrap_or(0) as i32;
    let width = (columns.len() as i32 * (CELL.0 + GAP) + GAP).max(600);
    let height = TOP + tallest * (CELL.1 + 3) + 46;
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, (width as u32, height as u32)).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        let write = |words: &str, at: (i32, i32), size: i32| {
            root.draw(&Text::new(words.to_owned(), at, ("sans-serif", size).into_font().color(&BLACK)))
        };
        write(title, (14, 12), 18).map_err(failed)?;
        for (line, note) in notes.iter().enumerate() {
            write(note, (14, 36 + 18 * line as i32), 12).map_err(failed)?;
        }
        for (index, column) in columns.iter().enumerate() {
            let left = GAP + index as i32 * (CELL.0 + GAP);
            for (channel, cell) in column.cells.iter().enumerate() {
                let top = TOP + channel as i32 * (CELL.1 + 3);
                let middle = left + CELL.0 / 2;
                let halves = [
                    (left, middle, tint(cell.split, RGBColor(200, 40, 30))),
                    (middle, left + CELL.0, tint(cell.prune, RGBColor(30, 90, 200))),
                ];
                for (from, to, colour) in halves {
                    let half = Rectangle::new([(from, top), (to, top + CELL.1)], colour.filled());
                    root.draw(&half).map_err(failed)?;
                }
                let frame = Rectangle::new([(left, top), (left + CELL.0, top + CELL.1)], BLACK.mix(0.4));
                root.draw(&frame).map_err(failed)?;
            }
            let below = TOP + column.cells.len() as i32 * (CELL.1 + 3) + 6;
            write(&column.name, (left, below), 13).map_err(failed)?;
        }
        root.present().map_err(failed)?;
    }
    Ok(text)
}

/// A mixture of nearly white, at 0, and the full colour, at 1.
fn tint(share: f64, full: RGBColor) -> RGBColor {
    let share = share.clamp(0.0, 1.0);
    let mix = |full: u8| (245.0 + (f64::from(full) - 245.0) * share) as u8;
    RGBColor(mix(full.0), mix(full.1), mix(full.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_a_channel() {
        let column = |name: &str, count| Column {
            name: name.into(),
            cells: vec![Cell { split: 1.0, prune: 0.0 }; count],
        };
        let text = cells_svg(
            "Network",
            &["how to read", "sizes"].map(str::to_owned),
            &[column("conv1", 3), column("conv2", 2)],
        )
        .unwrap();
        // Two halves and a frame each, and the background.
        assert_eq!(text.matches("<rect").count(), 5 * 3 + 1);
        assert!(text.contains("sizes") && text.contains("conv2") && text.contains("#C8281E"), "{text}");
    }
}
