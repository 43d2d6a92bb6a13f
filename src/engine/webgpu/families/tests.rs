//! Every family without an adapter: what it records can be realised, and φ comes back as it was given.

use std::collections::BTreeSet;

use pollster::block_on as wait;

use super::{Groups, PhiGradient, Scene, gather, sites};
use crate::engine::webgpu::forward::{Mode, forward};
use crate::engine::webgpu::graph::Graph;
use crate::engine::webgpu::parameters::Parameters;
use crate::engine::webgpu::testing::nowhere;
use crate::morphism::{Family, Morphism, initial_phi, morph, propose};
use crate::network::{Model, Network, preset};

const IMAGES: usize = 2;
const SETS: usize = 3;

/// Every candidate of a network, with first parameters.
fn all(network: &Network) -> Vec<Morphism> {
    let candidates = propose(&network.architecture, &Family::ALL).unwrap();
    let wide: Vec<_> = candidates.iter().map(|candidate| candidate.clone().of_width(3)).collect();
    let wide = wide.into_iter().filter(|candidate| candidate.width == 3);
    candidates
        .iter()
        .cloned()
        .chain(wide)
        .map(|candidate| Morphism {
            phi: initial_phi(network, &candidate, 1, 1).unwrap(),
            candidate,
            scale: 0.5,
        })
        .collect()
}

#[test]
fn every_family_records_what_its_kernels_take() {
    let mut seen = BTreeSet::new();
    for name in ["tiny", "residual-seed"] {
        let network = Network::initialise(preset(name, 10).unwrap(), 3).unwrap();
        let morphisms = all(&network);
        let mut context = nowhere();
        let sites = sites(&Graph::new(&network.architecture, false).unwrap(), &morphisms).unwrap();
        let graph = Graph::open(&network.architecture, &sites).unwrap();
        let parameters = wait(Parameters::new(&context, &Model::new(network))).unwrap();
        let groups = wait(Groups::new(&context, &graph, &morphisms)).unwrap();
        let mut recording = context.recording();
        let input = recording.constant(&vec![0f32; IMAGES * graph.shapes[0].elements()], "batch");
        let mode = Mode::Evaluation;
        let values = forward(&mut recording, &graph, &parameters, IMAGES, input, mode).unwrap();
        let zeros = recording.constant(&[0f32; 64], "zeros");
        let gradient = recording.buffer(groups.layout.total(), "gradient");
        let scene = Scene { graph: &graph, parameters: &parameters, values: &values, zeros: &zeros };
        for group in &groups.all {
            let members = group.members.len();
            let numbers = SETS * IMAGES * graph.shapes[group.reach.target()].elements();
            let cotangents = recording.constant(&vec![0f32; numbers], "cotangents");
            let probe = groups.probe(&mut recording, &scene, group).unwrap();
            let change = probe.change(&mut recording, &vec![0.5; members]).unwrap();
            let responses = recording.scratch(SETS * IMAGES * members, "responses");
            let spans = [&change, &cotangents, &responses];
            recording.respond(&scene, group, SETS, spans).unwrap();
            let spans = [&responses, &cotangents];
            let d_change = recording.respond_backward(&scene, group, SETS, spans).unwrap();
            for add in [false, true] {
                let block = groups.part(group, gradient.clone());
                let wanted = PhiGradient { d_change: &d_change, block, add };
                probe.phi_gradient(&mut recording, &wanted).unwrap();
            }
            recording.end(probe);
            seen.insert(group.family);
        }
        wait(context.realise(recording)).unwrap();
    }
    assert_eq!(seen, BTreeSet::from(Family::ALL));
}

#[test]
fn phi_comes_back_as_it_was_uploaded() {
    for name in ["tiny", "residual-seed"] {
        let network = Network::initialise(preset(name, 10).unwrap(), 3).unwrap();
        let mut morphisms = all(&network);
        morphisms.retain(|morphism| morph(morphism.candidate.family).is_learned());
        let graph = Graph::new(&network.architecture, false).unwrap();
        let groups = wait(Groups::new(&nowhere(), &graph, &morphisms)).unwrap();
        let (_, tensors) = gather(&network.architecture, &morphisms).unwrap();
        let mut found = morphisms.clone();
        found.iter_mut().for_each(|morphism| morphism.phi.clear());
        groups.store(&groups.layout.pack(&tensors).unwrap(), &mut found).unwrap();
        for (found, given) in found.iter().zip(&morphisms) {
            let names = |morphism: &Morphism| morphism.phi.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(found), names(given), "{}", given.candidate.id());
            for (name, tensor) in &given.phi {
                assert_eq!(found.phi[name].dims(), tensor.dims(), "{}: {name}", given.candidate.id());
                let [found, given] = [&found.phi[name], tensor].map(|t| t.flatten_all().unwrap());
                let [found, given] = [found, given].map(|t| t.to_vec1::<f32>().unwrap());
                assert_eq!(found, given, "{name}");
            }
        }
    }
}
