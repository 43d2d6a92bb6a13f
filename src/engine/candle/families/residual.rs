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
    place: Place,
    /// A, `[channels, channels, 3, 3]`.
    reading: Tensor,
    /// B, `[channels, channels, 3, 3]`.
    writing: Tensor,
}

impl ResidualGroup {
    /// From a residual morphism.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        let (reading, writing) = (cohort.phi(0, "A")?, cohort.phi(0, "B")?);
        Ok(Self { place: cohort.place.clone(), reading, writing })
    }
}

/// The ReLU between the convolutions.
fn hidden(probe: &Tensor) -> Result<Tensor> {
    activated(probe, None, true, Pool::None)
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
        let convolved = convolve(scene.values.at(self.place.z)?, &self.reading, None)?;
        Ok(Box::new(Probed { group: self, scene: *scene, convolved }))
    }
}

impl Probe for Probed<'_, ResidualGroup> {
    fn changes(&self, scales: &[f32]) -> Result<Tensor> {
        let Probed { group, convolved, .. } = self;
        let hidden = hidden(convolved)?;
        convolve(&hidden, &(&group.writing * f64::from(scales[0]))?, None)
    }

    fn phi_gradients(&self, d_changes: &Tensor) -> Result<Vec<Tensor>> {
        let Probed { group, scene, convolved } = self;
        let (d_writing, _) = convolve_weight_gradient(&hidden(convolved)?, d_changes, KERNEL)?;
        let d_hidden = convolve_input_gradient(d_changes, &group.writing)?;
        let d_probe = activated_gradient(convolved, None, true, Pool::None, &d_hidden, true)?;
        let (d_reading, _) = convolve_weight_gradient(scene.values.at(group.place.z)?, &d_probe, KERNEL)?;
        Ok(vec![d_reading, d_writing])
    }
}
