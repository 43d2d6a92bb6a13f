//! Removals: a layer, whose site takes its input's value, and a shortcut, whose sum loses it.

use super::{Group, PhiBlock, Probe, Reach, Scene};
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::{Cohort, EngineError};
use crate::morphism::Family;

/// One removal.
pub struct RemoveGroup {
    site: usize,
    source: usize,
    /// Whether the site becomes the source, rather than lose it.
    becomes_source: bool,
}

impl RemoveGroup {
    /// From a removal.
    pub fn new(cohort: &Cohort<'_>) -> Result<Self, EngineError> {
        let becomes_source = cohort.family == Family::RemoveLayer;
        Ok(Self { site: cohort.place.z, source: cohort.source()?, becomes_source })
    }
}

impl Group for RemoveGroup {
    fn reach(&self) -> Reach {
        Reach::Whole { node: self.site }
    }

    fn probe<'a>(
        &'a self,
        _recording: &mut Recording,
        scene: &'a Scene<'a>,
        _phi: &PhiBlock<'a>,
    ) -> Result<Box<dyn Probe + 'a>, GpuError> {
        Ok(Box::new(RemoveProbe { group: self, scene }))
    }
}

struct RemoveProbe<'a> {
    group: &'a RemoveGroup,
    scene: &'a Scene<'a>,
}

impl Probe for RemoveProbe<'_> {
    /// source − z, or −source; whatever the scale.
    fn change(&self, recording: &mut Recording, _scales: &[f32]) -> Result<Span, GpuError> {
        let Self { group, scene } = self;
        let total = scene.images() * scene.shape(group.site).elements();
        let change = recording.scratch(total, "change");
        let source = scene.value(group.source)?;
        match group.becomes_source {
            true => {
                recording.scale(total, -1.0, [scene.value(group.site)?, &change], false)?;
                recording.accumulate(total, source, &change)?;
            }
            false => recording.scale(total, -1.0, [source, &change], false)?,
        }
        Ok(change)
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        Vec::new()
    }
}
