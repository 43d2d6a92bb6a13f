// Batch norm in training, second stage: the planes' statistics combined for each channel (Chan, Golub and
// LeVeque's formula for equal parts), and the running statistics moved: the newest batch's weight is
// `momentum`, its variance the unbiased one.
//
// `moments` gets mean and 1/√(variance + ε) for each channel. LANES invocations sum a channel, see
// together.wgsl.
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
    let at = grid::flat(workgroup, groups, local);
    let c = at / #{LANES}u;
    let lane = at % #{LANES}u;
    let images = select(0u, shape.images, c < shape.channels);
    var sum = 0.0;
    for (var n = lane; n < images; n += #{LANES}u) { sum += planes[n * shape.channels + c].x; }
    let mean = together::sum(local, vec2<f32>(sum, 0.0)).x / f32(shape.images);
    var square = 0.0;
    for (var n = lane; n < images; n += #{LANES}u) {
        let plane = planes[n * shape.channels + c];
        let d = plane.x - mean;
        square += plane.y + f32(shape.positions) * d * d;
    }
    square = together::sum(local, vec2<f32>(square, 0.0)).x;
    if lane > 0u || c >= shape.channels { return; }
    let count = f32(shape.images) * f32(shape.positions);
    moments[c] = vec2<f32>(mean, inverseSqrt(square / count + shape.epsilon));
    running_mean[c] += shape.momentum * (mean - running_mean[c]);
    running_variance[c] += shape.momentum * (square / max(count - 1.0, 1.0) - running_variance[c]);
}
