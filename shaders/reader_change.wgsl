// What changes of single channels of a site make of its reader's value, for many members at once:
// value[member][n] = before[n] + W[:, channel]∗(change − mean) + mean·ΣW[:, channel]. A mean is folded into
// the reader's bias, so it also acts where the kernel reaches over the border; it is 0 for every family but
// prune-mean.
//
// HEAD 0: the reader is a convolution of width K; one invocation: one row of four columns at most of one
// channel. HEAD 1: the linear layer after the global pool; one invocation: one logit. RELU 1: the ReLU that
// reads the value is fused in.
#import seedling::grid

struct Shape {
    total: u32, images: u32, members: u32, first: u32,
    inputs: u32, outputs: u32, height: u32, width: u32, quads: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> before: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> channels: array<u32>;
@group(0) @binding(5) var<storage, read> means: array<f32>;
@group(0) @binding(6) var<storage, read_write> value: array<f32>;

fn finished(number: f32) -> f32 {
#if RELU == 1
    return max(number, 0.0);
#else
    return number;
#endif
}

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
    for (var p = 0u; p < positions; p++) { sum += x[source + p]; }
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
    let w = (o * shape.inputs + channels[member]) * #{K}u * #{K}u;
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
                    sums[j] += weight * (x[line + u32(from_column)] - mean);
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
