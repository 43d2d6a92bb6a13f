// Batch norm: y = (x − mean)·s·γ + β, with mean and s = 1/√(variance + ε) of each channel.
//
// TRAIN: 1 takes them from `moments`; 0 from the running statistics. RELU: 1 ends with max(·, 0).
#import seedling::grid

struct Shape { channels: u32, positions: u32, total: u32, epsilon: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> gamma: array<f32>;
@group(0) @binding(3) var<storage, read> beta: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
#if TRAIN == 1
@group(0) @binding(5) var<storage, read> moments: array<vec2<f32>>;
#else
@group(0) @binding(5) var<storage, read> running_mean: array<f32>;
@group(0) @binding(6) var<storage, read> running_variance: array<f32>;
#endif

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let c = i / shape.positions % shape.channels;
#if TRAIN == 1
    let m = moments[c];
#else
    let m = vec2<f32>(running_mean[c], inverseSqrt(running_variance[c] + shape.epsilon));
#endif
    var value = (x[i] - m.x) * m.y * gamma[c] + beta[c];
#if RELU == 1
    value = max(value, 0.0);
#endif
    y[i] = value;
}
