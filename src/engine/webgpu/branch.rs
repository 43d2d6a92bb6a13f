//! Recording what whole layers add to a node: a residual branch B∗ReLU(A∗z), whose probe is ReLU(A∗z), with the way
//! back to B and to A's output; a larger kernel, whose probe is φ_ring∗x; and the way back to φ of what is linear in it.

use super::GpuError;
use super::changes::Scene;
use super::convolution::Conv;
use super::groups::{Group, Groups, Rule};
use super::ops::Finish;
use super::record::{Recording, Span};

impl Recording {
    /// The change scale·B∗probe.
    pub(super) fn branch_change(
        &mut self,
        scene: &Scene<'_>,
        groups: &Groups,
        group: &Group,
        scale: f32,
        [probe, change]: [&Span; 2],
    ) -> Result<(), GpuError> {
        let conv = scene.conv(group);
        let writing = self.scaled_outgoing(groups, group, scale)?;
        let packed = self.packed(conv, false, &writing)?;
        self.convolve(conv, false, [probe, &packed, scene.zeros, change])?;
        self.release(packed);
        self.release(writing);
        Ok(())
    }

    /// B's gradient into `gradient`, a block laid out as φ, and that of A's output, before its ReLU.
    pub(super) fn branch_gradient(
        &mut self,
        scene: &Scene<'_>,
        groups: &Groups,
        group: &Group,
        add: bool,
        [d_change, probe, d_probe, gradient]: [&Span; 4],
    ) -> Result<(), GpuError> {
        let conv = scene.conv(group);
        let d_writing = group.span(&groups.layout, gradient, "outgoing")?;
        let spare = self.scratch(conv.outputs, "an unused gradient");
        self.weight_gradient(conv, [probe, d_change, &d_writing, &spare], add)?;
        self.release(spare);
        let writing = group.span(&groups.layout, &groups.span(), "outgoing")?;
        let packed = self.packed(conv, true, &writing)?;
        let finish = Finish { gate: Some(probe), add: false };
        self.input_gradient(conv, conv.images, [d_change, &packed, d_probe], finish)?;
        self.release(packed);
        Ok(())
    }

    /// u + scale·probe, and what norm and ReLU make of it.
    fn with_ring(
        &mut self,
        scene: &Scene<'_>,
        group: &Group,
        scale: f32,
        probe: &Span,
    ) -> Result<[Span; 2], GpuError> {
        let place = &group.place;
        let (images, shape) = (scene.values.images, scene.graph.shapes[place.u]);
        let count = images * shape.elements();
        let moved = self.scratch(count, "pre-activation with a ring");
        self.scale(count, scale, [probe, &moved], false)?;
        self.accumulate(count, scene.values.at(place.u)?, &moved)?;
        let active = self.scratch(count, "activation with a ring");
        match place.norm {
            Some((norm, epsilon)) => {
                let [gamma, beta, mean, variance] =
                    ["weight", "bias", "running_mean", "running_var"].map(|name| scene.tensor(norm, name));
                let bindings = [&moved, &gamma?, &beta?, &mean?, &variance?, &active];
                self.norm_evaluate(images, shape, epsilon, true, bindings)?;
            }
            None => self.relu(count, &moved, &active)?,
        }
        Ok([moved, active])
    }

    /// The change ψ(u + scale·probe) − z, or scale·probe where the site is u itself.
    pub(super) fn ring_change(
        &mut self,
        scene: &Scene<'_>,
        group: &Group,
        scale: f32,
        [probe, change]: [&Span; 2],
    ) -> Result<(), GpuError> {
        let place = &group.place;
        let images = scene.values.images;
        let count = images * scene.graph.shapes[place.z].elements();
        if place.z == place.u {
            return self.scale(count, scale, [probe, change], false);
        }
        let [moved, active] = self.with_ring(scene, group, scale, probe)?;
        let (mean, size) = place.pool;
        match size {
            1 => self.copy(count, &active, change)?,
            _ => self.pool(mean, size, images, scene.graph.shapes[place.u], [&active, change])?,
        }
        self.scale(count, -1.0, [scene.values.at(place.z)?, change], true)?;
        self.release(moved);
        self.release(active);
        Ok(())
    }

    /// The gradient with respect to the probe at scale 1, where it is not that with respect to the change.
    pub(super) fn ring_gradient(
        &mut self,
        scene: &Scene<'_>,
        group: &Group,
        [probe, d_change]: [&Span; 2],
    ) -> Result<Option<Span>, GpuError> {
        let place = &group.place;
        if group.rule != Rule::Kernel || place.z == place.u {
            return Ok(None);
        }
        let (images, shape) = (scene.values.images, scene.graph.shapes[place.u]);
        let count = images * shape.elements();
        let [moved, active] = self.with_ring(scene, group, 1.0, probe)?;
        self.release(moved);
        let mut d_probe = self.scratch(count, "gradient of a ring's output");
        let (mean, size) = place.pool;
        match size {
            1 => self.relu_backward([count, count], [d_change, &active, &d_probe], false)?,
            _ => {
                let finish = Finish { gate: Some(&active), add: false };
                let bindings = [&active, d_change, &d_probe];
                self.pool_backward(mean, size, [images, images], shape, bindings, finish)?;
            }
        }
        if let Some((norm, epsilon)) = place.norm {
            let normed = self.scratch(count, "gradient before a norm");
            let (gamma, variance) = (scene.tensor(norm, "weight")?, scene.tensor(norm, "running_var")?);
            let bindings = [&d_probe, &gamma, &variance, &normed];
            self.norm_evaluate_backward(images, shape, epsilon, bindings, false)?;
            self.release(std::mem::replace(&mut d_probe, normed));
        }
        self.release(active);
        Ok(Some(d_probe))
    }

    /// The gradient of φ where the change is its convolution with a source, held at 0 where a mask is.
    pub(super) fn linear_gradient(
        &mut self,
        conv: Conv,
        groups: &Groups,
        group: &Group,
        add: bool,
        [source, d_change, gradient]: [&Span; 3],
    ) -> Result<(), GpuError> {
        let weight = group.span(&groups.layout, gradient, "weight")?;
        let spare = self.scratch(conv.outputs, "an unused gradient");
        match group.mask.as_ref().map(Span::from) {
            None => self.weight_gradient(conv, [source, d_change, &weight, &spare], add)?,
            Some(mask) => {
                let (kernel, count) = (conv.kernel * conv.kernel, weight.bytes() as usize / 4);
                let whole = self.scratch(count, "gradient of a whole kernel");
                self.weight_gradient(conv, [source, d_change, &whole, &spare], false)?;
                self.relu_backward([kernel, count], [&whole, &mask, &weight], add)?;
                self.release(whole);
            }
        }
        self.release(spare);
        Ok(())
    }
}
