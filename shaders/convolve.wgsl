// "Same" convolution, stride 1: y[n,o,i,j] = b[o] + Σ w[o,c,a,b] x[n,c,i+a−h,j+b−h], h = (K−1)/2, in the direct form
// for few channels. With weights packed transposed it is the gradient with respect to the input.
//
// One invocation computes a tile of ROWS × 4 positions of four output channels, all sums in registers. A row of x
// loaded once serves up to three rows of the tile and four channels; a packed weight serves all 4·ROWS positions.
// Software adapters pay for every number loaded, not for arithmetic: ROWS = 4 asks 9.2 multiply-adds of each load,
// ROWS = 1 only 2.7. No workgroup memory, no barriers.
//
// K: kernel width (3 has its own path). ROWS: 1, 2 or 4; 1 unless K is 3. VECTOR: 1 if the width is a multiple of 4.
// BIAS: 1 adds b. RELU: 1 ends with max(·, 0). MASK: 1 keeps only where the tensor `gate` is positive (the output of the
// ReLU before x; `gate` numbers, which several gradients may share). ADD: 1 adds to what y holds.
struct Shape { images: u32, channels: u32, height: u32, width: u32, outputs: u32, quads: u32, gate: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
#if VECTOR == 1
@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4<f32>>;
#else
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
#endif
@group(0) @binding(2) var<storage, read_write> weights: array<vec4<f32>>;
// The bias, or the gate: no use needs both.
#if MASK == 1
#if VECTOR == 1
@group(0) @binding(3) var<storage, read_write> gate: array<vec4<f32>>;
#else
@group(0) @binding(3) var<storage, read_write> gate: array<f32>;
#endif
#else
@group(0) @binding(3) var<storage, read_write> bias: array<f32>;
#endif

// Four neighbouring columns with one more on either side.
struct Strip { left: f32, middle: vec4<f32>, right: f32 }

#if VECTOR == 1
fn four(line: u32, quad: u32) -> vec4<f32> {
    return x[line * shape.quads + quad];
}

fn strip(line: u32, quad: u32) -> Strip {
    let at = line * shape.quads + quad;
    var s = Strip(0.0, x[at], 0.0);
    if quad > 0u { s.left = x[at - 1u].w; }
    if quad + 1u < shape.quads { s.right = x[at + 1u].x; }
    return s;
}
#else
fn one(line: u32, column: i32) -> f32 {
    if column < 0 || column >= i32(shape.width) { return 0.0; }
    return x[line * shape.width + u32(column)];
}

fn strip(line: u32, quad: u32) -> Strip {
    let c = i32(quad * 4u);
    return Strip(
        one(line, c - 1),
        vec4<f32>(one(line, c), one(line, c + 1), one(line, c + 2), one(line, c + 3)),
        one(line, c + 4),
    );
}
#endif

// What one strip adds to a tile row through one row of the kernel: columns are positions, rows are channels.
fn taps(s: Strip, w0: vec4<f32>, w1: vec4<f32>, w2: vec4<f32>) -> mat4x4<f32> {
    let m = s.middle;
    return mat4x4<f32>(
        s.left * w0 + m.x * w1 + m.y * w2,
        m.x * w0 + m.y * w1 + m.z * w2,
        m.y * w0 + m.z * w1 + m.w * w2,
        m.z * w0 + m.w * w1 + s.right * w2,
    );
}

// Four positions of one channel to line `line` (rows of y counted through).
fn put(line: u32, quad: u32, sums: vec4<f32>, channel: u32) {
    if channel >= shape.outputs { return; }
    var value = sums;
#if BIAS == 1
    value += bias[channel];
#endif
#if RELU == 1
    value = max(value, vec4<f32>(0.0));
#endif
#if VECTOR == 1
    let at = line * shape.quads + quad;
#if MASK == 1
    value = select(vec4<f32>(0.0), value, gate[at % shape.gate] > vec4<f32>(0.0));
#endif
#if ADD == 1
    value += y[at];
#endif
    y[at] = value;
#else
    for (var j = 0u; j < 4u; j++) {
        let column = quad * 4u + j;
        if column >= shape.width { return; }
        let at = line * shape.width + column;
        var single = value[j];
#if MASK == 1
        single = select(0.0, single, gate[at % shape.gate] > 0.0);
#endif
#if ADD == 1
        single += y[at];
#endif
        y[at] = single;
    }
#endif
}

fn store(n: u32, block: u32, row: u32, quad: u32, tile: mat4x4<f32>) {
    if row >= shape.height { return; }
    // Lines of y, and from one channel to the next.
    let line = (n * shape.outputs + block * 4u) * shape.height + row;
    let t = transpose(tile);
    put(line, quad, t[0], block * 4u);
    put(line + shape.height, quad, t[1], block * 4u + 1u);
    put(line + 2u * shape.height, quad, t[2], block * 4u + 2u);
    put(line + 3u * shape.height, quad, t[3], block * 4u + 3u);
}

@compute @workgroup_size(#{WIDE}, #{DEEP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let n = id.y;
    let row = id.x / shape.quads * #{ROWS}u;
    let quad = id.x % shape.quads;
    let block = id.z;
    if n >= shape.images || row >= shape.height { return; }
    var s0 = mat4x4<f32>();
#if K == 3
#if ROWS >= 2
    var s1 = mat4x4<f32>();
#endif
#if ROWS >= 4
    var s2 = mat4x4<f32>();
    var s3 = mat4x4<f32>();
#endif
    for (var c = 0u; c < shape.channels; c++) {
        let w = (block * shape.channels + c) * 9u;
        let a0 = weights[w];
        let a1 = weights[w + 1u];
        let a2 = weights[w + 2u];
        let b0 = weights[w + 3u];
        let b1 = weights[w + 4u];
        let b2 = weights[w + 5u];
        let c0 = weights[w + 6u];
        let c1 = weights[w + 7u];
        let c2 = weights[w + 8u];
        let line = (n * shape.channels + c) * shape.height + row;
        if row > 0u {
            s0 += taps(strip(line - 1u, quad), a0, a1, a2);
        }
        var s = strip(line, quad);
        s0 += taps(s, b0, b1, b2);
#if ROWS >= 2
        s1 += taps(s, a0, a1, a2);
#endif
        if row + 1u < shape.height {
            s = strip(line + 1u, quad);
            s0 += taps(s, c0, c1, c2);
#if ROWS >= 2
            s1 += taps(s, b0, b1, b2);
#endif
#if ROWS >= 4
            s2 += taps(s, a0, a1, a2);
#endif
        }
#if ROWS >= 2
        if row + 2u < shape.height {
            s = strip(line + 2u, quad);
            s1 += taps(s, c0, c1, c2);
#if ROWS >= 4
            s2 += taps(s, b0, b1, b2);
            s3 += taps(s, a0, a1, a2);
#endif
        }
#endif
#if ROWS >= 4
        if row + 3u < shape.height {
            s = strip(line + 3u, quad);
            s2 += taps(s, c0, c1, c2);
            s3 += taps(s, b0, b1, b2);
        }
        if row + 4u < shape.height {
            s3 += taps(strip(line + 4u, quad), c0, c1, c2);
        }
#endif
    }
#if ROWS >= 2
    store(n, block, row + 1u, quad, s1);
#endif
#if ROWS >= 4
    store(n, block, row + 2u, quad, s2);
    store(n, block, row + 3u, quad, s3);
#endif
#else
    // Any odd kernel, tap by tap.
    let half = (#{K} - 1) / 2;
    for (var c = 0u; c < shape.channels; c++) {
        for (var a = 0; a < #{K}; a++) {
            let source = i32(row) + a - half;
            if source < 0 || source >= i32(shape.height) { continue; }
            let line = (n * shape.channels + c) * shape.height + u32(source);
            for (var b = 0; b < #{K}; b++) {
                let w = weights[((block * shape.channels + c) * #{K}u + u32(a)) * #{K}u + u32(b)];
                let column = i32(quad * 4u) + b - half;
                let m = vec4<f32>(
                    any_column(line, column),
                    any_column(line, column + 1),
                    any_column(line, column + 2),
                    any_column(line, column + 3),
                );
                s0 += mat4x4<f32>(m.x * w, m.y * w, m.z * w, m.w * w);
            }
        }
    }
#endif
    store(n, block, row, quad, s0);
}

#if K != 3
fn any_column(line: u32, column: i32) -> f32 {
    if column < 0 || column >= i32(shape.width) { return 0.0; }
    let at = u32(column);
#if VECTOR == 1
    return x[line * shape.quads + at / 4u][at % 4u];
#else
    return x[line * shape.width + at];
#endif
}
#endif
