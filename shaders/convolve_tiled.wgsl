// "Same" convolution, stride 1, as in convolve_3.wgsl, in the tiled form for many channels: an implicit
// matrix product Y[o, p] = Σ_k W[o, k] X[k, p] with k = (c, a, b) and p = (n, i, j), where X is never written
// out (Chellapilla, Puri and Simard 2006 unfold it; cuDNN's implicit form, Chetlur et al. 2014, does not).
//
// A workgroup of 64 computes 32 channels × 64 positions. For every DEPTH values of k it copies its part of W
// and of X into shared memory (6 KiB), then each invocation adds four channels × eight positions in
// registers: 32 multiply-adds for three vec4 loads. Real GPUs have shared memory as fast as registers;
// software adapters pay for the barriers.
//
// K, BIAS, RELU, MASK, ADD and what is read and written are as in finish.wgsl, all tensors as single numbers.
struct Shape { images: u32, channels: u32, height: u32, width: u32, outputs: u32, gate: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<vec4<f32>>;
#if MASK == 1
@group(0) @binding(3) var<storage, read> gate: array<f32>;
#endif
#if BIAS == 1
@group(0) @binding(3) var<storage, read> bias: array<f32>;
#endif
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

const TAPS = #{K}u * #{K}u;
const DEPTH = 16u;
// [k][eight blocks of four channels] and [k][sixteen runs of four positions].
var<workgroup> left: array<vec4<f32>, 128>;
var<workgroup> right: array<vec4<f32>, 256>;

// X[k, p]; 0 outside the image, and beyond the last k.
fn unfolded(k: u32, p: u32) -> f32 {
    let plane = shape.height * shape.width;
    if k >= shape.channels * TAPS || p >= shape.images * plane { return 0.0; }
    let tap = k % TAPS;
    let row = i32(p % plane / shape.width + tap / #{K}u) - (#{K} - 1) / 2;
    let column = i32(p % shape.width + tap % #{K}u) - (#{K} - 1) / 2;
    if row < 0 || column < 0 || row >= i32(shape.height) || column >= i32(shape.width) { return 0.0; }
    return x[(p / plane * shape.channels + k / TAPS) * plane + u32(row) * shape.width + u32(column)];
}

fn put(p: u32, channel: u32, sum: f32) {
    let plane = shape.height * shape.width;
    if channel >= shape.outputs || p >= shape.images * plane { return; }
    let at = (p / plane * shape.outputs + channel) * plane + p % plane;
    var value = sum;
#if BIAS == 1
    value += bias[channel];
#endif
#if RELU == 1
    value = max(value, 0.0);
#endif
#if MASK == 1
    value = select(0.0, value, gate[at % shape.gate] > 0.0);
#endif
#if ADD == 1
    value += y[at];
#endif
    y[at] = value;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let position = group.x * 64u;
    let blocks = (shape.outputs + 3u) / 4u;
    let depth = shape.channels * TAPS;
    let block = local / 8u;
    let run = local % 8u * 2u;
    // Columns are positions, rows are channels.
    var first = mat4x4<f32>();
    var second = mat4x4<f32>();
    for (var k = 0u; k < depth; k += DEPTH) {
        for (var i = local; i < 128u; i += 64u) {
            // Neighbours read neighbouring values of k.
            let b = group.y * 8u + i / DEPTH;
            let at = k + i % DEPTH;
            let w = weights[min(b, blocks - 1u) * depth + min(at, depth - 1u)];
            left[i % DEPTH * 8u + i / DEPTH] = select(vec4<f32>(0.0), w, b < blocks && at < depth);
        }
        for (var i = local; i < 256u; i += 64u) {
            let p = position + i % 16u * 4u;
            let at = k + i / 16u;
            right[i] = vec4<f32>(
                unfolded(at, p),
                unfolded(at, p + 1u),
                unfolded(at, p + 2u),
                unfolded(at, p + 3u),
            );
        }
        workgroupBarrier();
        for (var d = 0u; d < DEPTH; d++) {
            let w = left[d * 8u + block];
            let a = right[d * 16u + run];
            let b = right[d * 16u + run + 1u];
            first += mat4x4<f32>(a.x * w, a.y * w, a.z * w, a.w * w);
            second += mat4x4<f32>(b.x * w, b.y * w, b.z * w, b.w * w);
        }
        workgroupBarrier();
    }
    let channel = (group.y * 8u + block) * 4u;
    let p = position + run * 4u;
    for (var j = 0u; j < 4u; j++) {
        for (var o = 0u; o < 4u; o++) {
            put(p + j, channel + o, first[j][o]);
            put(p + 4u + j, channel + o, second[j][o]);
        }
    }
}
