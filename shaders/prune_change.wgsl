// Δz of prunes at the site: mean − z for the pruned channel (mean 0 where none is folded). VECTOR: 1 if the
// positions are a multiple of four; `positions` then counts fours. Result [n][member][position]. One
// invocation: one position, or four; the grid is positions, members, images, since dividing indices is
// expensive on software adapters.
struct Shape { members: u32, channels: u32, positions: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
#if VECTOR == 1
alias Number = vec4<f32>;
#else
alias Number = f32;
#endif
@group(0) @binding(1) var<storage, read> z: array<Number>;
@group(0) @binding(2) var<storage, read> channels: array<u32>;
@group(0) @binding(3) var<storage, read> means: array<f32>;
@group(0) @binding(4) var<storage, read_write> change: array<Number>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let position = id.x;
    let member = id.y;
    let n = id.z;
    if position >= shape.positions { return; }
    let value = z[(n * shape.channels + channels[member]) * shape.positions + position];
    change[(n * shape.members + member) * shape.positions + position] = Number(means[member]) - value;
}
