//! Skips: a share of an earlier site, added to a later one.

use candle_core::{DType, Result, Tensor};

use super::{Cohort, Group, Layout, Place, Scene};
use crate::engine::EngineError;
use crate::morphism::Phi;

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

    fn probe(&self, _scene: &Scene) -> Result<Option<Tensor>> {
        Ok(None)
    }

    fn changes(&self, scene: &Scene, _probe: Option<&Tensor>, scales: &[f32]) -> Result<Tensor> {
        let share = self.share.to_dtype(DType::F64)?.to_vec1::<f64>()?[0];
        scene.values.at(self.source)? * (share * f64::from(scales[0]))
    }

    fn phi_gradients(
        &self,
        scene: &Scene,
        _probe: Option<&Tensor>,
        d_changes: &Tensor,
    ) -> Result<Vec<Tensor>> {
        let products = (scene.values.at(self.source)? * d_changes)?.to_dtype(DType::F64)?;
        Ok(vec![products.sum_all()?.reshape(1)?.to_dtype(self.share.dtype())?])
    }
}
