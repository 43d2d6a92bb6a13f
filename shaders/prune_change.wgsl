// Δz of prunes at the site: mean − z for the pruned channel (mean 0 where none is folded).
// Result [n][member][position], one invocation each.
#import seedling::grid

struct Shape { total: u32, members: u32, channels: u32, positions: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> z: array<f32>;
@group(0) @binding(2) var<storage, read_write> channels: array<u32>;
@group(0) @binding(3) var<storage, read_write> means: array<f32>;
@group(0) @binding(4) var<storage, read_write> change: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let position = i % shape.positions;
    let member = i / shape.positions % shape.members;
    let n = i / shape.positions / shape.members;
    change[i] = means[member] - z[(n * shape.channels + channels[member]) * shape.positions + position];
}
