// Derivatives of the predicted change of the loss with respect to the responses d (or a, and ĝ·Δz), each
// divided by the batch. The formulas are those of src/estimate/estimator.rs:
//
// ESTIMATOR FIRST_ORDER: 1. RANK_1: 1 + a/(2·max(L, ε)). GAUSS_NEWTON: r + p·(d − Σpd). SAMPLED: 1 and
// ĝ·Δz. LINEARISED: softmax(o + d) − onehot(y). GAUSS_NEWTON and LINEARISED have one response for each logit.
// SOFTMAX: 1 for those that need p: RANK_1, GAUSS_NEWTON and LINEARISED. One invocation: one example and
// member.
#import seedling::grid

struct Shape {
    total: u32, images: u32, members: u32, classes: u32, start: u32, stride: u32, share: f32, floor: f32,
}
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> responses: array<f32>;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read> schedule: array<u32>;
@group(0) @binding(4) var<storage, read> clock: array<u32>;
@group(0) @binding(5) var<storage, read_write> derivatives: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let n = i / shape.members;
    let rows = shape.images * shape.members;
#if ESTIMATOR == FIRST_ORDER
    derivatives[i] = shape.share;
#endif
#if ESTIMATOR == SAMPLED
    derivatives[i] = shape.share;
    derivatives[rows + i] = shape.share * responses[rows + i];
#endif
#if SOFTMAX == 1
    let label = schedule[4u * (shape.start + clock[0] * shape.stride + n) + 1u];
    let first = n * shape.classes;
    var largest = logits[first];
    for (var k = 1u; k < shape.classes; k++) { largest = max(largest, logits[first + k]); }
    var sum = 0.0;
    for (var k = 0u; k < shape.classes; k++) { sum += exp(logits[first + k] - largest); }
#endif
#if ESTIMATOR == RANK_1
    let loss = log(sum) + (largest - logits[first + label]);
    derivatives[i] = shape.share * (1.0 + responses[i] / (2.0 * max(loss, shape.floor)));
#endif
#if ESTIMATOR == GAUSS_NEWTON
    var mean = 0.0;
    for (var k = 0u; k < shape.classes; k++) {
        mean += exp(logits[first + k] - largest) / sum * responses[k * rows + i];
    }
    for (var k = 0u; k < shape.classes; k++) {
        let p = exp(logits[first + k] - largest) / sum;
        let curved = p * (responses[k * rows + i] - mean);
        derivatives[k * rows + i] = shape.share * (p - f32(k == label) + curved);
    }
#endif
#if ESTIMATOR == LINEARISED
    largest = logits[first] + responses[i];
    for (var k = 1u; k < shape.classes; k++) {
        largest = max(largest, logits[first + k] + responses[k * rows + i]);
    }
    sum = 0.0;
    for (var k = 0u; k < shape.classes; k++) {
        sum += exp(logits[first + k] + responses[k * rows + i] - largest);
    }
    for (var k = 0u; k < shape.classes; k++) {
        let q = exp(logits[first + k] + responses[k * rows + i] - largest) / sum;
        derivatives[k * rows + i] = shape.share * (q - f32(k == label));
    }
#endif
}
