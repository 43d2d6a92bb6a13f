// The yardstick: C = A·B, square, 16 × 16 numbers an invocation, vec4 loads, no workgroup memory: 8
// multiply-adds a number loaded. Smaller tiles (4 × 4: 2) are slower on software adapters, which pay for
// loads. The sides are multiples of 16.
struct Shape { side: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> b: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> c: array<vec4<f32>>;

// Four rows of four numbers, a row a column of the matrix.
fn block_of_a(row: u32, k: u32) -> mat4x4<f32> {
    let quads = shape.side / 4u;
    let at = row * quads + k;
    return mat4x4<f32>(a[at], a[at + quads], a[at + 2u * quads], a[at + 3u * quads]);
}

fn block_of_b(k: u32, quad: u32) -> mat4x4<f32> {
    let quads = shape.side / 4u;
    let at = k * 4u * quads + quad;
    return mat4x4<f32>(b[at], b[at + quads], b[at + 2u * quads], b[at + 3u * quads]);
}

fn add(sums: ptr<function, mat4x4<f32>>, a: mat4x4<f32>, b: mat4x4<f32>) {
    *sums += mat4x4<f32>(
        a[0].x * b[0] + a[0].y * b[1] + a[0].z * b[2] + a[0].w * b[3],
        a[1].x * b[0] + a[1].y * b[1] + a[1].z * b[2] + a[1].w * b[3],
        a[2].x * b[0] + a[2].y * b[1] + a[2].z * b[2] + a[2].w * b[3],
        a[3].x * b[0] + a[3].y * b[1] + a[3].z * b[2] + a[3].w * b[3],
    );
}

fn store(row: u32, quad: u32, sums: mat4x4<f32>) {
    let quads = shape.side / 4u;
    let at = row * quads + quad;
    c[at] = sums[0];
    c[at + quads] = sums[1];
    c[at + 2u * quads] = sums[2];
    c[at + 3u * quads] = sums[3];
}

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quad = id.x * 4u;
    let row = id.y * 16u;
    if quad * 4u >= shape.side || row >= shape.side { return; }
    var s00 = mat4x4<f32>();
    var s01 = mat4x4<f32>();
    var s02 = mat4x4<f32>();
    var s03 = mat4x4<f32>();
    var s10 = mat4x4<f32>();
    var s11 = mat4x4<f32>();
    var s12 = mat4x4<f32>();
    var s13 = mat4x4<f32>();
    var s20 = mat4x4<f32>();
    var s21 = mat4x4<f32>();
    var s22 = mat4x4<f32>();
    var s23 = mat4x4<f32>();
    var s30 = mat4x4<f32>();
    var s31 = mat4x4<f32>();
    var s32 = mat4x4<f32>();
    var s33 = mat4x4<f32>();
    for (var k = 0u; k < shape.side / 4u; k++) {
        let a0 = block_of_a(row + 0u, k);
        let a1 = block_of_a(row + 4u, k);
        let a2 = block_of_a(row + 8u, k);
        let a3 = block_of_a(row + 12u, k);
        let b0 = block_of_b(k, quad + 0u);
        add(&s00, a0, b0);
        add(&s10, a1, b0);
        add(&s20, a2, b0);
        add(&s30, a3, b0);
        let b1 = block_of_b(k, quad + 1u);
        add(&s01, a0, b1);
        add(&s11, a1, b1);
        add(&s21, a2, b1);
        add(&s31, a3, b1);
        let b2 = block_of_b(k, quad + 2u);
        add(&s02, a0, b2);
        add(&s12, a1, b2);
        add(&s22, a2, b2);
        add(&s32, a3, b2);
        let b3 = block_of_b(k, quad + 3u);
        add(&s03, a0, b3);
        add(&s13, a1, b3);
        add(&s23, a2, b3);
        add(&s33, a3, b3);
    }
    store(row + 0u, quad + 0u, s00);
    store(row + 0u, quad + 1u, s01);
    store(row + 0u, quad + 2u, s02);
    store(row + 0u, quad + 3u, s03);
    store(row + 4u, quad + 0u, s10);
    store(row + 4u, quad + 1u, s11);
    store(row + 4u, quad + 2u, s12);
    store(row + 4u, quad + 3u, s13);
    store(row + 8u, quad + 0u, s20);
    store(row + 8u, quad + 1u, s21);
    store(row + 8u, quad + 2u, s22);
    store(row + 8u, quad + 3u, s23);
    store(row + 12u, quad + 0u, s30);
    store(row + 12u, quad + 1u, s31);
    store(row + 12u, quad + 2u, s32);
    store(row + 12u, quad + 3u, s33);
}
