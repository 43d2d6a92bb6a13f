//! Every kernel in every variant: valid under baseline capabilities, within the limits that wgpu does not
//! enforce, and buildable on a device without hardware.

use wgpu::naga;
use wgpu::naga::valid::{Capabilities, ValidationFlags, Validator};

use super::expand::expand;
use super::pipeline::Defines;
use super::shaders::{KERNELS, Kernel, LADDER, MATMUL};
use super::testing::nowhere;

/// What each compile-time value may be.
fn ranges(kernel: &Kernel) -> Vec<(&'static str, Vec<i32>)> {
    let switch = || vec![0, 1];
    match kernel.name {
        "convolve" => vec![
            ("K", vec![1, 3, 5]),
            ("ROWS", vec![1, 2, 4]),
            ("COLUMNS", vec![4, 8]),
            ("VECTOR", switch()),
            ("BIAS", switch()),
            ("RELU", switch()),
            ("MASK", switch()),
            ("ADD", switch()),
            ("ALONE", switch()),
            ("WIDE", vec![16]),
            ("BLOCKS", vec![2]),
            ("DEEP", vec![2]),
        ],
        "convolve_tiled" => vec![
            ("K", vec![1, 3, 5]),
            ("BIAS", switch()),
            ("RELU", switch()),
            ("MASK", switch()),
            ("ADD", switch()),
        ],
        "weight_gradient" => {
            vec![("K", vec![1, 3, 5]), ("TAPS", vec![9]), ("CHANNELS", vec![1, 4]), ("VECTOR", switch())]
        }
        "weight_gradient_tiled" => vec![("K", vec![1, 3, 5])],
        "pack" => vec![("TRANSPOSE", switch())],
        "elementwise" => vec![("OP", (0..9).collect()), ("VECTOR", switch())],
        "pool_forward" => vec![("MEAN", switch()), ("VECTOR", switch())],
        "pool_backward" => vec![("MEAN", switch()), ("MASK", switch()), ("ADD", switch())],
        "global_pool_backward" => vec![("MASK", switch()), ("ADD", switch())],
        "linear" => vec![("PART", (0..3).collect())],
        "loss" => vec![("GRADIENT", vec![0, 1, 2])],
        "norm_apply" => vec![("TRAIN", switch()), ("RELU", switch())],
        "norm_backward" => vec![("TRAIN", switch()), ("ADD", switch())],
        "weight_sum" => vec![("ADD", switch())],
        "bank" => vec![("BANK", (0..3).collect())],
        "deepen_change" => vec![("SLOPE", switch())],
        "differentiate" => vec![("ESTIMATOR", (0..5).collect()), ("SOFTMAX", vec![1])],
        "reader_change" => {
            vec![
                ("HEAD", switch()),
                ("K", vec![1, 3]),
                ("TAPS", vec![9]),
                ("VECTOR", switch()),
                ("RELU", switch()),
            ]
        }
        "split_change" | "split_slope" => {
            vec![("PROBES", vec![1, 2]), ("MEAN", switch()), ("VECTOR", switch())]
        }
        "prune_change" | "respond_slope" => vec![("VECTOR", switch())],
        "respond" => vec![("VECTOR", switch())],
        "optimise" => vec![("ADAMW", switch())],
        _ => vec![],
    }
}

pub(super) fn variants(kernel: &Kernel) -> Vec<Defines> {
    let mut all: Vec<Defines> = vec![vec![]];
    for (name, values) in ranges(kernel) {
        all = all
            .iter()
            .flat_map(|before| {
                values.iter().map(|value| {
                    let mut more = before.clone();
                    more.push((name, *value));
                    more
                })
            })
            .collect();
    }
    // A bias and a gate share a binding; other widths than 3 take one row, four columns and one channel at a time, and
    // eight columns are two whole vectors.
    let value = |defines: &Defines, name| defines.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
    all.retain(|defines| {
        !(value(defines, "BIAS") == Some(1) && value(defines, "MASK") == Some(1))
            && (value(defines, "K") == Some(3)
                || (value(defines, "ROWS").unwrap_or(1) == 1
                    && value(defines, "COLUMNS").unwrap_or(4) == 4
                    && value(defines, "CHANNELS").unwrap_or(1) == 1))
            && !(value(defines, "COLUMNS") == Some(8) && value(defines, "VECTOR") == Some(0))
            && !(value(defines, "COLUMNS") == Some(4) && value(defines, "ALONE") == Some(1))
    });
    all
}

#[test]
fn every_variant_is_valid_and_within_baseline_limits() {
    let limits = wgpu::Limits::default();
    for kernel in KERNELS.iter().chain(&LADDER).chain([&MATMUL]) {
        for defines in variants(kernel) {
            let what = format!("{} {defines:?}", kernel.name);
            let text = expand(kernel.source, &defines).unwrap_or_else(|e| panic!("{what}: {e}"));
            let module = naga::front::wgsl::parse_str(&text)
                .unwrap_or_else(|e| panic!("{}", e.emit_to_string_with_path(&text, kernel.name)));
            let mut validator = Validator::new(ValidationFlags::all(), Capabilities::empty());
            let info = validator.validate(&module).unwrap_or_else(|e| panic!("{what}: {e:?}"));
            assert_eq!(module.entry_points.len(), 1, "{what}");
            let entry = &module.entry_points[0];
            let invocations: u32 = entry.workgroup_size.iter().product();
            assert!(invocations <= limits.max_compute_invocations_per_workgroup, "{what}: {invocations}");
            let used = |space: fn(naga::AddressSpace) -> bool| {
                module
                    .global_variables
                    .iter()
                    .filter(move |(handle, variable)| {
                        space(variable.space) && !info.get_entry_point(0)[*handle].is_empty()
                    })
                    .map(|(_, variable)| variable)
            };
            let memory: u32 = used(|space| space == naga::AddressSpace::WorkGroup)
                .map(|variable| module.types[variable.ty].inner.size(module.to_ctx()).next_multiple_of(16))
                .sum();
            assert!(memory <= limits.max_compute_workgroup_storage_size, "{what}: {memory} bytes");
            // All declared storage buffers are in the layout, read or not.
            let buffers = module
                .global_variables
                .iter()
                .filter(|(_, variable)| matches!(variable.space, naga::AddressSpace::Storage { .. }))
                .count();
            assert!(buffers <= limits.max_storage_buffers_per_shader_stage as usize, "{what}: {buffers}");
            for (_, variable) in module.global_variables.iter() {
                if variable.space == naga::AddressSpace::Uniform {
                    let size = module.types[variable.ty].inner.size(module.to_ctx());
                    assert!(size <= 256, "{what}: a uniform block of {size} bytes");
                }
            }
        }
    }
}

#[test]
fn every_variant_builds_without_hardware() {
    let mut pipelines = nowhere().pipelines;
    let mut count = 0;
    for kernel in KERNELS.iter().chain(&LADDER).chain([&MATMUL]) {
        for defines in variants(kernel) {
            pollster::block_on(pipelines.get(*kernel, &defines))
                .unwrap_or_else(|error| panic!("{} {defines:?}: {error}", kernel.name));
            count += 1;
        }
    }
    assert_eq!(pipelines.built(), count);
}
