//! Residual blocks: two convolutions with the norm and a ReLU between them, and a ReLU after their sum with
//! the site.

use candle_core::{Result, Tensor};

use super::residual::ResidualGroup;
use super::{Cohort, Group, Layout, Probe, Probed, Scene, deepen, neutral_norm};
use crate::engine::EngineError;
use crate::engine::candle::ops::convolve;
use crate::morphism::Phi;

/// One block: a residual branch, with the norm.
pub struct BlockGroup(ResidualGroup);

impl BlockGroup {
    /// From a block.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        let branch = ResidualGroup::new(cohort)?;
        let norm = neutral_norm(&branch.place, branch.reading.dim(0)?, &branch.reading)?;
        Ok(Self(ResidualGroup { norm, ..branch }))
    }
}

impl Group for BlockGroup {
    fn phi(&self) -> Vec<Tensor> {
        self.0.phi()
    }

    fn set_phi(&mut self, phi: Vec<Tensor>) {
        self.0.set_phi(phi);
    }

    fn member_phi(&self, member: usize) -> Result<Phi> {
        self.0.member_phi(member)
    }

    fn layout(&self) -> Layout {
        self.0.layout()
    }

    fn probe<'a>(&'a self, scene: &Scene<'a>) -> Result<Box<dyn Probe + 'a>> {
        let read = self.0.read(scene)?;
        let written = convolve(&self.0.hidden(&read)?, &self.0.writing, None)?;
        Ok(Box::new(Probed { group: self, scene: *scene, convolved: [read, written] }))
    }
}

impl Probe for Probed<'_, BlockGroup, [Tensor; 2]> {
    fn changes(&self, scales: &[f32]) -> Result<Tensor> {
        let Probed { group, scene, convolved: [_, written] } = self;
        deepen::change(scene.values.at(group.0.place.z)?, written, scales[0])
    }

    fn phi_gradients(&self, d_changes: &Tensor) -> Result<Vec<Tensor>> {
        let Probed { group, scene, convolved: [read, written] } = self;
        let d_written = deepen::slope(scene.values.at(group.0.place.z)?, written, d_changes)?;
        group.0.gradients(scene, read, &d_written)
    }
}
