//! Residual branches: B∗ReLU(A∗z) added to the site.

use super::{GpuFamily, GroupScene, PhiGradient, Probe, Probed};
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::interface::buffers;
use crate::engine::webgpu::ops::Finish;
use crate::engine::webgpu::record::{Recording, Span};

/// The family.
pub struct Residual;

impl GpuFamily for Residual {
    fn probe<'a>(&self, recording: &mut Recording, at: GroupScene<'a>) -> Probed<'a> {
        Ok(Box::new(ResidualProbe::new(recording, at)?))
    }
}

/// A recorded branch.
pub(super) struct ResidualProbe<'a> {
    /// Where it is.
    pub at: GroupScene<'a>,
    /// What it reads and is added to.
    pub z: &'a Span,
    /// The geometry of A and of B.
    pub conv: Conv,
    /// B.
    pub writing: Span,
    /// ReLU(A∗z).
    pub hidden: Span,
}

impl<'a> ResidualProbe<'a> {
    /// Records what B reads.
    pub fn new(recording: &mut Recording, at: GroupScene<'a>) -> Result<Self, GpuError> {
        let z = at.z()?;
        let site = at.group.place.z;
        let conv = at.scene.conv(site, at.scene.shape(site).channels, 3);
        let hidden = at.convolved(recording, (conv, true), z, "A")?;
        let writing = at.phi.span("B")?;
        Ok(Self { at, z, conv, writing, hidden })
    }
}

impl Probe for ResidualProbe<'_> {
    /// s·B∗ReLU(A∗z).
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        let change = self.at.change(recording);
        let writing = recording.scaled(&self.writing, scales[0])?;
        let packed = recording.packed(self.conv, false, &writing)?;
        let buffers = buffers! { x: self.hidden, weights: packed, bias: self.at.scene.zeros, y: change };
        recording.convolve(self.conv, false, &buffers)?;
        recording.release(packed);
        recording.release(writing);
        Ok(change)
    }

    fn phi_gradient(&self, recording: &mut Recording, wanted: &PhiGradient<'_>) -> Result<(), GpuError> {
        let Self { at, z, conv, writing, hidden } = self;
        wanted.of_weights(recording, *conv, [hidden, wanted.d_change], "B")?;
        let d_hidden = recording.scratch(at.count(), "gradient of the probe");
        let packed = recording.packed(*conv, true, writing)?;
        let buffers = buffers! { dy: wanted.d_change, weights: packed, dx: d_hidden };
        let finish = Finish { gate: Some(hidden), add: false };
        recording.input_gradient(*conv, conv.images, &buffers, finish)?;
        recording.release(packed);
        wanted.of_weights(recording, *conv, [z, &d_hidden], "A")?;
        recording.release(d_hidden);
        Ok(())
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.hidden]
    }
}
