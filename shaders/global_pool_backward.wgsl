// Gradient through the mean over all positions: each gets dy/positions.
//
// MASK: 1 keeps only where x (a ReLU's output) is positive. ADD: 1 adds to dx. `elements` numbers in the
// forward pass; gradients beyond repeat it (see pool_backward.wgsl).
#import seedling::grid

struct Shape { positions: u32, total: u32, elements: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    var value = dy[i / shape.positions] / f32(shape.positions);
#if MASK == 1
    if !(x[i % shape.elements] > 0.0) { value = 0.0; }
#endif
#if ADD == 1
    value += dx[i];
#endif
    dx[i] = value;
}
