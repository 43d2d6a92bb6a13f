//! Prunes, plain and with the mean folded into the next bias.

use super::scene::grid;
use super::{Group, PhiBlock, Probe, Reach, Scene};
use crate::engine::webgpu::interface::{buffers, words};
use crate::engine::webgpu::ops::flag;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::webgpu::{GpuError, shaders};
use crate::engine::{Cohort, EngineError, Place, ReaderNode};
use crate::morphism::morph;

/// All prunes of one layer.
pub struct PruneGroup {
    place: Place,
    reader: ReaderNode,
    channels: Vec<u32>,
    /// The mean that stays in each channel's stead; 0 for plain prunes.
    means: Vec<f32>,
}

impl PruneGroup {
    /// From prunes of one family.
    pub fn new(cohort: &Cohort<'_>) -> Result<Self, EngineError> {
        let mean = |member| match morph(cohort.family).folds_mean() {
            true => Ok(cohort.phi(member, "mean")?.to_vec1::<f32>()?[0]),
            false => Ok(0.0),
        };
        Ok(Self {
            place: cohort.place.clone(),
            reader: cohort.reader()?,
            channels: cohort.channels.iter().map(|channel| *channel as u32).collect(),
            means: (0..cohort.members.len()).map(mean).collect::<Result<_, EngineError>>()?,
        })
    }
}

impl Group for PruneGroup {
    fn reach(&self) -> Reach {
        let (channels, means) = (self.channels.clone(), self.means.clone());
        Reach::Channels { site: self.place.z, reader: self.reader, channels, means }
    }

    fn probe<'a>(
        &'a self,
        _recording: &mut Recording,
        scene: &'a Scene<'a>,
        _phi: &PhiBlock<'a>,
    ) -> Result<Box<dyn Probe + 'a>, GpuError> {
        Ok(Box::new(PruneProbe { group: self, scene }))
    }
}

struct PruneProbe<'a> {
    group: &'a PruneGroup,
    scene: &'a Scene<'a>,
}

impl Probe for PruneProbe<'_> {
    /// Δz = mean − z, whatever the scales: there is no half a prune.
    fn change(&self, recording: &mut Recording, _scales: &[f32]) -> Result<Span, GpuError> {
        let Self { group, scene } = self;
        let (z, shape) = (scene.value(group.place.z)?, scene.shape(group.place.z));
        let (members, positions) = (group.channels.len(), shape.positions());
        let change = recording.scratch(scene.images() * members * positions, "change");
        let vector = positions.is_multiple_of(4);
        let fours = positions / if vector { 4 } else { 1 };
        let words = words! { members, channels: shape.channels, positions: fours };
        let channels = recording.constant(&group.channels, "channels");
        let means = recording.constant(&group.means, "means");
        let buffers = buffers! { z, channels, means, change };
        let (grid, work) = grid([positions, members, scene.images()], vector, 3);
        let defines = [("VECTOR", flag(vector))];
        recording.run(shaders::PRUNE_CHANGE, &defines, &words, &buffers, grid, work)?;
        Ok(change)
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        Vec::new()
    }
}
