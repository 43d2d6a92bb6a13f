//! Splits, plain and symmetric.

use candle_core::Tensor;

use super::scene::{grid, pool};
use super::{Group, PhiBlock, Probe, Reach, Scene, Stacked};
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::interface::{Word, buffers, words};
use crate::engine::webgpu::ops::flag;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::webgpu::{GpuError, shaders};
use crate::engine::{Cohort, EngineError, Place, ReaderNode};
use crate::morphism::{Family, Phi};
use crate::network::Shape;

const PLAIN: &[(&str, &str)] = &[("phi1", "phi1_bias"), ("phi2", "phi2_bias")];
const SYMMETRIC: &[(&str, &str)] = &[("phi1", "phi1_bias")];

/// All splits of one layer. A plain member has two probes, φ₁∗x and φ₂∗x; a symmetric one has one, added to one child
/// and taken from the other.
pub struct SplitGroup {
    place: Place,
    reader: ReaderNode,
    channels: Vec<u32>,
    names: &'static [(&'static str, &'static str)],
    /// `[members·probes, in, k, k]`.
    weights: Tensor,
    /// `[members·probes]`.
    bias: Tensor,
}

impl SplitGroup {
    /// Stacks the members' φ.
    pub fn new(cohort: &Cohort<'_>) -> Result<Self, EngineError> {
        let names = if cohort.family == Family::Split { PLAIN } else { SYMMETRIC };
        let (mut weights, mut bias) = (Vec::new(), Vec::new());
        for member in 0..cohort.members.len() {
            for (weight_name, bias_name) in names {
                weights.push(cohort.phi(member, weight_name)?);
                bias.push(cohort.phi(member, bias_name)?);
            }
        }
        Ok(Self {
            place: cohort.place.clone(),
            reader: cohort.reader()?,
            channels: cohort.channels.iter().map(|channel| *channel as u32).collect(),
            names,
            weights: Tensor::stack(&weights, 0)?,
            bias: Tensor::cat(&bias, 0)?,
        })
    }

    fn words(&self, scene: &Scene<'_>) -> [(&'static str, Word); 7] {
        let Shape { channels, height, width } = scene.shape(self.place.u);
        let after = scene.shape(self.place.z);
        let (members, rows, columns) = (self.channels.len(), after.height, after.width);
        words! { members, channels, height, width, rows, columns, size: pool(self.place.pool).1 }
    }

    /// Compile-time values, and whether four numbers are taken at once.
    fn defines(&self, scene: &Scene<'_>) -> ([(&'static str, i32); 3], bool) {
        let (mean, size) = pool(self.place.pool);
        let vector = size == 1 && scene.shape(self.place.z).positions().is_multiple_of(4);
        let probes = ("PROBES", self.names.len() as i32);
        ([probes, ("MEAN", flag(mean)), ("VECTOR", flag(vector))], vector)
    }

    /// The norm after the layer as factor and shift of each channel.
    fn affine(&self, recording: &mut Recording, scene: &Scene<'_>) -> Result<Span, GpuError> {
        let channels = scene.shape(self.place.u).channels;
        let Some((norm, epsilon)) = self.place.norm else {
            let neutral: Vec<f32> = (0..2 * channels).map(|i| if i % 2 == 0 { 1.0 } else { 0.0 }).collect();
            return Ok(recording.constant(&neutral, "no norm"));
        };
        let affine = recording.scratch(2 * channels, "norm");
        let words = words! { total: channels, epsilon: epsilon as f32 };
        let [gamma, beta] = [scene.tensor(norm, "weight")?, scene.tensor(norm, "bias")?];
        let running_mean = scene.tensor(norm, "running_mean")?;
        let running_variance = scene.tensor(norm, "running_var")?;
        let buffers = buffers! { gamma, beta, running_mean, running_variance, affine };
        recording.simple(shaders::NORM_AFFINE, &[], &words, &buffers, channels, 6)?;
        Ok(affine)
    }
}

impl Group for SplitGroup {
    fn phi(&self) -> Vec<(&'static str, Tensor)> {
        vec![("weight", self.weights.clone()), ("bias", self.bias.clone())]
    }

    fn member_phi(&self, stacked: &Stacked<'_>, member: usize) -> Result<Phi, EngineError> {
        let (weights, bias) = (stacked("weight")?, stacked("bias")?);
        let mut phi = Phi::new();
        for (probe, (weight_name, bias_name)) in self.names.iter().enumerate() {
            let at = member * self.names.len() + probe;
            phi.insert((*weight_name).to_owned(), weights.get(at)?.copy()?);
            phi.insert((*bias_name).to_owned(), bias.narrow(0, at, 1)?.copy()?);
        }
        Ok(phi)
    }

    fn reach(&self) -> Reach {
        let means = vec![0.0; self.channels.len()];
        Reach::Channels { site: self.place.z, reader: self.reader, channels: self.channels.clone(), means }
    }

    fn probe<'a>(
        &'a self,
        recording: &mut Recording,
        scene: &'a Scene<'a>,
        phi: &PhiBlock<'a>,
    ) -> Result<Box<dyn Probe + 'a>, GpuError> {
        let outputs = self.channels.len() * self.names.len();
        let conv = scene.conv(self.place.x, outputs, self.place.kernel);
        let weights = [&phi.span("weight")?, &phi.span("bias")?];
        let probes = recording.convolved(conv, false, scene.value(self.place.x)?, weights)?;
        let affine = self.affine(recording, scene)?;
        Ok(Box::new(SplitProbe { group: self, scene, conv, probes, affine }))
    }
}

struct SplitProbe<'a> {
    group: &'a SplitGroup,
    scene: &'a Scene<'a>,
    conv: Conv,
    /// `[example][member][probe][row][column]`.
    probes: Span,
    affine: Span,
}

impl Probe for SplitProbe<'_> {
    /// Δz = ½ψ(u + s·φ₁∗x) + ½ψ(u + s·φ₂∗x) − z.
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        let Self { group, scene, probes, affine, .. } = self;
        let [u, z] = [scene.value(group.place.u)?, scene.value(group.place.z)?];
        let (members, positions) = (group.channels.len(), scene.shape(group.place.z).positions());
        let change = recording.scratch(scene.images() * members * positions, "change");
        let channels = recording.constant(&group.channels, "channels");
        let scales = recording.constant(scales, "scales");
        let (defines, vector) = group.defines(scene);
        let size = pool(group.place.pool).1;
        let loads = (1 + group.names.len()) * size * size + 2;
        let (grid, work) = grid([positions, members, scene.images()], vector, loads);
        let buffers = buffers! { u, probes, z, channels, affine, scales, change };
        recording.run(shaders::SPLIT_CHANGE, &defines, &group.words(scene), &buffers, grid, work)?;
        Ok(change)
    }

    fn phi_gradient(
        &self,
        recording: &mut Recording,
        d_change: &Span,
        gradient: &PhiBlock<'_>,
        add: bool,
    ) -> Result<(), GpuError> {
        let Self { group, scene, conv, probes, affine } = self;
        let count = conv.images * conv.outputs * conv.height * conv.width;
        let d_probes = recording.scratch(count, "gradient of the probes");
        let u = scene.value(group.place.u)?;
        let channels = recording.constant(&group.channels, "channels");
        let (defines, vector) = group.defines(scene);
        let size = pool(group.place.pool).1;
        let windows = conv.height.div_ceil(size) * conv.width.div_ceil(size);
        let (grid, work) = grid([windows, conv.outputs, conv.images], vector, 5 * size * size + 2);
        let buffers = buffers! { u, probes, d_change, channels, affine, d_probes };
        recording.run(shaders::SPLIT_SLOPE, &defines, &group.words(scene), &buffers, grid, work)?;
        let x = scene.value(group.place.x)?;
        let [dw, db] = [gradient.span("weight")?, gradient.span("bias")?];
        recording.weight_gradient(*conv, &buffers! { x, dy: d_probes, dw, db }, add)?;
        recording.release(d_probes);
        Ok(())
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.probes, self.affine]
    }
}
