//! kernel: a convolution's kernel grows by a ring of weights, k to k + 2.
//!
//! Δz = ψ(u + φ_ring∗x) − ψ(u); where no ReLU stands after the layer, Δu = φ_ring∗x at u itself. Taken at u,
//! before the pool, the estimates were worthless: a layer with a max pool gained a quarter of what it promised.
//! φ_ring is kept as a whole kernel; what lies inside the ring is the layer's own and not used.

use candle_core::{Result as TensorResult, Tensor};

use super::phi::part;
use super::site::Sites;
use super::sketch::Sketch;
use super::{
    About, At, Candidate, Mark, Morph, MorphismError, Phi, Place, Rewrite, RewriteOrder, Shape, Site,
    SiteValues, Work,
};
use crate::network::{Architecture, AsType, Network, NetworkError, Op};

/// The family.
pub struct Kernel;

impl Morph for Kernel {
    fn about(&self) -> About {
        About {
            verb: "Grow the kernel of",
            mark: Mark::filled(Shape::Down),
            sketch: Sketch::Ring,
            sentence: "The layer looks further: its kernel grows by a ring of weights that are zero at first.",
            formula: "ψ(u + φ_ring∗x) − ψ(u), at z; where no ReLU stands after the layer, φ_ring∗x at u",
            neutral: "φ_ring = 0",
            candidates: "one for each layer whose image is wider than the ring",
            source: "Wei, Wang, Rui, Chen: Network Morphism (kernel size), 2016",
        }
    }

    fn order(&self) -> RewriteOrder {
        RewriteOrder::Kernel
    }

    fn work(&self, place: &Place) -> Work {
        let side = place.kernel + 2;
        Work::of_site(place.at_layer(place.channels * place.inputs * side * side))
    }

    fn sites(&self, architecture: &Architecture, at: &At) -> Result<Option<Sites>, NetworkError> {
        let layer = at.layer();
        let site = match Site::of(architecture, layer)? {
            Some(site) => Some(site),
            None => Site::before_activation(architecture, layer)?,
        };
        Ok(site.map(Sites::from))
    }

    fn no_site(&self) -> &'static str {
        "the layer is not a convolution"
    }

    /// A ring that only ever lies outside the image reads nothing but zeros.
    fn obstacle(&self, place: &Place) -> Option<String> {
        let reach = place.kernel / 2 + 1;
        let side = place.image.height.max(place.image.width);
        (reach >= side)
            .then(|| format!("found an image {side} wide, expected one wider than the ring's {reach}"))
    }

    fn phi_shapes(&self, place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        let side = place.kernel + 2;
        vec![("phi_ring", vec![place.channels, place.inputs, side, side])]
    }

    /// u is linear in φ, so that the gradient is not 0 at 0.
    fn initial_deviation(&self, _: &Place, _: &Network, _: &str) -> Result<f64, MorphismError> {
        Ok(0.0)
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        let ring = ring(part(phi, candidate, "phi_ring")?)?;
        let change = values.x.conv2d(&ring, ring.dim(3)? / 2, 1, 1, 1)?;
        match values.is_activated {
            true => Ok(values.activate(&values.u.add(&change)?)?.sub(&values.z)?),
            false => Ok(change),
        }
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
        Ok(rewrite.add(&weight, &ring.as_type(dtype)?)?)
    }
}

/// The outermost weights of kernels `[out, in, k, k]`, zeros inside.
pub fn ring(kernels: &Tensor) -> TensorResult<Tensor> {
    let mask = ring_mask(kernels.dim(3)?);
    let side = kernels.dim(3)?;
    let mask = Tensor::from_vec(mask, (1, 1, side, side), kernels.device())?.as_type(kernels.dtype())?;
    kernels.broadcast_mul(&mask)
}

/// 1 on the outermost weights of a kernel of `side` rows and columns, 0 inside.
pub fn ring_mask(side: usize) -> Vec<f32> {
    let edge = |at: usize| at == 0 || at + 1 == side;
    let place = |index: usize| (index / side, index % side);
    (0..side * side).map(place).map(|(row, column)| f32::from(u8::from(edge(row) || edge(column)))).collect()
}
