//! Recordings, which need no adapter: which blocks share memory, what is refused, and what a whole step records.

use crate::engine::webgpu::adapter::AdapterKind;
use crate::engine::webgpu::codes::Operation;
use crate::engine::webgpu::graph::Graph;
use crate::engine::webgpu::interface::{Word, buffers, words};
use crate::engine::webgpu::record::{Recording, Room};
use crate::engine::webgpu::shaders::{ELEMENTWISE, Kernel, TICK};
use crate::engine::webgpu::testing::nowhere;
use crate::engine::webgpu::{Context, GpuError, backward, forward, parameters};
use crate::network::{Model, Network, preset};

fn recording() -> Recording {
    Recording::new(AdapterKind::Software, u64::MAX)
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
    let scratch = recording.scratch(64, "scratch");
    assert_eq!(recording.rooms().1, [0, 1]);
    recording.copy(64, &constant, &scratch).unwrap();
}

#[test]
fn equal_constants_share_memory_that_nothing_may_write_and_buffers_have_their_own() {
    let mut recording = recording();
    for _ in 0..2 {
        recording.constant(&[0u32; 64], "zeros");
        recording.buffer(64, "buffer");
    }
    recording.constant(&[0u32; 64], "zeros for something else");
    assert_eq!(recording.rooms().1, [0, 1, 2, 3]);
    let said = realised(|recording| {
        let zeros = recording.constant(&[0u32; 4], "zeros");
        recording.tick(&zeros)
    });
    assert_eq!(said, "kernel \"tick\": control is written and lies in a constant, \"zeros\"");
}

#[test]
fn released_memory_shared_memory_and_large_grids_are_refused() {
    let mut recording = recording();
    let [x, y] = ["x", "y"].map(|what| recording.scratch(128, what));
    let defines = [Operation::Relu.define(), ("VECTOR", 0)];
    let words = words! { total: 1usize, elements: 0usize, factor: 0.0 };
    let far = recording.run(ELEMENTWISE, &defines, &words, &buffers! { x, y }, [70_000, 1, 1], 1);
    assert!(matches!(far, Err(GpuError::Limit { found: 70_000, limit: 65_535, .. })), "{far:?}");
    let twice = recording.copy(64, &x, &x.part(256, 256).unwrap()).unwrap_err().to_string();
    assert!(twice.contains("elementwise") && twice.contains("x and y share memory"), "{twice}");
    recording.release(y.clone());
    let gone = recording.copy(64, &x, &y).unwrap_err().to_string();
    assert!(gone.contains("elementwise") && gone.contains("\"y\""), "{gone}");
    assert!(x.part(4, 4).is_err() && x.part(256, 512).is_err());
}

/// What is said of a recording when it is realised.
fn realised(record: impl FnOnce(&mut Recording) -> Result<(), GpuError>) -> String {
    let mut context = nowhere();
    let mut recording = recording();
    record(&mut recording).unwrap();
    match pollster::block_on(context.realise(recording)) {
        Ok(_) => "realised".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn spans_and_words_are_taken_by_name_and_none_may_be_swapped() {
    let sizes = [2, 3, 4];
    let linear = |names: [&'static str; 4]| {
        realised(|recording| {
            let [x, w, bias] =
                [(6, "x"), (12, "w"), (4, "bias")].map(|(count, what)| recording.buffer(count, what));
            let y = recording.scratch(8, "y");
            let spans = [&x, &w, &bias, &y];
            let buffers: Vec<_> = names.into_iter().zip(spans).collect();
            recording.linear(sizes, &buffers)
        })
    };
    assert_eq!(linear(["x", "w", "bias", "y"]), "realised");
    let expected = "kernel \"linear\": x is read and lies in memory never written, \"y\"";
    assert_eq!(linear(["y", "w", "bias", "x"]), expected);
    let expected = "kernel \"linear\": storage buffers: found [\"x\", \"weight\", \"bias\", \"y\"], \
                    expected [\"x\", \"w\", \"bias\", \"y\"]";
    assert_eq!(linear(["x", "weight", "bias", "y"]), expected);
    let tick = |words: &[(&'static str, Word)]| {
        realised(|recording| {
            let control = recording.buffer(4, "control");
            recording.run(TICK, &[], words, &buffers! { control }, [1, 1, 1], 1)
        })
    };
    assert_eq!(tick(&words! { by: 1usize }), "realised");
    let expected = "kernel \"tick\": uniform block: found [\"from\"], expected [\"by\"]";
    assert_eq!(tick(&words! { from: 1usize }), expected);
}

#[test]
fn a_code_that_a_kernel_asks_for_must_be_in_the_table() {
    let source = ELEMENTWISE.source.replace("#if OP == COPY", "#if OP == CPOY");
    let kernel = Kernel { name: "misspelt", source: Box::leak(source.into_boxed_str()) };
    let said = realised(|recording| {
        let x = recording.constant(&[1f32; 4], "x");
        let y = recording.scratch(4, "y");
        let words = words! { total: 4usize, elements: 0usize, factor: 0.0 };
        let defines = [Operation::Copy.define(), ("VECTOR", 0)];
        recording.run(kernel, &defines, &words, &buffers! { x, y }, [1, 1, 1], 1)
    });
    assert!(said.contains("misspelt") && said.contains("CPOY") && said.contains("\"COPY\""), "{said}");
}

/// The kernels of a forward and a backward pass, in order.
fn step(context: &mut Context, name: &str) -> Vec<&'static str> {
    let architecture = preset(name, 10).unwrap();
    let graph = Graph::new(&architecture, true).unwrap();
    let model = Model::new(Network::initialise(architecture, 7).unwrap());
    let parameters = pollster::block_on(parameters::Parameters::new(context, &model)).unwrap();
    let mut recording = recording();
    let input = recording.constant(&vec![0f32; 2 * graph.shapes[0].elements()], "batch");
    let gradient = recording.scratch(parameters.layout.total(), "gradient");
    let mode = forward::Mode::Training;
    let values = forward::forward(&mut recording, &graph, &parameters, 2, input, mode).unwrap();
    let slopes = recording.constant(&vec![0f32; 2 * graph.classes()], "slopes");
    let aim = backward::Aim { parameters: Some(&gradient), gradients: 2, keep: &[] };
    backward::backward(&mut recording, &graph, &parameters, &values, slopes, aim).unwrap();
    let kernels = recording.dispatches().iter().map(|dispatch| dispatch.kernel.name).collect();
    pollster::block_on(context.realise(recording)).unwrap();
    kernels
}

#[test]
fn a_step_of_a_small_network_is_what_its_layers_need() {
    let forward = ["pack", "convolve_3", "pool_forward", "pack", "convolve_3", "global_pool", "linear"];
    let head = ["linear", "linear", "global_pool_backward"];
    let second = ["weight_gradient_3", "weight_sum", "pack", "convolve_3"];
    let first = ["pool_backward", "weight_gradient_3", "weight_sum"];
    assert_eq!(step(&mut nowhere(), "4-M-8"), [&forward[..], &head, &second, &first].concat());
}
