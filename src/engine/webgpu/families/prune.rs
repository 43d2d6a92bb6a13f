//! Prunes, plain and with the mean folded into the next bias.

use super::scene::grid;
use super::{GpuFamily, GroupScene, Probe, Probed, Reach};
use crate::engine::webgpu::interface::{buffers, words};
use crate::engine::webgpu::ops::flag;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::webgpu::{GpuError, shaders};
use crate::engine::{Cohort, EngineError};
use crate::morphism::morph;

/// Both families.
pub struct Prune;

impl GpuFamily for Prune {
    fn reach(&self, cohort: &Cohort<'_>) -> Result<Reach, EngineError> {
        let mut reach = Reach::of(cohort)?;
        if let Reach::Channels { means, .. } = &mut reach
            && morph(cohort.family).folds_mean()
        {
            for (member, mean) in means.iter_mut().enumerate() {
                *mean = cohort.phi(member, "mean")?.to_vec1::<f32>()?[0];
            }
        }
        Ok(reach)
    }

    fn probe<'a>(&self, _recording: &mut Recording, at: GroupScene<'a>) -> Probed<'a> {
        Ok(Box::new(PruneProbe(at)))
    }
}

struct PruneProbe<'a>(GroupScene<'a>);

impl Probe for PruneProbe<'_> {
    /// Δz = mean − z, whatever the scales: there is no half a prune.
    fn change(&self, recording: &mut Recording, _scales: &[f32]) -> Result<Span, GpuError> {
        let Self(at) = self;
        let (z, change) = (at.z()?, at.change(recording));
        let [channels, positions] = at.group.reach.sizes(at.scene.graph);
        let members = at.group.members.len();
        let vector = positions.is_multiple_of(4);
        let fours = positions / if vector { 4 } else { 1 };
        let words = words! { members, channels, positions: fours };
        let channels = recording.constant(at.group.reach.channels(), "channels");
        let means = recording.constant(at.group.reach.means(), "means");
        let buffers = buffers! { z, channels, means, change };
        let (grid, work) = grid([positions, members, at.scene.images()], vector, 3);
        let defines = [("VECTOR", flag(vector))];
        recording.run(shaders::PRUNE_CHANGE, &defines, &words, &buffers, grid, work)?;
        Ok(change)
    }
}
