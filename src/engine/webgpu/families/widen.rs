//! Widenings: a new channel with incoming weights φ_in and outgoing weights ω.

use candle_core::Tensor;

use super::scene::pool;
use super::{Group, PhiBlock, Probe, Reach, Scene, Stacked};
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::interface::buffers;
use crate::engine::webgpu::ops::Finish;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::{Cohort, EngineError, Place, ReaderNode};
use crate::morphism::Phi;
use crate::network::Shape;

/// One widening.
pub struct WidenGroup {
    place: Place,
    reader: ReaderNode,
    /// That of a new channel's neutral norm, which acts like a factor on ω because ReLU and pools pass positive factors
    /// on.
    factor: f32,
    /// φ_in, `[1, in, k, k]`.
    incoming: Tensor,
    /// ω, `[out, k, k]`, or `[out]` to the linear layer.
    outgoing: Tensor,
}

impl WidenGroup {
    /// From a widen morphism.
    pub fn new(cohort: &Cohort<'_>) -> Result<Self, EngineError> {
        Ok(Self {
            place: cohort.place.clone(),
            reader: cohort.reader()?,
            // Weight 1, bias 0, mean 0, variance 1.
            factor: cohort.place.norm.map_or(1.0, |(_, epsilon)| (1.0 / (1.0 + epsilon).sqrt()) as f32),
            incoming: cohort.phi(0, "phi_in")?.unsqueeze(0)?,
            outgoing: cohort.phi(0, "omega")?,
        })
    }
}

impl Group for WidenGroup {
    fn phi(&self) -> Vec<(&'static str, Tensor)> {
        vec![("weight", self.incoming.clone()), ("outgoing", self.outgoing.clone())]
    }

    fn member_phi(&self, stacked: &Stacked<'_>, _member: usize) -> Result<Phi, EngineError> {
        let incoming = stacked("weight")?.squeeze(0)?;
        Ok(Phi::from([("phi_in".to_owned(), incoming), ("omega".to_owned(), stacked("outgoing")?)]))
    }

    fn reach(&self) -> Reach {
        Reach::Whole { node: self.reader.node() }
    }

    fn probe<'a>(
        &'a self,
        recording: &mut Recording,
        scene: &'a Scene<'a>,
        phi: &PhiBlock<'a>,
    ) -> Result<Box<dyn Probe + 'a>, GpuError> {
        let conv = scene.conv(self.place.x, 1, self.place.kernel);
        let weights = [&phi.span("weight")?, scene.zeros];
        let active = recording.convolved(conv, true, scene.value(self.place.x)?, weights)?;
        let shape = Shape { channels: 1, ..scene.shape(self.place.z) };
        let channel = recording.scratch(conv.images * shape.positions(), "the new channel");
        let (mean, size) = pool(self.place.pool);
        let before = Shape { channels: 1, height: conv.height, width: conv.width };
        recording.pool(mean, size, conv.images, before, [&active, &channel])?;
        let outgoing = phi.span("outgoing")?;
        Ok(Box::new(WidenProbe { group: self, scene, conv, shape, outgoing, active, channel }))
    }
}

struct WidenProbe<'a> {
    group: &'a WidenGroup,
    scene: &'a Scene<'a>,
    /// The convolution with φ_in.
    conv: Conv,
    /// The new channel's at the site.
    shape: Shape,
    /// ω.
    outgoing: Span,
    /// ReLU(φ_in∗x).
    active: Span,
    /// The new channel at the site.
    channel: Span,
}

impl WidenProbe<'_> {
    fn outputs(&self) -> usize {
        self.scene.shape(self.group.reader.node()).channels
    }

    /// The convolution of the new channel with ω, if the reader is one.
    fn outgoing_conv(&self) -> Option<Conv> {
        let ReaderNode::Conv { kernel, .. } = self.group.reader else { return None };
        let Shape { channels, height, width } = self.shape;
        Some(Conv { images: self.conv.images, channels, height, width, outputs: self.outputs(), kernel })
    }

    /// The new channel's global mean.
    fn mean(&self, recording: &mut Recording) -> Result<Span, GpuError> {
        let mean = recording.scratch(self.conv.images, "mean of the new channel");
        recording.global_pool(self.conv.images, self.shape, [&self.channel, &mean])?;
        Ok(mean)
    }

    /// The gradients of `factor`·ω, and of the new channel.
    fn outgoing_gradient(&self, recording: &mut Recording, d_change: &Span) -> Result<[Span; 2], GpuError> {
        let images = self.conv.images;
        let outgoing = recording.scaled(&self.outgoing, self.group.factor)?;
        let d_channel = recording.scratch(images * self.shape.positions(), "gradient of the new channel");
        let dw = recording.scratch(outgoing.bytes() as usize / 4, "gradient of ω");
        match self.outgoing_conv() {
            Some(conv) => {
                recording.weights_gradient(conv, &buffers! { x: self.channel, dy: d_change, dw }, false)?;
                let packed = recording.packed(conv, true, &outgoing)?;
                let buffers = buffers! { dy: d_change, weights: packed, dx: d_channel };
                recording.input_gradient(conv, images, &buffers, Finish::default())?;
                recording.release(packed);
            }
            None => {
                let mean = self.mean(recording)?;
                let sizes = [images, 1, self.outputs()];
                let db = recording.scratch(self.outputs(), "an unused gradient");
                recording.linear_weight_gradient(sizes, &buffers! { x: mean, dy: d_change, dw, db })?;
                let d_mean = recording.scratch(images, "gradient of the mean");
                let buffers = buffers! { dy: d_change, w: outgoing, dx: d_mean };
                recording.linear_input_gradient(sizes, &buffers)?;
                let buffers = buffers! { x: self.channel, dy: d_mean, dx: d_channel };
                let counts = [images, images];
                recording.global_pool_backward(counts, self.shape, &buffers, Finish::default())?;
                [db, d_mean, mean].into_iter().for_each(|span| recording.release(span));
            }
        }
        recording.release(outgoing);
        Ok([dw, d_channel])
    }
}

impl Probe for WidenProbe<'_> {
    /// s·ω∗(the new channel).
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        let node = self.group.reader.node();
        let change = recording.scratch(self.conv.images * self.scene.shape(node).elements(), "change");
        let outgoing = recording.scaled(&self.outgoing, self.group.factor * scales[0])?;
        let bias = self.scene.zeros;
        match self.outgoing_conv() {
            Some(conv) => {
                let weights = recording.packed(conv, false, &outgoing)?;
                recording.convolve(conv, false, &buffers! { x: self.channel, weights, bias, y: change })?;
                recording.release(weights);
            }
            None => {
                let mean = self.mean(recording)?;
                let sizes = [self.conv.images, 1, self.outputs()];
                recording.linear(sizes, &buffers! { x: mean, w: outgoing, bias, y: change })?;
                recording.release(mean);
            }
        }
        recording.release(outgoing);
        Ok(change)
    }

    fn phi_gradient(
        &self,
        recording: &mut Recording,
        d_change: &Span,
        gradient: &PhiBlock<'_>,
        add: bool,
    ) -> Result<(), GpuError> {
        let images = self.conv.images;
        let [d_outgoing, d_channel] = self.outgoing_gradient(recording, d_change)?;
        let count = d_outgoing.bytes() as usize / 4;
        let target = gradient.span("outgoing")?;
        recording.scale(count, self.group.factor, [&d_outgoing, &target], add)?;
        let before = Shape { channels: 1, height: self.conv.height, width: self.conv.width };
        let d_active = recording.scratch(images * before.positions(), "gradient of the probe");
        let (mean, size) = pool(self.group.place.pool);
        let finish = Finish { gate: Some(&self.active), add: false };
        let buffers = buffers! { x: self.active, dy: d_channel, dx: d_active };
        recording.pool_backward(mean, size, [images, images], before, &buffers, finish)?;
        let x = self.scene.value(self.group.place.x)?;
        let dw = gradient.span("weight")?;
        recording.weights_gradient(self.conv, &buffers! { x, dy: d_active, dw }, add)?;
        [d_outgoing, d_channel, d_active].into_iter().for_each(|span| recording.release(span));
        Ok(())
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.active, self.channel]
    }
}
