// A new convolution z + s·φ∗z with a ReLU after the site; the probe φ∗z has z's shape.
//
// SLOPE 0: the change max(z + s·probe, 0) − z. SLOPE 1: its gradient d_moved with respect to s·probe, from
// d_change, that with respect to the change: kept where z + s·probe > 0.
#import seedling::grid

struct Shape { total: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> z: array<f32>;
@group(0) @binding(2) var<storage, read> probe: array<f32>;
@group(0) @binding(3) var<storage, read> scales: array<f32>;
#if SLOPE == 1
@group(0) @binding(4) var<storage, read> d_change: array<f32>;
@group(0) @binding(5) var<storage, read_write> d_moved: array<f32>;
#else
@group(0) @binding(4) var<storage, read_write> change: array<f32>;
#endif

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let moved = z[i] + scales[0] * probe[i];
#if SLOPE == 1
    d_moved[i] = select(0.0, d_change[i], moved > 0.0);
#else
    change[i] = max(moved, 0.0) - z[i];
#endif
}
