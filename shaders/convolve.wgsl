// "Same" convolution, stride 1: y[n,o,i,j] = b[o] + Σ w[o,c,a,b] x[n,c,i+a−h,j+b−h], h = (K−1)/2, in the direct form
// for few channels. With weights packed transposed it is the gradient with respect to the input.
//
// One invocation computes a tile of ROWS × COLUMNS positions of four output channels, all sums in registers. A row of x
// loaded once serves up to three rows of the tile and four channels; a packed weight serves all positions of the tile.
// Software adapters pay for every number loaded, not for arithmetic: 4 × 8 positions ask 12 multiply-adds of each load,
// 1 × 4 only 2.7. No workgroup memory, no barriers.
//
// K: kernel width (3 has its own path). VECTOR: 1 if the width is a multiple of 4. ROWS: 1, 2 or 4; 1 unless K is 3.
// COLUMNS: 4; or 8 if K is 3 and the width a multiple of 8. ALONE: 1 if the image is as wide as the tile of 8, which
// then has no neighbours. WIDE, BLOCKS, DEEP: tiles, blocks of output channels and images of a workgroup. BIAS: 1 adds b. RELU: 1 ends with max(·, 0). MASK: 1 keeps
// only where the tensor `gate` is positive (the output of the ReLU before x; `gate` numbers, which several gradients
// may share). ADD: 1 adds to what y holds.
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

#if K == 3
// COLUMNS neighbouring columns of a row with one more on either side, and sums of a row of the tile: of four positions,
// columns are positions and rows are channels.
#if COLUMNS == 8
struct Row { left: f32, a: vec4<f32>, b: vec4<f32>, right: f32 }
struct Sums { a: mat4x4<f32>, b: mat4x4<f32> }
#else
struct Row { left: f32, a: vec4<f32>, right: f32 }
struct Sums { a: mat4x4<f32> }
#endif

// Row `row` of the plane that begins at line `first`; 0 outside the plane (row −1 wraps around to a large number).
#if VECTOR == 1
fn strip(first: u32, row: u32, quad: u32) -> Row {
    const QUADS = #{COLUMNS}u / 4u;
    let inside = row < shape.height;
    let at = (first + min(row, shape.height - 1u)) * shape.quads + quad;
#if ALONE == 1
    let left = 0.0;
    let right = 0.0;
#else
    let left = select(0.0, x[max(at, 1u) - 1u].w, inside && quad > 0u);
    let right = select(0.0, x[at + QUADS].x, inside && quad + QUADS < shape.quads);
#endif
    let a = select(vec4<f32>(0.0), x[at], inside);
#if COLUMNS == 8
    return Row(left, a, select(vec4<f32>(0.0), x[at + 1u], inside), right);
#else
    return Row(left, a, right);
#endif
}
#else
fn one(first: u32, row: u32, column: i32) -> f32 {
    if row >= shape.height || column < 0 || column >= i32(shape.width) { return 0.0; }
    return x[(first + row) * shape.width + u32(column)];
}

fn strip(first: u32, row: u32, quad: u32) -> Row {
    let c = i32(quad * 4u);
    let a = vec4<f32>(
        one(first, row, c),
        one(first, row, c + 1),
        one(first, row, c + 2),
        one(first, row, c + 3),
    );
    return Row(one(first, row, c - 1), a, one(first, row, c + 4));
}
#endif

// What four positions (m, and their neighbours) get through one row of the kernel.
fn taps(left: f32, m: vec4<f32>, right: f32, w: mat3x4<f32>) -> mat4x4<f32> {
    return mat4x4<f32>(
        left * w[0] + m.x * w[1] + m.y * w[2],
        m.x * w[0] + m.y * w[1] + m.z * w[2],
        m.y * w[0] + m.z * w[1] + m.w * w[2],
        m.z * w[0] + m.w * w[1] + right * w[2],
    );
}

fn add(sums: ptr<function, Sums>, row: Row, w: mat3x4<f32>) {
#if COLUMNS == 8
    (*sums).a += taps(row.left, row.a, row.b.x, w);
    (*sums).b += taps(row.a.w, row.b, row.right, w);
#else
    (*sums).a += taps(row.left, row.a, row.right, w);
#endif
}
#endif

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

#if K == 3
fn store_row(n: u32, block: u32, row: u32, quad: u32, sums: Sums) {
    store(n, block, row, quad, sums.a);
#if COLUMNS == 8
    store(n, block, row, quad + 1u, sums.b);
#endif
}
#endif

@compute @workgroup_size(#{WIDE}, #{BLOCKS}, #{DEEP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let n = id.z;
    let across = shape.quads / (#{COLUMNS}u / 4u);
    let row = id.x / across * #{ROWS}u;
    let quad = id.x % across * (#{COLUMNS}u / 4u);
    let block = id.y;
    if n >= shape.images || row >= shape.height || block * 4u >= shape.outputs { return; }
#if K == 3
    var s0 = Sums();
#if ROWS >= 2
    var s1 = Sums();
#endif
#if ROWS >= 4
    var s2 = Sums();
    var s3 = Sums();
#endif
    for (var c = 0u; c < shape.channels; c++) {
        let w = (block * shape.channels + c) * 9u;
        let above = mat3x4<f32>(weights[w], weights[w + 1u], weights[w + 2u]);
        let here = mat3x4<f32>(weights[w + 3u], weights[w + 4u], weights[w + 5u]);
        let below = mat3x4<f32>(weights[w + 6u], weights[w + 7u], weights[w + 8u]);
        let first = (n * shape.channels + c) * shape.height;
        add(&s0, strip(first, row - 1u, quad), above);
        var r = strip(first, row, quad);
        add(&s0, r, here);
#if ROWS >= 2
        add(&s1, r, above);
#endif
        r = strip(first, row + 1u, quad);
        add(&s0, r, below);
#if ROWS >= 2
        add(&s1, r, here);
#if ROWS >= 4
        add(&s2, r, above);
#endif
        r = strip(first, row + 2u, quad);
        add(&s1, r, below);
#endif
#if ROWS >= 4
        add(&s2, r, here);
        add(&s3, r, above);
        r = strip(first, row + 3u, quad);
        add(&s2, r, below);
        add(&s3, r, here);
        add(&s3, strip(first, row + 4u, quad), below);
#endif
    }
    store_row(n, block, row, quad, s0);
#if ROWS >= 2
    store_row(n, block, row + 1u, quad, s1);
#endif
#if ROWS >= 4
    store_row(n, block, row + 2u, quad, s2);
    store_row(n, block, row + 3u, quad, s3);
#endif
#else
    // Any odd kernel, tap by tap.
    var sums = mat4x4<f32>();
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
                sums += mat4x4<f32>(m.x * w, m.y * w, m.z * w, m.w * w);
            }
        }
    }
    store(n, block, row, quad, sums);
#endif
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
