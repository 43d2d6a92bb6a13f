//! Larger kernels: a ring of weights around a layer's own.

use super::scene::pool;
use super::{GpuFamily, Group, GroupScene, PhiGradient, Probe, Probed};
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::interface::buffers;
use crate::engine::webgpu::ops::Finish;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::{Cohort, EngineError};
use crate::morphism::{ring, ring_mask};
use crate::network::Tensors;

/// φ's only tensor, `[out, in, k + 2, k + 2]`.
const RING: &str = "phi_ring";

/// The family.
pub struct Kernel;

impl GpuFamily for Kernel {
    /// Zeros inside the ring.
    fn phi(&self, cohort: &Cohort<'_>) -> Result<Tensors, EngineError> {
        Ok(Tensors::from([(RING.to_owned(), ring(&cohort.phi(0, RING)?)?)]))
    }

    fn probe<'a>(&self, recording: &mut Recording, at: GroupScene<'a>) -> Probed<'a> {
        let place = &at.group.place;
        let conv = at.scene.conv(place.x, at.scene.shape(place.u).channels, place.kernel + 2);
        let probe = at.convolved(recording, (conv, false), at.x()?, RING)?;
        Ok(Box::new(KernelProbe { at, conv, probe }))
    }
}

struct KernelProbe<'a> {
    at: GroupScene<'a>,
    conv: Conv,
    /// φ_ring∗x.
    probe: Span,
}

impl KernelProbe<'_> {
    /// Whether ψ stands between the layer and the site.
    fn is_activated(&self) -> bool {
        self.at.group.place.z != self.at.group.place.u
    }

    /// What norm and ReLU make of the pre-activation u + scale·probe.
    fn activated(&self, recording: &mut Recording, scale: f32) -> Result<Span, GpuError> {
        let GroupScene { group: Group { place, .. }, scene, .. } = &self.at;
        let (images, shape) = (scene.images(), scene.shape(place.u));
        let count = images * shape.elements();
        let moved = recording.scratch(count, "pre-activation with a ring");
        recording.scale(count, scale, [&self.probe, &moved], false)?;
        recording.accumulate(count, self.at.u()?, &moved)?;
        let active = recording.scratch(count, "activation with a ring");
        match place.norm {
            Some((norm, epsilon)) => {
                let [gamma, beta, running_mean, running_variance] = scene.norm(norm)?;
                let buffers = buffers! { x: moved, gamma, beta, running_mean, running_variance, y: active };
                recording.norm_evaluate(images, shape, epsilon, true, &buffers)?;
            }
            None => recording.relu(count, &moved, &active)?,
        }
        recording.release(moved);
        Ok(active)
    }

    /// The gradient with respect to the probe at scale 1, from that with respect to the change, where ψ is between
    /// them.
    fn activated_gradient(&self, recording: &mut Recording, d_change: &Span) -> Result<Span, GpuError> {
        let GroupScene { group: Group { place, .. }, scene, .. } = &self.at;
        let (images, shape) = (scene.images(), scene.shape(place.u));
        let count = images * shape.elements();
        let active = self.activated(recording, 1.0)?;
        let d_active = recording.scratch(count, "gradient of a ring's output");
        match pool(place.pool) {
            (_, 1) => {
                let buffers = buffers! { dy: d_change, output: active, dx: d_active };
                recording.relu_backward([count, count], &buffers, false)?;
            }
            (mean, size) => {
                let finish = Finish { gate: Some(&active), add: false };
                let buffers = buffers! { x: active, dy: d_change, dx: d_active };
                recording.pool_backward(mean, size, [images, images], shape, &buffers, finish)?;
            }
        }
        recording.release(active);
        let Some((norm, epsilon)) = place.norm else { return Ok(d_active) };
        let d_moved = recording.scratch(count, "gradient before a norm");
        let [gamma, _, _, running_variance] = scene.norm(norm)?;
        let buffers = buffers! { dy: d_active, gamma, running_variance, dx: d_moved };
        recording.norm_evaluate_backward(images, shape, epsilon, &buffers, false)?;
        recording.release(d_active);
        Ok(d_moved)
    }
}

impl Probe for KernelProbe<'_> {
    /// ψ(u + s·φ_ring∗x) − z, or s·φ_ring∗x where the site is u itself.
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        let GroupScene { group: Group { place, .. }, scene, .. } = &self.at;
        let (images, count) = (scene.images(), self.at.count());
        let change = self.at.change(recording);
        if !self.is_activated() {
            recording.scale(count, scales[0], [&self.probe, &change], false)?;
            return Ok(change);
        }
        let active = self.activated(recording, scales[0])?;
        match pool(place.pool) {
            (_, 1) => recording.copy(count, &active, &change)?,
            (mean, size) => {
                recording.pool(mean, size, images, scene.shape(place.u), [&active, &change])?;
            }
        }
        recording.scale(count, -1.0, [self.at.z()?, &change], true)?;
        recording.release(active);
        Ok(change)
    }

    /// Inside the ring the gradient is held at 0, and φ with it.
    fn phi_gradient(&self, recording: &mut Recording, wanted: &PhiGradient<'_>) -> Result<(), GpuError> {
        let d_change = wanted.d_change;
        let own = self.is_activated().then(|| self.activated_gradient(recording, d_change)).transpose()?;
        let d_probe = own.as_ref().unwrap_or(d_change);
        let (taps, dw) = (self.conv.kernel * self.conv.kernel, wanted.block.span(RING)?);
        let count = dw.bytes() as usize / 4;
        let whole = recording.scratch(count, "gradient of a whole kernel");
        let x = self.at.x()?;
        recording.weights_gradient(self.conv, &buffers! { x, dy: d_probe, dw: whole }, false)?;
        let mask = recording.constant(&ring_mask(self.conv.kernel), "ring");
        let buffers = buffers! { dy: whole, output: mask, dx: dw };
        recording.relu_backward([taps, count], &buffers, wanted.add)?;
        recording.release(whole);
        own.into_iter().for_each(|span| recording.release(span));
        Ok(())
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.probe]
    }
}
