//! Recording what a group's members change, how that meets the cotangents, and the way back to φ.

use super::convolution::Conv;
use super::forward::Values;
use super::graph::Graph;
use super::groups::{Group, Groups, Rule};
use super::interface::{Word, buffers, words};
use super::ops::{Finish, TRAFFIC, flag};
use super::parameters::Parameters;
use super::record::{Recording, Span};
use super::{GpuError, shaders};
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

/// What does not depend on a scale.
pub struct Probe {
    /// The convolutions with φ; for a widening and a branch after the ReLU.
    slice: Option<Span>,
    /// The norm after a split layer as factor and shift of each channel.
    affine: Option<Span>,
    /// A widening's new channel as its reader sees it, before a global pool.
    channel: Option<Span>,
}

impl Scene<'_> {
    pub(super) fn tensor(&self, node: usize, suffix: &str) -> Result<Span, GpuError> {
        self.parameters.tensor(&format!("{}.{suffix}", self.graph.name(node)))
    }

    /// The node that a group's probe reads.
    fn source(group: &Group) -> usize {
        match group.rule {
            Rule::Deepen | Rule::Residual => group.place.z,
            Rule::Skip | Rule::RemoveLayer | Rule::RemoveSkip => group.place.source.unwrap_or(group.place.x),
            _ => group.place.x,
        }
    }

    /// The convolution of a group's φ (its `weight`).
    pub(super) fn conv(&self, group: &Group) -> Conv {
        let shape = self.graph.shapes[Self::source(group)];
        let (outputs, kernel) = match group.rule {
            Rule::Split(probes) => (probes * group.members.len(), group.place.kernel),
            Rule::Deepen | Rule::Residual => (shape.channels, 3),
            Rule::Prune | Rule::Widen(_) | Rule::RemoveLayer | Rule::RemoveSkip => (1, group.place.kernel),
            Rule::Kernel => (self.graph.shapes[group.place.u].channels, group.place.kernel + 2),
            // One number for all channels: they lie above one another like rows of a single one.
            Rule::Skip => (1, 1),
        };
        let (channels, height) = match group.rule {
            Rule::Skip => (1, shape.channels * shape.height),
            _ => (shape.channels, shape.height),
        };
        Conv { images: self.values.images, channels, height, width: shape.width, outputs, kernel }
    }

    /// A widening's outgoing convolution, if its reader is one.
    fn outgoing(&self, group: &Group) -> Option<Conv> {
        let (reader, kernel) = group.place.reader?;
        let shape = self.graph.shapes[group.place.z];
        (kernel > 0).then(|| Conv {
            images: self.values.images,
            channels: 1,
            height: shape.height,
            width: shape.width,
            outputs: self.graph.shapes[reader].channels,
            kernel,
        })
    }

    /// Numbers of one member's change in one example.
    pub fn positions(&self, group: &Group) -> usize {
        match group.by_channel() {
            true => self.graph.shapes[group.place.z].positions(),
            false => self.graph.shapes[group.target()].elements(),
        }
    }
}

fn lost(what: &str) -> GpuError {
    GpuError::Refused { what: what.into(), message: "it was not recorded".into() }
}

impl Recording {
    pub(super) fn packed(&mut self, conv: Conv, transpose: bool, weights: &Span) -> Result<Span, GpuError> {
        let packed = self.scratch(conv.packed(transpose), "packed φ");
        self.pack(conv, transpose, weights, &packed)?;
        Ok(packed)
    }

    /// Records the convolutions with φ.
    pub fn probe(&mut self, scene: &Scene<'_>, groups: &Groups, group: &Group) -> Result<Probe, GpuError> {
        let mut found = Probe { slice: None, affine: None, channel: None };
        if matches!(group.rule, Rule::Prune | Rule::RemoveLayer | Rule::RemoveSkip) {
            return Ok(found);
        }
        let images = scene.values.images;
        let conv = scene.conv(group);
        let weights = group.span(&groups.layout, &groups.span(), "weight")?;
        let packed = self.packed(conv, false, &weights)?;
        let count = images * conv.outputs * conv.height * conv.width;
        let slice = self.scratch(count, "probe");
        let bias = match group.rule {
            Rule::Split(_) => group.span(&groups.layout, &groups.span(), "bias")?,
            _ => scene.zeros.clone(),
        };
        let relu = matches!(group.rule, Rule::Widen(_) | Rule::Residual);
        let source = scene.values.at(Scene::source(group))?;
        let buffers = buffers! { x: source, weights: packed, bias, y: slice };
        self.convolve(conv, relu, &buffers)?;
        self.release(packed);
        match group.rule {
            Rule::Split(_) => found.affine = Some(self.affine(scene, group)?),
            Rule::Widen(_) => {
                let (mean, size) = group.place.pool;
                let input = Shape { channels: 1, height: conv.height, width: conv.width };
                let output = scene.graph.shapes[group.place.z].positions();
                let channel = self.scratch(images * output, "the new channel");
                self.pool(mean, size, images, input, [&slice, &channel])?;
                found.channel = Some(channel);
            }
            _ => {}
        }
        found.slice = Some(slice);
        Ok(found)
    }

    fn affine(&mut self, scene: &Scene<'_>, group: &Group) -> Result<Span, GpuError> {
        let channels = scene.graph.shapes[group.place.u].channels;
        let Some((norm, epsilon)) = group.place.norm else {
            let neutral: Vec<f32> = (0..2 * channels).map(|i| if i % 2 == 0 { 1.0 } else { 0.0 }).collect();
            return Ok(self.constant(&neutral, "no norm"));
        };
        let affine = self.scratch(2 * channels, "norm");
        let words = words! { total: channels, epsilon: epsilon as f32 };
        let [gamma, beta] = [scene.tensor(norm, "weight")?, scene.tensor(norm, "bias")?];
        let running_mean = scene.tensor(norm, "running_mean")?;
        let running_variance = scene.tensor(norm, "running_var")?;
        let buffers = buffers! { gamma, beta, running_mean, running_variance, affine };
        self.simple(shaders::NORM_AFFINE, &[], &words, &buffers, channels, 6)?;
        Ok(affine)
    }

    /// Ends a probe.
    pub fn end(&mut self, probe: Probe) {
        for slice in [probe.slice, probe.affine, probe.channel].into_iter().flatten() {
            self.release(slice);
        }
    }

    fn split_words(scene: &Scene<'_>, group: &Group) -> [(&'static str, Word); 7] {
        let Shape { channels, height, width } = scene.graph.shapes[group.place.u];
        let after = scene.graph.shapes[group.place.z];
        let (members, rows, columns) = (group.members.len(), after.height, after.width);
        words! { members, channels, height, width, rows, columns, size: group.place.pool.1 }
    }

    /// A grid of positions (by fours if `vector`), members and images, and its work at `loads` numbers a position.
    fn grid([positions, members, images]: [usize; 3], vector: bool, loads: usize) -> ([u32; 3], u64) {
        let width = positions.div_ceil(if vector { 4 } else { 1 }).div_ceil(64);
        let work = (positions * members * images * loads) as u64 * TRAFFIC;
        ([width, members, images].map(|n| n as u32), work)
    }

    /// Records the members' changes at their scales, `[n][member][positions]`; `scale` is the first one's.
    pub fn change(
        &mut self,
        scene: &Scene<'_>,
        groups: &Groups,
        group: &Group,
        probe: &Probe,
        (scales, scale): (&Span, f32),
    ) -> Result<Span, GpuError> {
        let images = scene.values.images;
        let total = images * group.members.len() * scene.positions(group);
        let positions = scene.positions(group);
        let change = self.scratch(total, "change");
        let z = scene.values.at(group.place.z)?;
        let channels = Span::from(&group.channels);
        let slice = || probe.slice.as_ref().ok_or_else(|| lost("probe"));
        match group.rule {
            Rule::Split(probes) => {
                let (mean, size) = group.place.pool;
                let u = scene.values.at(group.place.u)?;
                let affine = probe.affine.as_ref().ok_or_else(|| lost("norm"))?;
                let words = Self::split_words(scene, group);
                let vector = size == 1 && positions.is_multiple_of(4);
                let defines = [("PROBES", probes as i32), ("MEAN", flag(mean)), ("VECTOR", flag(vector))];
                let convolved = slice()?;
                let buffers = buffers! { u, probes: convolved, z, channels, affine, scales, change };
                let loads = (1 + probes) * size * size + 2;
                let (grid, work) = Self::grid([positions, group.members.len(), images], vector, loads);
                self.run(shaders::SPLIT_CHANGE, &defines, &words, &buffers, grid, work)?;
            }
            Rule::Prune => {
                let shape = scene.graph.shapes[group.place.z];
                let vector = positions.is_multiple_of(4);
                let fours = positions / if vector { 4 } else { 1 };
                let words =
                    words! { members: group.members.len(), channels: shape.channels, positions: fours };
                let means = Span::from(&group.means);
                let buffers = buffers! { z, channels, means, change };
                let (grid, work) = Self::grid([positions, group.members.len(), images], vector, 3);
                let defines = [("VECTOR", flag(vector))];
                self.run(shaders::PRUNE_CHANGE, &defines, &words, &buffers, grid, work)?;
            }
            Rule::Widen(factor) => {
                let channel = probe.channel.as_ref().ok_or_else(|| lost("the new channel"))?;
                let outgoing = self.scaled_outgoing(groups, group, factor * scale)?;
                self.outgoing_change(scene, group, channel, &outgoing, &change)?;
                self.release(outgoing);
            }
            Rule::Deepen => {
                let probe = slice()?;
                let buffers = buffers! { z, probe, scales, change };
                let words = words! { total };
                self.simple(shaders::DEEPEN_CHANGE, &[("SLOPE", 0)], &words, &buffers, total, 4)?;
            }
            Rule::Residual => {
                self.branch_change(scene, groups, group, scale, [slice()?, &change])?;
            }
            Rule::Kernel => self.ring_change(scene, group, scale, [slice()?, &change])?,
            Rule::Skip => self.scale(total, scale, [slice()?, &change], false)?,
            Rule::RemoveLayer => {
                self.scale(total, -1.0, [z, &change], false)?;
                self.accumulate(total, scene.values.at(Scene::source(group))?, &change)?;
            }
            Rule::RemoveSkip => {
                let shortcut = scene.values.at(Scene::source(group))?;
                self.scale(total, -1.0, [shortcut, &change], false)?;
            }
        }
        Ok(change)
    }

    pub(super) fn scaled_outgoing(
        &mut self,
        groups: &Groups,
        group: &Group,
        factor: f32,
    ) -> Result<Span, GpuError> {
        let outgoing = group.span(&groups.layout, &groups.span(), "outgoing")?;
        let count = outgoing.bytes() as usize / 4;
        let scaled = self.scratch(count, "outgoing weights");
        self.scale(count, factor, [&outgoing, &scaled], false)?;
        Ok(scaled)
    }

    fn outgoing_change(
        &mut self,
        scene: &Scene<'_>,
        group: &Group,
        channel: &Span,
        outgoing: &Span,
        change: &Span,
    ) -> Result<(), GpuError> {
        if let Some(conv) = scene.outgoing(group) {
            let packed = self.packed(conv, false, outgoing)?;
            let buffers = buffers! { x: channel, weights: packed, bias: scene.zeros, y: change };
            self.convolve(conv, false, &buffers)?;
            self.release(packed);
            return Ok(());
        }
        let images = scene.values.images;
        let mean = self.pooled(scene, group, channel)?;
        let sizes = [images, 1, scene.graph.shapes[group.target()].channels];
        self.linear(sizes, &buffers! { x: mean, w: outgoing, bias: scene.zeros, y: change })?;
        self.release(mean);
        Ok(())
    }

    /// The new channel's global mean.
    fn pooled(&mut self, scene: &Scene<'_>, group: &Group, channel: &Span) -> Result<Span, GpuError> {
        let images = scene.values.images;
        let shape = Shape { channels: 1, ..scene.graph.shapes[group.place.z] };
        let mean = self.scratch(images, "mean of the new channel");
        self.global_pool(images, shape, [channel, &mean])?;
        Ok(mean)
    }

    /// Records the responses `[set][n][member]` of changes to cotangents.
    pub fn respond(
        &mut self,
        scene: &Scene<'_>,
        group: &Group,
        sets: usize,
        [change, cotangents, responses]: [&Span; 3],
    ) -> Result<(), GpuError> {
        let (images, members) = (scene.values.images, group.members.len());
        let total = sets * images * members;
        let channels = if group.by_channel() { scene.graph.shapes[group.place.z].channels } else { 1 };
        let positions = scene.positions(group);
        let words = words! { total, images, members, channels, positions };
        let channels = Span::from(&group.channels);
        let buffers = buffers! { change, cotangents, channels, responses };
        let defines = [("VECTOR", flag(positions.is_multiple_of(4)))];
        self.simple(shaders::RESPOND, &defines, &words, &buffers, total, 2 * positions)
    }

    /// Records the gradients of φ at scale 1 from the derivatives `[set][n][member]`, into `gradient`, a block
    /// laid out as φ; added to what is there where asked.
    pub fn phi_gradient(
        &mut self,
        scene: &Scene<'_>,
        groups: &Groups,
        group: &Group,
        probe: &Probe,
        (sets, add): (usize, bool),
        [derivatives, cotangents, ones, gradient]: [&Span; 4],
    ) -> Result<(), GpuError> {
        let (images, members) = (scene.values.images, group.members.len());
        let positions = scene.positions(group);
        let total = images * members * positions;
        let channels = if group.by_channel() { scene.graph.shapes[group.place.z].channels } else { 1 };
        let d_change = self.scratch(total, "gradient of the change");
        let vector = positions.is_multiple_of(4);
        let fours = positions / if vector { 4 } else { 1 };
        let words = words! { images, members, channels, positions: fours, sets };
        let channels = Span::from(&group.channels);
        let buffers = buffers! { derivatives, cotangents, channels, d_change };
        let (grid, work) = Self::grid([positions, members, images], vector, 2 * sets + 1);
        let defines = [("VECTOR", flag(vector))];
        self.run(shaders::RESPOND_SLOPE, &defines, &words, &buffers, grid, work)?;
        let slice = probe.slice.as_ref().ok_or_else(|| lost("probe"))?;
        let conv = scene.conv(group);
        if matches!(group.rule, Rule::Kernel | Rule::Skip) {
            let d_probe = self.ring_gradient(scene, group, [slice, &d_change])?;
            let source = scene.values.at(Scene::source(group))?;
            let d_source = d_probe.as_ref().unwrap_or(&d_change);
            self.linear_gradient(conv, groups, group, add, [source, d_source, gradient])?;
            d_probe.into_iter().chain([d_change]).for_each(|slice| self.release(slice));
            return Ok(());
        }
        let count = images * conv.outputs * conv.height * conv.width;
        let d_probe = self.scratch(count, "gradient of the probe");
        match group.rule {
            Rule::Split(probes) => {
                let (mean, size) = group.place.pool;
                let u = scene.values.at(group.place.u)?;
                let affine = probe.affine.as_ref().ok_or_else(|| lost("norm"))?;
                let vector = size == 1 && positions.is_multiple_of(4);
                let defines = [("PROBES", probes as i32), ("MEAN", flag(mean)), ("VECTOR", flag(vector))];
                let buffers = buffers! { u, probes: slice, d_change, channels, affine, d_probes: d_probe };
                let windows = conv.height.div_ceil(size) * conv.width.div_ceil(size);
                let sizes = [windows, conv.outputs, images];
                let (grid, work) = Self::grid(sizes, vector, 5 * size * size + 2);
                let words = Self::split_words(scene, group);
                self.run(shaders::SPLIT_SLOPE, &defines, &words, &buffers, grid, work)?;
            }
            Rule::Prune | Rule::RemoveLayer | Rule::RemoveSkip => {}
            Rule::Widen(factor) => {
                let blocks = [&d_change, slice, &d_probe, gradient];
                self.outgoing_gradient(scene, groups, group, probe, (factor, add), blocks)?;
            }
            Rule::Deepen => {
                let z = scene.values.at(group.place.z)?;
                let buffers = buffers! { z, probe: slice, scales: ones, d_change, d_moved: d_probe };
                let words = words! { total: count };
                self.simple(shaders::DEEPEN_CHANGE, &[("SLOPE", 1)], &words, &buffers, count, 5)?;
            }
            Rule::Residual => {
                let blocks = [&d_change, slice, &d_probe, gradient];
                self.branch_gradient(scene, groups, group, add, blocks)?;
            }
            Rule::Kernel | Rule::Skip => {}
        }
        let weight = group.span(&groups.layout, gradient, "weight")?;
        let spare = self.scratch(conv.outputs, "an unused gradient");
        let bias = match group.rule {
            Rule::Split(_) => group.span(&groups.layout, gradient, "bias")?,
            _ => spare.clone(),
        };
        let source = scene.values.at(Scene::source(group))?;
        self.weight_gradient(conv, &buffers! { x: source, dy: d_probe, dw: weight, db: bias }, add)?;
        for slice in [d_change, d_probe, spare] {
            self.release(slice);
        }
        Ok(())
    }

    /// A widening's ω, and the gradient of its probe before the ReLU.
    fn outgoing_gradient(
        &mut self,
        scene: &Scene<'_>,
        groups: &Groups,
        group: &Group,
        probe: &Probe,
        (factor, add): (f32, bool),
        [d_change, after_relu, d_probe, gradient]: [&Span; 4],
    ) -> Result<(), GpuError> {
        let images = scene.values.images;
        let channel = probe.channel.as_ref().ok_or_else(|| lost("the new channel"))?;
        let outgoing = self.scaled_outgoing(groups, group, factor)?;
        let shape = Shape { channels: 1, ..scene.graph.shapes[group.place.z] };
        let outputs = scene.graph.shapes[group.target()].channels;
        let d_channel = self.scratch(images * shape.positions(), "gradient of the new channel");
        let spare = self.scratch(outputs, "an unused gradient");
        let d_outgoing = self.scratch(outgoing.bytes() as usize / 4, "gradient of ω");
        let count = match scene.outgoing(group) {
            Some(conv) => {
                let buffers = buffers! { x: channel, dy: d_change, dw: d_outgoing, db: spare };
                self.weight_gradient(conv, &buffers, false)?;
                let packed = self.packed(conv, true, &outgoing)?;
                let buffers = buffers! { dy: d_change, weights: packed, dx: d_channel };
                self.input_gradient(conv, images, &buffers, Finish::default())?;
                self.release(packed);
                outputs * conv.kernel * conv.kernel
            }
            None => {
                let mean = self.pooled(scene, group, channel)?;
                let sizes = [images, 1, outputs];
                let buffers = buffers! { x: mean, dy: d_change, dw: d_outgoing, db: spare };
                self.linear_weight_gradient(sizes, &buffers)?;
                let d_mean = self.scratch(images, "gradient of the mean");
                self.linear_input_gradient(sizes, &buffers! { dy: d_change, w: outgoing, dx: d_mean })?;
                let buffers = buffers! { x: channel, dy: d_mean, dx: d_channel };
                self.global_pool_backward([images, images], shape, &buffers, Finish::default())?;
                self.release(d_mean);
                self.release(mean);
                outputs
            }
        };
        let target = group.span(&groups.layout, gradient, "outgoing")?;
        self.scale(count, factor, [&d_outgoing, &target], add)?;
        let (mean, size) = group.place.pool;
        let before = scene.graph.shapes[group.place.u];
        let input = Shape { channels: 1, ..before };
        let finish = Finish { gate: Some(after_relu), add: false };
        let buffers = buffers! { x: after_relu, dy: d_channel, dx: d_probe };
        self.pool_backward(mean, size, [images, images], input, &buffers, finish)?;
        for slice in [outgoing, d_channel, spare, d_outgoing] {
            self.release(slice);
        }
        Ok(())
    }
}
