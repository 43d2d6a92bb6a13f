//! Larger kernels: a ring of weights around a layer's own.

use candle_core::Tensor;

use super::scene::pool;
use super::{Group, PhiBlock, Probe, Reach, Scene, Stacked};
use crate::engine::webgpu::GpuError;
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::graph::Graph;
use crate::engine::webgpu::interface::buffers;
use crate::engine::webgpu::ops::Finish;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::{Cohort, EngineError, Place};
use crate::morphism::{Phi, ring, ring_mask};

/// One ring.
pub struct KernelGroup {
    place: Place,
    outputs: usize,
    /// `[out, in, k + 2, k + 2]`, zeros inside the ring.
    ring: Tensor,
}

impl KernelGroup {
    /// From a kernel morphism.
    pub fn new(cohort: &Cohort<'_>, graph: &Graph) -> Result<Self, EngineError> {
        let outputs = graph.shapes[cohort.place.u].channels;
        Ok(Self { place: cohort.place.clone(), outputs, ring: ring(&cohort.phi(0, "phi_ring")?)? })
    }
}

impl Group for KernelGroup {
    fn phi(&self) -> Vec<(&'static str, Tensor)> {
        vec![("weight", self.ring.clone())]
    }

    fn member_phi(&self, stacked: &Stacked<'_>, _member: usize) -> Result<Phi, EngineError> {
        Ok(Phi::from([("phi_ring".to_owned(), stacked("weight")?)]))
    }

    fn reach(&self) -> Reach {
        Reach::Whole { node: self.place.z }
    }

    fn probe<'a>(
        &'a self,
        recording: &mut Recording,
        scene: &'a Scene<'a>,
        phi: &PhiBlock<'a>,
    ) -> Result<Box<dyn Probe + 'a>, GpuError> {
        let conv = scene.conv(self.place.x, self.outputs, self.place.kernel + 2);
        let weights = [&phi.span("weight")?, scene.zeros];
        let probe = recording.convolved(conv, false, scene.value(self.place.x)?, weights)?;
        Ok(Box::new(KernelProbe { place: &self.place, scene, conv, probe }))
    }
}

struct KernelProbe<'a> {
    place: &'a Place,
    scene: &'a Scene<'a>,
    conv: Conv,
    /// φ_ring∗x.
    probe: Span,
}

impl KernelProbe<'_> {
    /// Whether ψ stands between the layer and the site.
    fn is_activated(&self) -> bool {
        self.place.z != self.place.u
    }

    /// What norm and ReLU make of the pre-activation u + scale·probe.
    fn activated(&self, recording: &mut Recording, scale: f32) -> Result<Span, GpuError> {
        let Self { place, scene, probe, .. } = self;
        let (images, shape) = (scene.images(), scene.shape(place.u));
        let count = images * shape.elements();
        let moved = recording.scratch(count, "pre-activation with a ring");
        recording.scale(count, scale, [probe, &moved], false)?;
        recording.accumulate(count, scene.value(place.u)?, &moved)?;
        let active = recording.scratch(count, "activation with a ring");
        match place.norm {
            Some((norm, epsilon)) => {
                let [gamma, beta] = [scene.tensor(norm, "weight")?, scene.tensor(norm, "bias")?];
                let running_mean = scene.tensor(norm, "running_mean")?;
                let running_variance = scene.tensor(norm, "running_var")?;
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
        let Self { place, scene, .. } = self;
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
        let [gamma, running_variance] = [scene.tensor(norm, "weight")?, scene.tensor(norm, "running_var")?];
        let buffers = buffers! { dy: d_active, gamma, running_variance, dx: d_moved };
        recording.norm_evaluate_backward(images, shape, epsilon, &buffers, false)?;
        recording.release(d_active);
        Ok(d_moved)
    }
}

impl Probe for KernelProbe<'_> {
    /// ψ(u + s·φ_ring∗x) − z, or s·φ_ring∗x where the site is u itself.
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        let Self { place, scene, probe, .. } = self;
        let images = scene.images();
        let count = images * scene.shape(place.z).elements();
        let change = recording.scratch(count, "change");
        if !self.is_activated() {
            recording.scale(count, scales[0], [probe, &change], false)?;
            return Ok(change);
        }
        let active = self.activated(recording, scales[0])?;
        match pool(place.pool) {
            (_, 1) => recording.copy(count, &active, &change)?,
            (mean, size) => {
                recording.pool(mean, size, images, scene.shape(place.u), [&active, &change])?;
            }
        }
        recording.scale(count, -1.0, [scene.value(place.z)?, &change], true)?;
        recording.release(active);
        Ok(change)
    }

    /// Inside the ring the gradient is held at 0, and φ with it.
    fn phi_gradient(
        &self,
        recording: &mut Recording,
        d_change: &Span,
        gradient: &PhiBlock<'_>,
        add: bool,
    ) -> Result<(), GpuError> {
        let own = self.is_activated().then(|| self.activated_gradient(recording, d_change)).transpose()?;
        let d_probe = own.as_ref().unwrap_or(d_change);
        let x = self.scene.value(self.place.x)?;
        let (taps, dw) = (self.conv.kernel * self.conv.kernel, gradient.span("weight")?);
        let count = dw.bytes() as usize / 4;
        let whole = recording.scratch(count, "gradient of a whole kernel");
        recording.weights_gradient(self.conv, &buffers! { x, dy: d_probe, dw: whole }, false)?;
        let mask = recording.constant(&ring_mask(self.conv.kernel), "ring");
        let buffers = buffers! { dy: whole, output: mask, dx: dw };
        recording.relu_backward([taps, count], &buffers, add)?;
        recording.release(whole);
        own.into_iter().for_each(|span| recording.release(span));
        Ok(())
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.probe]
    }
}
