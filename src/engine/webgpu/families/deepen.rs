//! Deepenings: a new convolution z + φ∗z and a ReLU behind the site.

use candle_core::Tensor;

use super::{Group, PhiBlock, Probe, Reach, Scene, Stacked};
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::interface::{buffers, words};
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::webgpu::{GpuError, shaders};
use crate::engine::{Cohort, EngineError};
use crate::morphism::Phi;

/// One deepening.
pub struct DeepenGroup {
    site: usize,
    /// `[channels, channels, k, k]`, k × k being the new kernel.
    weights: Tensor,
}

impl DeepenGroup {
    /// From a deepen morphism.
    pub fn new(cohort: &Cohort<'_>) -> Result<Self, EngineError> {
        Ok(Self { site: cohort.place.z, weights: cohort.phi(0, "phi")? })
    }
}

impl Group for DeepenGroup {
    fn phi(&self) -> Vec<(&'static str, Tensor)> {
        vec![("weight", self.weights.clone())]
    }

    fn member_phi(&self, stacked: &Stacked<'_>, _member: usize) -> Result<Phi, EngineError> {
        Ok(Phi::from([("phi".to_owned(), stacked("weight")?)]))
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
        let kernel = self.weights.dims()[2];
        let conv = scene.conv(self.site, scene.shape(self.site).channels, kernel);
        let z = scene.value(self.site)?;
        let probe = recording.convolved(conv, false, z, [&phi.span("weight")?, scene.zeros])?;
        Ok(Box::new(DeepenProbe { z, conv, probe }))
    }
}

struct DeepenProbe<'a> {
    z: &'a Span,
    conv: Conv,
    /// φ∗z.
    probe: Span,
}

impl DeepenProbe<'_> {
    fn total(&self) -> usize {
        self.conv.images * self.conv.outputs * self.conv.height * self.conv.width
    }
}

impl Probe for DeepenProbe<'_> {
    /// max(z + s·φ∗z, 0) − z.
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        let (z, probe, total) = (self.z, &self.probe, self.total());
        let change = recording.scratch(total, "change");
        let scales = recording.constant(scales, "scales");
        let buffers = buffers! { z, probe, scales, change };
        let defines = [("SLOPE", 0)];
        recording.simple(shaders::DEEPEN_CHANGE, &defines, &words! { total }, &buffers, total, 4)?;
        Ok(change)
    }

    fn phi_gradient(
        &self,
        recording: &mut Recording,
        d_change: &Span,
        gradient: &PhiBlock<'_>,
        add: bool,
    ) -> Result<(), GpuError> {
        let (z, probe, total) = (self.z, &self.probe, self.total());
        let d_moved = recording.scratch(total, "gradient of the probe");
        let scales = recording.constant(&[1f32], "scales");
        let buffers = buffers! { z, probe, scales, d_change, d_moved };
        let defines = [("SLOPE", 1)];
        recording.simple(shaders::DEEPEN_CHANGE, &defines, &words! { total }, &buffers, total, 5)?;
        let dw = gradient.span("weight")?;
        recording.weights_gradient(self.conv, &buffers! { x: z, dy: d_moved, dw }, add)?;
        recording.release(d_moved);
        Ok(())
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.probe]
    }
}
