//! split: channel c becomes two children w + φ₁ and w + φ₂, outgoing weights halved.
//!
//! Δz_c = ½ψ(u + φ₁∗x) + ½ψ(u + φ₂∗x) − z_c

use candle_core::Tensor;

use super::children::TILT;
use super::memory::End;
use super::morph::tenth_of_weights;
use super::phi::part;
use super::rewrite::change_channels;
use super::sketch::{COLUMNS, Ink, ROWS, Sketch, Stroke};
use super::values::filter;
use super::{
    About, Candidate, Mark, Morph, MorphismError, Phi, Place, Reader, Rewrite, RewriteOrder, Shape,
    SiteValues, Work,
};
use crate::network::{Architecture, AsType, Network, NetworkError};

/// The family.
pub struct Split;

impl Morph for Split {
    fn about(&self) -> About {
        About {
            verb: "Split",
            mark: Mark::filled(Shape::Circle),
            sketch: Sketch::Layers(&[
                Stroke::Channels { x: COLUMNS[1], rows: &[ROWS[0] - 3.0, ROWS[2] + 3.0], ink: Ink::Kept },
                Stroke::Channels { x: COLUMNS[1], rows: &[ROWS[1] - 3.5, ROWS[1] + 3.5], ink: Ink::New },
            ]),
            sentence: "The channel becomes two children that differ a little; the next layer weights each by ½.",
            formula: "½ψ(u + φ₁∗x) + ½ψ(u + φ₂∗x) − ψ(u), on channel c of z",
            neutral: "φ₁ = φ₂ = 0",
            candidates: "one for each channel whose layer's z one linear layer alone reads",
            source: "Liu, Wu, Wang: Splitting Steepest Descent, 2019; Lawton, Galstyan, Ver Steeg, 2024",
        }
    }

    fn order(&self) -> RewriteOrder {
        RewriteOrder::Split
    }

    fn work(&self, place: &Place) -> Work {
        let filter = place.inputs * place.kernel * place.kernel;
        Work::of_channel(place, place.at_layer(2 * filter))
    }

    fn phi_shapes(&self, place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        let filter = vec![place.inputs, place.kernel, place.kernel];
        vec![("phi1", filter.clone()), ("phi1_bias", vec![1]), ("phi2", filter), ("phi2_bias", vec![1])]
    }

    fn initial_deviation(&self, place: &Place, network: &Network, name: &str) -> Result<f64, MorphismError> {
        match name {
            "phi1" | "phi2" => tenth_of_weights(place, network),
            _ => Ok(0.0),
        }
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        let channel = candidate.channel().unwrap_or(0);
        let u = values.u.narrow(1, channel, 1)?;
        let child = |weight: &str, bias: &str| {
            let change = filter(&values.x, part(phi, candidate, weight)?)?;
            let bias = part(phi, candidate, bias)?.reshape((1, 1, 1, 1))?;
            let u = u.add(&change)?.broadcast_add(&bias)?;
            Ok::<_, MorphismError>(values.activate_channel(&u, channel)?)
        };
        let children = child("phi1", "phi1_bias")?.add(&child("phi2", "phi2_bias")?)?;
        Ok(children.affine(0.5, 0.0)?.sub(&values.z.narrow(1, channel, 1)?)?)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        change_channels(architecture, &place.site.layer, 1)
    }

    /// The first child takes the parent's place and its memory; the second comes last, without memory, unless
    /// they are to share it. The norm's numbers are the parent's for both.
    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError> {
        let channel = place.channel();
        let change = |name: &str| part(phi, &place.candidate, name);
        let first = rewrite.incoming(&place.site.layer, change("phi1")?, 0)?.unsqueeze(0)?;
        let second = rewrite.incoming(&place.site.layer, change("phi2")?, 0)?.unsqueeze(0)?;
        let (weight, bias) = (place.parameter("weight"), place.parameter("bias"));
        for (name, first, second) in
            [(&weight, &first, &second), (&bias, change("phi1_bias")?, change("phi2_bias")?)]
        {
            let parent = rewrite.slice(name, 0, channel)?;
            rewrite.replace(name, 0, channel, &parent.add(&first.as_type(parent.dtype())?)?)?;
            rewrite.append(name, 0, &parent.add(&second.as_type(parent.dtype())?)?)?;
            rewrite.share_memory(name, 0, channel, End::Incoming)?;
        }
        for (name, _) in place.norm_tensors() {
            let parent = rewrite.slice(&name, 0, channel)?;
            rewrite.append(&name, 0, &parent)?;
            rewrite.share_memory(&name, 0, channel, End::Incoming)?;
        }
        let outgoing = place.reader_parameter("weight");
        let half = rewrite.slice(&outgoing, 1, channel)?.affine(0.5, 0.0)?;
        let (mut first, mut second) = (half.clone(), half);
        if let Some(tilt) = phi.get(TILT) {
            let reader = place.site.reader.as_ref().map_or("", Reader::name);
            let tilt = rewrite.written(reader, tilt, 0)?.unsqueeze(1)?.as_type(first.dtype())?;
            (first, second) = (first.add(&tilt)?, second.sub(&tilt)?);
        }
        rewrite.replace(&outgoing, 1, channel, &first)?;
        rewrite.append(&outgoing, 1, &second)?;
        rewrite.share_memory(&outgoing, 1, channel, End::Outgoing)?;
        rewrite.channels(place).split(channel);
        Ok(())
    }
}
