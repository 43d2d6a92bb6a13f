//! Prunes, plain and with the mean folded into the next bias.

use candle_core::{Result, Tensor};

use super::{Cohort, Group, Layout, Place, Probe, Probed, ReaderNode, Scene, reader_value};
use crate::engine::EngineError;
use crate::engine::candle::real::{Numbers, tensor, with_real};
use crate::morphism::{Phi, morph};

/// All prunes of one layer.
pub struct PruneGroup {
    place: Place,
    reader: ReaderNode,
    channels: Vec<usize>,
    /// The mean that replaces each channel, `[members]`; none for plain prunes.
    means: Option<Tensor>,
}

impl PruneGroup {
    /// From prunes of one family.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        let means = match morph(cohort.family).folds_mean() {
            true => {
                let mean = |member| cohort.phi(member, "mean");
                let means =
                    (0..cohort.members.len()).map(mean).collect::<std::result::Result<Vec<_>, _>>()?;
                Some(Tensor::cat(&means, 0)?)
            }
            false => None,
        };
        let (place, channels) = (cohort.place.clone(), cohort.channels.clone());
        Ok(Self { place, reader: cohort.reader()?, channels, means })
    }
}

impl Group for PruneGroup {
    fn phi(&self) -> Vec<Tensor> {
        Vec::new()
    }

    fn set_phi(&mut self, _phi: Vec<Tensor>) {}

    fn member_phi(&self, member: usize) -> Result<Phi> {
        match &self.means {
            Some(means) => Ok(Phi::from([("mean".to_owned(), means.narrow(0, member, 1)?.copy()?)])),
            None => Ok(Phi::new()),
        }
    }

    fn layout(&self) -> Layout {
        Layout { target: self.place.z, channels: Some(self.channels.clone()) }
    }

    fn probe<'a>(&'a self, scene: &Scene<'a>) -> Result<Box<dyn Probe + 'a>> {
        Ok(Box::new(Probed { group: self, scene: *scene, convolved: () }))
    }

    fn entry(&self, scene: &Scene, changes: &Tensor, member: usize) -> Result<(usize, Tensor)> {
        let channel = self.channels[member];
        let change = changes.narrow(1, member, 1)?.contiguous()?;
        let (ReaderNode::Conv { node, .. }, Some(means)) = (self.reader, &self.means) else {
            let value = reader_value(scene, self.reader, channel, &change)?;
            return Ok((self.reader.node(), value));
        };
        // The rewrite folds the mean into the bias, so it also acts where the kernel reaches over the border.
        let mean = means.narrow(0, member, 1)?;
        let removed = change.broadcast_sub(&mean.reshape((1, 1, 1, 1))?)?;
        let value = reader_value(scene, self.reader, channel, &removed)?;
        let weights = scene.parameter(node, "weight")?.narrow(1, channel, 1)?;
        let folded = weights.sum((1, 2, 3))?.broadcast_mul(&mean)?.reshape((1, (), 1, 1))?;
        Ok((node, value.broadcast_add(&folded)?))
    }
}

impl Probe for Probed<'_, PruneGroup, ()> {
    fn changes(&self, _scales: &[f32]) -> Result<Tensor> {
        let Probed { group, scene, .. } = self;
        let z = scene.values.at(group.place.z)?;
        let (examples, channels, height, width) = z.dims4()?;
        let positions = height * width;
        with_real!(z, T => {
            let z = Numbers::<T>::of(z)?;
            let means = group.means.as_ref().map(Numbers::<T>::of).transpose()?;
            let mut changes = Vec::with_capacity(examples * group.channels.len() * positions);
            for example in z.chunks(channels * positions) {
                for (member, channel) in group.channels.iter().enumerate() {
                    let mean = means.as_ref().map_or(T::default(), |means| means[member]);
                    changes.extend(example[channel * positions..][..positions].iter().map(|z| mean - *z));
                }
            }
            tensor(changes, (examples, group.channels.len(), height, width))
        })
    }

    fn phi_gradients(&self, _d_changes: &Tensor) -> Result<Vec<Tensor>> {
        Ok(Vec::new())
    }
}
