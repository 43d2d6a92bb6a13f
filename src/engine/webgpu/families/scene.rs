//! What the families' recordings share: the network around them, φ's place in memory, and how changes meet cotangents.

use super::{Grouped, Reach};
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::forward::Values;
use crate::engine::webgpu::graph::Graph;
use crate::engine::webgpu::interface::{buffers, words};
use crate::engine::webgpu::ops::{TRAFFIC, flag};
use crate::engine::webgpu::parameters::{BlockLayout, Parameters};
use crate::engine::webgpu::record::{Named, Recording, Span};
use crate::engine::webgpu::{GpuError, shaders};
use crate::morphism::Pool;
use crate::network::Shape;

/// A network's recorded values with what the groups need to know of it.
pub struct Scene<'a> {
    /// The layers.
    pub graph: &'a Graph,
    /// The model.
    pub parameters: &'a Parameters,
    /// The values.
    pub values: &'a Values,
    /// Zeros, as many as any node has channels: the bias of what has none.
    pub zeros: &'a Span,
}

impl Scene<'_> {
    /// The parameter `suffix` of a node.
    pub fn tensor(&self, node: usize, suffix: &str) -> Result<Span, GpuError> {
        self.parameters.tensor(&format!("{}.{suffix}", self.graph.name(node)))
    }

    /// The value at a node.
    pub fn value(&self, node: usize) -> Result<&Span, GpuError> {
        self.values.at(node)
    }

    /// The shape at a node.
    pub fn shape(&self, node: usize) -> Shape {
        self.graph.shapes[node]
    }

    /// Images of the values.
    pub fn images(&self) -> usize {
        self.values.images
    }

    /// A convolution that reads a node.
    pub fn conv(&self, source: usize, outputs: usize, kernel: usize) -> Conv {
        let Shape { channels, height, width } = self.shape(source);
        Conv { images: self.images(), channels, height, width, outputs, kernel }
    }
}

/// The part of a block laid out as φ that belongs to one group.
pub struct PhiBlock<'a> {
    pub(super) layout: &'a BlockLayout,
    pub(super) key: &'a str,
    pub(super) block: Span,
}

impl PhiBlock<'_> {
    /// The group's tensor `name`.
    pub fn span(&self, name: &str) -> Result<Span, GpuError> {
        self.layout.span(&self.block, &format!("{}.{name}", self.key))
    }
}

/// A pool as a kernel knows it: whether it takes the mean, and its size; no pool is a max pool of size 1.
pub fn pool(pool: Pool) -> (bool, usize) {
    match pool {
        Pool::None => (false, 1),
        Pool::Max(size) => (false, size),
        Pool::Average(size) => (true, size),
    }
}

/// A grid of positions (by fours if `vector`), members and images, and its work at `loads` numbers a position.
pub fn grid([positions, members, images]: [usize; 3], vector: bool, loads: usize) -> ([u32; 3], u64) {
    let width = positions.div_ceil(if vector { 4 } else { 1 }).div_ceil(64);
    let work = (positions * members * images * loads) as u64 * TRAFFIC;
    ([width, members, images].map(|n| n as u32), work)
}

impl Recording {
    /// Weights in the order in which a convolution reads them.
    pub(super) fn packed(&mut self, conv: Conv, transpose: bool, weights: &Span) -> Result<Span, GpuError> {
        let packed = self.scratch(conv.packed(transpose), "packed φ");
        self.pack(conv, transpose, weights, &packed)?;
        Ok(packed)
    }

    /// The convolution of `x` with weights as they come, then ReLU if asked.
    pub(super) fn convolved(
        &mut self,
        conv: Conv,
        relu: bool,
        x: &Span,
        [weights, bias]: [&Span; 2],
    ) -> Result<Span, GpuError> {
        let packed = self.packed(conv, false, weights)?;
        let y = self.scratch(conv.images * conv.outputs * conv.height * conv.width, "probe");
        self.convolve(conv, relu, &buffers! { x, weights: packed, bias, y })?;
        self.release(packed);
        Ok(y)
    }

    /// factor·x in memory of its own.
    pub(super) fn scaled(&mut self, x: &Span, factor: f32) -> Result<Span, GpuError> {
        let count = x.bytes() as usize / 4;
        let scaled = self.scratch(count, "scaled φ");
        self.scale(count, factor, [x, &scaled], false)?;
        Ok(scaled)
    }

    /// The gradient of weights alone (`x`, `dy`, `dw`).
    pub(super) fn weights_gradient(
        &mut self,
        conv: Conv,
        buffers: &[Named<'_>],
        add: bool,
    ) -> Result<(), GpuError> {
        let spare = self.scratch(conv.outputs, "an unused gradient");
        let mut all = buffers.to_vec();
        all.push(("db", &spare));
        self.weight_gradient(conv, &all, add)?;
        self.release(spare);
        Ok(())
    }

    /// Records the responses `[set][example][member]` of changes to cotangents.
    pub fn respond(
        &mut self,
        scene: &Scene<'_>,
        grouped: &Grouped,
        sets: usize,
        [change, cotangents, responses]: [&Span; 3],
    ) -> Result<(), GpuError> {
        let (images, members) = (scene.images(), grouped.members.len());
        let [channels, positions] = grouped.reach.sizes(scene.graph);
        let total = sets * images * members;
        let words = words! { total, images, members, channels, positions };
        let channels = self.constant(grouped.reach.channels(), "channels");
        let buffers = buffers! { change, cotangents, channels, responses };
        let defines = [("VECTOR", flag(positions.is_multiple_of(4)))];
        self.simple(shaders::RESPOND, &defines, &words, &buffers, total, 2 * positions)
    }

    /// Records the gradient with respect to the changes from the derivatives `[set][example][member]` with respect to
    /// the responses.
    pub fn respond_backward(
        &mut self,
        scene: &Scene<'_>,
        grouped: &Grouped,
        sets: usize,
        [derivatives, cotangents]: [&Span; 2],
    ) -> Result<Span, GpuError> {
        let (images, members) = (scene.images(), grouped.members.len());
        let [channels, positions] = grouped.reach.sizes(scene.graph);
        let d_change = self.scratch(images * members * positions, "gradient of the change");
        let vector = positions.is_multiple_of(4);
        let fours = positions / if vector { 4 } else { 1 };
        let words = words! { images, members, channels, positions: fours, sets };
        let channels = self.constant(grouped.reach.channels(), "channels");
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
        let (head, kernel) = (matches!(reader, crate::engine::ReaderNode::Head(_)), reader.kernel());
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
