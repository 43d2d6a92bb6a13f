//! Widening: new channels, one or several at once, with incoming φ_in and outgoing ω.

use candle_core::{Result, Tensor};

use super::{Cohort, Group, Layout, Place, Probe, Probed, ReaderNode, Scene, neutral_norm};
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
    /// `[width, in, k, k]`.
    incoming: Tensor,
    /// `[out of the reader, width, k, k]`; `[classes, width, 1, 1]` for the linear layer.
    outgoing: Tensor,
    /// The shapes of φ_in and ω in files.
    shapes: [Vec<usize>; 2],
    /// The neutral norm of the new channels, `[2, width]`.
    affine: Option<Tensor>,
}

impl WidenGroup {
    /// From a widening.
    pub fn new(cohort: &Cohort) -> std::result::Result<Self, EngineError> {
        let (place, reader) = (&cohort.place, cohort.reader()?);
        let (incoming, outgoing) = (cohort.phi(0, "phi_in")?, cohort.phi(0, "omega")?);
        let width = cohort.members[0].candidate.width;
        let (outputs, kernel) = (outgoing.dim(0)?, reader.kernel());
        Ok(Self {
            affine: neutral_norm(place, width, &incoming)?,
            place: place.clone(),
            reader,
            shapes: [incoming.dims().to_vec(), outgoing.dims().to_vec()],
            incoming: incoming.reshape((width, (), place.kernel, place.kernel))?,
            outgoing: outgoing.reshape((outputs, width, kernel, kernel))?,
        })
    }

    /// What the reader sees of the new channels, `[examples, width, h, w]`.
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
        let [incoming, outgoing] = &self.shapes;
        let incoming = self.incoming.reshape(incoming.as_slice())?;
        let outgoing = self.outgoing.reshape(outgoing.as_slice())?;
        Ok(Phi::from([("phi_in".to_owned(), incoming), ("omega".to_owned(), outgoing)]))
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
            let (examples, channels, ..) = share.dims4()?;
            d_activation = share.broadcast_as((examples, channels, height, width))?.contiguous()?;
        }
        let affine = group.affine.as_ref();
        let d_probe = activated_gradient(convolved, affine, true, group.place.pool, &d_activation, true)?;
        let x = scene.values.at(group.place.x)?;
        let (incoming, _) = convolve_weight_gradient(x, &d_probe, group.incoming.dim(3)?)?;
        Ok(vec![incoming, outgoing])
    }
}
