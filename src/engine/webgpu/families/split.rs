//! Splits, plain and symmetric.

use super::scene::{grid, pool};
use super::{GpuFamily, Group, GroupScene, PhiGradient, Probe, Probed};
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::interface::{Word, buffers, words};
use crate::engine::webgpu::ops::flag;
use crate::engine::webgpu::record::{Recording, Span};
use crate::engine::webgpu::{GpuError, shaders};
use crate::engine::{Cohort, EngineError, SplitPhi};
use crate::morphism::Phi;
use crate::network::{Shape, Tensors};

/// All members' weights of all probes, `[members·probes, in, k, k]`.
const WEIGHT: &str = "weight";
/// Their biases, `[members·probes]`.
const BIAS: &str = "bias";

/// Both families.
pub struct Split;

impl GpuFamily for Split {
    fn phi(&self, cohort: &Cohort<'_>) -> Result<Tensors, EngineError> {
        let SplitPhi { weights, bias, .. } = SplitPhi::of(cohort)?;
        Ok(Tensors::from([(WEIGHT.to_owned(), weights), (BIAS.to_owned(), bias)]))
    }

    fn member_phi(&self, group: &Group, uploaded: &Tensors, member: usize) -> Result<Phi, EngineError> {
        let [weights, bias] = [WEIGHT, BIAS].map(|name| uploaded[name].clone());
        Ok(SplitPhi { family: group.family, weights, bias }.member(member)?)
    }

    fn probe<'a>(&self, recording: &mut Recording, at: GroupScene<'a>) -> Probed<'a> {
        let Group { family, place, members, .. } = at.group;
        let conv = at.scene.conv(place.x, members.len() * SplitPhi::probes(*family), place.kernel);
        let weights = [&at.phi.span(WEIGHT)?, &at.phi.span(BIAS)?];
        let probes = recording.convolved(conv, false, at.x()?, weights)?;
        let affine = affine(&at, recording)?;
        Ok(Box::new(SplitProbe { at, conv, probes, affine }))
    }
}

/// The norm after the layer as factor and shift of each channel.
fn affine(at: &GroupScene<'_>, recording: &mut Recording) -> Result<Span, GpuError> {
    let GroupScene { group: Group { place, .. }, scene, .. } = at;
    let channels = scene.shape(place.u).channels;
    let Some((norm, epsilon)) = place.norm else {
        let neutral: Vec<f32> = (0..2 * channels).map(|i| if i % 2 == 0 { 1.0 } else { 0.0 }).collect();
        return Ok(recording.constant(&neutral, "no norm"));
    };
    let affine = recording.scratch(2 * channels, "norm");
    let words = words! { total: channels, epsilon: epsilon as f32 };
    let [gamma, beta, running_mean, running_variance] = scene.norm(norm)?;
    let buffers = buffers! { gamma, beta, running_mean, running_variance, affine };
    recording.simple(shaders::NORM_AFFINE, &[], &words, &buffers, channels, 6)?;
    Ok(affine)
}

struct SplitProbe<'a> {
    at: GroupScene<'a>,
    conv: Conv,
    /// `[example][member][probe][row][column]`.
    probes: Span,
    affine: Span,
}

impl SplitProbe<'_> {
    fn words(&self) -> [(&'static str, Word); 7] {
        let GroupScene { group: Group { place, members, .. }, scene, .. } = &self.at;
        let Shape { channels, height, width } = scene.shape(place.u);
        let after = scene.shape(place.z);
        let (members, rows, columns) = (members.len(), after.height, after.width);
        words! { members, channels, height, width, rows, columns, size: pool(place.pool).1 }
    }

    /// Compile-time values, and whether four numbers are taken at once.
    fn defines(&self) -> ([(&'static str, i32); 3], bool) {
        let GroupScene { group: Group { family, place, .. }, scene, .. } = &self.at;
        let (mean, size) = pool(place.pool);
        let vector = size == 1 && scene.shape(place.z).positions().is_multiple_of(4);
        let probes = ("PROBES", SplitPhi::probes(*family) as i32);
        ([probes, ("MEAN", flag(mean)), ("VECTOR", flag(vector))], vector)
    }
}

impl Probe for SplitProbe<'_> {
    /// Δz = ½ψ(u + s·φ₁∗x) + ½ψ(u + s·φ₂∗x) − z.
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError> {
        let Self { at, probes, affine, .. } = self;
        let GroupScene { group, scene, .. } = at;
        let (u, z, change) = (at.u()?, at.z()?, at.change(recording));
        let channels = recording.constant(group.reach.channels(), "channels");
        let scales = recording.constant(scales, "scales");
        let (defines, vector) = self.defines();
        let size = pool(group.place.pool).1;
        let loads = (1 + SplitPhi::probes(group.family)) * size * size + 2;
        let positions = scene.shape(group.place.z).positions();
        let (grid, work) = grid([positions, group.members.len(), scene.images()], vector, loads);
        let buffers = buffers! { u, probes, z, channels, affine, scales, change };
        recording.run(shaders::SPLIT_CHANGE, &defines, &self.words(), &buffers, grid, work)?;
        Ok(change)
    }

    fn phi_gradient(&self, recording: &mut Recording, wanted: &PhiGradient<'_>) -> Result<(), GpuError> {
        let Self { at, conv, probes, affine } = self;
        let count = conv.images * conv.outputs * conv.height * conv.width;
        let d_probes = recording.scratch(count, "gradient of the probes");
        let (u, d_change) = (at.u()?, wanted.d_change);
        let channels = recording.constant(at.group.reach.channels(), "channels");
        let (defines, vector) = self.defines();
        let size = pool(at.group.place.pool).1;
        let windows = conv.height.div_ceil(size) * conv.width.div_ceil(size);
        let (grid, work) = grid([windows, conv.outputs, conv.images], vector, 5 * size * size + 2);
        let buffers = buffers! { u, probes, d_change, channels, affine, d_probes };
        recording.run(shaders::SPLIT_SLOPE, &defines, &self.words(), &buffers, grid, work)?;
        let [dw, db] = [wanted.block.span(WEIGHT)?, wanted.block.span(BIAS)?];
        recording.weight_gradient(*conv, &buffers! { x: at.x()?, dy: d_probes, dw, db }, wanted.add)?;
        recording.release(d_probes);
        Ok(())
    }

    fn spans(self: Box<Self>) -> Vec<Span> {
        vec![self.probes, self.affine]
    }
}
