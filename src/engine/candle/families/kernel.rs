//! Larger kernels: a ring of weights around a layer's own.

use candle_core::{Result, Tensor};

use super::{Cohort, Group, Layout, Place, Probe, Probed, Scene};
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

    fn probe<'a>(&'a self, scene: &Scene<'a>) -> Result<Box<dyn Probe + 'a>> {
        let convolved = convolve(scene.values.at(self.place.x)?, &self.ring, None)?;
        Ok(Box::new(Probed { group: self, scene: *scene, convolved }))
    }
}

impl Probe for Probed<'_, KernelGroup> {
    fn changes(&self, scales: &[f32]) -> Result<Tensor> {
        let Probed { group, scene, convolved } = self;
        if !group.is_activated() {
            return convolved * f64::from(scales[0]);
        }
        let affine = scene.values.affine_after(scene.plan, group.place.u);
        let moved = group.moved(scene, convolved, scales[0])?;
        activated(&moved, affine, true, group.place.pool)? - scene.values.at(group.place.z)?
    }

    /// Inside the ring the gradient is held at 0, and φ with it.
    fn phi_gradients(&self, d_changes: &Tensor) -> Result<Vec<Tensor>> {
        let Probed { group, scene, convolved } = self;
        let d_moved = match group.is_activated() {
            true => {
                let affine = scene.values.affine_after(scene.plan, group.place.u);
                let moved = group.moved(scene, convolved, 1.0)?;
                activated_gradient(&moved, affine, true, group.place.pool, d_changes, true)?
            }
            false => d_changes.clone(),
        };
        let x = scene.values.at(group.place.x)?;
        let (weights, _) = convolve_weight_gradient(x, &d_moved, group.ring.dim(3)?)?;
        Ok(vec![ring(&weights)?])
    }
}
