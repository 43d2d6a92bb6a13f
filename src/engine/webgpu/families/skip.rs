//! Skips: a share a of an earlier node's value added to the site.

use candle_core::Tensor;

use super::{Group, PhiBlock, Probe, Reach, Scene, Stacked};
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::interface::buffers;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::{Cohort, EngineError};
use crate::morphism::Phi;
use crate::network::Shape;

/// One skip.
pub struct SkipGroup {
    site: usize,
    source: usize,
    /// `[1]`.
    share: Tensor,
}

impl SkipGroup {
    /// From a skip morphism.
    pub fn new(cohort: &Cohort<'_>) -> Result<Self, EngineError> {
        Ok(Self { site: cohort.place.z, source: cohort.source()?, share: cohort.phi(0, "a")? })
    }
}

impl Group for SkipGroup {
    fn phi(&self) -> Vec<(&'static str, Tensor)> {
        vec![("weight", self.share.clone())]
    }

    fn member_phi(&self, stacked: &Stacked<'_>, _member: usize) -> Result<Phi, EngineError> {
        Ok(Phi::from([("a".to_owned(), stacked("weight")?)]))
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
        // One number for all channels, which lie above one another like rows of a single one.
        let Shape { channels, height, width } = scene.shape(self.source);
        let height = channels * height;
        let conv = Conv { images: scene.images(), channels: 1, height, width, outputs: 1, kernel: 1 };
        let weights = [&phi.span("weight")?, scene.zeros];
        let share = recording.convolved(conv, false, scene.value(self.source)?, weights)?;
        Ok(Box::new(SkipProbe { group: self, scene, conv, share }))
    }
}

struct SkipProbe<'a> {
    group: &'a SkipGroup,
    scene: &'a Scene<'a>,
    conv: Conv,
    /// a·source.
    share: Span,
}

impl Probe for SkipProbe<'_> {
    /// s·a·source.
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        let total = self.scene.images() * self.scene.shape(self.group.site).elements();
        let change = recording.scratch(total, "change");
        recording.scale(total, scales[0], [&self.share, &change], false)?;
        Ok(change)
    }

    fn phi_gradient(
        &self,
        recording: &mut Recording,
        d_change: &Span,
        gradient: &PhiBlock<'_>,
        add: bool,
    ) -> Result<(), GpuError> {
        let x = self.scene.value(self.group.source)?;
        let dw = gradient.span("weight")?;
        recording.weights_gradient(self.conv, &buffers! { x, dy: d_change, dw }, add)
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.share]
    }
}
