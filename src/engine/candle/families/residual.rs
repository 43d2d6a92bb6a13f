//! Residual branches: two convolutions with a ReLU between them, added to a site.

use candle_core::{Result, Tensor};

use super::{Cohort, Group, Layout, Place, Probe, Probed, Scene};
use crate::engine::EngineError;
use crate::engine::candle::ops::{
    activated, activated_gradient, convolve, convolve_input_gradient, convolve_weight_gradient,
};
use crate::morphism::{Phi, Pool};

/// Rows and columns of the new kernels.
const KERNEL: usize = 3;

/// One branch.
pub struct ResidualGroup {
    /// Where it is.
    pub(super) place: Place,
    /// A, `[channels, channels, 3, 3]`.
    pub(super) reading: Tensor,
    /// B, `[channels, channels, 3, 3]`.
    pub(super) writing: Tensor,
    /// The norm after A, of a block, `[2, channels]`.
    pub(super) norm: Option<Tensor>,
}

impl ResidualGroup {
    /// From a residual morphism.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        let (reading, writing) = (cohort.phi(0, "A")?, cohort.phi(0, "B")?);
        Ok(Self { place: cohort.place.clone(), reading, writing, norm: None })
    }

    /// A∗z.
    pub(super) fn read(&self, scene: &Scene) -> Result<Tensor> {
        convolve(scene.values.at(self.place.z)?, &self.reading, None)
    }

    /// What B reads: the norm and the ReLU of A∗z.
    pub(super) fn hidden(&self, read: &Tensor) -> Result<Tensor> {
        activated(read, self.norm.as_ref(), true, Pool::None)
    }

    /// Gradients of A and B, from A∗z and the gradient of what B writes.
    pub(super) fn gradients(&self, scene: &Scene, read: &Tensor, d_written: &Tensor) -> Result<Vec<Tensor>> {
        let (d_writing, _) = convolve_weight_gradient(&self.hidden(read)?, d_written, KERNEL)?;
        let d_hidden = convolve_input_gradient(d_written, &self.writing)?;
        let d_read = activated_gradient(read, self.norm.as_ref(), true, Pool::None, &d_hidden, true)?;
        let (d_reading, _) = convolve_weight_gradient(scene.values.at(self.place.z)?, &d_read, KERNEL)?;
        Ok(vec![d_reading, d_writing])
    }
}

impl Group for ResidualGroup {
    fn phi(&self) -> Vec<Tensor> {
        vec![self.reading.clone(), self.writing.clone()]
    }

    fn set_phi(&mut self, phi: Vec<Tensor>) {
        if let [reading, writing] = phi.as_slice() {
            (self.reading, self.writing) = (reading.clone(), writing.clone());
        }
    }

    fn member_phi(&self, _member: usize) -> Result<Phi> {
        Ok(Phi::from([("A".to_owned(), self.reading.clone()), ("B".to_owned(), self.writing.clone())]))
    }

    fn layout(&self) -> Layout {
        Layout::whole(self.place.z)
    }

    fn probe<'a>(&'a self, scene: &Scene<'a>) -> Result<Box<dyn Probe + 'a>> {
        let convolved = self.read(scene)?;
        Ok(Box::new(Probed { group: self, scene: *scene, convolved }))
    }
}

impl Probe for Probed<'_, ResidualGroup> {
    fn changes(&self, scales: &[f32]) -> Result<Tensor> {
        let Probed { group, convolved, .. } = self;
        convolve(&group.hidden(convolved)?, &(&group.writing * f64::from(scales[0]))?, None)
    }

    fn phi_gradients(&self, d_changes: &Tensor) -> Result<Vec<Tensor>> {
        let Probed { group, scene, convolved } = self;
        group.gradients(scene, convolved, d_changes)
    }
}
