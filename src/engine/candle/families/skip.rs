//! Skips: a share of an earlier site, added to a later one.

use candle_core::{DType, Result, Tensor};

use super::{Cohort, Group, Layout, Place, Probe, Probed, Scene};
use crate::engine::EngineError;
use crate::morphism::Phi;
use crate::network::AsType;

/// One skip.
pub struct SkipGroup {
    place: Place,
    /// The earlier site.
    source: usize,
    /// `[1]`.
    share: Tensor,
}

impl SkipGroup {
    /// From a skip.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        Ok(Self { place: cohort.place.clone(), source: cohort.source()?, share: cohort.phi(0, "a")? })
    }
}

impl Group for SkipGroup {
    fn phi(&self) -> Vec<Tensor> {
        vec![self.share.clone()]
    }

    fn set_phi(&mut self, phi: Vec<Tensor>) {
        if let [share] = phi.as_slice() {
            self.share = share.clone();
        }
    }

    fn member_phi(&self, _member: usize) -> Result<Phi> {
        Ok(Phi::from([("a".to_owned(), self.share.clone())]))
    }

    fn layout(&self) -> Layout {
        Layout::whole(self.place.z)
    }

    fn probe<'a>(&'a self, scene: &Scene<'a>) -> Result<Box<dyn Probe + 'a>> {
        Ok(Box::new(Probed { group: self, scene: *scene, convolved: () }))
    }
}

impl Probe for Probed<'_, SkipGroup, ()> {
    fn changes(&self, scales: &[f32]) -> Result<Tensor> {
        let Probed { group, scene, .. } = self;
        let share = group.share.as_type(DType::F64)?.to_vec1::<f64>()?[0];
        scene.values.at(group.source)? * (share * f64::from(scales[0]))
    }

    fn phi_gradients(&self, d_changes: &Tensor) -> Result<Vec<Tensor>> {
        let Probed { group, scene, .. } = self;
        let products = (scene.values.at(group.source)? * d_changes)?.as_type(DType::F64)?;
        Ok(vec![products.sum_all()?.reshape(1)?.as_type(group.share.dtype())?])
    }
}
