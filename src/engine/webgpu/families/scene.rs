//! What the families' recordings share: the network around them, and the place of φ in memory.

use super::Group;
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::forward::Values;
use crate::engine::webgpu::graph::Graph;
use crate::engine::webgpu::interface::buffers;
use crate::engine::webgpu::ops::TRAFFIC;
use crate::engine::webgpu::parameters::{BlockLayout, Parameters};
use crate::engine::webgpu::record::{Named, Recording, Span};
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
    /// Zeros, as many as any node has channels or gains at once: the bias of what has none.
    pub zeros: &'a Span,
}

impl Scene<'_> {
    /// The parameter `suffix` of a node.
    pub fn tensor(&self, node: usize, suffix: &str) -> Result<Span, GpuError> {
        self.parameters.tensor(&format!("{}.{suffix}", self.graph.name(node)))
    }

    /// Weight, bias, running mean and running variance of a norm.
    pub fn norm(&self, node: usize) -> Result<[Span; 4], GpuError> {
        let tensor = |suffix| self.tensor(node, suffix);
        Ok([tensor("weight")?, tensor("bias")?, tensor("running_mean")?, tensor("running_var")?])
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

/// One group in a scene.
pub struct GroupScene<'a> {
    /// The group.
    pub group: &'a Group,
    /// The network around it.
    pub scene: &'a Scene<'a>,
    /// Its φ.
    pub phi: PhiBlock<'a>,
}

impl<'a> GroupScene<'a> {
    /// The value at the site.
    pub fn z(&self) -> Result<&'a Span, GpuError> {
        self.scene.value(self.group.place.z)
    }

    /// The value before norm, ReLU and pool.
    pub fn u(&self) -> Result<&'a Span, GpuError> {
        self.scene.value(self.group.place.u)
    }

    /// The value that the layer reads.
    pub fn x(&self) -> Result<&'a Span, GpuError> {
        self.scene.value(self.group.place.x)
    }

    /// The other node that the family reads.
    pub fn source(&self) -> Result<usize, GpuError> {
        self.group.place.source.ok_or_else(|| GpuError::Refused {
            what: format!("family \"{}\"", self.group.family),
            message: "found no source, expected a node to read".into(),
        })
    }

    /// Numbers of all members' changes in all examples.
    pub fn count(&self) -> usize {
        let [_, positions] = self.group.reach.sizes(self.scene.graph);
        self.scene.images() * self.group.members.len() * positions
    }

    /// Memory for all members' changes in all examples.
    pub fn change(&self, recording: &mut Recording) -> Span {
        recording.scratch(self.count(), "change")
    }

    /// The convolution of `x` with φ's tensor `name`, without a bias, then ReLU if asked.
    pub fn convolved(
        &self,
        recording: &mut Recording,
        (conv, relu): (Conv, bool),
        x: &Span,
        name: &str,
    ) -> Result<Span, GpuError> {
        recording.convolved(conv, relu, x, [&self.phi.span(name)?, self.scene.zeros])
    }
}

/// Which gradients of φ are wanted, and from what.
pub struct PhiGradient<'a> {
    /// The gradient with respect to the changes.
    pub d_change: &'a Span,
    /// Where the gradients go.
    pub block: PhiBlock<'a>,
    /// Whether they are added to what is there.
    pub add: bool,
}

impl PhiGradient<'_> {
    /// Records the gradient of φ's tensor `name`, the weights of a convolution of `x`, from that of its output, `dy`.
    pub fn of_weights(
        &self,
        recording: &mut Recording,
        conv: Conv,
        [x, dy]: [&Span; 2],
        name: &str,
    ) -> Result<(), GpuError> {
        let dw = self.block.span(name)?;
        recording.weights_gradient(conv, &buffers! { x, dy, dw }, self.add)
    }
}

/// The part of a block laid out as φ that belongs to one group.
#[derive(Clone)]
pub struct PhiBlock<'a> {
    pub(super) layout: &'a BlockLayout,
    pub(super) key: &'a str,
    pub(super) block: Span,
}

impl PhiBlock<'_> {
    /// The shape of the group's tensor `name`.
    pub fn shape(&self, name: &str) -> Result<&[usize], GpuError> {
        self.layout.shape(&format!("{}{name}", self.key))
    }

    /// The group's tensor `name`.
    pub fn span(&self, name: &str) -> Result<Span, GpuError> {
        self.layout.span(&self.block, &format!("{}{name}", self.key))
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
}
