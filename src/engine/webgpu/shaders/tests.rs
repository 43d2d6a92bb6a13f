//! Every kernel in every variant: valid under baseline capabilities, within the limits that wgpu does not
//! enforce, and buildable on a device without hardware.

use wgpu::naga;
use wgpu::naga::valid::{Capabilities, GlobalUse, ValidationFlags, Validator};

use crate::engine::webgpu::codes::CODES;
use crate::engine::webgpu::expand::expand;
use crate::engine::webgpu::pipeline::Defines;
use crate::engine::webgpu::shaders::{KERNELS, Kernel, LADDER, MATMUL};
use crate::engine::webgpu::testing::nowhere;

/// The values that have names in codes.rs.
fn coded(define: &str) -> Vec<i32> {
    let codes = CODES.iter().find(|(name, _)| *name == define).map_or(0, |(_, codes)| codes.len());
    (0..codes as i32).collect()
}

/// What each compile-time value may be.
fn ranges(kernel: &Kernel) -> Vec<(&'static str, Vec<i32>)> {
    let switch = || vec![0, 1];
    match kernel.name {
        "convolve_3" | "convolve_any" => {
            let own = match kernel.name {
                "convolve_3" => vec![("ROWS", vec![1, 2, 4]), ("COLUMNS", vec![4, 8]), ("ALONE", switch())],
                _ => vec![("K", vec![1, 5])],
            };
            let workgroup = [("WIDE", vec![16]), ("BLOCKS", vec![2]), ("DEEP", vec![2])];
            let ends = ["VECTOR", "BIAS", "RELU", "MASK", "ADD"].map(|name| (name, switch()));
            own.into_iter().chain(workgroup).chain(ends).collect()
        }
        "weight_gradient_3" => vec![("CHANNELS", vec![1, 2, 4]), ("VECTOR", switch())],
        "weight_gradient_any" => vec![("K", vec![1, 5]), ("VECTOR", switch())],
        "pack" => vec![("TRANSPOSE", switch())],
        "elementwise" => vec![("OP", coded("OP")), ("VECTOR", switch())],
        "pool_forward" => vec![("MEAN", switch()), ("VECTOR", switch())],
        "pool_backward" => vec![("MEAN", switch()), ("MASK", switch()), ("ADD", switch())],
        "global_pool_backward" => vec![("MASK", switch()), ("ADD", switch())],
        "linear" => vec![("PART", coded("PART")), ("LANES", vec![1, 4, 64])],
        "loss" => vec![("GRADIENT", coded("GRADIENT"))],
        "norm_statistics" | "norm_combine" | "norm_slopes" | "norm_slopes_sum" | "judge" | "squares" => {
            vec![("LANES", vec![1, 4, 64])]
        }
        "norm_apply" => vec![("TRAIN", switch()), ("RELU", switch())],
        "norm_backward" => vec![("TRAIN", switch()), ("ADD", switch())],
        "weight_sum" => vec![("ADD", switch()), ("LANES", vec![1, 4, 64])],
        "member_sum" => vec![("ADD", switch())],
        "bank" => vec![("BANK", coded("BANK"))],
        "deepen_change" => vec![("SLOPE", switch())],
        "differentiate" => vec![("ESTIMATOR", coded("ESTIMATOR")), ("SOFTMAX", vec![1])],
        "reader_change" => vec![("HEAD", switch()), ("K", vec![1, 3]), ("RELU", switch())],
        "reader_change_3" => vec![("VECTOR", vec![1]), ("RELU", switch())],
        "split_change" | "split_slope" => {
            vec![("PROBES", vec![1, 2]), ("MEAN", switch()), ("VECTOR", switch())]
        }
        "prune_change" | "respond_slope" => vec![("VECTOR", switch())],
        "respond" => vec![("VECTOR", switch())],
        "optimise" => vec![("ADAMW", switch()), ("MARKED", switch())],
        _ => vec![],
    }
}

pub(in crate::engine::webgpu) fn variants(kernel: &Kernel) -> Vec<Defines> {
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
    // A bias and a gate share a binding, and eight columns are two whole vectors.
    let never = [[("BIAS", 1), ("MASK", 1)], [("COLUMNS", 8), ("VECTOR", 0)], [("COLUMNS", 4), ("ALONE", 1)]];
    all.retain(|defines| !never.iter().any(|pair| pair.iter().all(|define| defines.contains(define))));
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
            // What is said to be written is.
            for (handle, variable) in module.global_variables.iter() {
                if let naga::AddressSpace::Storage { access } = variable.space {
                    let written = info.get_entry_point(0)[handle].contains(GlobalUse::WRITE);
                    let said = access.contains(naga::StorageAccess::STORE);
                    assert_eq!(said, written, "{what}: {:?}", variable.name);
                }
            }
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
