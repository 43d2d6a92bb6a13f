//! Removals: a layer, whose site takes its input's value, and a shortcut, whose sum loses it.

use super::{GpuFamily, GroupScene, Probe, Probed};
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::record::{Recording, Span};
use crate::morphism::Family;

/// Both families.
pub struct Remove;

impl GpuFamily for Remove {
    fn probe<'a>(&self, _recording: &mut Recording, at: GroupScene<'a>) -> Probed<'a> {
        Ok(Box::new(RemoveProbe(at)))
    }
}

struct RemoveProbe<'a>(GroupScene<'a>);

impl Probe for RemoveProbe<'_> {
    /// source − z where a layer goes, −source where a shortcut does; whatever the scale.
    fn change(&self, recording: &mut Recording, _scales: &[f32]) -> Result<Span, GpuError> {
        let Self(at) = self;
        let (change, total) = (at.change(recording), at.count());
        let source = at.scene.value(at.source()?)?;
        if at.group.family == Family::RemoveLayer {
            recording.scale(total, -1.0, [at.z()?, &change], false)?;
            recording.accumulate(total, source, &change)?;
        } else {
            recording.scale(total, -1.0, [source, &change], false)?;
        }
        Ok(change)
    }
}
