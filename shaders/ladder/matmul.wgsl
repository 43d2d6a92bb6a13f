// The yardstick: C = A·B, square, 4 × 4 numbers an invocation, vec4 loads, no workgroup memory. The sides are multiples
// of four.
struct Shape { side: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> a: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> b: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> c: array<vec4<f32>>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quads = shape.side / 4u;
    if id.x >= quads || id.y >= quads { return; }
    let row = id.y * 4u;
    var sums = mat4x4<f32>();
    for (var k = 0u; k < quads; k++) {
        let b0 = b[(k * 4u) * quads + id.x];
        let b1 = b[(k * 4u + 1u) * quads + id.x];
        let b2 = b[(k * 4u + 2u) * quads + id.x];
        let b3 = b[(k * 4u + 3u) * quads + id.x];
        let a0 = a[row * quads + k];
        let a1 = a[(row + 1u) * quads + k];
        let a2 = a[(row + 2u) * quads + k];
        let a3 = a[(row + 3u) * quads + k];
        sums += mat4x4<f32>(
            a0.x * b0 + a0.y * b1 + a0.z * b2 + a0.w * b3,
            a1.x * b0 + a1.y * b1 + a1.z * b2 + a1.w * b3,
            a2.x * b0 + a2.y * b1 + a2.z * b2 + a2.w * b3,
            a3.x * b0 + a3.y * b1 + a3.z * b2 + a3.w * b3,
        );
    }
    c[row * quads + id.x] = sums[0];
    c[(row + 1u) * quads + id.x] = sums[1];
    c[(row + 2u) * quads + id.x] = sums[2];
    c[(row + 3u) * quads + id.x] = sums[3];
}
