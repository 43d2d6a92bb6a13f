// The average of a block of numbers moves towards them after a training step: a ← a + s·(x − a). `shares`
// holds s for each step. Nothing moves after a verdict (judge.wgsl).
#import seedling::grid

struct Shape { total: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> control: array<u32>;
@group(0) @binding(3) var<storage, read> shares: array<f32>;
@group(0) @binding(4) var<storage, read_write> average: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total || control[1] != 0u { return; }
    average[i] += shares[control[0]] * (x[i] - average[i]);
}
