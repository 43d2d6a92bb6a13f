// Batch norm in training, second stage: the planes' statistics combined for each channel (Chan, Golub and
// LeVeque's formula for equal parts), and the running statistics moved: the newest batch's weight is
// `momentum`, its variance the unbiased one.
//
// `moments` gets mean and 1/√(variance + ε) for each channel. TOGETHER: 0 one invocation sums a channel, 1 a
// workgroup.
#import seedling::grid
#import seedling::together

struct Shape { images: u32, channels: u32, positions: u32, epsilon: f32, momentum: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> planes: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read_write> moments: array<vec2<f32>>;
@group(0) @binding(3) var<storage, read_write> running_mean: array<f32>;
@group(0) @binding(4) var<storage, read_write> running_variance: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
#if TOGETHER == 1
    let c = workgroup.y * groups.x + workgroup.x;
    let begin = local;
    let step = 64u;
#else
    let c = grid::flat(workgroup, groups, local);
    let begin = 0u;
    let step = 1u;
#endif
    if c >= shape.channels { return; }
    var sum = 0.0;
    for (var n = begin; n < shape.images; n += step) { sum += planes[n * shape.channels + c].x; }
#if TOGETHER == 1
    sum = together::sum(local, vec2<f32>(sum, 0.0)).x;
#endif
    let mean = sum / f32(shape.images);
    var square = 0.0;
    for (var n = begin; n < shape.images; n += step) {
        let plane = planes[n * shape.channels + c];
        let d = plane.x - mean;
        square += plane.y + f32(shape.positions) * d * d;
    }
#if TOGETHER == 1
    square = together::sum(local, vec2<f32>(square, 0.0)).x;
    if local > 0u { return; }
#endif
    let count = f32(shape.images) * f32(shape.positions);
    moments[c] = vec2<f32>(mean, inverseSqrt(square / count + shape.epsilon));
    running_mean[c] += shape.momentum * (mean - running_mean[c]);
    running_variance[c] += shape.momentum * (square / max(count - 1.0, 1.0) - running_variance[c]);
}
