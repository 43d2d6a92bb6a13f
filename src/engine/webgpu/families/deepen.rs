//! Deepenings: a new convolution z + φ∗z and a ReLU after the site.

use super::{GpuFamily, GroupScene, PhiGradient, Probe, Probed};
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::interface::{buffers, words};
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::webgpu::{GpuError, shaders};

/// The family, whatever the size of the new kernel.
pub struct Deepen;

impl GpuFamily for Deepen {
    fn probe<'a>(&self, recording: &mut Recording, at: GroupScene<'a>) -> Probed<'a> {
        let z = at.z()?;
        let site = at.group.place.z;
        let conv = at.scene.conv(site, at.scene.shape(site).channels, at.phi.shape("phi")?[2]);
        let probe = at.convolved(recording, (conv, false), z, "phi")?;
        Ok(Box::new(DeepenProbe { at, z, conv, probe }))
    }
}

struct DeepenProbe<'a> {
    at: GroupScene<'a>,
    z: &'a Span,
    conv: Conv,
    /// φ∗z.
    probe: Span,
}

impl Probe for DeepenProbe<'_> {
    /// max(z + s·φ∗z, 0) − z.
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        change(recording, &self.at, [self.z, &self.probe], scales)
    }

    fn phi_gradient(&self, recording: &mut Recording, wanted: &PhiGradient<'_>) -> Result<(), GpuError> {
        let Self { at, z, probe, .. } = self;
        let d_moved = slope(recording, at, [z, probe, wanted.d_change])?;
        wanted.of_weights(recording, self.conv, [z, &d_moved], "phi")?;
        recording.release(d_moved);
        Ok(())
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.probe]
    }
}

/// Records max(z + s·probe, 0) − z, the probe being of z's shape.
pub(super) fn change(
    recording: &mut Recording,
    at: &GroupScene<'_>,
    [z, probe]: [&Span; 2],
    scales: &[f32],
) -> Result<Span, GpuError> {
    let (change, total) = (at.change(recording), at.count());
    let scales = recording.constant(scales, "scales");
    let buffers = buffers! { z, probe, scales, change };
    let defines = [("SLOPE", 0)];
    recording.simple(shaders::DEEPEN_CHANGE, &defines, &words! { total }, &buffers, total, 4)?;
    Ok(change)
}

/// Records the gradient of the probe at scale 1, from that of [`change`].
pub(super) fn slope(
    recording: &mut Recording,
    at: &GroupScene<'_>,
    [z, probe, d_change]: [&Span; 3],
) -> Result<Span, GpuError> {
    let total = at.count();
    let d_moved = recording.scratch(total, "gradient of the probe");
    let scales = recording.constant(&[1f32], "scales");
    let buffers = buffers! { z, probe, scales, d_change, d_moved };
    let defines = [("SLOPE", 1)];
    recording.simple(shaders::DEEPEN_CHANGE, &defines, &words! { total }, &buffers, total, 5)?;
    Ok(d_moved)
}
