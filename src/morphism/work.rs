//! What a candidate costs an engine, beside the network's own forward and backward passes.

use super::Place;

/// A node of a candidate's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The site z.
    Site,
    /// The only reader of z.
    Reader,
}

/// Floating-point operations an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// The convolutions with φ that no scale changes.
    pub probe: u64,
    /// The change at one scale.
    pub change: u64,
    /// The gradient of φ, once the slope of the change is known.
    pub slope: u64,
    /// What makes the change at z a change of the node it enters at; as much again back.
    pub entry: u64,
    /// The node whose cotangents the change meets.
    pub meets: Spot,
    /// The node that the change enters at, when it is made.
    pub enters: Spot,
}

impl Work {
    /// A change of one channel of z, made with `probe` operations.
    pub fn of_channel(place: &Place, probe: u64) -> Self {
        let entry = place.at_reader(place.outgoing.iter().flatten().product());
        Self { probe, change: 0, slope: probe, entry, meets: Spot::Site, enters: Spot::Reader }
    }

    /// A change of the whole of z, made with `probe` operations.
    pub fn of_site(probe: u64) -> Self {
        Self { probe, change: 0, slope: probe, entry: 0, meets: Spot::Site, enters: Spot::Site }
    }

    /// A branch of two convolutions, `probe` and then `change`, that ends at a node. Its gradient is that of both
    /// convolutions and of what is between them.
    pub fn of_branch(probe: u64, change: u64, ends: Spot) -> Self {
        Self { probe, change, slope: 2 * change + probe, entry: 0, meets: ends, enters: ends }
    }
}

impl Place {
    /// Multiply-accumulates of kernel weights at every position of the layer's own output, two operations each.
    pub(super) fn at_layer(&self, weights: usize) -> u64 {
        2 * weights as u64 * self.image.positions() as u64
    }

    /// The same at every position of z.
    pub(super) fn at_site(&self, weights: usize) -> u64 {
        2 * weights as u64 * self.shape.positions() as u64
    }

    /// The same at every position of the reader's output; the linear layer has one.
    pub(super) fn at_reader(&self, weights: usize) -> u64 {
        let positions = match &self.site.reader {
            Some(super::Reader::Head { .. }) => 1,
            _ => self.shape.positions() as u64,
        };
        2 * weights as u64 * positions
    }
}
