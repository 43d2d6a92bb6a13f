//! How changes meet cotangents, and what they make of the layer that reads them.

use super::scene::grid;
use super::{Group, Reach, Scene};
use crate::engine::ReaderNode;
use crate::engine::webgpu::interface::{buffers, words};
use crate::engine::webgpu::ops::flag;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::webgpu::{GpuError, shaders};
use crate::network::Shape;

impl Recording {
    /// Records the responses `[set][example][member]` of changes to cotangents.
    pub fn respond(
        &mut self,
        scene: &Scene<'_>,
        group: &Group,
        sets: usize,
        [change, cotangents, responses]: [&Span; 3],
    ) -> Result<(), GpuError> {
        let (images, members) = (scene.images(), group.members.len());
        let [channels, positions] = group.reach.sizes(scene.graph);
        let total = sets * images * members;
        let words = words! { total, images, members, channels, positions };
        let channels = self.constant(group.reach.channels(), "channels");
        let buffers = buffers! { change, cotangents, channels, responses };
        let defines = [("VECTOR", flag(positions.is_multiple_of(4)))];
        self.simple(shaders::RESPOND, &defines, &words, &buffers, total, 2 * positions)
    }

    /// Records the sums over the members of `rows` `[row][member]`, added to what `sums` holds where asked.
    pub fn sum_members(
        &mut self,
        [count, members]: [usize; 2],
        [rows, sums]: [&Span; 2],
        add: bool,
    ) -> Result<(), GpuError> {
        let words = words! { total: count, members };
        let defines = [("ADD", flag(add))];
        self.simple(shaders::MEMBER_SUM, &defines, &words, &buffers! { rows, sums }, count, members)
    }

    /// Records `rows` `[row][member]` that hold their row's number of `sums` for every member.
    pub fn spread_to_members(
        &mut self,
        [count, members]: [usize; 2],
        [sums, rows]: [&Span; 2],
    ) -> Result<(), GpuError> {
        let total = count * members;
        let words = words! { total, members };
        self.simple(shaders::MEMBER_SPREAD, &[], &words, &buffers! { sums, rows }, total, 1)
    }

    /// Records the gradient with respect to the changes from the derivatives `[set][example][member]` with respect to
    /// the responses.
    pub fn respond_backward(
        &mut self,
        scene: &Scene<'_>,
        group: &Group,
        sets: usize,
        [derivatives, cotangents]: [&Span; 2],
    ) -> Result<Span, GpuError> {
        let (images, members) = (scene.images(), group.members.len());
        let [channels, positions] = group.reach.sizes(scene.graph);
        let d_change = self.scratch(images * members * positions, "gradient of the change");
        let vector = positions.is_multiple_of(4);
        let fours = positions / if vector { 4 } else { 1 };
        let words = words! { images, members, channels, positions: fours, sets };
        let channels = self.constant(group.reach.channels(), "channels");
        let buffers = buffers! { derivatives, cotangents, channels, d_change };
        let (grid, work) = grid([positions, members, images], vector, 2 * sets + 1);
        self.run(shaders::RESPOND_SLOPE, &[("VECTOR", flag(vector))], &words, &buffers, grid, work)?;
        Ok(d_change)
    }

    /// Records what the changes of `count` members of single channels, from `first` on, make of their reader's value,
    /// or of the ReLU after it.
    pub fn reader_change(
        &mut self,
        scene: &Scene<'_>,
        reach: &Reach,
        (first, count, relu): (usize, usize, bool),
        [change, value]: [&Span; 2],
    ) -> Result<(), GpuError> {
        let Reach::Channels { site, reader, channels, means } = reach else {
            let message = "found a change of a whole node, expected changes of channels".into();
            return Err(GpuError::Refused { what: "a reader's value".into(), message });
        };
        let (images, members) = (scene.images(), channels.len());
        let Shape { channels: inputs, height, width } = scene.shape(*site);
        let (outputs, quads) = (scene.shape(reader.node()).channels, width.div_ceil(4));
        let weights = scene.tensor(reader.node(), "weight")?;
        let before = scene.value(reader.node())?;
        let channels = self.constant(channels, "channels");
        let means = self.constant(means, "means");
        let buffers = buffers! { before, x: change, weights, channels, means, value };
        let (head, kernel) = (matches!(reader, ReaderNode::Head(_)), reader.kernel());
        let relu = ("RELU", flag(relu));
        if !head && kernel == 3 && width.is_multiple_of(4) {
            let words = words! { images, members, first, inputs, outputs, height, width, quads };
            let grid = [(quads * height.div_ceil(2)).div_ceil(64), count, images].map(|n| n as u32);
            let work = (count * images * outputs * height * quads * 36) as u64;
            let defines = [relu, ("VECTOR", 1)];
            return self.run(shaders::READER_CHANGE_3, &defines, &words, &buffers, grid, work);
        }
        let total = count * images * outputs * if head { 1 } else { height * quads };
        let words = words! { total, images, members, first, inputs, outputs, height, width, quads };
        let defines = [("HEAD", flag(head)), ("K", kernel as i32), relu];
        let loads = if head { height * width } else { 5 * kernel * kernel + 8 };
        self.simple(shaders::READER_CHANGE, &defines, &words, &buffers, total, loads)
    }
}
