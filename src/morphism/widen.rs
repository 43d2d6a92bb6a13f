//! widen: new channels with incoming weights φ_in and outgoing weights ω: one, or as many at once as the
//! candidate's width says, which are then learned, estimated and made as one change.
//!
//! Δ = ω∗ψ(φ_in∗x), at the reader's pre-activation; new channels have no bias and a neutral norm. In φ's
//! shapes a width of 1 is left out.

use candle_core::Tensor;

use super::phi::part;
use super::rewrite::change_channels;
use super::sketch::{COLUMNS, Ink, ROWS, Sketch, Stroke};
use super::{
    About, Candidate, Mark, Morph, MorphismError, Phi, Place, Reader, Rewrite, RewriteOrder, Shape,
    SiteValues, Spot, Work, is_single,
};
use crate::network::{Architecture, Network, NetworkError};

/// The family.
pub struct Widen;

impl Morph for Widen {
    fn about(&self) -> About {
        About {
            verb: "Widen",
            mark: Mark::filled(Shape::Plus),
            sketch: Sketch::Layers(&[
                Stroke::Channels {
                    x: COLUMNS[1],
                    rows: &[ROWS[0] - 3.0, ROWS[1] - 3.0, ROWS[2] - 3.0],
                    ink: Ink::Kept,
                },
                Stroke::Channels { x: COLUMNS[1], rows: &[ROWS[2] + 5.0], ink: Ink::New },
            ]),
            sentence: "The layer gains a channel that is silent at first, or several at once.",
            formula: "ω∗ψ(φ_in∗x), at the next layer's pre-activation",
            neutral: "ω = 0, whatever φ_in is",
            candidates: "one for each layer whose z one linear layer alone reads, of `growth.width` channels \
                         at once",
            source: "Wei, Wang, Rui, Chen: Network Morphism, 2016; Evci et al.: GradMax, 2022",
        }
    }

    fn order(&self) -> RewriteOrder {
        RewriteOrder::Widen
    }

    fn work(&self, place: &Place) -> Work {
        let incoming = place.candidate.width * place.inputs * place.kernel * place.kernel;
        let outgoing = place.candidate.width * place.outgoing.iter().flatten().product::<usize>();
        Work::of_branch(place.at_layer(incoming), place.at_reader(outgoing), Spot::Reader)
    }

    fn phi_shapes(&self, place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        let width = if is_single(&place.candidate.width) { &[][..] } else { &[place.candidate.width] };
        let outgoing = place.outgoing.as_deref().unwrap_or_default();
        let (outputs, taps) = outgoing.split_at(outgoing.len().min(1));
        let incoming = [width, &[place.inputs, place.kernel, place.kernel]].concat();
        vec![("phi_in", incoming), ("omega", [outputs, width, taps].concat())]
    }

    /// He initialisation of φ_in, of each channel another; ω starts at 0, where its gradient alone is not 0.
    fn initial_deviation(&self, place: &Place, _: &Network, name: &str) -> Result<f64, MorphismError> {
        let fan_in = (place.inputs * place.kernel * place.kernel) as f64;
        Ok(if name == "phi_in" { (2.0 / fan_in).sqrt() } else { 0.0 })
    }

    fn is_scaled(&self, name: &str) -> bool {
        name == "omega"
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        let phi_in = incoming(candidate, phi)?;
        let z = values.activate_new(&values.x.conv2d(&phi_in, phi_in.dim(2)? / 2, 1, 1, 1)?)?;
        let omega = outgoing(candidate, phi)?;
        match omega.rank() {
            2 => Ok(z.mean((2, 3))?.matmul(&omega.t()?)?),
            _ => Ok(z.conv2d(&omega, omega.dim(2)? / 2, 1, 1, 1)?),
        }
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        change_channels(architecture, &place.site.layer, place.candidate.width as isize)
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError> {
        let candidate = &place.candidate;
        let phi_in = rewrite.incoming(&place.site.layer, &incoming(candidate, phi)?, 1)?;
        rewrite.append(&place.parameter("weight"), 0, &phi_in)?;
        rewrite.append_constant(&place.parameter("bias"), 0.0, candidate.width)?;
        for (name, neutral) in place.norm_tensors() {
            rewrite.append_constant(&name, neutral, candidate.width)?;
        }
        let reader = place.site.reader.as_ref().map_or("", Reader::name);
        let omega = rewrite.written(reader, &outgoing(candidate, phi)?, 0)?;
        rewrite.append(&place.reader_parameter("weight"), 1, &omega)?;
        rewrite.channels(place).append(candidate.width);
        Ok(())
    }
}

/// φ_in as a convolution's weights, `[width, in, k, k]`.
fn incoming(candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
    let phi_in = part(phi, candidate, "phi_in")?;
    Ok(if is_single(&candidate.width) { phi_in.unsqueeze(0)? } else { phi_in.clone() })
}

/// ω as the reader's weights of the new channels, `[out, width, k, k]`, or `[classes, width]`.
fn outgoing(candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
    let omega = part(phi, candidate, "omega")?;
    Ok(if is_single(&candidate.width) { omega.unsqueeze(1)? } else { omega.clone() })
}
