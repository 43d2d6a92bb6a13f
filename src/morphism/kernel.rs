//! kernel: a convolution's kernel grows by a ring of weights, k to k + 2.
//!
//! Δu = φ_ring∗x, at the layer's own pre-activation u. φ_ring is kept as a whole kernel; what lies inside the
//! ring is the layer's own and not used.

use candle_core::{Result as TensorResult, Tensor};

use super::phi::part;
use super::site::Sites;
use super::{About, Candidate, Morph, MorphismError, Phi, Place, Rewrite, Site, SiteValues, Stage};
use crate::network::{Architecture, Network, NetworkError, Op};

/// The family.
pub struct Kernel;

impl Morph for Kernel {
    fn about(&self) -> About {
        About {
            sentence: "The layer looks further: its kernel grows by a ring of weights that are zero at first.",
            formula: "φ_ring∗x, at the layer's own pre-activation u",
            neutral: "φ_ring = 0",
            candidates: "one for each layer whose image is wider than the ring",
            source: "Wei, Wang, Rui, Chen: Network Morphism (kernel size), 2016",
        }
    }

    fn stage(&self) -> Stage {
        Stage::Kernel
    }

    fn changes_one_channel(&self) -> bool {
        false
    }

    fn needs_reader(&self) -> bool {
        false
    }

    fn sites(&self, architecture: &Architecture, layer: &str) -> Result<Option<Sites>, NetworkError> {
        Ok(Site::before_activation(architecture, layer)?.map(Sites::from))
    }

    fn no_site(&self) -> &'static str {
        "the layer is not a convolution"
    }

    /// A ring that only ever lies outside the image reads nothing but zeros.
    fn obstacle(&self, place: &Place) -> Option<String> {
        let reach = place.kernel / 2 + 1;
        let side = place.shape.height.max(place.shape.width);
        (reach >= side)
            .then(|| format!("found an image {side} wide, expected one wider than the ring's {reach}"))
    }

    fn phi_shapes(&self, place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        let side = place.kernel + 2;
        vec![("phi_ring", vec![place.channels, place.inputs, side, side])]
    }

    /// Δ is linear in φ, so its gradient is not 0 at 0.
    fn initial_deviation(&self, _: &Place, _: &Network, _: &str) -> Result<f64, MorphismError> {
        Ok(0.0)
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        let ring = ring(part(phi, candidate, "phi_ring")?)?;
        Ok(values.x.conv2d(&ring, ring.dim(3)? / 2, 1, 1, 1)?)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        let index = architecture.index(&place.site.layer)?;
        let op = &mut architecture.nodes[index].op;
        if let Op::Conv { out_channels, kernel, .. } = *op {
            *op = Op::conv(out_channels, kernel + 2);
        }
        Ok(())
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError> {
        let layer = &place.site.layer;
        let weight = place.parameter("weight");
        let ring = ring(&rewrite.written(layer, part(phi, &place.candidate, "phi_ring")?, 0)?)?;
        let ring = rewrite.incoming(layer, &ring, 1)?;
        rewrite.pad(&weight)?;
        let dtype = rewrite.tensor(&weight)?.dtype();
        Ok(rewrite.add(&weight, &ring.to_dtype(dtype)?)?)
    }
}

/// The outermost weights of kernels `[out, in, k, k]`, zeros inside.
pub fn ring(kernels: &Tensor) -> TensorResult<Tensor> {
    let mask = ring_mask(kernels.dim(3)?);
    let side = kernels.dim(3)?;
    let mask = Tensor::from_vec(mask, (1, 1, side, side), kernels.device())?.to_dtype(kernels.dtype())?;
    kernels.broadcast_mul(&mask)
}

/// 1 on the outermost weights of a kernel of `side` rows and columns, 0 inside.
pub fn ring_mask(side: usize) -> Vec<f32> {
    let edge = |at: usize| at == 0 || at + 1 == side;
    let place = |index: usize| (index / side, index % side);
    (0..side * side).map(place).map(|(row, column)| f32::from(u8::from(edge(row) || edge(column)))).collect()
}
