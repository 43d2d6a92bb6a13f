//! What a candidate adds to the network's cost.

use std::slice;

use serde::{Deserialize, Serialize};

use super::together::in_order;
use super::{Candidate, MorphismError, morph};
use crate::network::Architecture;

/// A change of [`crate::network::Cost`]; negative for pruning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostDelta {
    /// Trained numbers.
    pub parameters: i64,
    /// Floating-point operations of one example's forward pass.
    pub flops: i64,
}

/// Cost of the network with `candidate` applied, minus its cost now.
pub fn added_cost(architecture: &Architecture, candidate: &Candidate) -> Result<CostDelta, MorphismError> {
    let before = architecture.cost()?;
    let after = rewrite_architecture(architecture, slice::from_ref(candidate))?.cost()?;
    Ok(CostDelta {
        parameters: after.parameters as i64 - before.parameters as i64,
        flops: after.flops as i64 - before.flops as i64,
    })
}

/// The architecture with all `candidates` applied, as [`super::apply`] makes it.
pub fn rewrite_architecture(
    architecture: &Architecture,
    candidates: &[Candidate],
) -> Result<Architecture, MorphismError> {
    let mut rewritten = architecture.clone();
    for (_, place) in in_order(architecture, candidates)? {
        morph(place.candidate.family).edit(&place, &mut rewritten)?;
    }
    rewritten.shapes()?;
    Ok(rewritten)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::Family;
    use crate::network::preset;

    fn cost(family: Family, layer: &str, channel: Option<usize>) -> (i64, i64) {
        let candidate = Candidate::named(family, layer, channel).unwrap();
        let delta = added_cost(&preset("small", 10).unwrap(), &candidate).unwrap();
        (delta.parameters, delta.flops)
    }

    #[test]
    fn costs_are_those_of_a_hand_count() {
        // 16-M-32-M-32: conv2 reads 16 channels at 16×16, conv3 reads 32 at 8×8 and feeds the head.
        let channel = (16 * 9 + 1 + 32 * 9, 2 * (256 * 16 * 9 + 64 * 32 * 9));
        assert_eq!(cost(Family::Split, "conv2", Some(3)), channel);
        assert_eq!(cost(Family::SplitSymmetric, "conv2", Some(3)), channel);
        assert_eq!(cost(Family::Widen, "conv2", None), channel);
        let wide = Candidate::named(Family::Widen, "conv2", None).unwrap().of_width(4);
        let delta = added_cost(&preset("small", 10).unwrap(), &wide).unwrap();
        assert_eq!((delta.parameters, delta.flops), (4 * channel.0, 4 * channel.1));
        assert_eq!(cost(Family::Prune, "conv2", Some(3)), (-channel.0, -channel.1));
        assert_eq!(cost(Family::PruneMean, "conv3", Some(0)), (-(288 + 1 + 10), -2 * (64 * 288 + 10)));
        assert_eq!(cost(Family::Deepen, "conv2", None), (32 * 288 + 32, 2 * 64 * 32 * 288));
        assert_eq!(cost(Family::DeepenPointwise, "conv2", None), (32 * 32 + 32, 2 * 64 * 32 * 32));
        let branch = cost(Family::Residual, "conv2", None);
        assert_eq!(branch, (2 * (32 * 288 + 32), 2 * 2 * 64 * 32 * 288));
        assert_eq!(cost(Family::Block, "conv2", None), branch, "no norm where the layer has none");
        // From 3×3 to 5×5: sixteen more weights for each pair of channels, at 16×16 positions.
        assert_eq!(cost(Family::Kernel, "conv2", None), (16 * 32 * 16, 2 * 256 * 16 * 32 * 16));
    }

    #[test]
    fn a_deepened_layer_feeds_all_readers_through_the_new_relu() {
        let before = preset("residual-seed", 10).unwrap();
        let deepen = Candidate::named(Family::Deepen, "conv1", None).unwrap();
        let after = rewrite_architecture(&before, &[deepen]).unwrap();
        assert_eq!(after.node("conv14").unwrap().inputs, ["relu1"]);
        let readers: Vec<_> = after.readers("relu14").iter().map(|node| node.name.clone()).collect();
        assert_eq!(readers, ["conv2", "add1"]);
        assert_eq!(after.readers("relu1").len(), 1);
    }

    #[test]
    fn a_skip_is_a_projection_and_a_sum() {
        let before = preset("tiny", 10).unwrap();
        let skip = Candidate::named(Family::Skip, "conv4>conv5", None).unwrap();
        let delta = added_cost(&before, &skip).unwrap();
        assert_eq!((delta.parameters, delta.flops), (16 * 16 + 16, 2 * 64 * 16 * 16));
        let after = rewrite_architecture(&before, &[skip]).unwrap();
        assert_eq!(after.node("conv6").unwrap().inputs, ["pool2"]);
        assert_eq!(after.node("add1").unwrap().inputs, ["relu5", "conv6"]);
        assert_eq!(after.node("gap1").unwrap().inputs, ["add1"]);
    }

    #[test]
    fn what_a_skip_adds_its_removal_takes_away() {
        let before = preset("tiny", 10).unwrap();
        let at = |family, layer: &str| Candidate::named(family, layer, None).unwrap();
        let after = rewrite_architecture(&before, &[at(Family::Skip, "conv4>conv5")]).unwrap();
        assert_eq!(rewrite_architecture(&after, &[at(Family::RemoveSkip, "conv5")]).unwrap(), before);
        let delta = added_cost(&before, &at(Family::RemoveLayer, "conv5")).unwrap();
        assert_eq!((delta.parameters, delta.flops), (-(16 * 144 + 16), -2 * 64 * 16 * 144));
    }

    #[test]
    fn a_block_has_the_norm_of_its_layer_and_a_relu_after_its_sum() {
        let before = preset("residual-seed", 10).unwrap();
        let block = Candidate::named(Family::Block, "conv1", None).unwrap();
        let delta = added_cost(&before, &block).unwrap();
        assert_eq!(delta.parameters, 2 * (16 * 144 + 16) + 2 * 16, "with the norm's weights and biases");
        let after = rewrite_architecture(&before, &[block]).unwrap();
        let inputs = |name: &str| after.node(name).unwrap().inputs.clone();
        assert_eq!([inputs("conv14"), inputs("norm14")], [["relu1"], ["conv14"]]);
        assert_eq!([inputs("relu14"), inputs("conv15")], [["norm14"], ["relu14"]]);
        assert_eq!(
            (inputs("add7"), inputs("relu15")),
            (vec!["relu1".into(), "conv15".into()], vec!["add7".into()])
        );
        let readers: Vec<_> = after.readers("relu15").iter().map(|node| node.name.clone()).collect();
        assert_eq!(readers, ["conv2", "add1"]);
    }

    #[test]
    fn a_branch_and_its_sum_stand_between_a_stream_and_its_readers() {
        let before = preset("residual-seed", 10).unwrap();
        let branch = Candidate::named(Family::Residual, "conv1", None).unwrap();
        let after = rewrite_architecture(&before, &[branch]).unwrap();
        assert_eq!(after.node("add7").unwrap().inputs, ["relu1", "conv15"]);
        let readers = |name: &str| -> Vec<String> {
            after.readers(name).iter().map(|node| node.name.clone()).collect()
        };
        assert_eq!(readers("add7"), ["conv2", "add1"]);
        assert_eq!(readers("relu1"), ["conv14", "add7"]);
    }
}
