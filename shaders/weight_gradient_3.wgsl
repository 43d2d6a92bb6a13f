// Gradient of a "same" convolution of width 3 with respect to its weights and bias, first stage:
// dw[o,c,a,b] = Σ_n Σ_ij dy[n,o,i,j] x[n,c,i+a−1,j+b−1], db[o] = Σ dy[n,o,i,j], over one share of the images.
//
// The work is cut into strips: four columns of one image, top to bottom. One invocation sums every `shares`th
// strip, so that neighbours read neighbouring strips, for four output channels and CHANNELS input channels (4, 2
// or 1), walking down each with three rows of x in registers. With four input channels a step loads 16 numbers of
// dy and 24 of x for 576 multiply-adds; with one, 16 and 6 for 144. weight_sum.wgsl adds the shares in fixed order, so two runs agree to the bit; no
// atomics. A dispatch computes the invocations from `first` to `end`, so that a long one can be cut. VECTOR:
// see strip.wgsl.
#import seedling::grid
#import seedling::partial
#import seedling::strip

struct Shape {
    images: u32, channels: u32, height: u32, width: u32, outputs: u32, quads: u32,
    shares: u32, first: u32, end: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;

// One input channel's walk down a strip: the rows above and here, and the sums of nine taps.
struct Walk { above: strip::Strip, here: strip::Strip, taps: array<vec4<f32>, 9> }

fn load(first: u32, row: u32, quad: u32) -> strip::Strip {
    return strip::load(first, row, quad, strip::Plane(shape.height, shape.width, shape.quads));
}

// Enters the strip at the top.
fn enter(walk: ptr<function, Walk>, first: u32, quad: u32) {
    (*walk).above = strip::Strip();
    (*walk).here = load(first, 0u, quad);
}

// One row down, with dy of this row.
fn down(walk: ptr<function, Walk>, first: u32, row: u32, quad: u32, g: mat4x4<f32>) {
    let above = (*walk).above;
    let here = (*walk).here;
    let below = load(first, row + 1u, quad);
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

fn put(share: u32, block: u32, channel: u32, walk: Walk, output: partial::Output) {
    if channel >= shape.channels { return; }
    partial::put(share, block, channel * 9u, walk.taps[0], output);
    partial::put(share, block, channel * 9u + 1u, walk.taps[1], output);
    partial::put(share, block, channel * 9u + 2u, walk.taps[2], output);
    partial::put(share, block, channel * 9u + 3u, walk.taps[3], output);
    partial::put(share, block, channel * 9u + 4u, walk.taps[4], output);
    partial::put(share, block, channel * 9u + 5u, walk.taps[5], output);
    partial::put(share, block, channel * 9u + 6u, walk.taps[6], output);
    partial::put(share, block, channel * 9u + 7u, walk.taps[7], output);
    partial::put(share, block, channel * 9u + 8u, walk.taps[8], output);
}

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = shape.first + grid::flat(workgroup, groups, local);
    if i >= shape.end { return; }
    let share = i % shape.shares;
    let groups_of_channels = (shape.channels + #{CHANNELS}u - 1u) / #{CHANNELS}u;
    let channel = i / shape.shares % groups_of_channels * #{CHANNELS}u;
    let block = i / shape.shares / groups_of_channels;
    let output =
        partial::Output(shape.outputs, shape.height, shape.width, shape.quads, shape.channels * 9u + 1u);
    let strips = shape.images * shape.quads;
    // Channels that do not exist repeat the last one.
    let rest = shape.channels - 1u - channel;
    var b = vec4<f32>(0.0);
    var w0 = Walk();
    var w1 = Walk();
    var w2 = Walk();
    var w3 = Walk();
    for (var s = share; s < strips; s += shape.shares) {
        let n = s / shape.quads;
        let quad = s % shape.quads;
        let first = (n * shape.channels + channel) * shape.height;
        let first1 = first + min(rest, 1u) * shape.height;
        let first2 = first + min(rest, 2u) * shape.height;
        let first3 = first + min(rest, 3u) * shape.height;
        enter(&w0, first, quad);
#if CHANNELS >= 2
        enter(&w1, first1, quad);
#endif
#if CHANNELS == 4
        enter(&w2, first2, quad);
        enter(&w3, first3, quad);
#endif
        for (var row = 0u; row < shape.height; row++) {
            let g = partial::slopes(n, block, row, quad, output);
            down(&w0, first, row, quad, g);
#if CHANNELS >= 2
            down(&w1, first1, row, quad, g);
#endif
#if CHANNELS == 4
            down(&w2, first2, row, quad, g);
            down(&w3, first3, row, quad, g);
#endif
            b += vec4<f32>(1.0) * g;
        }
    }
    put(share, block, channel, w0, output);
#if CHANNELS >= 2
    put(share, block, channel + 1u, w1, output);
#endif
#if CHANNELS == 4
    put(share, block, channel + 2u, w2, output);
    put(share, block, channel + 3u, w3, output);
#endif
    if channel == 0u { partial::put(share, block, shape.channels * 9u, b, output); }
}
