//! Every family without an adapter: what it records can be realised, and φ comes back as it was given.

use std::collections::BTreeSet;

use pollster::block_on as wait;

use super::{Groups, Scene, sites};
use crate::engine::EngineError;
use crate::engine::webgpu::forward::{Mode, forward};
use crate::engine::webgpu::graph::Graph;
use crate::engine::webgpu::parameters::Parameters;
use crate::engine::webgpu::testing::nowhere;
use crate::morphism::{Family, Morphism, initial_phi, propose};
use crate::network::{Model, Network, preset};

const IMAGES: usize = 2;
const SETS: usize = 3;

/// Every candidate of a network, with first parameters.
fn all(network: &Network) -> Vec<Morphism> {
    let candidates = propose(&network.architecture, &Family::ALL).unwrap();
    candidates
        .into_iter()
        .map(|candidate| Morphism {
            phi: initial_phi(network, &candidate, 1, 1).unwrap(),
            candidate,
            scale: 0.5,
        })
        .collect()
}

#[test]
fn every_family_records_what_its_kernels_take_and_gives_its_parameters_back() {
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
        for grouped in &groups.all {
            let members = grouped.members.len();
            let numbers = SETS * IMAGES * graph.shapes[grouped.reach.target()].elements();
            let cotangents = recording.constant(&vec![0f32; numbers], "cotangents");
            let probe = grouped.group.probe(&mut recording, &scene, &groups.phi(grouped)).unwrap();
            let change = probe.change(&mut recording, &vec![0.5; members]).unwrap();
            let responses = recording.scratch(SETS * IMAGES * members, "responses");
            let spans = [&change, &cotangents, &responses];
            recording.respond(&scene, grouped, SETS, spans).unwrap();
            let spans = [&responses, &cotangents];
            let d_change = recording.respond_backward(&scene, grouped, SETS, spans).unwrap();
            for add in [false, true] {
                let own = groups.part(grouped, gradient.clone());
                probe.phi_gradient(&mut recording, &d_change, &own, add).unwrap();
            }
            recording.end(probe);
            for (member, position) in grouped.members.iter().enumerate() {
                let Morphism { candidate, phi, .. } = &morphisms[*position];
                seen.insert(candidate.family);
                let stacked = |name: &str| {
                    let mut tensors = grouped.group.phi().into_iter();
                    let found = tensors.find(|(known, _)| *known == name).map(|(_, tensor)| tensor);
                    found.ok_or(EngineError::Cancelled)
                };
                for (name, tensor) in grouped.group.member_phi(&stacked, member).unwrap() {
                    let [found, given] = [&tensor, &phi[&name]].map(|t| t.flatten_all().unwrap());
                    assert_eq!(tensor.dims(), phi[&name].dims(), "{}: {name}", candidate.id());
                    let [found, given] = [found, given].map(|t| t.to_vec1::<f32>().unwrap());
                    assert_eq!(found, given, "{}: {name}", candidate.id());
                }
            }
        }
        wait(context.realise(recording)).unwrap();
    }
    assert_eq!(seen, BTreeSet::from(Family::ALL));
}
