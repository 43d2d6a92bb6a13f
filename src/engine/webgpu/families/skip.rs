//! Skips: a share a of an earlier node's value added to the site.

use super::{GpuFamily, GroupScene, PhiGradient, Probe, Probed};
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::record::{Recording, Span};
use crate::network::Shape;

/// The family.
pub struct Skip;

impl GpuFamily for Skip {
    fn probe<'a>(&self, recording: &mut Recording, at: GroupScene<'a>) -> Probed<'a> {
        // One number for all channels, which lie above one another like rows of a single one.
        let source = at.source()?;
        let Shape { channels, height, width } = at.scene.shape(source);
        let height = channels * height;
        let conv = Conv { images: at.scene.images(), channels: 1, height, width, outputs: 1, kernel: 1 };
        let source = at.scene.value(source)?;
        let share = at.convolved(recording, (conv, false), source, "a")?;
        Ok(Box::new(SkipProbe { at, source, conv, share }))
    }
}

struct SkipProbe<'a> {
    at: GroupScene<'a>,
    source: &'a Span,
    conv: Conv,
    /// a·source.
    share: Span,
}

impl Probe for SkipProbe<'_> {
    /// s·a·source.
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        let change = self.at.change(recording);
        recording.scale(self.at.count(), scales[0], [&self.share, &change], false)?;
        Ok(change)
    }

    fn phi_gradient(&self, recording: &mut Recording, wanted: &PhiGradient<'_>) -> Result<(), GpuError> {
        wanted.of_weights(recording, self.conv, [self.source, wanted.d_change], "a")
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.share]
    }
}
