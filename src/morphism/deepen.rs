//! deepen: a new 3×3 convolution and ReLU after z, its kernel the identity plus φ, without bias or norm.
//!
//! Δz = ReLU(z + φ∗z) − z; z ≥ 0, so φ = 0 changes nothing. `deepen-pointwise` is the same with kernels of another size.

use candle_core::{Device, Tensor};

use super::phi::part;
use super::rewrite::{current_channels, insert_after};
use super::sketch::{COLUMNS, Ink, ROWS, Sketch, Stroke};
use super::values::{eye, relu};
use super::{
    About, Candidate, Mark, Morph, MorphismError, Phi, Place, Rewrite, RewriteOrder, Shape, SiteValues, Work,
};
use crate::network::{Architecture, AsType, Network, NetworkError, Node, Op};

const KERNEL: usize = 3;

/// The family.
pub struct Deepen;

impl Morph for Deepen {
    fn about(&self) -> About {
        About {
            verb: "Deepen after",
            mark: Mark::filled(Shape::Asterisk),
            sketch: Sketch::Layers(&[
                Stroke::Channels { x: COLUMNS[1], rows: &ROWS, ink: Ink::Kept },
                Stroke::Channels { x: (COLUMNS[1] + COLUMNS[2]) / 2.0, rows: &ROWS, ink: Ink::New },
            ]),
            sentence: "A new layer is put after this one; at first it passes everything on unchanged.",
            formula: "ReLU(z + φ∗z) − z, at z",
            neutral: "φ = 0, exactly, because z ≥ 0",
            candidates: "one for each layer with a ReLU, whatever reads its z",
            source: "Chen, Goodfellow, Shlens: Net2Net, 2016",
        }
    }

    fn order(&self) -> RewriteOrder {
        RewriteOrder::Deepen
    }

    fn work(&self, place: &Place) -> Work {
        work(place, KERNEL)
    }

    fn phi_shapes(&self, place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        phi_shapes(place, KERNEL)
    }

    fn initial_deviation(&self, place: &Place, _: &Network, _: &str) -> Result<f64, MorphismError> {
        Ok(initial_deviation(place, KERNEL))
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        let phi = part(phi, candidate, "phi")?;
        let change = values.z.conv2d(phi, phi.dim(2)? / 2, 1, 1, 1)?;
        Ok(relu(&values.z.add(&change)?)?.sub(&values.z)?)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        edit(place, architecture, KERNEL)
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError> {
        let layer = &place.site.layer;
        let phi = rewrite.written(layer, part(phi, &place.candidate, "phi")?, 0)?;
        let phi = rewrite.read(layer, &phi, 1)?;
        let bias = rewrite.tensor(&place.parameter("bias"))?;
        let (channels, dtype) = (bias.elem_count(), bias.dtype());
        let weight = identity(channels, phi.dim(2)?)?.as_type(dtype)?.add(&phi.as_type(dtype)?)?;
        let [conv] = rewrite.fresh_names("conv");
        rewrite.insert(&format!("{conv}.weight"), &weight)?;
        rewrite.insert(&format!("{conv}.bias"), &Tensor::zeros(channels, dtype, &Device::Cpu)?)
    }
}

/// What it costs: φ∗z at every position.
pub(super) fn work(place: &Place, kernel: usize) -> Work {
    Work::of_site(place.at_site(place.channels * place.channels * kernel * kernel))
}

/// φ of a new layer with kernels of `kernel` rows and columns.
pub(super) fn phi_shapes(place: &Place, kernel: usize) -> Vec<(&'static str, Vec<usize>)> {
    vec![("phi", vec![place.channels, place.channels, kernel, kernel])]
}

/// Standard deviation of its first values.
pub(super) fn initial_deviation(place: &Place, kernel: usize) -> f64 {
    0.01 / ((kernel * kernel * place.channels) as f64).sqrt()
}

/// Adds the new layer: all readers of z read its ReLU instead.
pub(super) fn edit(
    place: &Place,
    architecture: &mut Architecture,
    kernel: usize,
) -> Result<(), NetworkError> {
    let z = &place.site.z;
    let [conv] = architecture.fresh_names("conv");
    let [relu] = architecture.fresh_names("relu");
    let op = Op::conv(current_channels(architecture, z)?, kernel);
    let new = vec![
        Node { name: conv.clone(), op, inputs: vec![z.clone()] },
        Node { name: relu, op: Op::Relu, inputs: vec![conv] },
    ];
    insert_after(architecture, z, new)
}

/// The kernel that passes every channel on, `[channels, channels, kernel, kernel]`.
fn identity(channels: usize, kernel: usize) -> Result<Tensor, MorphismError> {
    let eye = eye::<f32>(channels)?.reshape((channels, channels, 1, 1))?;
    Ok(eye.pad_with_zeros(2, kernel / 2, kernel / 2)?.pad_with_zeros(3, kernel / 2, kernel / 2)?)
}
