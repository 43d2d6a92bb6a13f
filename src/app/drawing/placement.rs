//! Where everything of a network's picture stands: one column per layer, one cell per channel, drawn to scale.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

use crate::network::{Diagram, Layer};

/// Space between cells, as a share of a cell.
const GAP: f32 = 0.16;
/// Largest and smallest side of a cell at full resolution, in points.
const SIDES: (f32, f32) = (34.0, 7.0);
/// The space on a small screen that those sides are made for.
const SMALL: (f32, f32) = (740.0, 500.0);
/// Space for a column's title.
const TITLE: f32 = 34.0;
/// Space that the image's class and its buttons take under it.
const UNDER: f32 = 50.0;
/// Space between columns.
const BETWEEN: f32 = 30.0;

/// Where a layer stands.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedLayer {
    /// The middle of its title.
    pub title: Pos2,
    /// All of it but its title.
    pub rect: Rect,
    /// One cell per channel.
    pub cells: Vec<Rect>,
}

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// The image.
    pub image: Rect,
    /// The layers.
    pub layers: Vec<PlacedLayer>,
    /// The classes.
    pub classes: Rect,
    /// Its size; wider than the space given if even the smallest cells do not fit.
    pub size: Vec2,
}

impl Placement {
    /// Places everything of `diagram` into `space`, with the largest cells that fit. `image` and `classes` are the
    /// widths of the image and of the classes, in points.
    pub fn of(diagram: &Diagram, space: Rect, image: f32, classes: f32) -> Self {
        let scale = scale(space);
        let image = image * scale;
        let top = space.top() + TITLE;
        let height = (space.height() - TITLE - 8.0).max(40.0);
        let edges = image + classes + BETWEEN * (diagram.layers.len() as f32 + 1.0);
        let mut side = SIDES.0 * scale;
        while side > SIDES.1 && edges + width(diagram, side, height) > space.width() {
            side -= 0.5;
        }
        let spare = (space.width() - edges - width(diagram, side, height)).max(0.0);
        let between = BETWEEN + (spare / (diagram.layers.len() as f32 + 1.0)).min(46.0 * scale);
        let mut x = space.left() + image + between;
        let middle = top + height / 2.0;
        let mut layers = Vec::new();
        for layer in &diagram.layers {
            let cell = cell_side(side, layer.side);
            let pitch = cell * (1.0 + GAP);
            let rows = rows(height, pitch, layer.channels);
            let across = layer.channels.div_ceil(rows);
            let start = middle - rows as f32 * pitch / 2.0;
            let cells = (0..layer.channels).map(|channel| {
                let (column, row) = (channel / rows, channel % rows);
                let corner = pos2(x + column as f32 * pitch, start + row as f32 * pitch);
                Rect::from_min_size(corner, vec2(cell, cell))
            });
            let width = across as f32 * pitch - cell * GAP;
            let rect = Rect::from_min_size(pos2(x, start), vec2(width, rows as f32 * pitch));
            let title = pos2(x + width / 2.0, space.top() + TITLE / 2.0);
            layers.push(PlacedLayer { title, rect, cells: cells.collect() });
            x += width + between;
        }
        // In the middle, or as much higher as what stands under it needs.
        let centre = middle.min(space.bottom() - UNDER - image / 2.0).max(space.top() + image / 2.0);
        let image = Rect::from_center_size(pos2(space.left() + image / 2.0, centre), vec2(image, image));
        let classes = Rect::from_min_size(pos2(x, top), vec2(classes, height));
        Self { image, layers, classes, size: vec2(classes.right() - space.left(), space.height()) }
    }
}

/// Width of all columns with cells of `side` at full resolution.
fn width(diagram: &Diagram, side: f32, height: f32) -> f32 {
    let column = |layer: &Layer| {
        let pitch = cell_side(side, layer.side) * (1.0 + GAP);
        layer.channels.div_ceil(rows(height, pitch, layer.channels)) as f32 * pitch
    };
    diagram.layers.iter().map(column).sum()
}

/// How much larger than on a small screen everything may be.
fn scale(space: Rect) -> f32 {
    (space.width() / SMALL.0).min(space.height() / SMALL.1).clamp(1.0, 2.2)
}

/// Coarser layers have smaller cells, but not in proportion: they must stay visible.
fn cell_side(side: f32, resolution: usize) -> f32 {
    (side * (0.52 + 0.48 * resolution as f32 / crate::data::SIDE as f32)).max(SIDES.1 * 0.8)
}

/// Cells one above another: what fits, shared evenly among the columns needed.
fn rows(height: f32, pitch: f32, channels: usize) -> usize {
    let most = ((height / pitch) as usize).clamp(1, channels.max(1));
    channels.max(1).div_ceil(channels.max(1).div_ceil(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::preset;

    #[test]
    fn the_image_and_its_buttons_stay_in_a_low_space() {
        let diagram = Diagram::of(&preset("tiny", 10).unwrap());
        for (height, higher) in [(400.0, false), (150.0, true)] {
            let space = Rect::from_min_size(pos2(10.0, 20.0), vec2(640.0, height));
            let plan = Placement::of(&diagram, space, 64.0, 90.0);
            assert!(
                plan.image.top() >= space.top() && plan.image.bottom() + UNDER <= space.bottom(),
                "{plan:?}"
            );
            assert_eq!(plan.image.center().y < plan.classes.center().y, higher, "{height}");
        }
    }

    #[test]
    fn cells_neither_overlap_nor_leave_the_space() {
        for (name, width) in [("tiny", 640.0), ("small", 640.0), ("residual-seed", 900.0), ("tiny", 2000.0)] {
            let diagram = Diagram::of(&preset(name, 10).unwrap());
            let space = Rect::from_min_size(pos2(10.0, 20.0), vec2(width, 0.55 * width));
            let plan = Placement::of(&diagram, space, 64.0, 90.0);
            let cells: Vec<Rect> = plan.layers.iter().flat_map(|column| column.cells.clone()).collect();
            for (position, cell) in cells.iter().enumerate() {
                assert!(space.expand(0.5).contains_rect(*cell), "{name}: {cell:?} in {space:?}");
                for other in &cells[..position] {
                    assert!(!cell.shrink(0.1).intersects(*other), "{name}");
                }
            }
        }
    }
}
