//! Removals of layers and shortcuts: a node takes another's value, or loses one of its summands.

use candle_core::{Result, Tensor};

use super::{Cohort, Group, Layout, Probe, Probed, Scene};
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

    fn probe<'a>(&'a self, scene: &Scene<'a>) -> Result<Box<dyn Probe + 'a>> {
        Ok(Box::new(Probed { group: self, scene: *scene, convolved: () }))
    }
}

impl Probe for Probed<'_, RemoveGroup, ()> {
    fn changes(&self, _scales: &[f32]) -> Result<Tensor> {
        let Probed { group, scene, .. } = self;
        let removed = scene.values.at(group.minus)?;
        match group.plus {
            Some(plus) => scene.values.at(plus)? - removed,
            None => removed.neg(),
        }
    }

    fn phi_gradients(&self, _d_changes: &Tensor) -> Result<Vec<Tensor>> {
        Ok(Vec::new())
    }
}
