//! A family's change as a small drawing: layers as columns of channels.

/// The drawing's width and height.
pub const SIZE: (f32, f32) = (84.0, 34.0);
/// Across: the layer's input, the layer, what reads it.
pub const COLUMNS: [f32; 3] = [10.0, 42.0, 74.0];
/// Down: the channels of a layer.
pub const ROWS: [f32; 3] = [8.0, 17.0, 26.0];
/// A shortcut around the layer, from its input to what reads it.
pub const SHORTCUT: &[(f32, f32)] = &[(10.0, 3.0), (18.0, 1.0), (66.0, 1.0), (74.0, 3.0)];

/// What happens to a part of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// It stays.
    Kept,
    /// It is added.
    New,
    /// It is removed.
    Gone,
}

/// A part of a drawing; places are (x, y) with y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stroke {
    /// Channels: a dot in each row.
    Channels {
        /// Where the column stands.
        x: f32,
        /// The rows.
        rows: &'static [f32],
        /// Their colour.
        ink: Ink,
    },
    /// A line through these points.
    Line(&'static [(f32, f32)], Ink),
    /// A cross.
    Cross((f32, f32), Ink),
}

/// A family's drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sketch {
    /// What happens at the middle one of three layers.
    Layers(&'static [Stroke]),
    /// A kernel with a new ring around it.
    Ring,
}
