//! Residual blocks: max(z + B∗ReLU(N(A∗z)), 0) after the site, N the neutral norm if the layer has one.

use super::residual::ResidualProbe;
use super::{GpuFamily, GroupScene, PhiGradient, Probe, Probed, deepen};
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::record::{Recording, Span};

/// The family.
pub struct Block;

impl GpuFamily for Block {
    fn probe<'a>(&self, recording: &mut Recording, at: GroupScene<'a>) -> Probed<'a> {
        let factor = at.group.place.new_norm_factor() as f32;
        let branch = ResidualProbe::new(recording, at)?;
        let writing = recording.scaled(&branch.writing, factor)?;
        let weights = [&writing, branch.at.scene.zeros];
        let written = recording.convolved(branch.conv, false, &branch.hidden, weights)?;
        recording.release(writing);
        Ok(Box::new(BlockProbe { branch, factor, written }))
    }
}

struct BlockProbe<'a> {
    /// A residual branch, without the norm.
    branch: ResidualProbe<'a>,
    /// The norm's, which a ReLU passes on, so that it may as well stand before B.
    factor: f32,
    /// What the branch adds to z.
    written: Span,
}

impl Probe for BlockProbe<'_> {
    /// max(z + s·(the branch), 0) − z.
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        deepen::change(recording, &self.branch.at, [self.branch.z, &self.written], scales)
    }

    fn phi_gradient(&self, recording: &mut Recording, wanted: &PhiGradient<'_>) -> Result<(), GpuError> {
        let Self { branch, factor, written } = self;
        let d_moved = deepen::slope(recording, &branch.at, [branch.z, written, wanted.d_change])?;
        let d_written = recording.scaled(&d_moved, *factor)?;
        let wanted = PhiGradient { d_change: &d_written, block: wanted.block.clone(), add: wanted.add };
        branch.phi_gradient(recording, &wanted)?;
        [d_moved, d_written].into_iter().for_each(|span| recording.release(span));
        Ok(())
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.branch.hidden, self.written]
    }
}
