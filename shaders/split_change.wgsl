// Δz of splits at the site: ½ψ(u + s·φ₁∗x) + ½ψ(u + s·φ₂∗x) − z for the split channel, ψ = pool ∘ ReLU ∘
// norm: each child is pooled on its own. Probes φ∗x come as [n][probe][height][width]; a symmetric split has
// one, added and subtracted.
//
// PROBES: 2, or 1 for symmetric splits. MEAN: 1 for a mean pool; no pool is a max pool of size 1. VECTOR: 1
// if nothing is pooled and the positions are a multiple of four. Result [n][member][row][column]. One
// invocation: one of them, or four (VECTOR); the grid is positions, members, images, since dividing indices
// is expensive on software adapters.
struct Shape {
    members: u32, channels: u32, height: u32, width: u32, rows: u32, columns: u32, size: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;
#if VECTOR == 1
alias Number = vec4<f32>;
#else
alias Number = f32;
#endif
@group(0) @binding(1) var<storage, read> u: array<Number>;
@group(0) @binding(2) var<storage, read> probes: array<Number>;
@group(0) @binding(3) var<storage, read> z: array<Number>;
@group(0) @binding(4) var<storage, read> channels: array<u32>;
@group(0) @binding(5) var<storage, read> affine: array<vec2<f32>>;
@group(0) @binding(6) var<storage, read> scales: array<f32>;
@group(0) @binding(7) var<storage, read_write> change: array<Number>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
#if VECTOR == 1
    let positions = shape.rows * shape.columns / 4u;
#else
    let positions = shape.rows * shape.columns;
#endif
    if id.x >= positions { return; }
    let member = id.y;
    let n = id.z;
    let channel = channels[member];
    let line = affine[channel];
    let s = scales[member];
#if VECTOR == 1
    let here = u[(n * shape.channels + channel) * positions + id.x];
    let at_p = (n * shape.members + member) * #{PROBES}u * positions + id.x;
    let p1 = s * probes[at_p];
#if PROBES == 2
    let p2 = s * probes[at_p + positions];
#else
    let p2 = -p1;
#endif
    let one = max(line.x * (here + p1) + line.y, Number(0.0));
    let two = max(line.x * (here + p2) + line.y, Number(0.0));
#else
    let column = id.x % shape.columns;
    let row = id.x / shape.columns;
    let plane = shape.height * shape.width;
    let corner = row * shape.size * shape.width + column * shape.size;
    let at_u = (n * shape.channels + channel) * plane + corner;
    let at_p = (n * shape.members + member) * #{PROBES}u * plane + corner;
    // ReLU is in the start value: the largest of 0 and all.
    var one = 0.0;
    var two = 0.0;
    for (var a = 0u; a < shape.size; a++) {
        for (var b = 0u; b < shape.size; b++) {
            let offset = a * shape.width + b;
            let here = u[at_u + offset];
            let p1 = s * probes[at_p + offset];
#if PROBES == 2
            let p2 = s * probes[at_p + plane + offset];
#else
            let p2 = -p1;
#endif
            let v1 = max(line.x * (here + p1) + line.y, 0.0);
            let v2 = max(line.x * (here + p2) + line.y, 0.0);
#if MEAN == 1
            one += v1;
            two += v2;
#else
            one = max(one, v1);
            two = max(two, v2);
#endif
        }
    }
#if MEAN == 1
    let share = 1.0 / f32(shape.size * shape.size);
    one *= share;
    two *= share;
#endif
#endif
    let at_z = (n * shape.channels + channel) * positions + id.x;
    change[(n * shape.members + member) * positions + id.x] = 0.5 * (one + two) - z[at_z];
}
