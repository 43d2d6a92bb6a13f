//! Residual branches: B∗ReLU(A∗z) added to the site.

use candle_core::Tensor;

use super::{Group, PhiBlock, Probe, Reach, Scene, Stacked};
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::interface::buffers;
use crate::engine::webgpu::ops::Finish;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::{Cohort, EngineError};
use crate::morphism::Phi;

/// One residual branch.
pub struct ResidualGroup {
    site: usize,
    /// A, `[channels, channels, 3, 3]`.
    reading: Tensor,
    /// B, `[channels, channels, 3, 3]`.
    writing: Tensor,
}

impl ResidualGroup {
    /// From a residual morphism.
    pub fn new(cohort: &Cohort<'_>) -> Result<Self, EngineError> {
        Ok(Self { site: cohort.place.z, reading: cohort.phi(0, "A")?, writing: cohort.phi(0, "B")? })
    }
}

impl Group for ResidualGroup {
    fn phi(&self) -> Vec<(&'static str, Tensor)> {
        vec![("weight", self.reading.clone()), ("outgoing", self.writing.clone())]
    }

    fn member_phi(&self, stacked: &Stacked<'_>, _member: usize) -> Result<Phi, EngineError> {
        Ok(Phi::from([("A".to_owned(), stacked("weight")?), ("B".to_owned(), stacked("outgoing")?)]))
    }

    fn reach(&self) -> Reach {
        Reach::Whole { node: self.site }
    }

    fn probe<'a>(
        &'a self,
        recording: &mut Recording,
        scene: &'a Scene<'a>,
        phi: &PhiBlock<'a>,
    ) -> Result<Box<dyn Probe + 'a>, GpuError> {
        let conv = scene.conv(self.site, scene.shape(self.site).channels, 3);
        let z = scene.value(self.site)?;
        let hidden = recording.convolved(conv, true, z, [&phi.span("weight")?, scene.zeros])?;
        let (writing, zeros) = (phi.span("outgoing")?, scene.zeros);
        Ok(Box::new(ResidualProbe { z, zeros, conv, writing, hidden }))
    }
}

struct ResidualProbe<'a> {
    z: &'a Span,
    zeros: &'a Span,
    /// The geometry of A and of B.
    conv: Conv,
    /// B.
    writing: Span,
    /// ReLU(A∗z).
    hidden: Span,
}

impl ResidualProbe<'_> {
    fn total(&self) -> usize {
        self.conv.images * self.conv.outputs * self.conv.height * self.conv.width
    }
}

impl Probe for ResidualProbe<'_> {
    /// s·B∗ReLU(A∗z).
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        let change = recording.scratch(self.total(), "change");
        let writing = recording.scaled(&self.writing, scales[0])?;
        let packed = recording.packed(self.conv, false, &writing)?;
        let buffers = buffers! { x: self.hidden, weights: packed, bias: self.zeros, y: change };
        recording.convolve(self.conv, false, &buffers)?;
        recording.release(packed);
        recording.release(writing);
        Ok(change)
    }

    fn phi_gradient(
        &self,
        recording: &mut Recording,
        d_change: &Span,
        gradient: &PhiBlock<'_>,
        add: bool,
    ) -> Result<(), GpuError> {
        let Self { conv, hidden, .. } = self;
        let d_hidden = recording.scratch(self.total(), "gradient of the probe");
        let dw = gradient.span("outgoing")?;
        recording.weights_gradient(*conv, &buffers! { x: hidden, dy: d_change, dw }, add)?;
        let packed = recording.packed(*conv, true, &self.writing)?;
        let buffers = buffers! { dy: d_change, weights: packed, dx: d_hidden };
        let finish = Finish { gate: Some(hidden), add: false };
        recording.input_gradient(*conv, conv.images, &buffers, finish)?;
        recording.release(packed);
        let dw = gradient.span("weight")?;
        recording.weights_gradient(*conv, &buffers! { x: self.z, dy: d_hidden, dw }, add)?;
        recording.release(d_hidden);
        Ok(())
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.hidden]
    }
}
