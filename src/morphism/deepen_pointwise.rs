//! deepen-pointwise: a new 1×1 convolution and ReLU after z, its kernel the identity plus φ, without bias or norm. It mixes
//! the channels of each position, at a ninth of the cost of `deepen`.
//!
//! Δz = ReLU(z + φ∗z) − z with φ of 1×1; z ≥ 0, so φ = 0 changes nothing.

use candle_core::Tensor;

use super::deepen::{self, Deepen};
use super::{
    About, Candidate, Mark, Morph, MorphismError, Phi, Place, Rewrite, RewriteOrder, Shape, SiteValues, Work,
};
use crate::network::{Architecture, Network, NetworkError};

const KERNEL: usize = 1;

/// The family.
pub struct DeepenPointwise;

impl Morph for DeepenPointwise {
    fn about(&self) -> About {
        About {
            verb: "Deepen pointwise after",
            mark: Mark::open(Shape::Circle),
            sketch: Deepen.about().sketch,
            sentence: "A new layer with kernels of 1×1 is put after this one; at first it passes everything on unchanged.",
            formula: "ReLU(z + φ∗z) − z, at z, with φ of 1×1",
            neutral: "φ = 0, exactly, because z ≥ 0",
            candidates: "one for each layer with a ReLU, whatever reads its z",
            source: "Lin, Chen, Yan: Network in Network, 2014; Chen, Goodfellow, Shlens: Net2Net, 2016",
        }
    }

    fn order(&self) -> RewriteOrder {
        Deepen.order()
    }

    fn work(&self, place: &Place) -> Work {
        deepen::work(place, KERNEL)
    }

    fn phi_shapes(&self, place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        deepen::phi_shapes(place, KERNEL)
    }

    fn initial_deviation(&self, place: &Place, _: &Network, _: &str) -> Result<f64, MorphismError> {
        Ok(deepen::initial_deviation(place, KERNEL))
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        Deepen.delta(values, candidate, phi)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        deepen::edit(place, architecture, KERNEL)
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError> {
        Deepen.rewrite(rewrite, place, phi)
    }
}
