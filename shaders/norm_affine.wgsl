// Batch norm with the running statistics as one multiply-add a channel: y = a·x + b, (a, b) = (γ·s, β −
// mean·γ·s).
#import seedling::grid

struct Shape { total: u32, epsilon: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> gamma: array<f32>;
@group(0) @binding(2) var<storage, read> beta: array<f32>;
@group(0) @binding(3) var<storage, read> running_mean: array<f32>;
@group(0) @binding(4) var<storage, read> running_variance: array<f32>;
@group(0) @binding(5) var<storage, read_write> affine: array<vec2<f32>>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let a = gamma[i] * inverseSqrt(running_variance[i] + shape.epsilon);
    affine[i] = vec2<f32>(a, beta[i] - running_mean[i] * a);
}
