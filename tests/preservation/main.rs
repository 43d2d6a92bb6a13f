//! Every family on random networks: neutral φ changes nothing, any φ changes the network by Δ, and the optimiser's
//! memory follows.

#[path = "../common/mod.rs"]
mod common;
mod memory;
mod networks;

use std::collections::BTreeMap;

use candle_core::{DType, Tensor, Var};
use common::{
    activations, logits, logits_with, normal, numbers, random_network, relative_difference, to_dtype,
};
use networks::{architectures, images, learned_families, neutral, proposed, random_phi};
use proptest::prelude::*;
use seedling::engine::candle::plan::Plan;
use seedling::engine::candle::tape::{Mode, forward};
use seedling::morphism::{
    Candidate, Family, Form, Morphism, Place, Reader, Site, SiteValues, apply, conflict, delta, grow_by,
    initial_phi, morph, padding_delta, propose,
};
use seedling::network::{Architecture, Model, Network, Op, plain};
use seedling::random::Stream;

/// Makes z of a channel 0 everywhere, so that pruning it changes nothing.
fn silence(network: &mut Network, site: &Site, channel: usize) {
    let mut names = vec![format!("{}.weight", site.layer), format!("{}.bias", site.layer)];
    if let Some(norm) = &site.norm {
        names.extend(["weight", "bias"].map(|suffix| format!("{norm}.{suffix}")));
    }
    for name in names {
        let tensor = &network.tensors[&name];
        let mut keep = vec![1f32; tensor.dim(0).unwrap()];
        keep[channel] = 0.0;
        let mut shape = vec![1; tensor.rank()];
        shape[0] = keep.len();
        let keep = Tensor::from_vec(keep, shape, tensor.device()).unwrap().to_dtype(tensor.dtype()).unwrap();
        let silenced = tensor.broadcast_mul(&keep).unwrap();
        network.tensors.insert(name, silenced);
    }
}

/// A random selection of compatible candidates, as large as possible.
fn combination(architecture: &Architecture, families: &[Family], seed: u64) -> Vec<Candidate> {
    let mut all = proposed(architecture, families, seed);
    Stream::new(seed, "combination", 0).shuffle(&mut all);
    let mut chosen: Vec<Candidate> = Vec::new();
    for candidate in all {
        if chosen.iter().all(|other| !conflict(&candidate, other)) && chosen.len() < 6 {
            chosen.push(candidate);
        }
    }
    chosen
}

fn grown(network: &Network, morphisms: &[Morphism]) -> Network {
    let model = apply(&Model::new(network.clone()), morphisms).unwrap();
    model.network.check().unwrap();
    model.network
}

/// The logits of the old network with Δ added where it belongs.
fn logits_of_delta(network: &Network, images: &Tensor, morphism: &Morphism) -> Tensor {
    let candidate = &morphism.candidate;
    let place = Place::of(&network.architecture, candidate).unwrap();
    let outputs = activations(network, images);
    let values = SiteValues::new(network, &place, &outputs).unwrap();
    let change = delta(&values, morphism).unwrap();
    let changed = |name: &str, tensor: Tensor| {
        logits_with(network, images, &BTreeMap::from([(name.to_owned(), tensor)]))
    };
    let z = match (candidate.channel(), candidate.family) {
        (None, Family::Widen) => {
            let reader = place.site.reader.as_ref().unwrap().name();
            return changed(reader, (&outputs[reader] + change).unwrap());
        }
        (None, _) => (&values.z + change).unwrap(),
        (Some(channel), _) => {
            let old = values.z.narrow(1, channel, 1).unwrap();
            values.z.slice_scatter(&(old + change).unwrap(), 1, channel).unwrap()
        }
    };
    match (&place.site.reader, candidate.family) {
        (Some(Reader::Conv(reader)), Family::PruneMean) => {
            let at_site = BTreeMap::from([(place.site.z.clone(), z)]);
            let read = common::activations_with(network, images, &at_site)[reader].clone();
            let (_, _, height, width) = values.z.dims4().unwrap();
            let weight = network.tensor(&format!("{reader}.weight")).unwrap();
            let border = padding_delta(weight, morphism, height, width).unwrap();
            changed(reader, read.broadcast_add(&border).unwrap())
        }
        _ => changed(&place.site.z, z),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn neutral_morphisms_keep_the_logits(architecture in architectures(), seed in 0..1000u64) {
        let network = random_network(architecture, seed);
        let images = images(seed, DType::F32);
        let before = logits(&network, &images);
        for candidate in proposed(&network.architecture, &learned_families(), seed) {
            let after = logits(&grown(&network, &[neutral(&network, &candidate, seed)]), &images);
            let difference = relative_difference(&before, &after);
            prop_assert!(difference <= 1e-5, "{}: {difference}", candidate.id());
        }
        let together: Vec<Morphism> = combination(&network.architecture, &learned_families(), seed)
            .iter()
            .map(|candidate| neutral(&network, candidate, seed))
            .collect();
        let difference = relative_difference(&before, &logits(&grown(&network, &together), &images));
        prop_assert!(difference <= 1e-5, "{} together: {difference}", together.len());
    }

    /// Batch norm with the batch's own statistics: what is inherited sees the same batch, what is new is silent.
    #[test]
    fn neutral_morphisms_keep_the_logits_in_training_mode(architecture in architectures(), seed in 0..1000u64) {
        let network = to_dtype(&random_network(architecture, seed), DType::F64);
        let images = images(seed, DType::F64);
        let training = |network: &Network| {
            let plan = Plan::new(&network.architecture).unwrap();
            let values = forward(&plan, &network.tensors, images.clone(), Mode::Training).unwrap();
            values.logits().unwrap()
        };
        let before = training(&network);
        for candidate in proposed(&network.architecture, &learned_families(), seed) {
            let after = training(&grown(&network, &[neutral(&network, &candidate, seed)]));
            let difference = relative_difference(&before, &after);
            prop_assert!(difference <= 1e-10, "{}: {difference}", candidate.id());
        }
    }

    #[test]
    fn the_forms_of_the_literature_keep_the_logits(architecture in architectures(), seed in 0..1000u64) {
        let network = to_dtype(&random_network(architecture, seed), DType::F64);
        let images = images(seed, DType::F64);
        let before = logits(&network, &images);
        let model = Model::new(network);
        for form in Form::ALL {
            let candidates = proposed(&model.network.architecture, &[form.family()], seed);
            for candidate in candidates {
                let grown = grow_by(&model, form, &candidate, 0.0, seed, 0).unwrap().network;
                prop_assert!(grown.architecture != model.network.architecture);
                let difference = relative_difference(&before, &logits(&grown, &images));
                prop_assert!(difference <= 1e-11, "{} at {}: {difference}", form.name(), candidate.id());
                if form == Form::Net2Wider {
                    let noisy = grow_by(&model, form, &candidate, 0.1, seed, 0).unwrap().network;
                    let weight = |network: &Network| {
                        numbers(&network.tensors[&format!("{}.weight", candidate.layer())])
                    };
                    prop_assert!(weight(&noisy) != weight(&grown), "the copies differ by noise");
                }
            }
        }
    }

    #[test]
    fn pruning_a_silent_channel_keeps_the_logits(architecture in architectures(), seed in 0..1000u64) {
        let network = random_network(architecture, seed);
        let images = images(seed, DType::F32);
        for candidate in propose(&network.architecture, &[Family::Prune, Family::PruneMean]).unwrap() {
            let mut network = network.clone();
            let site = Site::of(&network.architecture, candidate.layer()).unwrap().unwrap();
            silence(&mut network, &site, candidate.channel().unwrap());
            let phi = initial_phi(&network, &candidate, seed, 0).unwrap();
            let pruned = grown(&network, &[Morphism { candidate: candidate.clone(), phi, scale: 1.0 }]);
            let difference = relative_difference(&logits(&network, &images), &logits(&pruned, &images));
            prop_assert!(difference <= 1e-5, "{}: {difference}", candidate.id());
        }
    }

    #[test]
    fn the_grown_network_computes_what_delta_says(architecture in architectures(), seed in 0..1000u64) {
        let network = to_dtype(&random_network(architecture, seed), DType::F64);
        let images = images(seed, DType::F64);
        let before = logits(&network, &images);
        let mut largest: f64 = 0.0;
        let mut candidates = proposed(&network.architecture, &Family::ALL, seed);
        Stream::new(seed, "candidates", 0).shuffle(&mut candidates);
        for candidate in candidates.into_iter().take(20) {
            let morphism = random_phi(&network, &candidate, seed);
            let expected = logits_of_delta(&network, &images, &morphism);
            let found = logits(&grown(&network, &[morphism]), &images);
            let difference = relative_difference(&expected, &found);
            prop_assert!(difference <= 1e-11, "{}: {difference}", candidate.id());
            largest = largest.max(relative_difference(&before, &found));
        }
        prop_assert!(largest > 1e-3, "no candidate changed anything");
    }

    /// φ follows the channels that other morphisms change: together with neutral ones, a morphism does what it does
    /// alone.
    #[test]
    fn a_morphism_keeps_its_effect_in_company(architecture in architectures(), seed in 0..1000u64) {
        let mut network = to_dtype(&random_network(architecture, seed), DType::F64);
        let together: Vec<Family> =
            Family::ALL.into_iter().filter(|family| !morph(*family).stands_alone()).collect();
        let company = combination(&network.architecture, &together, seed);
        for candidate in &company {
            if matches!(candidate.family, Family::Prune | Family::PruneMean) {
                let site = Site::of(&network.architecture, candidate.layer()).unwrap().unwrap();
                silence(&mut network, &site, candidate.channel().unwrap());
            }
        }
        let images = images(seed, DType::F64);
        let mut pruned = BTreeMap::new();
        let company: Vec<Morphism> = company
            .into_iter()
            .filter(|candidate| {
                let channels = Place::of(&network.architecture, candidate).unwrap().channels;
                let count = pruned.entry(candidate.layer().to_owned()).or_insert(0);
                *count += usize::from(matches!(candidate.family, Family::Prune | Family::PruneMean));
                *count < channels
            })
            .map(|candidate| neutral(&network, &candidate, seed))
            .collect();
        for index in 0..company.len() {
            let mut together = company.clone();
            let candidate = &company[index].candidate;
            if matches!(candidate.family, Family::Prune | Family::PruneMean) {
                continue;
            }
            // Alone, a morphism may write into a silent channel and revive it; not if another prunes that channel.
            let site = Place::of(&network.architecture, candidate).unwrap().site;
            let written = match candidate.family {
                Family::Widen => site.reader.as_ref().map(Reader::name),
                family if morph(family).changes_one_channel() => None,
                _ => Some(candidate.layer()),
            };
            let revives = company.iter().any(|other| {
                Some(other.candidate.layer()) == written
                    && matches!(other.candidate.family, Family::Prune | Family::PruneMean)
            });
            if revives {
                continue;
            }
            together[index] = random_phi(&network, candidate, seed);
            let alone = logits(&grown(&network, &together[index..=index]), &images);
            let found = grown(&network, &together);
            let difference = relative_difference(&alone, &logits(&found, &images));
            prop_assert!(difference <= 1e-11, "{} in company: {difference}", candidate.id());

            together.reverse();
            let turned = grown(&network, &together);
            prop_assert_eq!(&turned.architecture, &found.architecture);
            for (name, tensor) in &found.tensors {
                prop_assert_eq!(numbers(tensor), numbers(&turned.tensors[name]), "{}", name);
            }
        }
    }

}

/// A constant channel before the head is all mean: folding it away changes nothing.
#[test]
fn the_mean_of_a_constant_channel_folds_into_the_head() {
    let mut network = random_network(plain("3-4", false, 5).unwrap(), 2);
    let site = Site::of(&network.architecture, "conv2").unwrap().unwrap();
    silence(&mut network, &site, 1);
    let bias = Tensor::new(&[0.1f32, 2.5, -0.2, 0.3], &candle_core::Device::Cpu).unwrap();
    network.tensors.insert("conv2.bias".into(), bias);
    let candidate = Candidate::named(Family::PruneMean, "conv2", Some(1)).unwrap();
    let images = normal(&[2, 3, 32, 32], 2, "images").to_dtype(DType::F32).unwrap();
    let pruned = |mean: f32| {
        let mean = Tensor::new(&[mean], &candle_core::Device::Cpu).unwrap();
        let phi = BTreeMap::from([("mean".to_owned(), mean)]);
        let morphism = Morphism { candidate: candidate.clone(), phi, scale: 1.0 };
        relative_difference(&logits(&network, &images), &logits(&grown(&network, &[morphism]), &images))
    };
    assert!(pruned(2.5) <= 1e-5, "{}", pruned(2.5));
    assert!(pruned(0.0) > 1e-2, "{}", pruned(0.0));
}

/// Learning descends along Δ's gradient in φ: it must be the derivative of Δ.
#[test]
fn delta_has_the_gradient_that_differences_show() {
    for (layers, norm) in [("3-M-3-A-2", true), ("3-3-M-2", false)] {
        let mut architecture = plain(layers, norm, 4).unwrap();
        architecture.nodes[0].op = Op::Input { channels: 3, height: 9, width: 7 };
        let network = to_dtype(&random_network(architecture, 5), DType::F64);
        let outputs = activations(&network, &images(5, DType::F64));
        for candidate in proposed(&network.architecture, &Family::ALL, 5) {
            let place = Place::of(&network.architecture, &candidate).unwrap();
            let values = SiteValues::new(&network, &place, &outputs).unwrap();
            let whole = random_phi(&network, &candidate, 5);
            for (name, tensor) in &whole.phi {
                let objective = |phi: Tensor| {
                    let mut morphism = whole.clone();
                    morphism.phi.insert(name.clone(), phi);
                    delta(&values, &morphism).unwrap().sqr().unwrap().sum_all().unwrap()
                };
                let variable = Var::from_tensor(tensor).unwrap();
                let gradients = objective(variable.as_tensor().clone()).backward().unwrap();
                let gradient = gradients.get(&variable).unwrap();
                let direction = normal(tensor.dims(), 9, name);
                let along = numbers(&(gradient * &direction).unwrap()).iter().sum::<f64>();
                let step = 1e-6;
                let at =
                    |factor: f64| numbers(&objective((tensor + (&direction * factor).unwrap()).unwrap()))[0];
                let difference = (at(step) - at(-step)) / (2.0 * step);
                let scale = along.abs().max(1e-3);
                assert!(
                    (along - difference).abs() <= 1e-6 * scale,
                    "{} {name}: {along} by gradient, {difference} by differences",
                    candidate.id()
                );
            }
        }
    }
}
