//! What goes out by the doors to other software and comes in again.

mod common;

use candle_core::{DType, Tensor};
use common::{logits, normal, random_network, relative_difference};
use proptest::prelude::*;
use seedling::morphism::{Family, Morphism, apply, conflict, initial_phi, morph};
use seedling::network::{
    Architecture, CheckpointInfo, Model, Network, OnnxInfo, Op, load_onnx, onnx_bytes, plain, preset,
};
use seedling::random::Stream;

/// Chains with pools, norms, residual blocks and kernels of 1, 3 and 5.
fn architectures() -> impl Strategy<Value = Architecture> {
    let layer =
        (2..5usize, prop::sample::select(vec!["", "n", "n-A", "-M"]), prop::sample::select(vec![1, 3, 5]));
    let chain = prop::collection::vec(layer, 1..4).prop_map(|layers| {
        let text: Vec<String> =
            layers.iter().map(|(channels, after, _)| format!("{channels}{after}")).collect();
        let mut architecture = plain(&text.join("-"), false, 4).unwrap();
        let convolutions = architecture.nodes.iter_mut().filter(|node| matches!(node.op, Op::Conv { .. }));
        for (node, (channels, _, kernel)) in convolutions.zip(&layers) {
            node.op = Op::conv(*channels, *kernel);
        }
        architecture
    });
    let residual = (2..4usize)
        .prop_map(|channels| preset(&format!("{channels}n-{channels}r-M-{channels}r"), 4).unwrap());
    prop_oneof![3 => chain, 1 => residual]
}

/// The network grown by some random changes: skips, blocks and odd widths.
fn grown(network: Network, seed: u64) -> Network {
    let families: Vec<Family> =
        Family::ALL.into_iter().filter(|family| morph(*family).is_learned()).collect();
    let mut candidates = common::candidates(&network.architecture, &families);
    Stream::new(seed, "changes", 0).shuffle(&mut candidates);
    let mut chosen: Vec<Morphism> = Vec::new();
    for candidate in candidates {
        let fits = chosen.iter().all(|other| !conflict(&candidate, &other.candidate));
        if fits && chosen.len() < 3 {
            let phi = initial_phi(&network, &candidate, seed, 1).unwrap();
            chosen.push(Morphism { candidate, phi, scale: 1.0 });
        }
    }
    apply(&Model::new(network), &chosen).unwrap().network
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn onnx_out_and_in_again_is_the_same_network(architecture in architectures(), seed in 0..1000u64) {
        let network = grown(random_network(architecture, seed), seed);
        let info = OnnxInfo {
            checkpoint: CheckpointInfo { mean: vec![0.5, 0.4, 0.3], std: vec![0.25; 3], sha256: "ab".into() },
            class_names: vec!["cat".into(); 4],
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net.onnx");
        let bytes = onnx_bytes(&network, &info).unwrap();
        std::fs::write(&path, &bytes).unwrap();
        let found = load_onnx(&path).unwrap();
        prop_assert_eq!(&found.network.architecture, &network.architecture);
        prop_assert_eq!(&onnx_bytes(&found.network, &info).unwrap(), &bytes);
        let normalization = found.normalization.unwrap();
        prop_assert_eq!(normalization.mean.to_vec(), info.checkpoint.mean);
        let images: Tensor = normal(&[2, 3, 32, 32], seed, "images").to_dtype(DType::F32).unwrap();
        prop_assert_eq!(relative_difference(&logits(&network, &images), &logits(&found.network, &images)), 0.0);
    }
}
