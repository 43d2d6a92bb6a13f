//! What becomes of the optimiser's memory when a network grows.

use std::collections::BTreeMap;

use candle_core::{DType, Tensor};
use proptest::prelude::*;
use seedling::engine::candle::plan::Plan;
use seedling::engine::candle::tape::{Mode, backward, forward};
use seedling::morphism::{Family, Memory, Place, apply, apply_with, morph, propose, rewrite_architecture};
use seedling::network::{Model, Network, OptimizerState, Tensors, is_trained};

use crate::common::{normal, numbers, random_network, to_dtype};
use crate::networks::{architectures, images, neutral, proposed, random_phi};

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

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
