// Gradient of a "same" convolution with respect to its weights and bias, first stage:
// dw[o,c,a,b] = Σ_n Σ_ij dy[n,o,i,j] x[n,c,i+a−h,j+b−h], db[o] = Σ dy[n,o,i,j], summed over one share of the images.
//
// The work is cut into strips: four columns of one image, top to bottom. One invocation sums `span` strips for four
// output channels and CHANNELS input channels, walking down each strip with three rows of x in registers (K = 3). With
// four input channels a step loads 16 numbers of dy and 24 of x for 576 multiply-adds; with one, 16 and 6 for 144.
// weight_sum.wgsl adds up the shares in fixed order, so two runs agree to the bit; no atomics.
//
// Each share is [o][c·K² + tap], with db in one more column at the end of each o. A dispatch computes the invocations from
// `first` to `end`, so that a long one can be cut.
//
// K: kernel width; other than 3, an invocation takes a single tap. CHANNELS: 4 or 1; 1 unless K is 3. VECTOR: 1 if the
// width is a multiple of four.
#import seedling::grid

struct Shape {
    images: u32, channels: u32, height: u32, width: u32, outputs: u32, quads: u32,
    shares: u32, span: u32, first: u32, end: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;
#if VECTOR == 1
@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> dy: array<vec4<f32>>;
#else
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
#endif
@group(0) @binding(3) var<storage, read_write> shares: array<f32>;

#if K == 3
struct Strip { left: f32, middle: vec4<f32>, right: f32 }

// Row `row` of the plane that begins at line `first`; 0 below it.
#if VECTOR == 1
fn strip(first: u32, row: u32, quad: u32) -> Strip {
    let inside = row < shape.height;
    let at = (first + min(row, shape.height - 1u)) * shape.quads + quad;
    return Strip(
        select(0.0, x[max(at, 1u) - 1u].w, inside && quad > 0u),
        select(vec4<f32>(0.0), x[at], inside),
        select(0.0, x[at + 1u].x, inside && quad + 1u < shape.quads),
    );
}
#else
fn one(first: u32, row: u32, column: i32) -> f32 {
    if row >= shape.height || column < 0 || column >= i32(shape.width) { return 0.0; }
    return x[(first + row) * shape.width + u32(column)];
}

fn strip(first: u32, row: u32, quad: u32) -> Strip {
    let c = i32(quad * 4u);
    let middle = vec4<f32>(
        one(first, row, c),
        one(first, row, c + 1),
        one(first, row, c + 2),
        one(first, row, c + 3),
    );
    return Strip(one(first, row, c - 1), middle, one(first, row, c + 4));
}
#endif

// One input channel's walk down a strip: the rows above and here, and the sums of nine taps.
struct Walk { above: Strip, here: Strip, taps: array<vec4<f32>, 9> }

// Enters the strip at the top.
fn enter(walk: ptr<function, Walk>, first: u32, quad: u32) {
    (*walk).above = Strip();
    (*walk).here = strip(first, 0u, quad);
}

// One row down, with dy of this row.
fn down(walk: ptr<function, Walk>, first: u32, row: u32, quad: u32, g: mat4x4<f32>) {
    let above = (*walk).above;
    let here = (*walk).here;
    let below = strip(first, row + 1u, quad);
    // A row vector times the matrix: for each channel the product with its four positions.
    (*walk).taps[0] += vec4<f32>(above.left, above.middle.xyz) * g;
    (*walk).taps[1] += above.middle * g;
    (*walk).taps[2] += vec4<f32>(above.middle.yzw, above.right) * g;
    (*walk).taps[3] += vec4<f32>(here.left, here.middle.xyz) * g;
    (*walk).taps[4] += here.middle * g;
    (*walk).taps[5] += vec4<f32>(here.middle.yzw, here.right) * g;
    (*walk).taps[6] += vec4<f32>(below.left, below.middle.xyz) * g;
    (*walk).taps[7] += below.middle * g;
    (*walk).taps[8] += vec4<f32>(below.middle.yzw, below.right) * g;
    (*walk).above = here;
    (*walk).here = below;
}
#endif

#if VECTOR == 1
fn slope(line: u32, quad: u32) -> vec4<f32> {
    return dy[line * shape.quads + quad];
}
#else
fn slope(line: u32, quad: u32) -> vec4<f32> {
    var g = vec4<f32>(0.0);
    for (var j = 0u; j < 4u; j++) {
        let column = quad * 4u + j;
        if column < shape.width { g[j] = dy[line * shape.width + column]; }
    }
    return g;
}
#endif

// dy of four channels (columns) at four positions (rows); channels that do not exist repeat the last one.
fn slopes(n: u32, block: u32, row: u32, quad: u32) -> mat4x4<f32> {
    let last = shape.outputs - 1u;
    let first = n * shape.outputs;
    let o = block * 4u;
    return mat4x4<f32>(
        slope((first + o) * shape.height + row, quad),
        slope((first + min(o + 1u, last)) * shape.height + row, quad),
        slope((first + min(o + 2u, last)) * shape.height + row, quad),
        slope((first + min(o + 3u, last)) * shape.height + row, quad),
    );
}

// Writes the four channels' sums of one column of the share.
fn put(share: u32, block: u32, column: u32, sums: vec4<f32>) {
    let columns = shape.channels * #{K}u * #{K}u + 1u;
    for (var j = 0u; j < 4u; j++) {
        let o = block * 4u + j;
        if o < shape.outputs { shares[(share * shape.outputs + o) * columns + column] = sums[j]; }
    }
}

#if K == 3
fn put_taps(share: u32, block: u32, channel: u32, walk: Walk) {
    if channel >= shape.channels { return; }
    put(share, block, channel * 9u, walk.taps[0]);
    put(share, block, channel * 9u + 1u, walk.taps[1]);
    put(share, block, channel * 9u + 2u, walk.taps[2]);
    put(share, block, channel * 9u + 3u, walk.taps[3]);
    put(share, block, channel * 9u + 4u, walk.taps[4]);
    put(share, block, channel * 9u + 5u, walk.taps[5]);
    put(share, block, channel * 9u + 6u, walk.taps[6]);
    put(share, block, channel * 9u + 7u, walk.taps[7]);
    put(share, block, channel * 9u + 8u, walk.taps[8]);
}
#endif

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = shape.first + grid::flat(workgroup, groups, local);
    if i >= shape.end { return; }
    let share = i % shape.shares;
#if K == 3
    let groups_of_channels = (shape.channels + #{CHANNELS}u - 1u) / #{CHANNELS}u;
    let channel = i / shape.shares % groups_of_channels * #{CHANNELS}u;
    let block = i / shape.shares / groups_of_channels;
#else
    let tap = i / shape.shares % #{TAPS}u;
    let channel = i / shape.shares / #{TAPS}u % shape.channels;
    let block = i / shape.shares / #{TAPS}u / shape.channels;
#endif
    let strips = shape.images * shape.quads;
    let begin = share * shape.span;
    let end = min(begin + shape.span, strips);
    var b = vec4<f32>(0.0);
#if K == 3
    var w0 = Walk();
#if CHANNELS == 4
    // Channels that do not exist repeat the last one.
    let rest = shape.channels - 1u - channel;
    var w1 = Walk();
    var w2 = Walk();
    var w3 = Walk();
#endif
    for (var s = begin; s < end; s++) {
        let n = s / shape.quads;
        let quad = s % shape.quads;
        let first = (n * shape.channels + channel) * shape.height;
        enter(&w0, first, quad);
#if CHANNELS == 4
        let first1 = first + min(rest, 1u) * shape.height;
        let first2 = first + min(rest, 2u) * shape.height;
        let first3 = first + min(rest, 3u) * shape.height;
        enter(&w1, first1, quad);
        enter(&w2, first2, quad);
        enter(&w3, first3, quad);
#endif
        for (var row = 0u; row < shape.height; row++) {
            let g = slopes(n, block, row, quad);
            down(&w0, first, row, quad, g);
#if CHANNELS == 4
            down(&w1, first1, row, quad, g);
            down(&w2, first2, row, quad, g);
            down(&w3, first3, row, quad, g);
#endif
            b += vec4<f32>(1.0) * g;
        }
    }
    put_taps(share, block, channel, w0);
#if CHANNELS == 4
    put_taps(share, block, channel + 1u, w1);
    put_taps(share, block, channel + 2u, w2);
    put_taps(share, block, channel + 3u, w3);
#endif
    if channel == 0u { put(share, block, shape.channels * 9u, b); }
#else
    let half = (#{K} - 1) / 2;
    let down = i32(tap / #{K}u) - half;
    let across = i32(tap % #{K}u) - half;
    var t = vec4<f32>(0.0);
    for (var s = begin; s < end; s++) {
        let n = s / shape.quads;
        let quad = s % shape.quads;
        let line = (n * shape.channels + channel) * shape.height;
        for (var row = 0u; row < shape.height; row++) {
            let g = slopes(n, block, row, quad);
            b += vec4<f32>(1.0) * g;
            let source = i32(row) + down;
            if source < 0 || source >= i32(shape.height) { continue; }
            let origin = line + u32(source);
            let column = i32(quad * 4u) + across;
            t += vec4<f32>(
                any_column(origin, column),
                any_column(origin, column + 1),
                any_column(origin, column + 2),
                any_column(origin, column + 3),
            ) * g;
        }
    }
    put(share, block, channel * #{TAPS}u + tap, t);
    if channel == 0u && tap == 0u { put(share, block, shape.channels * #{TAPS}u, b); }
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
