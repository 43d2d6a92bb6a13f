//! A network as columns of cells, one cell a channel, each with two halves: what splitting promises and what pruning
//! costs.

use super::scene::{Anchor, Ink, Item, Place, Scene, text_width};
use crate::format::decimal;
use crate::words::say;

/// A channel. Both shares are in 0…1: 1 for the channel whose split promises most, or whose pruning costs least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// How strong the left half's colour is.
    pub split: f64,
    /// How strong the right half's colour is.
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

/// Height of a cell, with the gap to the next.
const ROW: f32 = 17.0;
const GAP: f32 = 3.0;
/// A column's width, at most, with the gap to the next.
const WIDEST: f32 = 104.0;
const BETWEEN: f32 = 26.0;
/// Steps of a colour scale.
const STEPS: usize = 40;

/// Height of the cells with what says how to read them.
pub(super) fn height(columns: &[Column]) -> f32 {
    let tallest = columns.iter().map(|column| column.cells.len()).max().unwrap_or(0);
    74.0 + ROW * tallest as f32
}

/// Draws the cells, and above them their colour scales.
pub(super) fn draw(scene: &mut Scene, columns: &[Column], at: Place, width: f32) {
    let [none, most, least] =
        [say!("pictures-scale-none"), say!("pictures-scale-most"), say!("pictures-scale-least")];
    scale(scene, at, say!("pictures-split-scale"), [none, most], Ink::Split);
    scale(
        scene,
        (at.0 + (width / 2.0).min(320.0), at.1),
        say!("pictures-prune-scale"),
        [most, least],
        Ink::Prune,
    );
    let pitch = (width / columns.len().max(1) as f32).min(WIDEST + BETWEEN);
    let (wide, top) = (pitch - BETWEEN, at.1 + 64.0);
    for (index, column) in columns.iter().enumerate() {
        let left = at.0 + 18.0 + index as f32 * pitch;
        scene.text(&column.name, (left, top - 10.0), 11.5, Ink::Text, Anchor::Start).bold = true;
        for (channel, cell) in column.cells.iter().enumerate() {
            let (low, high) = (top + channel as f32 * ROW, top + (channel + 1) as f32 * ROW - GAP);
            let (middle, right) = (left + wide / 2.0, left + wide);
            scene.rectangle((left, low), (middle, high), Ink::Split(cell.split));
            scene.rectangle((middle, low), (right, high), Ink::Prune(cell.prune));
            let corners = vec![(left, low), (right, low), (right, high), (left, high), (left, low)];
            scene.line(corners, 0.7, Ink::Weak);
            scene.text(channel.to_string(), (left - 4.0, (low + high) / 2.0), 9.0, Ink::Weak, Anchor::End);
            let text = say!(
                "pictures-cell",
                channel = channel,
                layer = column.name.as_str(),
                split = decimal(100.0 * cell.split, 0),
                prune = decimal(100.0 * cell.prune, 0)
            );
            scene.items.push(Item::Spot { area: ((left, low), (right, high)), text });
        }
    }
}

/// A colour scale under its name.
fn scale(scene: &mut Scene, (left, top): Place, name: &str, ends: [&str; 2], ink: fn(f64) -> Ink) {
    scene.text(name, (left, top + 6.0), 11.0, Ink::Text, Anchor::Start);
    let start = left + text_width(ends[0], 10.0) + 5.0;
    scene.text(ends[0], (left, top + 23.0), 10.0, Ink::Weak, Anchor::Start);
    for step in 0..STEPS {
        let from = start + 2.5 * step as f32;
        let share = step as f64 / (STEPS - 1) as f64;
        scene.rectangle((from, top + 17.0), (from + 2.6, top + 29.0), ink(share));
    }
    let end = start + 2.5 * STEPS as f32 + 5.0;
    scene.text(ends[1], (end, top + 23.0), 10.0, Ink::Weak, Anchor::Start);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_a_channel() {
        let column = |name: &str, count| Column {
            name: name.into(),
            cells: vec![Cell { split: 1.0, prune: 0.25 }; count],
        };
        let mut scene = Scene::default();
        draw(&mut scene, &[column("conv1", 3), column("conv2", 2)], (0.0, 0.0), 400.0);
        let of = |ink: Ink| {
            let is = |item: &&Item| matches!(item, Item::Surface { ink: other, .. } if *other == ink);
            scene.items.iter().filter(is).count()
        };
        // The strongest colour is in the scale as well.
        assert_eq!((of(Ink::Split(1.0)), of(Ink::Prune(0.25))), (5 + 1, 5));
        let spots = scene.items.iter().filter(|item| matches!(item, Item::Spot { .. })).count();
        assert_eq!(spots, 5);
    }
}
