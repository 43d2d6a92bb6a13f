//! Where everything of a network's picture stands: one column a layer, one cell a channel, drawn to scale.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

use crate::network::{Architecture, Op};

/// Space between cells, as a share of a cell.
const GAP: f32 = 0.16;
/// Largest and smallest side of a cell at full resolution, in points.
const SIDES: (f32, f32) = (34.0, 7.0);
/// The space on a small screen that those sides are made for.
const SMALL: (f32, f32) = (740.0, 500.0);
/// Space for a column's title.
const TITLE: f32 = 34.0;
/// Space between columns.
const BETWEEN: f32 = 30.0;

/// A layer of the network, as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The convolution.
    pub name: String,
    /// Its channels.
    pub channels: usize,
    /// Rows and columns of each channel.
    pub side: usize,
    /// What pools it, in a word.
    pub pool: Option<&'static str>,
    /// The node whose output shows what the layer answers: the ReLU behind it, if there is one.
    pub shown: String,
}

/// What there is to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagram {
    /// The layers in order.
    pub layers: Vec<Layer>,
    /// Residual streams: from behind one layer (none: the image) to behind another.
    pub skips: Vec<(Option<usize>, usize)>,
}

impl Diagram {
    /// Of a network.
    pub fn of(architecture: &Architecture) -> Self {
        let shapes = architecture.shapes().unwrap_or_default();
        let mut layers: Vec<Layer> = Vec::new();
        let mut skips = Vec::new();
        // For each node the last layer that it depends on.
        let mut behind: Vec<Option<usize>> = Vec::new();
        for (node, shape) in architecture.nodes.iter().zip(&shapes) {
            let inputs: Vec<Option<usize>> = node
                .inputs
                .iter()
                .filter_map(|input| Some(behind[architecture.index(input).ok()?]))
                .collect();
            let mut last = inputs.iter().copied().max().flatten();
            match node.op {
                Op::Conv { out_channels, .. } => {
                    last = Some(layers.len());
                    let (name, shown) = (node.name.clone(), node.name.clone());
                    let layer = Layer { name, channels: out_channels, side: shape.height, pool: None, shown };
                    layers.push(layer);
                }
                Op::Relu => {
                    if let Some(layer) = last.and_then(|last| layers.get_mut(last)) {
                        layer.shown.clone_from(&node.name);
                    }
                }
                Op::MaxPool { .. } | Op::AvgPool { .. } | Op::GlobalAvgPool => {
                    if let Some(layer) = last.and_then(|last| layers.get_mut(last)) {
                        layer.pool = Some(match node.op {
                            Op::MaxPool { .. } => "max",
                            Op::AvgPool { .. } => "mean",
                            _ => "mean of all",
                        });
                    }
                }
                Op::Add => {
                    if let (Some(from), Some(to)) = (inputs.iter().copied().min(), last) {
                        skips.push((from, to));
                    }
                }
                Op::Input { .. } | Op::Norm { .. } | Op::Linear { .. } => {}
            }
            behind.push(last);
        }
        Self { layers, skips }
    }
}

/// Where a layer stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The middle of its title.
    pub title: Pos2,
    /// Everything of it.
    pub rect: Rect,
    /// One a channel.
    pub cells: Vec<Rect>,
}

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The image.
    pub image: Rect,
    /// The layers.
    pub columns: Vec<Column>,
    /// The classes.
    pub classes: Rect,
    /// Its size; wider than the space given if even the smallest cells do not fit.
    pub size: Vec2,
}

impl Diagram {
    /// Places everything into `space`, with the largest cells that fit.
    pub fn place(&self, space: Rect, image: f32, classes: f32) -> Plan {
        let scale = scale(space);
        let image = image * scale;
        let top = space.top() + TITLE;
        let height = (space.height() - TITLE - 8.0).max(40.0);
        let edges = image + classes + BETWEEN * (self.layers.len() as f32 + 1.0);
        let mut side = SIDES.0 * scale;
        while side > SIDES.1 && edges + self.width(side, height) > space.width() {
            side -= 0.5;
        }
        let spare = (space.width() - edges - self.width(side, height)).max(0.0);
        let between = BETWEEN + (spare / (self.layers.len() as f32 + 1.0)).min(46.0 * scale);
        let mut x = space.left() + image + between;
        let middle = top + height / 2.0;
        let mut columns = Vec::new();
        for layer in &self.layers {
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
            columns.push(Column { title, rect, cells: cells.collect() });
            x += width + between;
        }
        let image = Rect::from_center_size(pos2(space.left() + image / 2.0, middle), vec2(image, image));
        let classes = Rect::from_min_size(pos2(x, top), vec2(classes, height));
        Plan { image, columns, classes, size: vec2(classes.right() - space.left(), space.height()) }
    }

    /// Width of all columns with cells of `side` at full resolution.
    fn width(&self, side: f32, height: f32) -> f32 {
        let column = |layer: &Layer| {
            let pitch = cell_side(side, layer.side) * (1.0 + GAP);
            layer.channels.div_ceil(rows(height, pitch, layer.channels)) as f32 * pitch
        };
        self.layers.iter().map(column).sum()
    }
}

/// How much larger than on a small screen everything may be.
fn scale(space: Rect) -> f32 {
    (space.width() / SMALL.0).min(space.height() / SMALL.1).clamp(1.0, 2.2)
}

/// Coarser layers have smaller cells, though not as small as they are: they must still be seen.
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
    fn a_chain_has_its_layers_with_pools_and_what_they_show() {
        let diagram = Diagram::of(&preset("tiny", 10).unwrap());
        let channels: Vec<usize> = diagram.layers.iter().map(|layer| layer.channels).collect();
        let pools: Vec<Option<&str>> = diagram.layers.iter().map(|layer| layer.pool).collect();
        assert_eq!(channels, [8, 8, 16, 16, 16]);
        assert_eq!(pools, [None, Some("max"), None, Some("max"), Some("mean of all")]);
        assert_eq!((diagram.layers[1].shown.as_str(), diagram.layers[1].side), ("relu2", 32));
        assert!(diagram.skips.is_empty());
    }

    #[test]
    fn residual_streams_span_their_blocks() {
        let diagram = Diagram::of(&preset("residual-seed", 10).unwrap());
        assert_eq!(diagram.layers.len(), 13);
        assert_eq!(
            diagram.skips,
            [(0, 2), (2, 4), (4, 6), (6, 8), (8, 10), (10, 12)].map(|(a, b)| (Some(a), b))
        );
    }

    #[test]
    fn cells_neither_overlap_nor_leave_the_space() {
        for (name, width) in [("tiny", 640.0), ("small", 640.0), ("residual-seed", 900.0), ("tiny", 2000.0)] {
            let diagram = Diagram::of(&preset(name, 10).unwrap());
            let space = Rect::from_min_size(pos2(10.0, 20.0), vec2(width, 0.55 * width));
            let plan = diagram.place(space, 64.0, 90.0);
            let cells: Vec<Rect> = plan.columns.iter().flat_map(|column| column.cells.clone()).collect();
            for (position, cell) in cells.iter().enumerate() {
                assert!(space.expand(0.5).contains_rect(*cell), "{name}: {cell:?} in {space:?}");
                for other in &cells[..position] {
                    assert!(!cell.shrink(0.1).intersects(*other), "{name}");
                }
            }
        }
    }
}
