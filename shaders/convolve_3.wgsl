// "Same" convolution, stride 1, of width 3: y[n,o,i,j] = b[o] + Σ w[o,c,a,b] x[n,c,i+a−1,j+b−1].
// With weights packed transposed it is the gradient with respect to the input.
//
// One invocation computes a tile of ROWS × COLUMNS positions of four output channels, all sums in registers.
// A row of x loaded once serves up to three rows of the tile and four channels; a packed weight serves all
// positions of the tile. Software adapters pay for every number loaded, not for arithmetic: 4 × 8 positions
// ask 12 multiply-adds of each load, 1 × 4 only 2.7. No workgroup memory, no barriers.
//
// ROWS: 1, 2 or 4. COLUMNS: 4; or 8 if the width is a multiple of 8. ALONE: 1 if the image is as wide as the
// tile of 8, which then has no neighbours. WIDE, BLOCKS, DEEP: tiles, blocks of output channels and images of
// a workgroup. VECTOR: see strip.wgsl; BIAS, RELU, MASK, ADD: see finish.wgsl.
#import seedling::finish
#import seedling::strip

struct Shape { images: u32, channels: u32, height: u32, width: u32, outputs: u32, quads: u32, gate: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(2) var<storage, read> weights: array<vec4<f32>>;

// A row of the tile: COLUMNS positions of x with their neighbours, and the sums of those positions.
#if COLUMNS == 8
struct Row { a: strip::Strip, b: strip::Strip }
struct Sums { a: mat4x4<f32>, b: mat4x4<f32> }

fn load(first: u32, row: u32, quad: u32) -> Row {
    let inside = row < shape.height;
    let at = (first + min(row, shape.height - 1u)) * shape.quads + quad;
#if ALONE == 1
    let left = 0.0;
    let right = 0.0;
#else
    let left = select(0.0, strip::x[max(at, 1u) - 1u].w, inside && quad > 0u);
    let right = select(0.0, strip::x[at + 2u].x, inside && quad + 2u < shape.quads);
#endif
    let a = select(vec4<f32>(0.0), strip::x[at], inside);
    let b = select(vec4<f32>(0.0), strip::x[at + 1u], inside);
    return Row(strip::Strip(left, a, b.x), strip::Strip(a.w, b, right));
}
#else
struct Row { a: strip::Strip }
struct Sums { a: mat4x4<f32> }

fn load(first: u32, row: u32, quad: u32) -> Row {
    return Row(strip::load(first, row, quad, strip::Plane(shape.height, shape.width, shape.quads)));
}
#endif

fn add(sums: ptr<function, Sums>, row: Row, w: mat3x4<f32>) {
    (*sums).a += strip::taps(row.a, w);
#if COLUMNS == 8
    (*sums).b += strip::taps(row.b, w);
#endif
}

fn store(n: u32, block: u32, row: u32, quad: u32, sums: Sums) {
    let output = finish::Output(shape.outputs, shape.height, shape.width, shape.quads, shape.gate);
    finish::store(n, block, row, quad, sums.a, output);
#if COLUMNS == 8
    finish::store(n, block, row, quad + 1u, sums.b, output);
#endif
}

@compute @workgroup_size(#{WIDE}, #{BLOCKS}, #{DEEP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let n = id.z;
    let across = shape.quads / (#{COLUMNS}u / 4u);
    let row = id.x / across * #{ROWS}u;
    let quad = id.x % across * (#{COLUMNS}u / 4u);
    let block = id.y;
    if n >= shape.images || row >= shape.height || block * 4u >= shape.outputs { return; }
    var s0 = Sums();
    var s1 = Sums();
    var s2 = Sums();
    var s3 = Sums();
    for (var c = 0u; c < shape.channels; c++) {
        let w = (block * shape.channels + c) * 9u;
        let above = mat3x4<f32>(weights[w], weights[w + 1u], weights[w + 2u]);
        let here = mat3x4<f32>(weights[w + 3u], weights[w + 4u], weights[w + 5u]);
        let below = mat3x4<f32>(weights[w + 6u], weights[w + 7u], weights[w + 8u]);
        let first = (n * shape.channels + c) * shape.height;
        add(&s0, load(first, row - 1u, quad), above);
        var r = load(first, row, quad);
        add(&s0, r, here);
#if ROWS >= 2
        add(&s1, r, above);
#endif
        r = load(first, row + 1u, quad);
        add(&s0, r, below);
#if ROWS >= 2
        add(&s1, r, here);
#if ROWS >= 4
        add(&s2, r, above);
#endif
        r = load(first, row + 2u, quad);
        add(&s1, r, below);
#endif
#if ROWS >= 4
        add(&s2, r, here);
        add(&s3, r, above);
        r = load(first, row + 3u, quad);
        add(&s2, r, below);
        add(&s3, r, here);
        add(&s3, load(first, row + 4u, quad), below);
#endif
    }
    store(n, block, row, quad, s0);
#if ROWS >= 2
    store(n, block, row + 1u, quad, s1);
#endif
#if ROWS >= 4
    store(n, block, row + 2u, quad, s2);
    store(n, block, row + 3u, quad, s3);
#endif
}
