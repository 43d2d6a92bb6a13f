// Batch norm in training, first stage: mean and sum of squared deviations of one plane (one image's channel),
// in two passes over it, so that a large mean costs no digits.
//
// TOGETHER: 0 one invocation sums a plane, 1 a workgroup.
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
#if TOGETHER == 1
    let i = workgroup.y * groups.x + workgroup.x;
    let begin = local;
    let step = 64u;
#else
    let i = grid::flat(workgroup, groups, local);
    let begin = 0u;
    let step = 1u;
#endif
    if i >= shape.total { return; }
    let first = i * shape.positions;
    var sum = 0.0;
    for (var p = begin; p < shape.positions; p += step) { sum += x[first + p]; }
#if TOGETHER == 1
    sum = together::sum(local, vec2<f32>(sum, 0.0)).x;
#endif
    let mean = sum / f32(shape.positions);
    var square = 0.0;
    for (var p = begin; p < shape.positions; p += step) {
        let d = x[first + p] - mean;
        square += d * d;
    }
#if TOGETHER == 1
    square = together::sum(local, vec2<f32>(square, 0.0)).x;
    if local > 0u { return; }
#endif
    planes[i] = vec2<f32>(mean, square);
}
