// Gradient of respond.wgsl with respect to the changes: d_change[n][member][p] = Σ_set d[set][n][member] ·
// g[set·images + n][channel of member][p].
//
// VECTOR: 1 if the positions are a multiple of four; `positions` then counts fours. One invocation: one
// position, or four; the grid is positions, members, images, since dividing indices is expensive on software
// adapters.
struct Shape { images: u32, members: u32, channels: u32, positions: u32, sets: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
#if VECTOR == 1
alias Number = vec4<f32>;
#else
alias Number = f32;
#endif
@group(0) @binding(1) var<storage, read> derivatives: array<f32>;
@group(0) @binding(2) var<storage, read> cotangents: array<Number>;
@group(0) @binding(3) var<storage, read> channels: array<u32>;
@group(0) @binding(4) var<storage, read_write> d_change: array<Number>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let position = id.x;
    let member = id.y;
    let n = id.z;
    if position >= shape.positions { return; }
    let channel = channels[member];
    var sum = Number(0.0);
    for (var version = 0u; version < shape.sets; version++) {
        let row = version * shape.images + n;
        sum += derivatives[row * shape.members + member]
            * cotangents[(row * shape.channels + channel) * shape.positions + position];
    }
    d_change[(n * shape.members + member) * shape.positions + position] = sum;
}
