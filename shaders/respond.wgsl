// Responses: the inner products of every member's change with every set of cotangents, example by example:
// r[set][n][member] = Σ change[n][member][p] · g[set·images + n][channel of member][p].
// A change of a whole node counts as one channel of many positions. One invocation: one response.
//
// VECTOR: 1 if the positions are a multiple of four.
#import seedling::grid

struct Shape { total: u32, images: u32, members: u32, channels: u32, positions: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
#if VECTOR == 1
@group(0) @binding(1) var<storage, read> change: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> cotangents: array<vec4<f32>>;
#else
@group(0) @binding(1) var<storage, read> change: array<f32>;
@group(0) @binding(2) var<storage, read> cotangents: array<f32>;
#endif
@group(0) @binding(3) var<storage, read> channels: array<u32>;
@group(0) @binding(4) var<storage, read_write> responses: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let member = i % shape.members;
    let row = i / shape.members;
    let n = row % shape.images;
    let a = (n * shape.members + member) * shape.positions;
    let b = (row * shape.channels + channels[member]) * shape.positions;
    // Running sums: more accurate than one, and shorter chains.
#if VECTOR == 1
    var both = vec4<f32>(0.0);
    for (var p = 0u; p < shape.positions / 4u; p++) { both += change[a / 4u + p] * cotangents[b / 4u + p]; }
    responses[i] = (both.x + both.y) + (both.z + both.w);
#else
    var sums0 = vec4<f32>(0.0);
    var sums1 = vec4<f32>(0.0);
    var p = 0u;
    for (; p + 8u <= shape.positions; p += 8u) {
        let c = a + p;
        let g = b + p;
        sums0 += vec4<f32>(change[c], change[c + 1u], change[c + 2u], change[c + 3u])
            * vec4<f32>(cotangents[g], cotangents[g + 1u], cotangents[g + 2u], cotangents[g + 3u]);
        sums1 += vec4<f32>(change[c + 4u], change[c + 5u], change[c + 6u], change[c + 7u])
            * vec4<f32>(cotangents[g + 4u], cotangents[g + 5u], cotangents[g + 6u], cotangents[g + 7u]);
    }
    var sum = 0.0;
    for (; p < shape.positions; p++) { sum += change[a + p] * cotangents[b + p]; }
    let both = sums0 + sums1;
    responses[i] = sum + (both.x + both.y) + (both.z + both.w);
#endif
}
