//! Layers and shortcuts that go: a node takes another's value, or loses one of its summands.

use candle_core::{Result, Tensor};

use super::{Group, Layout, Place, Scene};
use crate::engine::EngineError;
use crate::morphism::{Family, Morphism, Phi};

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
    pub fn new(place: &Place, morphism: &Morphism) -> std::result::Result<Self, EngineError> {
        let source = place.source(morphism)?;
        let (plus, minus) = match morphism.candidate.family {
            Family::RemoveSkip => (None, source),
            _ => (Some(source), place.z),
        };
        Ok(Self { target: place.z, plus, minus })
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
