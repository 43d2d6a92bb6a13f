//! block: a residual block after z, which all readers of z read instead: two 3×3 convolutions with a batch
//! norm between them, if the layer has one, and a ReLU after their sum with z.
//!
//! Δz = ReLU(z + B∗ReLU(N(A∗z))) − z, N neutral and no biases; z ≥ 0, so B = 0 changes nothing, whatever A
//! is. No norm follows B: in training it would bring the smallest B to the size of a whole layer.

use candle_core::{Device, Tensor};

use super::phi::part;
use super::place::NEUTRAL_NORM;
use super::residual::{self, KERNEL, Residual};
use super::sketch::{COLUMNS, Ink, ROWS, Sketch, Stroke};
use super::values::relu;
use super::{
    About, Candidate, Mark, Morph, MorphismError, Phi, Place, Rewrite, RewriteOrder, Shape, SiteValues, Work,
};
use crate::network::{Architecture, AsType, Network, NetworkError};

/// The family.
pub struct Block;

impl Morph for Block {
    fn about(&self) -> About {
        About {
            verb: "Add a block after",
            mark: Mark::open(Shape::Square),
            sketch: Sketch::Layers(&[
                Stroke::Channels { x: COLUMNS[1], rows: &ROWS, ink: Ink::Kept },
                Stroke::Line(&[(42.0, 3.0), (50.0, 1.0), (66.0, 1.0), (74.0, 3.0)], Ink::New),
                Stroke::Channels { x: COLUMNS[1] + 11.0, rows: &ROWS, ink: Ink::New },
                Stroke::Channels { x: COLUMNS[2] - 11.0, rows: &ROWS, ink: Ink::New },
            ]),
            sentence: "Two new layers and a shortcut around them are put after this one; at first they pass \
                       everything on unchanged.",
            formula: "ReLU(z + B∗ReLU(N(A∗z))) − z, at z, N the batch norm if the layer has one",
            neutral: "B = 0, exactly, because z ≥ 0, whatever A is",
            candidates: "one for each layer with a ReLU, whatever reads its z",
            source: "He, Zhang, Ren, Sun: residual blocks, 2016; Wei, Wang, Rui, Chen: Network Morphism, 2016",
        }
    }

    fn order(&self) -> RewriteOrder {
        RewriteOrder::Deepen
    }

    /// Both convolutions at scale 1; their gradients are those of B, of what it reads, and of A.
    fn work(&self, place: &Place) -> Work {
        let each = place.at_site(place.channels * place.channels * KERNEL * KERNEL);
        Work { slope: 3 * each, ..Work::of_site(2 * each) }
    }

    fn phi_shapes(&self, place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        Residual.phi_shapes(place)
    }

    fn initial_deviation(&self, place: &Place, network: &Network, name: &str) -> Result<f64, MorphismError> {
        Residual.initial_deviation(place, network, name)
    }

    fn is_scaled(&self, name: &str) -> bool {
        Residual.is_scaled(name)
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        let read = values.z.conv2d(part(phi, candidate, "A")?, KERNEL / 2, 1, 1, 1)?;
        let hidden = relu(&values.norm_new(&read)?)?;
        let written = hidden.conv2d(part(phi, candidate, "B")?, KERNEL / 2, 1, 1, 1)?;
        Ok(relu(&values.z.add(&written)?)?.sub(&values.z)?)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        let norm = match &place.site.norm {
            Some(norm) => Some(architecture.node(norm)?.op.clone()),
            None => None,
        };
        residual::edit(place, architecture, norm, true)
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError> {
        Residual.rewrite(rewrite, place, phi)?;
        if place.site.norm.is_none() {
            return Ok(());
        }
        let dtype = rewrite.tensor(&place.parameter("bias"))?.dtype();
        let [norm] = rewrite.fresh_names("norm");
        for (suffix, neutral) in NEUTRAL_NORM {
            let numbers = Tensor::full(neutral, place.channels, &Device::Cpu)?.as_type(dtype)?;
            rewrite.insert(&format!("{norm}.{suffix}"), &numbers)?;
        }
        Ok(())
    }
}
