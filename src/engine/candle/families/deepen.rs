//! Deepening: a new convolution, the identity plus φ, with a ReLU, behind a site.

use candle_core::{Result, Tensor};

use super::{Cohort, Group, Layout, Place, Scene};
use crate::engine::EngineError;
use crate::engine::candle::ops::{activated, activated_gradient, convolve, convolve_weight_gradient, sum};
use crate::morphism::{Phi, Pool};

/// Rows and columns of the new kernel.
const KERNEL: usize = 3;

/// One deepening.
pub struct DeepenGroup {
    place: Place,
    /// `[channels, channels, 3, 3]`.
    phi: Tensor,
}

impl DeepenGroup {
    /// From a deepening.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        Ok(Self { place: cohort.place.clone(), phi: cohort.phi(0, "phi")? })
    }

    /// The new convolution's output, z + scale·φ∗z.
    fn moved(&self, scene: &Scene, probe: &Tensor, scale: f32) -> Result<Tensor> {
        sum(scene.values.at(self.place.z)?, &(probe * f64::from(scale))?)
    }
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

    fn probe(&self, scene: &Scene) -> Result<Option<Tensor>> {
        convolve(scene.values.at(self.place.z)?, &self.phi, None).map(Some)
    }

    fn changes(&self, scene: &Scene, probe: Option<&Tensor>, scales: &[f32]) -> Result<Tensor> {
        let moved = self.moved(scene, probe.expect("deepening has a probe"), scales[0])?;
        activated(&moved, None, true, Pool::None)? - scene.values.at(self.place.z)?
    }

    fn phi_gradients(
        &self,
        scene: &Scene,
        probe: Option<&Tensor>,
        d_changes: &Tensor,
    ) -> Result<Vec<Tensor>> {
        let moved = self.moved(scene, probe.expect("deepening has a probe"), 1.0)?;
        let d_moved = activated_gradient(&moved, None, true, Pool::None, d_changes, true)?;
        let (weights, _) = convolve_weight_gradient(scene.values.at(self.place.z)?, &d_moved, KERNEL)?;
        Ok(vec![weights])
    }
}
