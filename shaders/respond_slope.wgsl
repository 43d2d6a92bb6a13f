// Gradient of respond.wgsl with respect to the changes:
// d_change[n][member][p] = Σ_set d[set][n][member] · g[set·images + n][channel of member][p]. One invocation each.
#import seedling::grid

struct Shape { total: u32, images: u32, members: u32, channels: u32, positions: u32, sets: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> derivatives: array<f32>;
@group(0) @binding(2) var<storage, read_write> cotangents: array<f32>;
@group(0) @binding(3) var<storage, read_write> channels: array<u32>;
@group(0) @binding(4) var<storage, read_write> d_change: array<f32>;

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
    let channel = channels[member];
    var sum = 0.0;
    for (var version = 0u; version < shape.sets; version++) {
        let row = version * shape.images + n;
        sum += derivatives[row * shape.members + member]
            * cotangents[(row * shape.channels + channel) * shape.positions + position];
    }
    d_change[i] = sum;
}
