// What changes of single channels of a site make of its reader's value, for many members at once:
// value[member][n] = before[n] + W[:, channel]∗(change − mean) + mean·ΣW[:, channel].
// A mean is folded into the reader's bias, so it also acts where the kernel reaches over the border; it is 0 for
// every family but prune-mean.
//
// HEAD 0: the reader is a convolution of width K; one invocation: one row of four columns at most of one channel.
// HEAD 1: the linear layer behind the global pool; one invocation: one logit.
// RELU 1: the ReLU that reads the value is drawn in. VECTOR 1: a convolution of width 3 over a multiple of four columns;
// one invocation: two rows of four columns of all channels, from a change loaded once. The grid is those tiles,
// members, images.
#import seedling::grid

struct Shape {
    total: u32, images: u32, members: u32, first: u32,
    inputs: u32, outputs: u32, height: u32, width: u32, quads: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;
#if VECTOR == 1
alias Number = vec4<f32>;
#else
alias Number = f32;
#endif
@group(0) @binding(1) var<storage, read_write> before: array<Number>;
@group(0) @binding(2) var<storage, read_write> change: array<Number>;
@group(0) @binding(3) var<storage, read_write> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> channels: array<u32>;
@group(0) @binding(5) var<storage, read_write> means: array<f32>;
@group(0) @binding(6) var<storage, read_write> value: array<Number>;

fn finished(number: Number) -> Number {
#if RELU == 1
    return max(number, Number(0.0));
#else
    return number;
#endif
}

#if VECTOR == 1
// Four columns of a row of the change less its mean, with one more on either side; 0 outside the image.
struct Strip { left: f32, middle: vec4<f32>, right: f32 }

fn strip(first: u32, row: u32, quad: u32, mean: f32) -> Strip {
    // Row −1 wraps around to a large number.
    let inside = row < shape.height;
    let at = first + min(row, shape.height - 1u) * shape.quads + quad;
    return Strip(
        select(0.0, change[max(at, 1u) - 1u].w - mean, inside && quad > 0u),
        select(vec4<f32>(0.0), change[at] - mean, inside),
        select(0.0, change[at + 1u].x - mean, inside && quad + 1u < shape.quads),
    );
}

fn taps(s: Strip, w: vec3<f32>) -> vec4<f32> {
    return w.x * vec4<f32>(s.left, s.middle.xyz) + w.y * s.middle + w.z * vec4<f32>(s.middle.yzw, s.right);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quad = id.x % shape.quads;
    let row = id.x / shape.quads * 2u;
    if row >= shape.height { return; }
    let slot = id.y;
    let n = id.z;
    let member = shape.first + slot;
    let mean = means[member];
    let plane = shape.height * shape.quads;
    let source = (n * shape.members + member) * plane;
    let s0 = strip(source, row - 1u, quad, mean);
    let s1 = strip(source, row, quad, mean);
    let s2 = strip(source, row + 1u, quad, mean);
    let s3 = strip(source, row + 2u, quad, mean);
    let place = row * shape.quads + quad;
    for (var o = 0u; o < shape.outputs; o++) {
        let w = (o * shape.inputs + channels[member]) * 9u;
        let above = vec3<f32>(weights[w], weights[w + 1u], weights[w + 2u]);
        let here = vec3<f32>(weights[w + 3u], weights[w + 4u], weights[w + 5u]);
        let below = vec3<f32>(weights[w + 6u], weights[w + 7u], weights[w + 8u]);
        let all = mean * dot(above + here + below, vec3<f32>(1.0));
        let at = (n * shape.outputs + o) * plane + place;
        let to = ((slot * shape.images + n) * shape.outputs + o) * plane + place;
        value[to] = finished(before[at] + taps(s0, above) + taps(s1, here) + taps(s2, below) + all);
        if row + 1u < shape.height {
            value[to + shape.quads] =
                finished(before[at + shape.quads] + taps(s1, above) + taps(s2, here) + taps(s3, below) + all);
        }
    }
}
#else
@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
#if HEAD == 1
    let o = i % shape.outputs;
    let n = i / shape.outputs % shape.images;
    let member = shape.first + i / shape.outputs / shape.images;
    let positions = shape.height * shape.width;
    let source = (n * shape.members + member) * positions;
    var sum = 0.0;
    for (var p = 0u; p < positions; p++) { sum += change[source + p]; }
    let w = weights[o * shape.inputs + channels[member]];
    value[i] = finished(before[n * shape.outputs + o] + w * (sum / f32(positions)));
#else
    let half = (#{K} - 1) / 2;
    let column = i % shape.quads * 4u;
    let row = i / shape.quads % shape.height;
    let o = i / shape.quads / shape.height % shape.outputs;
    let n = i / shape.quads / shape.height / shape.outputs % shape.images;
    let slot = i / shape.quads / shape.height / shape.outputs / shape.images;
    let member = shape.first + slot;
    let mean = means[member];
    let source = (n * shape.members + member) * shape.height * shape.width;
    let w = (o * shape.inputs + channels[member]) * #{TAPS}u;
    var sums = vec4<f32>(0.0);
    var all = 0.0;
    for (var a = 0; a < #{K}; a++) {
        let from_row = i32(row) + a - half;
        for (var b = 0; b < #{K}; b++) {
            let weight = weights[w + u32(a * #{K} + b)];
            all += weight;
            if from_row < 0 || from_row >= i32(shape.height) { continue; }
            let line = source + u32(from_row) * shape.width;
            for (var j = 0; j < 4; j++) {
                let from_column = i32(column) + j + b - half;
                if from_column >= 0 && from_column < i32(shape.width) {
                    sums[j] += weight * (change[line + u32(from_column)] - mean);
                }
            }
        }
    }
    let at = ((n * shape.outputs + o) * shape.height + row) * shape.width + column;
    let to = (((slot * shape.images + n) * shape.outputs + o) * shape.height + row) * shape.width + column;
    for (var j = 0u; j < 4u; j++) {
        if column + j < shape.width { value[to + j] = finished(before[at + j] + sums[j] + mean * all); }
    }
#endif
}
#endif
