//! Recordings, which need no adapter: who shares memory, what is refused, and what a whole step records.

use super::adapter::Kind;
use super::graph::Graph;
use super::record::{Recording, Room};
use super::shaders::{ELEMENTWISE, TICK};
use super::testing::nowhere;
use super::{GpuError, backward, forward, parameters};
use crate::network::{Model, Network, preset};

fn recording() -> Recording {
    Recording::new(Kind::Software, u64::MAX)
}

#[test]
fn released_memory_serves_what_fits_and_is_not_wasted_on_what_is_small() {
    let mut recording = recording();
    let large = recording.scratch(1000, "large");
    let middle = recording.scratch(600, "middle");
    let live = recording.scratch(500, "live");
    recording.release(large);
    recording.release(middle);
    // 512 numbers at most half fill the middle one's 640; 100 would waste either.
    recording.scratch(512, "takes the middle one");
    recording.scratch(100, "takes its own");
    recording.scratch(900, "takes the large one");
    recording.release(live);
    recording.constant(&[1f32; 500], "is not to be overwritten");
    let (rooms, of) = recording.rooms();
    assert_eq!(of, [0, 1, 2, 1, 3, 0, 4]);
    let bytes: Vec<u64> = rooms.iter().map(|Room { bytes, .. }| *bytes).collect();
    assert_eq!(bytes, [4096, 2560, 2048, 512, 2048]);
    assert_eq!(rooms[1].what, "middle");
}

#[test]
fn constants_outlive_their_release_so_that_a_recording_can_run_again() {
    let mut recording = recording();
    let constant = recording.constant(&[1f32; 64], "constant");
    recording.release(constant.clone());
    recording.scratch(64, "scratch");
    assert_eq!(recording.rooms().1, [0, 1]);
    recording.tick(&constant).unwrap();
}

#[test]
fn released_memory_shared_memory_and_large_grids_are_refused() {
    let mut recording = recording();
    let [x, y] = ["x", "y"].map(|what| recording.scratch(128, what));
    let far = recording.run(ELEMENTWISE, &[("OP", 1), ("VECTOR", 0)], &[1], &[&x, &y], [70_000, 1, 1], 1);
    assert!(matches!(far, Err(GpuError::Limit { found: 70_000, limit: 65_535, .. })), "{far:?}");
    let long = recording.run(TICK, &[], &[0; 65], &[&x], [1, 1, 1], 1).unwrap_err().to_string();
    assert!(long.contains("uniform block") && long.contains("260"), "{long}");
    let twice = recording.copy(64, &x, &x.part(256, 256).unwrap()).unwrap_err().to_string();
    assert!(twice.contains("elementwise") && twice.contains("share memory"), "{twice}");
    recording.release(y.clone());
    let gone = recording.copy(64, &x, &y).unwrap_err().to_string();
    assert!(gone.contains("elementwise") && gone.contains("\"y\""), "{gone}");
    assert!(x.part(4, 4).is_err() && x.part(256, 512).is_err());
}

/// The kernels of a forward and a backward pass, in order.
fn step(name: &str) -> Vec<&'static str> {
    let architecture = preset(name, 10).unwrap();
    let graph = Graph::new(&architecture, true).unwrap();
    let context = nowhere();
    let model = Model::new(Network::initialise(architecture, 7).unwrap());
    let parameters = pollster::block_on(parameters::Parameters::new(&context, &model)).unwrap();
    let mut recording = recording();
    let input = recording.scratch(2 * graph.shapes[0].elements(), "batch");
    let gradient = recording.scratch(parameters.layout.total(), "gradient");
    let mode = forward::Mode::Training;
    let values = forward::forward(&mut recording, &graph, &parameters, 2, input, mode).unwrap();
    let slopes = recording.scratch(2 * graph.classes(), "slopes");
    let aim = backward::Aim { parameters: Some(&gradient), gradients: 2, keep: &[] };
    backward::backward(&mut recording, &graph, &parameters, &values, slopes, aim).unwrap();
    recording.dispatches().iter().map(|dispatch| dispatch.kernel.name).collect()
}

#[test]
fn a_step_of_a_small_network_is_what_its_layers_need() {
    let forward = ["pack", "convolve", "pool_forward", "pack", "convolve", "global_pool", "linear"];
    let head = ["linear", "linear", "global_pool_backward"];
    let second = ["weight_gradient", "weight_sum", "pack", "convolve"];
    let first = ["pool_backward", "weight_gradient", "weight_sum"];
    assert_eq!(step("4-M-8"), [&forward[..], &head, &second, &first].concat());
}
