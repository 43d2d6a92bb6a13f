// The linear layer and its gradients, all small: one invocation for each number of the result.
//
// PART 0: y[n,k] = b[k] + Σ_c w[k,c] x[n,c]. PART 1: y[n,c] = Σ_k w[k,c] x[n,k] (x is dL/dy). PART 2: y[k,c] = Σ_n
// g[n,k] x[n,c], and for c = inputs the bias gradient Σ_n g[n,k], which goes to `bias`.
#import seedling::grid

struct Shape { images: u32, inputs: u32, outputs: u32, total: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
// The weights; in PART 2 the gradient g.
@group(0) @binding(2) var<storage, read_write> w: array<f32>;
#if PART != 1
@group(0) @binding(3) var<storage, read_write> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
#else
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
#endif

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    var sum = 0.0;
#if PART == 0
    let k = i % shape.outputs;
    let n = i / shape.outputs;
    for (var c = 0u; c < shape.inputs; c++) { sum += w[k * shape.inputs + c] * x[n * shape.inputs + c]; }
    y[i] = sum + bias[k];
#endif
#if PART == 1
    let c = i % shape.inputs;
    let n = i / shape.inputs;
    for (var k = 0u; k < shape.outputs; k++) { sum += w[k * shape.inputs + c] * x[n * shape.outputs + k]; }
    y[i] = sum;
#endif
#if PART == 2
    let c = i % (shape.inputs + 1u);
    let k = i / (shape.inputs + 1u);
    if c < shape.inputs {
        for (var n = 0u; n < shape.images; n++) {
            sum += w[n * shape.outputs + k] * x[n * shape.inputs + c];
        }
        y[k * shape.inputs + c] = sum;
    } else {
        for (var n = 0u; n < shape.images; n++) { sum += w[n * shape.outputs + k]; }
        bias[k] = sum;
    }
#endif
}
