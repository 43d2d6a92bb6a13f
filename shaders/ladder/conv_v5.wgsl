// Rung 5, rows share too: four rows × four columns of four output channels, 64 sums in registers. Each row of
// x, loaded once, serves three rows of the tile: 9.2 multiply-adds a number loaded. Rows outside are read at
// the edge and zeroed, so no branch splits the loop. The last rung, convolve_3.wgsl, doubles the columns on
// software adapters, takes any size, and finishes with bias, ReLU or gate. The width must be
// a multiple of four, the outputs and rows too.
struct Shape { images: u32, channels: u32, height: u32, width: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;

// Four columns of a row of x with one more on either side.
struct Strip { left: f32, middle: vec4<f32>, right: f32 }

fn strip(first: u32, row: u32, quad: u32) -> Strip {
    let quads = shape.width / 4u;
    let inside = row < shape.height;
    let at = (first + min(row, shape.height - 1u)) * quads + quad;
    return Strip(
        select(0.0, x[max(at, 1u) - 1u].w, inside && quad > 0u),
        select(vec4<f32>(0.0), x[at], inside),
        select(0.0, x[at + 1u].x, inside && quad + 1u < quads),
    );
}

// What a strip gives to a row of the tile through a row of the kernel.
fn taps(s: Strip, w: mat3x4<f32>) -> mat4x4<f32> {
    let m = s.middle;
    return mat4x4<f32>(
        s.left * w[0] + m.x * w[1] + m.y * w[2],
        m.x * w[0] + m.y * w[1] + m.z * w[2],
        m.y * w[0] + m.z * w[1] + m.w * w[2],
        m.z * w[0] + m.w * w[1] + s.right * w[2],
    );
}

fn store(n: u32, block: u32, row: u32, quad: u32, sums: mat4x4<f32>) {
    let quads = shape.width / 4u;
    let plane = shape.height * quads;
    let t = transpose(sums);
    let to = (n * shape.outputs + block * 4u) * plane + row * quads + quad;
    y[to] = t[0];
    y[to + plane] = t[1];
    y[to + 2u * plane] = t[2];
    y[to + 3u * plane] = t[3];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quads = shape.width / 4u;
    let row = id.x / quads * 4u;
    let quad = id.x % quads;
    let block = id.y;
    let n = id.z;
    if row >= shape.height { return; }
    var s0 = mat4x4<f32>();
    var s1 = mat4x4<f32>();
    var s2 = mat4x4<f32>();
    var s3 = mat4x4<f32>();
    for (var c = 0u; c < shape.channels; c++) {
        let w = (block * shape.channels + c) * 9u;
        let above = mat3x4<f32>(weights[w], weights[w + 1u], weights[w + 2u]);
        let here = mat3x4<f32>(weights[w + 3u], weights[w + 4u], weights[w + 5u]);
        let below = mat3x4<f32>(weights[w + 6u], weights[w + 7u], weights[w + 8u]);
        let first = (n * shape.channels + c) * shape.height;
        // Row −1 wraps around to a large number.
        s0 += taps(strip(first, row - 1u, quad), above);
        var s = strip(first, row, quad);
        s0 += taps(s, here);
        s1 += taps(s, above);
        s = strip(first, row + 1u, quad);
        s0 += taps(s, below);
        s1 += taps(s, here);
        s2 += taps(s, above);
        s = strip(first, row + 2u, quad);
        s1 += taps(s, below);
        s2 += taps(s, here);
        s3 += taps(s, above);
        s = strip(first, row + 3u, quad);
        s2 += taps(s, below);
        s3 += taps(s, here);
        s3 += taps(strip(first, row + 4u, quad), below);
    }
    store(n, block, row, quad, s0);
    store(n, block, row + 1u, quad, s1);
    store(n, block, row + 2u, quad, s2);
    store(n, block, row + 3u, quad, s3);
}
