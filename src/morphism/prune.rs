//! prune: channel c is removed.
//!
//! Δz_c = −z_c

use candle_core::Tensor;

use super::rewrite::change_channels;
use super::sketch::{COLUMNS, Ink, ROWS, Sketch, Stroke};
use super::{
    About, Candidate, Mark, Morph, MorphismError, Phi, Place, Rewrite, RewriteOrder, Shape, SiteValues, Work,
};
use crate::network::{Architecture, NetworkError};

/// The family.
pub struct Prune;

impl Morph for Prune {
    fn about(&self) -> About {
        About {
            verb: "Prune",
            mark: Mark::filled(Shape::Square),
            sketch: Sketch::Layers(&[
                Stroke::Channels { x: COLUMNS[1], rows: &[ROWS[0], ROWS[2]], ink: Ink::Kept },
                Stroke::Cross((COLUMNS[1], ROWS[1]), Ink::Gone),
            ]),
            sentence: "The channel goes, and the network becomes smaller.",
            formula: "−z, on channel c of z",
            neutral: "none: exact only where the channel is silent",
            candidates: "one for each channel whose layer's z one linear layer alone reads, unless it is the only one",
            source: "Lawton, Galstyan, Ver Steeg, 2024",
        }
    }

    fn order(&self) -> RewriteOrder {
        RewriteOrder::Prune
    }

    fn work(&self, place: &Place) -> Work {
        Work::of_channel(place, 0)
    }

    fn least_channels(&self) -> usize {
        2
    }

    fn is_scaled(&self, _name: &str) -> bool {
        false
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, _phi: &Phi) -> Result<Tensor, MorphismError> {
        Ok(values.z.narrow(1, candidate.channel().unwrap_or(0), 1)?.neg()?)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        change_channels(architecture, &place.site.layer, -1)
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, _phi: &Phi) -> Result<(), MorphismError> {
        let channel = place.channel();
        rewrite.remove(&place.parameter("weight"), 0, channel)?;
        rewrite.remove(&place.parameter("bias"), 0, channel)?;
        for (name, _) in place.norm_tensors() {
            rewrite.remove(&name, 0, channel)?;
        }
        rewrite.remove(&place.reader_parameter("weight"), 1, channel)?;
        rewrite.channels(place).prune(channel);
        Ok(())
    }
}
