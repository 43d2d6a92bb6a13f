//! Widening: a new channel with incoming φ_in and outgoing ω.

use candle_core::{Result, Tensor};

use super::{Cohort, Group, Layout, Place, Probe, Probed, ReaderNode, Scene};
use crate::engine::EngineError;
use crate::engine::candle::ops::{
    activated, activated_gradient, convolve, convolve_input_gradient, convolve_weight_gradient,
    global_average,
};
use crate::morphism::Phi;

/// One widening.
pub struct WidenGroup {
    place: Place,
    reader: ReaderNode,
    /// `[1, in, k, k]`.
    incoming: Tensor,
    /// `[out of the reader, 1, k, k]`; `[classes, 1, 1, 1]` for the linear layer.
    outgoing: Tensor,
    /// The shape of ω in files.
    outgoing_shape: Vec<usize>,
    /// The neutral norm of the new channel, `[2, 1]`.
    affine: Option<Tensor>,
}

impl WidenGroup {
    /// From a widening.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        let (place, reader) = (&cohort.place, cohort.reader()?);
        let (incoming, outgoing) = (cohort.phi(0, "phi_in")?, cohort.phi(0, "omega")?);
        let affine = match place.norm {
            // Weight 1, bias 0, mean 0, variance 1.
            Some((_, epsilon)) => {
                let affine = Tensor::new(&[[1.0 / (1.0 + epsilon).sqrt()], [0.0]], incoming.device())?;
                Some(affine.to_dtype(incoming.dtype())?)
            }
            None => None,
        };
        let (outputs, kernel) = (outgoing.dim(0)?, reader.kernel());
        Ok(Self {
            place: place.clone(),
            reader,
            incoming: incoming.unsqueeze(0)?,
            outgoing: outgoing.reshape((outputs, 1, kernel, kernel))?,
            outgoing_shape: outgoing.dims().to_vec(),
            affine,
        })
    }

    /// What the reader sees of the new channel, `[examples, 1, h, w]`.
    fn activation(&self, probe: &Tensor) -> Result<Tensor> {
        let z = activated(probe, self.affine.as_ref(), true, self.place.pool)?;
        match self.reader {
            ReaderNode::Conv { .. } => Ok(z),
            ReaderNode::Head(_) => global_average(&z),
        }
    }
}

impl Group for WidenGroup {
    fn phi(&self) -> Vec<Tensor> {
        vec![self.incoming.clone(), self.outgoing.clone()]
    }

    fn set_phi(&mut self, phi: Vec<Tensor>) {
        if let [incoming, outgoing] = phi.as_slice() {
            (self.incoming, self.outgoing) = (incoming.clone(), outgoing.clone());
        }
    }

    fn member_phi(&self, _member: usize) -> Result<Phi> {
        let outgoing = self.outgoing.reshape(self.outgoing_shape.as_slice())?;
        Ok(Phi::from([("phi_in".to_owned(), self.incoming.squeeze(0)?), ("omega".to_owned(), outgoing)]))
    }

    fn layout(&self) -> Layout {
        Layout::whole(self.reader.node())
    }

    fn probe<'a>(&'a self, scene: &Scene<'a>) -> Result<Box<dyn Probe + 'a>> {
        let convolved = convolve(scene.values.at(self.place.x)?, &self.incoming, None)?;
        Ok(Box::new(Probed { group: self, scene: *scene, convolved }))
    }
}

impl Probe for Probed<'_, WidenGroup> {
    fn changes(&self, scales: &[f32]) -> Result<Tensor> {
        let Probed { group, convolved, .. } = self;
        let activation = group.activation(convolved)?;
        convolve(&activation, &(&group.outgoing * f64::from(scales[0]))?, None)
    }

    fn phi_gradients(&self, d_changes: &Tensor) -> Result<Vec<Tensor>> {
        let Probed { group, scene, convolved } = self;
        let activation = group.activation(convolved)?;
        let (outgoing, _) = convolve_weight_gradient(&activation, d_changes, group.outgoing.dim(3)?)?;
        let mut d_activation = convolve_input_gradient(d_changes, &group.outgoing)?;
        if let ReaderNode::Head(_) = group.reader {
            let z = scene.values.at(group.place.z)?;
            let (height, width) = (z.dim(2)?, z.dim(3)?);
            let share = (d_activation / (height * width) as f64)?;
            d_activation = share.broadcast_as((share.dim(0)?, 1, height, width))?.contiguous()?;
        }
        let affine = group.affine.as_ref();
        let d_probe = activated_gradient(convolved, affine, true, group.place.pool, &d_activation, true)?;
        let x = scene.values.at(group.place.x)?;
        let (incoming, _) = convolve_weight_gradient(x, &d_probe, group.incoming.dim(3)?)?;
        Ok(vec![incoming, outgoing])
    }
}
