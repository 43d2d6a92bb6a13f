// One optimiser step over all parameters at once; they lie in one block, each tensor from a multiple of 64
// numbers on. `decays` says for each 64 numbers whether weight decay applies. Nothing moves after a verdict
// (judge.wgsl).
//
// ADAMW 0: v ← μ·v + g, w ← w − η·(v, or g + μ·v with Nesterov), decay added to the gradient. (v starts at
// 0.) ADAMW 1: Loshchilov and Hutter's decoupled form: w ← w − η·λ·w − η·m̂/(√v̂ + ε), with m̂ = m·c₁, v̂ =
// v·c₂. `rates` holds, for each step, η, c₁, c₂. MARKED 1: η is `new_rate` times as large for weights that
// are not inherited.
#import seedling::grid

struct Shape {
    total: u32, momentum: f32, nesterov: u32, beta2: f32, decay: f32, epsilon: f32, new_rate: f32
}
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> weights: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read> decays: array<u32>;
@group(0) @binding(4) var<storage, read> control: array<u32>;
@group(0) @binding(5) var<storage, read> rates: array<f32>;
@group(0) @binding(6) var<storage, read_write> first: array<f32>;
#if ADAMW == 1
@group(0) @binding(7) var<storage, read_write> second: array<f32>;
#endif
#if MARKED == 1
@group(0) @binding(8) var<storage, read> inherited: array<f32>;
#endif

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total || control[1] != 0u { return; }
    let step = control[0];
#if MARKED == 1
    let rate = rates[3u * step] * select(1.0, shape.new_rate, inherited[i] == 0.0);
#else
    let rate = rates[3u * step];
#endif
    var g = gradient[i] * bitcast<f32>(control[3]);
    let w = weights[i];
    let decay = select(0.0, shape.decay, decays[i / 64u] == 1u);
#if ADAMW == 1
    let m = shape.momentum * first[i] + (1.0 - shape.momentum) * g;
    let v = shape.beta2 * second[i] + (1.0 - shape.beta2) * g * g;
    first[i] = m;
    second[i] = v;
    let direction = m * rates[3u * step + 1u] / (sqrt(v * rates[3u * step + 2u]) + shape.epsilon);
    weights[i] = w - rate * decay * w - rate * direction;
#else
    g += decay * w;
    let v = shape.momentum * first[i] + g;
    first[i] = v;
    if shape.nesterov == 1u { g += shape.momentum * v; } else { g = v; }
    weights[i] = w - rate * g;
#endif
}
