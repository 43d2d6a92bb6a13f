// Gradient of a "same" convolution with respect to its weights and bias, first stage:
// dw[o,c,a,b] = Σ_n Σ_ij dy[n,o,i,j] x[n,c,i+a−h,j+b−h], db[o] = Σ dy[n,o,i,j], summed over one share of the images.
//
// The work is cut into strips: four columns of one image, top to bottom. One invocation sums `span` strips for four
// output channels and one input channel, walking down each strip with three rows of x in registers (K = 3), so a
// step loads 16 numbers of dy and 6 of x for 144 multiply-adds. partial.wgsl adds up the shares in fixed order, so
// two runs agree to the bit; no atomics.
//
// Each share is [o][c·K² + tap], with db in one more column at the end of each o.
//
// K: kernel width; other than 3, an invocation takes a single tap. VECTOR: 1 if the width is a multiple of four.
#import seedling::grid

struct Shape {
    images: u32, channels: u32, height: u32, width: u32, outputs: u32, quads: u32,
    shares: u32, span: u32, blocks: u32, total: u32,
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

struct Strip { left: f32, middle: vec4<f32>, right: f32 }

#if VECTOR == 1
fn strip(line: u32, quad: u32) -> Strip {
    let at = line * shape.quads + quad;
    var s = Strip(0.0, x[at], 0.0);
    if quad > 0u { s.left = x[at - 1u].w; }
    if quad + 1u < shape.quads { s.right = x[at + 1u].x; }
    return s;
}

fn slope(line: u32, quad: u32) -> vec4<f32> {
    return dy[line * shape.quads + quad];
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

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let share = i % shape.shares;
#if K == 3
    let channel = i / shape.shares % shape.channels;
    let block = i / shape.shares / shape.channels;
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
    var t0 = vec4<f32>(0.0);
    var t1 = vec4<f32>(0.0);
    var t2 = vec4<f32>(0.0);
    var t3 = vec4<f32>(0.0);
    var t4 = vec4<f32>(0.0);
    var t5 = vec4<f32>(0.0);
    var t6 = vec4<f32>(0.0);
    var t7 = vec4<f32>(0.0);
    var t8 = vec4<f32>(0.0);
    for (var s = begin; s < end; s++) {
        let n = s / shape.quads;
        let quad = s % shape.quads;
        let line = (n * shape.channels + channel) * shape.height;
        var above = Strip(0.0, vec4<f32>(0.0), 0.0);
        var here = strip(line, quad);
        for (var row = 0u; row < shape.height; row++) {
            var below = Strip(0.0, vec4<f32>(0.0), 0.0);
            if row + 1u < shape.height { below = strip(line + row + 1u, quad); }
            let g = slopes(n, block, row, quad);
            // A row vector times the matrix: for each channel the product with its four positions.
            t0 += vec4<f32>(above.left, above.middle.xyz) * g;
            t1 += above.middle * g;
            t2 += vec4<f32>(above.middle.yzw, above.right) * g;
            t3 += vec4<f32>(here.left, here.middle.xyz) * g;
            t4 += here.middle * g;
            t5 += vec4<f32>(here.middle.yzw, here.right) * g;
            t6 += vec4<f32>(below.left, below.middle.xyz) * g;
            t7 += below.middle * g;
            t8 += vec4<f32>(below.middle.yzw, below.right) * g;
            b += vec4<f32>(1.0) * g;
            above = here;
            here = below;
        }
    }
    let column = channel * 9u;
    put(share, block, column, t0);
    put(share, block, column + 1u, t1);
    put(share, block, column + 2u, t2);
    put(share, block, column + 3u, t3);
    put(share, block, column + 4u, t4);
    put(share, block, column + 5u, t5);
    put(share, block, column + 6u, t6);
    put(share, block, column + 7u, t7);
    put(share, block, column + 8u, t8);
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
