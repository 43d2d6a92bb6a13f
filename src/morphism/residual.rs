//! residual: a branch of two 3×3 convolutions beside z, whose sum with z all readers of z read instead.
//!
//! Δz = B∗ReLU(A∗z), without bias or norm; B = 0 changes nothing, whatever A is.

use candle_core::{Device, Tensor};

use super::phi::part;
use super::rewrite::{current_channels, insert_after};
use super::sketch::{COLUMNS, Ink, ROWS, Sketch, Stroke};
use super::values::relu;
use super::{
    About, Candidate, Mark, Morph, MorphismError, Phi, Place, Rewrite, RewriteOrder, Shape, SiteValues, Spot,
    Work,
};
use crate::network::{Architecture, AsType, Network, NetworkError, Node, Op};

/// Rows and columns of the new kernels.
pub(super) const KERNEL: usize = 3;

/// The family.
pub struct Residual;

impl Morph for Residual {
    fn about(&self) -> About {
        About {
            verb: "Add a residual branch to",
            mark: Mark::filled(Shape::Cross),
            sketch: Sketch::Layers(&[
                Stroke::Channels { x: COLUMNS[1], rows: &ROWS, ink: Ink::Kept },
                Stroke::Line(&[(42.0, 3.0), (50.0, 1.0), (66.0, 1.0), (74.0, 3.0)], Ink::New),
                Stroke::Channels { x: COLUMNS[1] + 11.0, rows: &[4.0, 9.0], ink: Ink::New },
                Stroke::Channels { x: COLUMNS[2] - 11.0, rows: &[4.0, 9.0], ink: Ink::New },
            ]),
            sentence: "Two new layers form a branch beside the layer's output; at first it adds nothing.",
            formula: "B∗ReLU(A∗z), at z",
            neutral: "B = 0, whatever A is",
            candidates: "one for each layer with a ReLU, whatever reads its z",
            source: "He, Zhang, Ren, Sun: residual blocks, 2016; Wei, Wang, Rui, Chen: Network Morphism, 2016",
        }
    }

    fn order(&self) -> RewriteOrder {
        RewriteOrder::Residual
    }

    fn work(&self, place: &Place) -> Work {
        let each = place.at_site(place.channels * place.channels * KERNEL * KERNEL);
        Work::of_branch(each, each, Spot::Site)
    }

    fn phi_shapes(&self, place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        let shape = vec![place.channels, place.channels, KERNEL, KERNEL];
        vec![("A", shape.clone()), ("B", shape)]
    }

    /// He initialisation of A; B starts at 0, where its gradient alone is not 0.
    fn initial_deviation(&self, place: &Place, _: &Network, name: &str) -> Result<f64, MorphismError> {
        let fan_in = (KERNEL * KERNEL * place.channels) as f64;
        Ok(if name == "A" { (2.0 / fan_in).sqrt() } else { 0.0 })
    }

    fn is_scaled(&self, name: &str) -> bool {
        name == "B"
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        let hidden = relu(&values.z.conv2d(part(phi, candidate, "A")?, KERNEL / 2, 1, 1, 1)?)?;
        Ok(hidden.conv2d(part(phi, candidate, "B")?, KERNEL / 2, 1, 1, 1)?)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        edit(place, architecture, None, false)
    }

    /// The hidden channels are as many as z had; only what reads and writes z follows its channels.
    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError> {
        let layer = &place.site.layer;
        let dtype = rewrite.tensor(&place.parameter("bias"))?.dtype();
        let reading = rewrite.read(layer, part(phi, &place.candidate, "A")?, 1)?.as_type(dtype)?;
        let writing = rewrite.written(layer, part(phi, &place.candidate, "B")?, 0)?.as_type(dtype)?;
        let [first, second] = rewrite.fresh_names("conv");
        for (name, weight) in [(first, reading), (second, writing)] {
            let bias = Tensor::zeros(weight.dim(0)?, dtype, &Device::Cpu)?;
            rewrite.insert(&format!("{name}.weight"), &weight)?;
            rewrite.insert(&format!("{name}.bias"), &bias)?;
        }
        Ok(())
    }
}

/// Puts a branch beside z: a convolution, `norm` if there is one, a ReLU, another convolution. All that read
/// z read its sum with z instead, or, of a block, the ReLU after the sum.
pub(super) fn edit(
    place: &Place,
    architecture: &mut Architecture,
    norm: Option<Op>,
    is_block: bool,
) -> Result<(), NetworkError> {
    let z = &place.site.z;
    let channels = current_channels(architecture, z)?;
    let [first, second] = architecture.fresh_names("conv");
    let [between, after] = architecture.fresh_names("relu");
    let ([normed], [sum]) = (architecture.fresh_names("norm"), architecture.fresh_names("add"));
    let mut branch: Vec<Node> = Vec::new();
    let mut push = |name: &str, op: Op, inputs: &[&str]| {
        let inputs = inputs.iter().map(|input| (*input).to_owned()).collect();
        branch.push(Node { name: name.to_owned(), op, inputs });
    };
    push(&first, Op::conv(place.channels, KERNEL), &[z]);
    let read = match norm {
        Some(norm) => {
            push(&normed, norm, &[&first]);
            &normed
        }
        None => &first,
    };
    push(&between, Op::Relu, &[read]);
    push(&second, Op::conv(channels, KERNEL), &[&between]);
    push(&sum, Op::Add, &[z, &second]);
    if is_block {
        push(&after, Op::Relu, &[&sum]);
    }
    insert_after(architecture, z, branch)
}
