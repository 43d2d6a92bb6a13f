// Batch norm's gradient, last stage.
//
// TRAIN 1: dx = γ·s·(dy − (Σdy + x̂·Σdy·x̂)/count), since mean and variance move with x (Ioffe and Szegedy
// 2015). TRAIN 0: dx = γ·s·dy with the running statistics. ADD: 1 adds to dx.
#import seedling::grid

struct Shape { channels: u32, positions: u32, total: u32, epsilon: f32, count: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> gamma: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;
#if TRAIN == 1
@group(0) @binding(4) var<storage, read> x: array<f32>;
@group(0) @binding(5) var<storage, read> moments: array<vec2<f32>>;
@group(0) @binding(6) var<storage, read> gamma_slope: array<f32>;
@group(0) @binding(7) var<storage, read> beta_slope: array<f32>;
#else
@group(0) @binding(4) var<storage, read> running_variance: array<f32>;
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
    let hat = (x[i] - m.x) * m.y;
    var value = gamma[c] * m.y * (dy[i] - (beta_slope[c] + hat * gamma_slope[c]) / shape.count);
#else
    var value = gamma[c] * inverseSqrt(running_variance[c] + shape.epsilon) * dy[i];
#endif
#if ADD == 1
    value += dx[i];
#endif
    dx[i] = value;
}
