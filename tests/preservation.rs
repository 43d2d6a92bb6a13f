//! Every family on random networks: neutral φ changes nothing, any φ changes the network by Δ, and the optimiser's
//! memory follows.

mod common;

use std::collections::BTreeMap;

use candle_core::{DType, Tensor, Var};
use common::{
    activations, logits, logits_with, normal, numbers, random_network, relative_difference, to_dtype,
};
use proptest::prelude::*;
use seedling::engine::candle::plan::Plan;
use seedling::engine::candle::tape::{Mode, backward, forward};
use seedling::morphism::{
    Candidate, Family, Form, Memory, Morphism, Place, Reader, Site, SiteValues, apply, apply_with, conflict,
    delta, grow_by, initial_phi, morph, neutral_phi, padding_delta, propose, rewrite_architecture,
};
use seedling::network::{
    Architecture, Model, Network, Op, OptimizerState, Tensors, is_trained, plain, preset,
};
use seedling::random::Stream;

/// The families that have a neutral φ.
fn learned_families() -> Vec<Family> {
    Family::ALL.into_iter().filter(|family| morph(*family).is_learned()).collect()
}

/// Chains of one to three convolutions with pools and kernels of 1, 3 and 5, or a slim residual network; on
/// 9×7 images, so that pools drop rows and columns.
fn architectures() -> impl Strategy<Value = Architecture> {
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
fn proposed(architecture: &Architecture, families: &[Family], seed: u64) -> Vec<Candidate> {
    let width = 1 + seed as usize % 3;
    let candidates = propose(architecture, families).unwrap();
    candidates.into_iter().map(|candidate| candidate.of_width(width)).collect()
}

fn images(seed: u64, dtype: DType) -> Tensor {
    normal(&[3, 3, 9, 7], seed, "images").to_dtype(dtype).unwrap()
}

/// φ of ordinary size in every tensor, biases and ω included.
fn random_phi(network: &Network, candidate: &Candidate, seed: u64) -> Morphism {
    let mut phi = initial_phi(network, candidate, seed, 0).unwrap();
    for (name, tensor) in &mut phi {
        let noise = normal(tensor.dims(), seed, &format!("{} {name}", candidate.id()));
        *tensor = (noise * 0.3).unwrap();
    }
    Morphism { candidate: candidate.clone(), phi, scale: 0.7 }
}

fn neutral(network: &Network, candidate: &Candidate, seed: u64) -> Morphism {
    let phi = neutral_phi(network, candidate, seed).unwrap();
    Morphism { candidate: candidate.clone(), phi, scale: 1.0 }
}

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
                let grown = grow_by(&model, form, &candidate, 0.0, seed).unwrap().network;
                prop_assert!(grown.architecture != model.network.architecture);
                let difference = relative_difference(&before, &logits(&grown, &images));
                prop_assert!(difference <= 1e-11, "{} at {}: {difference}", form.name(), candidate.id());
                if form == Form::Net2Wider {
                    let noisy = grow_by(&model, form, &candidate, 0.1, seed).unwrap().network;
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

    #[test]
    fn memory_is_inherited_or_zero(architecture in architectures(), seed in 0..1000u64) {
        let network = random_network(architecture, seed);
        let shapes = Network::tensor_shapes(&network.architecture).unwrap();
        let slot = |slot: &str| -> Tensors {
            let trained = shapes.iter().filter(|(name, _)| is_trained(name));
            trained.map(|(name, shape)| (name.clone(), normal(shape, seed, &format!("{slot} {name}")))).collect()
        };
        let slots = BTreeMap::from([("m".to_owned(), slot("m")), ("v".to_owned(), slot("v"))]);
        let model = Model { network, optimizer: OptimizerState { steps: 17, slots } };
        for candidate in proposed(&model.network.architecture, &Family::ALL, seed) {
            let place = Place::of(&model.network.architecture, &candidate).unwrap();
            let phi = random_phi(&model.network, &candidate, seed);
            let after = apply(&model, &[phi]).unwrap();
            let rewritten = rewrite_architecture(&model.network.architecture, std::slice::from_ref(&candidate));
            prop_assert_eq!(&after.network.architecture, &rewritten.unwrap());
            prop_assert_eq!(after.optimizer.steps, 17);
            let shapes = Network::tensor_shapes(&after.network.architecture).unwrap();
            for (slot, old) in &model.optimizer.slots {
                let new = &after.optimizer.slots[slot];
                let names: Vec<&String> = shapes.keys().filter(|name| is_trained(name)).collect();
                prop_assert_eq!(new.keys().collect::<Vec<_>>(), names);
                for (name, memory) in new {
                    prop_assert_eq!(memory.dims(), shapes[name].as_slice(), "{} {}", candidate.id(), name);
                    let expected = match old.get(name) {
                        Some(old) => expected_memory(old, memory.dims(), &place),
                        None => vec![0.0; memory.elem_count()],
                    };
                    prop_assert_eq!(numbers(memory), expected, "{} {}", candidate.id(), name);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn memory_is_reset_or_shared_where_that_is_asked(architecture in architectures(), seed in 0..1000u64) {
        /// What each child of a split gets of its parent's memory of incoming and outgoing weights.
        const SHARES: [(&str, f64, f64); 3] = [("m", 0.5, 0.5), ("momentum", 1.0, 0.5), ("v", 0.25, 1.0)];
        let mut model = Model::new(to_dtype(&random_network(architecture, seed), DType::F64));
        for (slot, ..) in SHARES {
            let trained = model.network.tensors.iter().filter(|(name, _)| is_trained(name));
            let memory = trained.map(|(name, tensor)| {
                let noise = normal(tensor.dims(), seed, &format!("{slot} {name}"));
                (name.clone(), noise.to_dtype(DType::F64).unwrap())
            });
            model.optimizer.slots.insert(slot.to_owned(), memory.collect());
        }
        model.optimizer.steps = 17;
        model.mark_inherited().unwrap();
        model.begin_average();
        for candidate in proposed(&model.network.architecture, &Family::ALL, seed) {
            let place = Place::of(&model.network.architecture, &candidate).unwrap();
            let id = candidate.id();
            let phi = [random_phi(&model.network, &candidate, seed)];
            let inherited = apply(&model, &phi).unwrap();
            for memory in Memory::ALL {
                let after = apply_with(&model, &phi, memory).unwrap();
                prop_assert!(!after.optimizer.slots.contains_key(OptimizerState::AVERAGE), "{}", id);
                for (name, tensor) in &after.network.tensors {
                    let expected = numbers(&inherited.network.tensors[name]);
                    prop_assert_eq!(numbers(tensor), expected, "{} {}", id, name);
                }
                for (name, marks) in &after.optimizer.slots[OptimizerState::INHERITED] {
                    let expected = match model.network.tensors.get(name) {
                        Some(old) => expected_memory(&old.ones_like().unwrap(), marks.dims(), &place),
                        None => vec![0.0; marks.elem_count()],
                    };
                    prop_assert_eq!(numbers(marks), expected, "{} {}", id, name);
                }
            }
            let reset = apply_with(&model, &phi, Memory::Reset).unwrap().optimizer;
            prop_assert_eq!((reset.steps, reset.slots.len()), (0, 1), "{}: the marks alone", id);
            let rescaled = apply_with(&model, &phi, Memory::Rescaled).unwrap().optimizer;
            prop_assert_eq!(rescaled.steps, 17);
            for (slot, incoming, outgoing) in SHARES {
                for (name, memory) in &inherited.optimizer.slots[slot] {
                    let (mut expected, found) = (numbers(memory), numbers(&rescaled.slots[slot][name]));
                    let computes = name.starts_with(&format!("{}.", place.site.layer))
                        || place.site.norm.as_ref().is_some_and(|norm| name.starts_with(&format!("{norm}.")));
                    let reads = place.site.reader.as_ref().map(|reader| format!("{}.weight", reader.name()));
                    let is_split = morph(candidate.family).splits_channel();
                    if is_split && (computes || Some(name) == reads.as_ref()) {
                        let (dim, share) = if computes { (0, incoming) } else { (1, outgoing) };
                        let (count, dims) = (memory.dims()[dim], memory.dims());
                        let [before, after]: [usize; 2] =
                            [&dims[..dim], &dims[dim + 1..]].map(|dims| dims.iter().product());
                        let parent = candidate.channel().unwrap();
                        for outer in 0..before {
                            for inner in 0..after {
                                let at = |channel: usize| (outer * count + channel) * after + inner;
                                let old = expected[at(parent)];
                                (expected[at(parent)], expected[at(count - 1)]) = (share * old, share * old);
                            }
                        }
                    }
                    prop_assert_eq!(found, expected, "{} {} {}", id, slot, name);
                }
            }
        }
    }

    /// What rescaled memory foresees of a split's gradients is what they are: squares of the parent's become
    /// squares of the children's.
    #[test]
    fn gradients_of_a_split_are_as_its_memory_foresees(architecture in architectures(), seed in 0..1000u64) {
        let squares = |network: &Network| -> Tensors {
            let plan = Plan::new(&network.architecture).unwrap();
            let values = forward(&plan, &network.tensors, images(seed, DType::F64), Mode::Training).unwrap();
            let shape = values.logits().unwrap().dims().to_vec();
            let slope = normal(&shape, seed, "slope").to_dtype(DType::F64).unwrap();
            let gradients = backward(&plan, &network.tensors, &values, &slope, true).unwrap().gradients;
            gradients.into_iter().map(|(name, gradient)| (name, gradient.sqr().unwrap())).collect()
        };
        let network = to_dtype(&random_network(architecture, seed), DType::F64);
        let mut model = Model::new(network.clone());
        model.optimizer.slots.insert(OptimizerState::MEAN_SQUARE.to_owned(), squares(&network));
        for candidate in propose(&network.architecture, &[Family::Split, Family::SplitSymmetric]).unwrap() {
            let grown = apply_with(&model, &[neutral(&network, &candidate, seed)], Memory::Rescaled).unwrap();
            for (name, found) in squares(&grown.network) {
                let expected = &grown.optimizer.slots[OptimizerState::MEAN_SQUARE][&name];
                // A bias before a norm has no gradient but rounding.
                let largest = numbers(expected).into_iter().fold(1e-12, f64::max);
                for (found, expected) in numbers(&found).into_iter().zip(numbers(expected)) {
                    let error = (found - expected).abs() / largest;
                    prop_assert!(error < 1e-9, "{} {}: {} against {}", candidate.id(), name, found, expected);
                }
            }
        }
    }
}

/// Whether `new` is the old memory along the one dimension that changed: without the pruned slice, or with
/// slices of zeros at its end; for a kernel that grew, inside a ring of zeros.
fn expected_memory(old: &Tensor, shape: &[usize], place: &Place) -> Vec<f64> {
    if let (Family::Kernel, [_, _, rows, columns]) = (place.candidate.family, shape)
        && old.dims() != shape
    {
        let old = numbers(old);
        let mut expected = vec![0.0; shape.iter().product()];
        for (index, value) in expected.iter_mut().enumerate() {
            let (plane, row, column) = (index / (rows * columns), index / columns % rows, index % columns);
            if (1..rows - 1).contains(&row) && (1..columns - 1).contains(&column) {
                *value = old[(plane * (rows - 2) + row - 1) * (columns - 2) + column - 1];
            }
        }
        return expected;
    }
    let Some(dim) = (0..shape.len()).find(|&dim| shape[dim] != old.dims()[dim]) else { return numbers(old) };
    let count = old.dims()[dim];
    let pieces: Vec<Tensor> = if shape[dim] > count {
        let mut zeros = old.dims().to_vec();
        zeros[dim] = shape[dim] - count;
        vec![old.clone(), Tensor::zeros(zeros, old.dtype(), old.device()).unwrap()]
    } else {
        let kept = (0..count).filter(|index| Some(*index) != place.candidate.channel());
        kept.map(|index| old.narrow(dim, index, 1).unwrap()).collect()
    };
    numbers(&Tensor::cat(&pieces, dim).unwrap())
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
