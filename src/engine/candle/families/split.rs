//! Splits, plain and symmetric.

use candle_core::{Result, Tensor};

use super::{Cohort, Group, Layout, Place, Probe, Probed, ReaderNode, Scene, reader_value};
use crate::engine::candle::kernels::activate::Activation;
use crate::engine::candle::kernels::split::{Around, Child, Split};
use crate::engine::candle::ops::{convolve, convolve_weight_gradient};
use crate::engine::candle::real::{Numbers, tensor, with_real};
use crate::engine::{EngineError, SplitPhi};
use crate::morphism::Phi;

/// All splits of one layer.
pub struct SplitGroup {
    place: Place,
    reader: ReaderNode,
    channels: Vec<usize>,
    phi: SplitPhi,
}

impl SplitGroup {
    /// From splits of one family.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        Ok(Self {
            reader: cohort.reader()?,
            place: cohort.place.clone(),
            channels: cohort.channels.clone(),
            phi: SplitPhi::of(cohort)?,
        })
    }

    fn splits(&self, scales: &[f32]) -> Vec<Split> {
        let probes = SplitPhi::probes(self.phi.family);
        let splits = self.channels.iter().zip(scales).enumerate();
        splits
            .map(|(member, (channel, scale))| Split {
                channel: *channel,
                children: match probes {
                    2 => [2 * member, 2 * member + 1].map(|probe| Child { probe, sign: 1.0 }),
                    _ => [1.0, -1.0].map(|sign| Child { probe: member, sign }),
                },
                scale: f64::from(*scale),
            })
            .collect()
    }

    fn activation(&self, u: &Tensor) -> Result<Activation> {
        let (_, _, height, width) = u.dims4()?;
        Ok(Activation { height, width, relu: true, pool: self.place.pool })
    }
}

impl Group for SplitGroup {
    fn phi(&self) -> Vec<Tensor> {
        vec![self.phi.weights.clone(), self.phi.bias.clone()]
    }

    fn set_phi(&mut self, phi: Vec<Tensor>) {
        if let [weights, bias] = phi.as_slice() {
            (self.phi.weights, self.phi.bias) = (weights.clone(), bias.clone());
        }
    }

    fn member_phi(&self, member: usize) -> Result<Phi> {
        self.phi.member(member)
    }

    fn layout(&self) -> Layout {
        Layout { target: self.place.z, channels: Some(self.channels.clone()) }
    }

    fn probe<'a>(&'a self, scene: &Scene<'a>) -> Result<Box<dyn Probe + 'a>> {
        let convolved = convolve(scene.values.at(self.place.x)?, &self.phi.weights, Some(&self.phi.bias))?;
        Ok(Box::new(Probed { group: self, scene: *scene, convolved }))
    }

    fn entry(&self, scene: &Scene, changes: &Tensor, member: usize) -> Result<(usize, Tensor)> {
        let change = changes.narrow(1, member, 1)?.contiguous()?;
        let value = reader_value(scene, self.reader, self.channels[member], &change)?;
        Ok((self.reader.node(), value))
    }
}

impl Probe for Probed<'_, SplitGroup> {
    fn changes(&self, scales: &[f32]) -> Result<Tensor> {
        let Probed { group, scene, convolved } = self;
        let (u, z) = (scene.values.at(group.place.u)?, scene.values.at(group.place.z)?);
        let affine = scene.values.affine_after(scene.plan, group.place.u);
        let splits = group.splits(scales);
        let (examples, channels, height, width) = z.dims4()?;
        with_real!(u, T => {
            let affine = affine.map(Numbers::<T>::of).transpose()?;
            let (u_numbers, probes) = (Numbers::<T>::of(u)?, Numbers::<T>::of(convolved)?);
            let activation = group.activation(u)?;
            let around = Around { activation, channels, u: &u_numbers, probes: &probes, affine: affine.as_deref() };
            let changes = around.changes(&Numbers::<T>::of(z)?, &splits);
            tensor(changes, (examples, splits.len(), height, width))
        })
    }

    fn phi_gradients(&self, d_changes: &Tensor) -> Result<Vec<Tensor>> {
        let Probed { group, scene, convolved } = self;
        let u = scene.values.at(group.place.u)?;
        let affine = scene.values.affine_after(scene.plan, group.place.u);
        let splits = group.splits(&vec![1.0; group.channels.len()]);
        let d_probe = with_real!(u, T => {
            let affine = affine.map(Numbers::<T>::of).transpose()?;
            let (u_numbers, probes) = (Numbers::<T>::of(u)?, Numbers::<T>::of(convolved)?);
            let (activation, channels) = (group.activation(u)?, u.dim(1)?);
            let around = Around { activation, channels, u: &u_numbers, probes: &probes, affine: affine.as_deref() };
            tensor(around.gradient(&Numbers::<T>::of(d_changes)?, &splits), convolved.dims())?
        });
        let kernel = group.phi.weights.dim(3)?;
        let (weights, bias) = convolve_weight_gradient(scene.values.at(group.place.x)?, &d_probe, kernel)?;
        Ok(vec![weights, bias])
    }
}
