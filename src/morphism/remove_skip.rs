//! remove-skip: an addition goes, and with it its shortcut; what read the sum reads the other summand alone.
//!
//! Δ = −shortcut, at the sum. Of the two summands the shortcut is the one that fewer convolutions lie before (at
//! par, the second).

use candle_core::Tensor;

use super::rewrite::redirect;
use super::site::Sites;
use super::sketch::{COLUMNS, Ink, ROWS, SHORTCUT, Sketch, Stroke};
use super::{
    About, At, Candidate, Mark, Morph, MorphismError, Phi, Place, Pool, Rewrite, RewriteOrder, Shape, Site,
    SiteValues, Work,
};
use crate::network::{Architecture, NetworkError, Node, Op};

/// The family.
pub struct RemoveSkip;

impl Morph for RemoveSkip {
    fn about(&self) -> About {
        About {
            verb: "Remove the shortcut around",
            mark: Mark::open(Shape::Left),
            sketch: Sketch::Layers(&[
                Stroke::Channels { x: COLUMNS[1], rows: &ROWS, ink: Ink::Kept },
                Stroke::Line(SHORTCUT, Ink::Gone),
                Stroke::Cross((COLUMNS[1], 2.0), Ink::Gone),
            ]),
            sentence: "The shortcut around the layers before the sum goes; their own output stays.",
            formula: "−shortcut, at the sum",
            neutral: "none: exact only where the shortcut is zero",
            candidates: "one for each sum, under the last layer of its longer summand",
            source: "Elsken, Metzen, Hutter: approximate network morphisms (LEMONADE), 2019",
        }
    }

    fn order(&self) -> RewriteOrder {
        RewriteOrder::Remove
    }

    fn work(&self, _place: &Place) -> Work {
        Work::of_site(0)
    }

    fn sites(&self, architecture: &Architecture, at: &At) -> Result<Option<Sites>, NetworkError> {
        let layer = at.layer();
        let Node { op: Op::Conv { .. }, inputs, .. } = architecture.node(layer)? else { return Ok(None) };
        let mut end = layer.to_owned();
        let sum = loop {
            match architecture.readers(&end).as_slice() {
                [Node { op: Op::Add, name, .. }] => break name.clone(),
                [
                    Node {
                        op: Op::Norm { .. } | Op::Relu | Op::MaxPool { .. } | Op::AvgPool { .. },
                        name,
                        ..
                    },
                ] => {
                    end.clone_from(name);
                }
                _ => return Ok(None),
            }
        };
        let Some((longer, shortcut)) = summands(architecture, &sum)? else { return Ok(None) };
        let site = Site {
            layer: layer.to_owned(),
            input: inputs[0].clone(),
            norm: None,
            pool: Pool::None,
            z: sum,
            reader: None,
        };
        Ok((longer == end).then_some(Sites { site, source: Some(shortcut) }))
    }

    fn no_site(&self) -> &'static str {
        "the layer is not the last of a sum's longer summand"
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, _: &Phi) -> Result<Tensor, MorphismError> {
        Ok(values.source(candidate)?.neg()?)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        if let Some((longer, _)) = summands(architecture, &place.site.z)? {
            redirect(architecture, &place.site.z, &longer);
        }
        architecture.drop_unread();
        Ok(())
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, _phi: &Phi) -> Result<(), MorphismError> {
        Ok(rewrite.follow(self, place)?)
    }
}

/// The longer summand and the shortcut of a sum; none where both are one node.
fn summands(architecture: &Architecture, sum: &str) -> Result<Option<(String, String)>, NetworkError> {
    let [first, second] = architecture.node(sum)?.inputs.as_slice() else { return Ok(None) };
    if first == second {
        return Ok(None);
    }
    let depths = depths(architecture)?;
    let depth = |name: &String| Ok::<usize, NetworkError>(depths[architecture.index(name)?]);
    let (longer, shortcut) = if depth(first)? < depth(second)? { (second, first) } else { (first, second) };
    Ok(Some((longer.clone(), shortcut.clone())))
}

/// Most convolutions on a way from the images to each node's output.
fn depths(architecture: &Architecture) -> Result<Vec<usize>, NetworkError> {
    let mut depths: Vec<usize> = Vec::with_capacity(architecture.nodes.len());
    for node in &architecture.nodes {
        let mut depth = 0;
        for input in &node.inputs {
            depth = depth.max(depths[architecture.index(input)?]);
        }
        depths.push(depth + usize::from(matches!(node.op, Op::Conv { .. })));
    }
    Ok(depths)
}
