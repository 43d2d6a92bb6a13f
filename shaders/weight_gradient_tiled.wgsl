// Gradient of a "same" convolution with respect to its weights and bias, first stage as in
// weight_gradient_3.wgsl, in the tiled form for many channels: for one share of the positions p = (n, i, j)
// the matrix product dW[o, k] = Σ_p dY[o, p] X[k, p] with k = (c, a, b), X never written out. One more k
// stands for the bias: its X is 1.
//
// A workgroup of 64 computes 32 channels × 32 values of k of one share. For every 16 positions it copies its
// part of dY and X into shared memory (4 KiB), then each invocation adds 4 × 4 numbers in registers. A
// dispatch computes the shares from `first` on, so that a long one can be cut.
//
// K: kernel width.
struct Shape { images: u32, channels: u32, height: u32, width: u32, outputs: u32, first: u32, span: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> shares: array<f32>;

const TAPS = #{K}u * #{K}u;
const DEPTH = 16u;
// [position][eight runs of four].
var<workgroup> left: array<vec4<f32>, 128>;
var<workgroup> right: array<vec4<f32>, 128>;

// dY[o, p] and X[k, p]; 0 beyond `end`, and for what does not exist.
fn slope(o: u32, p: u32, end: u32) -> f32 {
    if o >= shape.outputs || p >= end { return 0.0; }
    let plane = shape.height * shape.width;
    return dy[(p / plane * shape.outputs + o) * plane + p % plane];
}

fn unfolded(k: u32, p: u32, end: u32) -> f32 {
    let plane = shape.height * shape.width;
    if k > shape.channels * TAPS || p >= end { return 0.0; }
    if k == shape.channels * TAPS { return 1.0; }
    let tap = k % TAPS;
    let row = i32(p % plane / shape.width + tap / #{K}u) - (#{K} - 1) / 2;
    let column = i32(p % shape.width + tap % #{K}u) - (#{K} - 1) / 2;
    if row < 0 || column < 0 || row >= i32(shape.height) || column >= i32(shape.width) { return 0.0; }
    return x[(p / plane * shape.channels + k / TAPS) * plane + u32(row) * shape.width + u32(column)];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let k = group.x * 32u;
    let o = group.y * 32u;
    let share = shape.first + group.z;
    let begin = share * shape.span;
    let end = min(begin + shape.span, shape.images * shape.height * shape.width);
    // Columns are values of k, rows are channels.
    var sums = mat4x4<f32>();
    for (var p = begin; p < end; p += DEPTH) {
        for (var i = local; i < 128u; i += 64u) {
            // Neighbours read neighbouring positions.
            let at = p + i % DEPTH;
            let c = o + i / DEPTH * 4u;
            let to = i % DEPTH * 8u + i / DEPTH;
            left[to] = vec4<f32>(
                slope(c, at, end),
                slope(c + 1u, at, end),
                slope(c + 2u, at, end),
                slope(c + 3u, at, end),
            );
            let d = k + i / DEPTH * 4u;
            right[to] = vec4<f32>(
                unfolded(d, at, end),
                unfolded(d + 1u, at, end),
                unfolded(d + 2u, at, end),
                unfolded(d + 3u, at, end),
            );
        }
        workgroupBarrier();
        for (var d = 0u; d < DEPTH; d++) {
            let g = left[d * 8u + local / 8u];
            let v = right[d * 8u + local % 8u];
            sums += mat4x4<f32>(v.x * g, v.y * g, v.z * g, v.w * g);
        }
        workgroupBarrier();
    }
    let columns = shape.channels * TAPS + 1u;
    for (var j = 0u; j < 4u; j++) {
        for (var c = 0u; c < 4u; c++) {
            let channel = o + local / 8u * 4u + c;
            let column = k + local % 8u * 4u + j;
            if channel < shape.outputs && column < columns {
                shares[(share * shape.outputs + channel) * columns + column] = sums[j][c];
            }
        }
    }
}
