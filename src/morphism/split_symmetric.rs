//! split-symmetric: a split whose second child is the first one's mirror image, φ₂ = −φ₁ (the form of
//! splitting steepest descent).

use candle_core::Tensor;

use super::split::Split;
use super::{
    About, Candidate, Mark, Morph, MorphismError, Phi, Place, Rewrite, RewriteOrder, Shape, SiteValues, Work,
};
use crate::network::{Architecture, Network, NetworkError};

/// The family.
pub struct SplitSymmetric;

impl Morph for SplitSymmetric {
    fn about(&self) -> About {
        About {
            verb: "Split symmetrically",
            mark: Mark::filled(Shape::Diamond),
            sketch: Split.about().sketch,
            sentence: "The channel becomes two children, changed by opposite amounts.",
            formula: "as split, with φ₂ = −φ₁",
            neutral: "φ = 0",
            candidates: "one for each channel whose layer's z one linear layer alone reads",
            source: "Liu, Wu, Wang: Splitting Steepest Descent, 2019",
        }
    }

    fn order(&self) -> RewriteOrder {
        Split.order()
    }

    fn work(&self, place: &Place) -> Work {
        let filter = place.inputs * place.kernel * place.kernel;
        Work::of_channel(place, place.at_layer(filter))
    }

    fn phi_shapes(&self, place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        let mut shapes = Split.phi_shapes(place);
        shapes.truncate(2);
        shapes
    }

    fn initial_deviation(&self, place: &Place, network: &Network, name: &str) -> Result<f64, MorphismError> {
        Split.initial_deviation(place, network, name)
    }

    fn derive(&self, phi: &mut Phi) -> Result<(), MorphismError> {
        for (learned, derived) in [("phi1", "phi2"), ("phi1_bias", "phi2_bias")] {
            if let Some(tensor) = phi.get(learned) {
                let mirrored = tensor.neg()?;
                phi.insert(derived.to_owned(), mirrored);
            }
        }
        Ok(())
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        Split.delta(values, candidate, phi)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        Split.edit(place, architecture)
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError> {
        Split.rewrite(rewrite, place, phi)
    }
}
