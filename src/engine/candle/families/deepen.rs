//! Deepening: a new convolution, the identity plus φ, and a ReLU after a site.

use candle_core::{Result, Tensor};

use super::{Cohort, Group, Layout, Place, Probe, Probed, Scene};
use crate::engine::EngineError;
use crate::engine::candle::ops::{activated, activated_gradient, convolve, convolve_weight_gradient, sum};
use crate::morphism::{Phi, Pool};

/// One deepening.
pub struct DeepenGroup {
    place: Place,
    /// `[channels, channels, k, k]`, k × k being the new kernel.
    phi: Tensor,
}

impl DeepenGroup {
    /// From a deepening.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        Ok(Self { place: cohort.place.clone(), phi: cohort.phi(0, "phi")? })
    }
}

/// What z + scale·probe is after a ReLU, less z.
pub(super) fn change(z: &Tensor, probe: &Tensor, scale: f32) -> Result<Tensor> {
    activated(&moved(z, probe, scale)?, None, true, Pool::None)? - z
}

/// The gradient of the probe at scale 1, from that of [`change`].
pub(super) fn slope(z: &Tensor, probe: &Tensor, d_change: &Tensor) -> Result<Tensor> {
    activated_gradient(&moved(z, probe, 1.0)?, None, true, Pool::None, d_change, true)
}

fn moved(z: &Tensor, probe: &Tensor, scale: f32) -> Result<Tensor> {
    sum(z, &(probe * f64::from(scale))?)
}

impl Group for DeepenGroup {
    fn phi(&self) -> Vec<Tensor> {
        vec![self.phi.clone()]
    }

    fn set_phi(&mut self, phi: Vec<Tensor>) {
        if let [phi] = phi.as_slice() {
            self.phi = phi.clone();
        }
    }

    fn member_phi(&self, _member: usize) -> Result<Phi> {
        Ok(Phi::from([("phi".to_owned(), self.phi.clone())]))
    }

    fn layout(&self) -> Layout {
        Layout::whole(self.place.z)
    }

    fn probe<'a>(&'a self, scene: &Scene<'a>) -> Result<Box<dyn Probe + 'a>> {
        let convolved = convolve(scene.values.at(self.place.z)?, &self.phi, None)?;
        Ok(Box::new(Probed { group: self, scene: *scene, convolved }))
    }
}

impl Probe for Probed<'_, DeepenGroup> {
    fn changes(&self, scales: &[f32]) -> Result<Tensor> {
        let Probed { group, scene, convolved } = self;
        change(scene.values.at(group.place.z)?, convolved, scales[0])
    }

    fn phi_gradients(&self, d_changes: &Tensor) -> Result<Vec<Tensor>> {
        let Probed { group, scene, convolved } = self;
        let (z, kernel) = (scene.values.at(group.place.z)?, group.phi.dim(2)?);
        let (weights, _) = convolve_weight_gradient(z, &slope(z, convolved, d_changes)?, kernel)?;
        Ok(vec![weights])
    }
}
