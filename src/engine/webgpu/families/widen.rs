//! Widenings: new channels, one or several at once, with incoming weights φ_in and outgoing weights ω.

use super::scene::pool;
use super::{GpuFamily, GroupScene, PhiGradient, Probe, Probed, Reach};
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::interface::buffers;
use crate::engine::webgpu::ops::Finish;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::{Cohort, EngineError, ReaderNode};
use crate::network::Shape;

/// φ's name for the new channels' incoming weights, `[width, in, k, k]`; without the width where it is 1.
const INCOMING: &str = "phi_in";
/// φ's name for their outgoing weights, `[out, width, k, k]`, or `[out, width]` to the linear layer.
const OUTGOING: &str = "omega";

/// The family.
pub struct Widen;

impl GpuFamily for Widen {
    fn reach(&self, cohort: &Cohort<'_>) -> Result<Reach, EngineError> {
        Ok(Reach::Whole { node: cohort.reader()?.node() })
    }

    fn probe<'a>(&self, recording: &mut Recording, at: GroupScene<'a>) -> Probed<'a> {
        let place = &at.group.place;
        let Some(reader) = place.reader else {
            let message = "found no reader of the site, expected one".into();
            return Err(GpuError::Refused { what: "family \"widen\"".into(), message });
        };
        let width = match at.phi.shape(INCOMING)? {
            [width, _, _, _] => *width,
            _ => 1,
        };
        let conv = at.scene.conv(place.x, width, place.kernel);
        let active = at.convolved(recording, (conv, true), at.x()?, INCOMING)?;
        let shape = Shape { channels: width, ..at.scene.shape(place.z) };
        let channels = recording.scratch(conv.images * shape.elements(), "new channels");
        let (mean, size) = pool(place.pool);
        let before = Shape { channels: width, height: conv.height, width: conv.width };
        recording.pool(mean, size, conv.images, before, [&active, &channels])?;
        let factor = place.new_norm_factor() as f32;
        let outgoing = at.phi.span(OUTGOING)?;
        Ok(Box::new(WidenProbe { at, reader, factor, conv, shape, outgoing, active, channels }))
    }
}

struct WidenProbe<'a> {
    at: GroupScene<'a>,
    reader: ReaderNode,
    /// That of the new channels' neutral norm, which acts like a factor on ω because ReLU and pools pass
    /// positive factors on.
    factor: f32,
    /// The convolution with φ_in.
    conv: Conv,
    /// The new channels' at the site.
    shape: Shape,
    /// ω.
    outgoing: Span,
    /// ReLU(φ_in∗x).
    active: Span,
    /// The new channels at the site.
    channels: Span,
}

impl WidenProbe<'_> {
    fn outputs(&self) -> usize {
        self.at.scene.shape(self.reader.node()).channels
    }

    /// The convolution of the new channels with ω, if the reader is one.
    fn outgoing_conv(&self) -> Option<Conv> {
        let ReaderNode::Conv { kernel, .. } = self.reader else { return None };
        let Shape { channels, height, width } = self.shape;
        Some(Conv { images: self.conv.images, channels, height, width, outputs: self.outputs(), kernel })
    }

    /// The new channels' global means.
    fn mean(&self, recording: &mut Recording) -> Result<Span, GpuError> {
        let mean = recording.scratch(self.conv.images * self.shape.channels, "means of new channels");
        recording.global_pool(self.conv.images, self.shape, [&self.channels, &mean])?;
        Ok(mean)
    }

    /// The gradients of `factor`·ω, and of the new channels.
    fn outgoing_gradient(&self, recording: &mut Recording, d_change: &Span) -> Result<[Span; 2], GpuError> {
        let images = self.conv.images;
        let outgoing = recording.scaled(&self.outgoing, self.factor)?;
        let d_channels = recording.scratch(images * self.shape.elements(), "gradient of new channels");
        let dw = recording.scratch(outgoing.bytes() as usize / 4, "gradient of ω");
        match self.outgoing_conv() {
            Some(conv) => {
                recording.weights_gradient(conv, &buffers! { x: self.channels, dy: d_change, dw }, false)?;
                let packed = recording.packed(conv, true, &outgoing)?;
                let buffers = buffers! { dy: d_change, weights: packed, dx: d_channels };
                recording.input_gradient(conv, images, &buffers, Finish::default())?;
                recording.release(packed);
            }
            None => {
                let mean = self.mean(recording)?;
                let sizes = [images, self.shape.channels, self.outputs()];
                let db = recording.scratch(self.outputs(), "an unused gradient");
                recording.linear_weight_gradient(sizes, &buffers! { x: mean, dy: d_change, dw, db })?;
                let d_mean = recording.scratch(images * self.shape.channels, "gradient of the means");
                let buffers = buffers! { dy: d_change, w: outgoing, dx: d_mean };
                recording.linear_input_gradient(sizes, &buffers)?;
                let buffers = buffers! { x: self.channels, dy: d_mean, dx: d_channels };
                let counts = [images, images];
                recording.global_pool_backward(counts, self.shape, &buffers, Finish::default())?;
                [db, d_mean, mean].into_iter().for_each(|span| recording.release(span));
            }
        }
        recording.release(outgoing);
        Ok([dw, d_channels])
    }
}

impl Probe for WidenProbe<'_> {
    /// s·ω∗(the new channels).
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        let change = self.at.change(recording);
        let outgoing = recording.scaled(&self.outgoing, self.factor * scales[0])?;
        let bias = self.at.scene.zeros;
        match self.outgoing_conv() {
            Some(conv) => {
                let weights = recording.packed(conv, false, &outgoing)?;
                recording.convolve(conv, false, &buffers! { x: self.channels, weights, bias, y: change })?;
                recording.release(weights);
            }
            None => {
                let mean = self.mean(recording)?;
                let sizes = [self.conv.images, self.shape.channels, self.outputs()];
                recording.linear(sizes, &buffers! { x: mean, w: outgoing, bias, y: change })?;
                recording.release(mean);
            }
        }
        recording.release(outgoing);
        Ok(change)
    }

    fn phi_gradient(&self, recording: &mut Recording, wanted: &PhiGradient<'_>) -> Result<(), GpuError> {
        let images = self.conv.images;
        let [d_outgoing, d_channels] = self.outgoing_gradient(recording, wanted.d_change)?;
        let count = d_outgoing.bytes() as usize / 4;
        let target = wanted.block.span(OUTGOING)?;
        recording.scale(count, self.factor, [&d_outgoing, &target], wanted.add)?;
        let before = Shape { channels: self.conv.outputs, height: self.conv.height, width: self.conv.width };
        let d_active = recording.scratch(images * before.elements(), "gradient of the probe");
        let (mean, size) = pool(self.at.group.place.pool);
        let finish = Finish { gate: Some(&self.active), add: false };
        let buffers = buffers! { x: self.active, dy: d_channels, dx: d_active };
        recording.pool_backward(mean, size, [images, images], before, &buffers, finish)?;
        wanted.of_weights(recording, self.conv, [self.at.x()?, &d_active], INCOMING)?;
        [d_outgoing, d_channels, d_active].into_iter().for_each(|span| recording.release(span));
        Ok(())
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.active, self.channels]
    }
}
