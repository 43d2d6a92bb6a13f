//! widen: a new channel with incoming weights φ_in and outgoing weights ω.
//!
//! Δ = ω∗ψ(φ_in∗x), at the reader's pre-activation; the new channel has no bias and a neutral norm.

use candle_core::Tensor;

use super::phi::part;
use super::rewrite::change_channels;
use super::sketch::{COLUMNS, Ink, ROWS, Sketch, Stroke};
use super::values::filter;
use super::{
    About, Candidate, Mark, Morph, MorphismError, Phi, Place, Reader, Rewrite, RewriteOrder, Shape,
    SiteValues, Spot, Work,
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
            sentence: "The layer gains a channel that is silent at first.",
            formula: "ω∗ψ(φ_in∗x), at the next layer's pre-activation",
            neutral: "ω = 0, whatever φ_in is",
            candidates: "one for each layer whose z one linear layer alone reads",
            source: "Wei, Wang, Rui, Chen: Network Morphism, 2016; Evci et al.: GradMax, 2022",
        }
    }

    fn order(&self) -> RewriteOrder {
        RewriteOrder::Widen
    }

    fn work(&self, place: &Place) -> Work {
        let incoming = place.inputs * place.kernel * place.kernel;
        let outgoing = place.outgoing.iter().flatten().product();
        Work::of_branch(place.at_layer(incoming), place.at_reader(outgoing), Spot::Reader)
    }

    fn phi_shapes(&self, place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        let incoming = vec![place.inputs, place.kernel, place.kernel];
        vec![("phi_in", incoming), ("omega", place.outgoing.clone().unwrap_or_default())]
    }

    /// He initialisation of φ_in; ω starts at 0, where its gradient alone is not 0.
    fn initial_deviation(&self, place: &Place, _: &Network, name: &str) -> Result<f64, MorphismError> {
        let fan_in = (place.inputs * place.kernel * place.kernel) as f64;
        Ok(if name == "phi_in" { (2.0 / fan_in).sqrt() } else { 0.0 })
    }

    fn is_scaled(&self, name: &str) -> bool {
        name == "omega"
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        let u = filter(&values.x, part(phi, candidate, "phi_in")?)?;
        let z = values.activate_new(&u)?;
        let omega = part(phi, candidate, "omega")?;
        match omega.rank() {
            1 => Ok(z.mean((2, 3))?.matmul(&omega.unsqueeze(0)?)?),
            _ => Ok(z.conv2d(&omega.unsqueeze(1)?, omega.dim(1)? / 2, 1, 1, 1)?),
        }
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        change_channels(architecture, &place.site.layer, 1)
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError> {
        let incoming = rewrite.incoming(&place.site.layer, part(phi, &place.candidate, "phi_in")?, 0)?;
        rewrite.append(&place.parameter("weight"), 0, &incoming.unsqueeze(0)?)?;
        rewrite.append_constant(&place.parameter("bias"), 0.0)?;
        for (name, neutral) in place.norm_tensors() {
            rewrite.append_constant(&name, neutral)?;
        }
        let reader = place.site.reader.as_ref().map_or("", Reader::name);
        let outgoing = rewrite.written(reader, part(phi, &place.candidate, "omega")?, 0)?;
        rewrite.append(&place.reader_parameter("weight"), 1, &outgoing.unsqueeze(1)?)?;
        rewrite.channels(place).append();
        Ok(())
    }
}
