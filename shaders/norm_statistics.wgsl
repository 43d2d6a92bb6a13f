// Batch norm in training, first stage: mean and sum of squared deviations of one plane (one image's channel),
// in two passes over it, so that a large mean costs no digits.
//
// LANES invocations sum a plane, see together.wgsl.
#import seedling::grid
#import seedling::together

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
    let at = grid::flat(workgroup, groups, local);
    let i = at / #{LANES}u;
    let lane = at % #{LANES}u;
    let positions = select(0u, shape.positions, i < shape.total);
    let first = i * shape.positions;
    var sum = 0.0;
    for (var p = lane; p < positions; p += #{LANES}u) { sum += x[first + p]; }
    let mean = together::sum(local, vec2<f32>(sum, 0.0)).x / f32(shape.positions);
    var square = 0.0;
    for (var p = lane; p < positions; p += #{LANES}u) {
        let d = x[first + p] - mean;
        square += d * d;
    }
    square = together::sum(local, vec2<f32>(square, 0.0)).x;
    if lane == 0u && i < shape.total { planes[i] = vec2<f32>(mean, square); }
}
