//! Random networks, and candidates and φ of them.

use candle_core::{DType, Tensor};
use proptest::prelude::*;
use seedling::morphism::{Candidate, Family, Morphism, initial_phi, morph, neutral_phi, propose};
use seedling::network::{Architecture, Network, Op, plain, preset};

use crate::common::normal;

/// The families that have a neutral φ.
pub fn learned_families() -> Vec<Family> {
    Family::ALL.into_iter().filter(|family| morph(*family).is_learned()).collect()
}

/// Chains of one to three convolutions with pools and kernels of 1, 3 and 5, or a slim residual network; on
/// 9×7 images, so that pools drop rows and columns.
pub fn architectures() -> impl Strategy<Value = Architecture> {
    let layer = (2..5usize, prop::sample::select(vec!["", "-M", "-A"]), prop::sample::select(vec![1, 3, 5]));
    let chain = (prop::collection::vec(layer, 1..4), any::<bool>()).prop_map(|(layers, norm)| {
        let text: Vec<String> = layers
            .iter()
            .enumerate()
            .map(|(index, (channels, pool, _))| format!("{channels}{}", if index < 2 { pool } else { "" }))
            .collect();
        let mut architecture = plain(&text.join("-"), norm, 4).unwrap();
        let kernels = layers.iter().map(|(_, _, kernel)| *kernel);
        let convolutions = architecture.nodes.iter_mut().filter(|node| matches!(node.op, Op::Conv { .. }));
        for (node, ((channels, ..), kernel)) in convolutions.zip(layers.iter().zip(kernels)) {
            node.op = Op::conv(*channels, kernel);
        }
        architecture
    });
    let residual = (2..4usize).prop_map(|channels| {
        let mut architecture = preset("residual-seed", 4).unwrap();
        for node in &mut architecture.nodes {
            if matches!(node.op, Op::Conv { .. }) {
                node.op = Op::conv(channels, 3);
            }
        }
        architecture
    });
    prop_oneof![4 => chain, 1 => residual].prop_map(|mut architecture| {
        architecture.nodes[0].op = Op::Input { channels: 3, height: 9, width: 7 };
        architecture
    })
}

/// Every candidate of `families`; widenings add one to three channels at once.
pub fn proposed(architecture: &Architecture, families: &[Family], seed: u64) -> Vec<Candidate> {
    let width = 1 + seed as usize % 3;
    let candidates = propose(architecture, families).unwrap();
    candidates.into_iter().map(|candidate| candidate.of_width(width)).collect()
}

pub fn images(seed: u64, dtype: DType) -> Tensor {
    normal(&[3, 3, 9, 7], seed, "images").to_dtype(dtype).unwrap()
}

/// φ of ordinary size in every tensor, biases and ω included.
pub fn random_phi(network: &Network, candidate: &Candidate, seed: u64) -> Morphism {
    let mut phi = initial_phi(network, candidate, seed, 0).unwrap();
    for (name, tensor) in &mut phi {
        let noise = normal(tensor.dims(), seed, &format!("{} {name}", candidate.id()));
        *tensor = (noise * 0.3).unwrap();
    }
    Morphism { candidate: candidate.clone(), phi, scale: 0.7 }
}

pub fn neutral(network: &Network, candidate: &Candidate, seed: u64) -> Morphism {
    let phi = neutral_phi(network, candidate, seed).unwrap();
    Morphism { candidate: candidate.clone(), phi, scale: 1.0 }
}
