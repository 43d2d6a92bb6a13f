// Batch norm in training, first stage: mean and sum of squared deviations of one plane (one image's channel),
// in two passes over it, so that a large mean costs no digits. One invocation: one plane.
#import seedling::grid

struct Shape { positions: u32, total: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> planes: array<vec2<f32>>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let first = i * shape.positions;
    var sum = 0.0;
    for (var p = 0u; p < shape.positions; p++) { sum += x[first + p]; }
    let mean = sum / f32(shape.positions);
    var square = 0.0;
    for (var p = 0u; p < shape.positions; p++) {
        let d = x[first + p] - mean;
        square += d * d;
    }
    planes[i] = vec2<f32>(mean, square);
}
