//! prune-mean: channel c is removed and its mean folded into the bias of the layer that read it.
//!
//! Δz_c = mean − z_c; the reader's bias grows by mean·Σ W[:, c].

use candle_core::Tensor;

use super::phi::part;
use super::prune::Prune;
use super::{
    About, Candidate, Mark, Morph, Morphism, MorphismError, Phi, Place, Rewrite, RewriteOrder, Shape,
    SiteValues, Work,
};
use crate::network::{Architecture, AsType, NetworkError};

/// The family.
pub struct PruneMean;

impl Morph for PruneMean {
    fn about(&self) -> About {
        About {
            verb: "Prune, keeping its mean,",
            mark: Mark::filled(Shape::Up),
            sketch: Prune.about().sketch,
            sentence: "The channel goes; its mean stays behind in the next layer's bias.",
            formula: "mean − z, on channel c of z",
            neutral: "none: exact only where the channel is constant",
            candidates: "one for each channel whose layer's z one linear layer alone reads, unless it is the only one",
            source: "ours, after the pruning of Lawton, Galstyan, Ver Steeg, 2024",
        }
    }

    fn order(&self) -> RewriteOrder {
        Prune.order()
    }

    fn work(&self, place: &Place) -> Work {
        Prune.work(place)
    }

    fn least_channels(&self) -> usize {
        Prune.least_channels()
    }

    fn folds_mean(&self) -> bool {
        true
    }

    fn phi_shapes(&self, _place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        vec![("mean", vec![1])]
    }

    fn is_scaled(&self, _name: &str) -> bool {
        false
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        let mean = part(phi, candidate, "mean")?.reshape((1, 1, 1, 1))?;
        Ok(Prune.delta(values, candidate, phi)?.broadcast_add(&mean)?)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        Prune.edit(place, architecture)
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError> {
        let outgoing = rewrite.slice(&place.reader_parameter("weight"), 1, place.channel())?;
        let mean = part(phi, &place.candidate, "mean")?.as_type(outgoing.dtype())?;
        let change = outgoing.flatten_from(1)?.sum(1)?.broadcast_mul(&mean)?;
        rewrite.add(&place.reader_parameter("bias"), &change)?;
        Prune.rewrite(rewrite, place, phi)
    }
}

/// What Δz of a `prune-mean` leaves out: a bias acts everywhere, but a mean at the site ends at the reader's
/// zero padding. With the reader's weights W `[out, C, k, k]` and the site's size it returns
/// mean·(Σ W[:, c] − W[:, c]∗1), `[1, out, h, w]`, zero but at the border; W∗Δz plus this is exactly how the
/// rewrite changes the reader's pre-activation. With the head as reader nothing is left out.
pub fn padding_delta(
    weight: &Tensor,
    morphism: &Morphism,
    height: usize,
    width: usize,
) -> Result<Tensor, MorphismError> {
    let candidate = &morphism.candidate;
    let mean = part(&morphism.phi, candidate, "mean")?.as_type(weight.dtype())?.reshape((1, 1, 1, 1))?;
    let outgoing = weight.narrow(1, candidate.channel().unwrap_or(0), 1)?.contiguous()?;
    let ones = Tensor::ones((1, 1, height, width), weight.dtype(), weight.device())?;
    let seen = ones.conv2d(&outgoing, outgoing.dim(2)? / 2, 1, 1, 1)?;
    let all = outgoing.flatten_from(1)?.sum(1)?.reshape((1, outgoing.dim(0)?, 1, 1))?;
    Ok(all.broadcast_sub(&seen)?.broadcast_mul(&mean)?)
}
