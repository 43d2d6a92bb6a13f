//! Layers and shortcuts that go: a node takes another's value, or loses one of its summands.

use candle_core::{Result, Tensor};

use super::{Cohort, Group, Layout, Scene};
use crate::engine::EngineError;
use crate::morphism::{Family, Phi};

/// One removal.
pub struct RemoveGroup {
    target: usize,
    /// What is added, if anything.
    plus: Option<usize>,
    /// What is taken away.
    minus: usize,
}

impl RemoveGroup {
    /// From a removal.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        let (source, target) = (cohort.source()?, cohort.place.z);
        let (plus, minus) = match cohort.family {
            Family::RemoveSkip => (None, source),
            _ => (Some(source), target),
        };
        Ok(Self { target, plus, minus })
    }
}

impl Group for RemoveGroup {
    fn phi(&self) -> Vec<Tensor> {
        Vec::new()
    }

    fn set_phi(&mut self, _phi: Vec<Tensor>) {}

    fn member_phi(&self, _member: usize) -> Result<Phi> {
        Ok(Phi::new())
    }

    fn layout(&self) -> Layout {
        Layout::whole(self.target)
    }

    fn probe(&self, _scene: &Scene) -> Result<Option<Tensor>> {
        Ok(None)
    }

    fn changes(&self, scene: &Scene, _probe: Option<&Tensor>, _scales: &[f32]) -> Result<Tensor> {
        let removed = scene.values.at(self.minus)?;
        match self.plus {
            Some(plus) => scene.values.at(plus)? - removed,
            None => removed.neg(),
        }
    }

    fn phi_gradients(&self, _: &Scene, _: Option<&Tensor>, _: &Tensor) -> Result<Vec<Tensor>> {
        Ok(Vec::new())
    }
}
