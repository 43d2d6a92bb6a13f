// Mean over all positions of a plane. One invocation: one plane.
#import seedling::grid

struct Shape { positions: u32, total: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    var sum = 0.0;
    for (var p = 0u; p < shape.positions; p++) { sum += x[i * shape.positions + p]; }
    y[i] = sum / f32(shape.positions);
}
