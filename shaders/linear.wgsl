// The linear layer and its gradients, all small: one invocation for each number of the result, for its weights'
// gradient LANES, see together.wgsl.
//
// PART OUTPUT: y[n,k] = b[k] + Σ_c w[k,c] x[n,c]. INPUT_GRADIENT: dx[n,c] = Σ_k w[k,c] dy[n,k].
// WEIGHT_GRADIENT: dw[k,c] = Σ_n dy[n,k] x[n,c] and, for c = inputs, db[k] = Σ_n dy[n,k].
#import seedling::grid
#import seedling::together

struct Shape { images: u32, inputs: u32, outputs: u32, total: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
#if PART == OUTPUT
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
#else if PART == INPUT_GRADIENT
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;
#else
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> dw: array<f32>;
@group(0) @binding(4) var<storage, read_write> db: array<f32>;
#endif

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let at = grid::flat(workgroup, groups, local);
    let i = at / #{LANES}u;
    let lane = at % #{LANES}u;
    var sum = 0.0;
#if PART == OUTPUT
    if i >= shape.total { return; }
    let k = i % shape.outputs;
    let n = i / shape.outputs;
    for (var c = 0u; c < shape.inputs; c++) { sum += w[k * shape.inputs + c] * x[n * shape.inputs + c]; }
    y[i] = sum + bias[k];
#else if PART == INPUT_GRADIENT
    if i >= shape.total { return; }
    let c = i % shape.inputs;
    let n = i / shape.inputs;
    for (var k = 0u; k < shape.outputs; k++) { sum += w[k * shape.inputs + c] * dy[n * shape.outputs + k]; }
    dx[i] = sum;
#else
    let c = i % (shape.inputs + 1u);
    let k = i / (shape.inputs + 1u);
    let images = select(0u, shape.images, i < shape.total);
    if c < shape.inputs {
        for (var n = lane; n < images; n += #{LANES}u) {
            sum += dy[n * shape.outputs + k] * x[n * shape.inputs + c];
        }
    } else {
        for (var n = lane; n < images; n += #{LANES}u) { sum += dy[n * shape.outputs + k]; }
    }
    sum = together::sum(local, vec2<f32>(sum, 0.0)).x;
    if lane > 0u || i >= shape.total { return; }
    if c < shape.inputs { dw[k * shape.inputs + c] = sum; } else { db[k] = sum; }
#endif
}
