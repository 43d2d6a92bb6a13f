//! Larger kernels: a ring of weights around a layer's own.

use candle_core::{Result, Tensor};

use super::{Cohort, Group, Layout, Place, Scene};
use crate::engine::EngineError;
use crate::engine::candle::ops::{activated, activated_gradient, convolve, convolve_weight_gradient, sum};
use crate::morphism::{Phi, ring};

/// One ring.
pub struct KernelGroup {
    place: Place,
    /// `[out, in, k + 2, k + 2]`, zeros inside the ring.
    ring: Tensor,
}

impl KernelGroup {
    /// From a kernel morphism.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        Ok(Self { place: cohort.place.clone(), ring: ring(&cohort.phi(0, "phi_ring")?)? })
    }

    /// Whether ψ stands between the layer and the site.
    fn is_activated(&self) -> bool {
        self.place.z != self.place.u
    }

    /// The layer's pre-activation with the ring.
    fn moved(&self, scene: &Scene, probe: &Tensor, scale: f32) -> Result<Tensor> {
        sum(scene.values.at(self.place.u)?, &(probe * f64::from(scale))?)
    }
}

impl Group for KernelGroup {
    fn phi(&self) -> Vec<Tensor> {
        vec![self.ring.clone()]
    }

    fn set_phi(&mut self, phi: Vec<Tensor>) {
        if let [ring] = phi.as_slice() {
            self.ring = ring.clone();
        }
    }

    fn member_phi(&self, _member: usize) -> Result<Phi> {
        Ok(Phi::from([("phi_ring".to_owned(), self.ring.clone())]))
    }

    fn layout(&self) -> Layout {
        Layout::whole(self.place.z)
    }

    fn probe(&self, scene: &Scene) -> Result<Option<Tensor>> {
        convolve(scene.values.at(self.place.x)?, &self.ring, None).map(Some)
    }

    fn changes(&self, scene: &Scene, probe: Option<&Tensor>, scales: &[f32]) -> Result<Tensor> {
        let probe = probe.expect("a ring has a probe");
        if !self.is_activated() {
            return probe * f64::from(scales[0]);
        }
        let affine = scene.values.affine_after(scene.plan, self.place.u);
        let moved = self.moved(scene, probe, scales[0])?;
        activated(&moved, affine, true, self.place.pool)? - scene.values.at(self.place.z)?
    }

    /// Inside the ring the gradient is held at 0, and φ with it.
    fn phi_gradients(
        &self,
        scene: &Scene,
        probe: Option<&Tensor>,
        d_changes: &Tensor,
    ) -> Result<Vec<Tensor>> {
        let d_moved = match self.is_activated() {
            true => {
                let affine = scene.values.affine_after(scene.plan, self.place.u);
                let moved = self.moved(scene, probe.expect("a ring has a probe"), 1.0)?;
                activated_gradient(&moved, affine, true, self.place.pool, d_changes, true)?
            }
            false => d_changes.clone(),
        };
        let x = scene.values.at(self.place.x)?;
        let (weights, _) = convolve_weight_gradient(x, &d_moved, self.ring.dim(3)?)?;
        Ok(vec![ring(&weights)?])
    }
}
