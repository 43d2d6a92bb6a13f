//! Recording what whole layers add to a node: a residual branch B∗ReLU(A∗z), whose probe is ReLU(A∗z), with the way
//! back to B and to A's output; a larger kernel, whose probe is φ_ring∗x; and the way back to φ of what is linear in it.

use super::GpuError;
use super::changes::Scene;
use super::convolution::Conv;
use super::groups::{Group, Groups, Rule};
use super::interface::buffers;
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
        let buffers = buffers! { x: probe, weights: packed, bias: scene.zeros, y: change };
        self.convolve(conv, false, &buffers)?;
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
        let buffers = buffers! { x: probe, dy: d_change, dw: d_writing, db: spare };
        self.weight_gradient(conv, &buffers, add)?;
        self.release(spare);
        let writing = group.span(&groups.layout, &groups.span(), "outgoing")?;
        let packed = self.packed(conv, true, &writing)?;
        let finish = Finish { gate: Some(probe), add: false };
        let buffers = buffers! { dy: d_change, weights: packed, dx: d_probe };
        self.input_gradient(conv, conv.images, &buffers, finish)?;
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
                let [gamma, beta, running_mean, running_variance] =
                    ["weight", "bias", "running_mean", "running_var"].map(|name| scene.tensor(norm, name));
                let (gamma, beta) = (gamma?, beta?);
                let (running_mean, running_variance) = (running_mean?, running_variance?);
                let buffers = buffers! { x: moved, gamma, beta, running_mean, running_variance, y: active };
                self.norm_evaluate(images, shape, epsilon, true, &buffers)?;
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
            1 => {
                let buffers = buffers! { dy: d_change, output: active, dx: d_probe };
                self.relu_backward([count, count], &buffers, false)?;
            }
            _ => {
                let finish = Finish { gate: Some(&active), add: false };
                let buffers = buffers! { x: active, dy: d_change, dx: d_probe };
                self.pool_backward(mean, size, [images, images], shape, &buffers, finish)?;
            }
        }
        if let Some((norm, epsilon)) = place.norm {
            let normed = self.scratch(count, "gradient before a norm");
            let (gamma, running_variance) =
                (scene.tensor(norm, "weight")?, scene.tensor(norm, "running_var")?);
            let buffers = buffers! { dy: d_probe, gamma, running_variance, dx: normed };
            self.norm_evaluate_backward(images, shape, epsilon, &buffers, false)?;
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
            None => {
                let buffers = buffers! { x: source, dy: d_change, dw: weight, db: spare };
                self.weight_gradient(conv, &buffers, add)?;
            }
            Some(mask) => {
                let (kernel, count) = (conv.kernel * conv.kernel, weight.bytes() as usize / 4);
                let whole = self.scratch(count, "gradient of a whole kernel");
                let buffers = buffers! { x: source, dy: d_change, dw: whole, db: spare };
                self.weight_gradient(conv, &buffers, false)?;
                let buffers = buffers! { dy: whole, output: mask, dx: weight };
                self.relu_backward([kernel, count], &buffers, add)?;
                self.release(whole);
            }
        }
        self.release(spare);
        Ok(())
    }
}
