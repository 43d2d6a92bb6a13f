// Derivatives of the predicted change of the loss with respect to the responses d (or a, and ĝ·Δz), each divided by the
// batch. The formulas are those of src/estimate/estimator.rs:
//
// ESTIMATOR 0, first order: 1. 1, rank-1: 1 + a/(2·max(L, ε)). 2, Gauss–Newton: r + p·(d − Σpd). 3, sampled: 1 and ĝ·Δz.
// 4, linearised: softmax(o + d) − onehot(y). 2 and 4 have one response for each logit. SOFTMAX: 1
// for estimators 1, 2 and 4. One invocation: one example and member.
#import seedling::grid

struct Shape { total: u32, images: u32, members: u32, classes: u32, start: u32, stride: u32, share: f32, floor: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> responses: array<f32>;
@group(0) @binding(2) var<storage, read_write> logits: array<f32>;
@group(0) @binding(3) var<storage, read_write> schedule: array<u32>;
@group(0) @binding(4) var<storage, read_write> clock: array<u32>;
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
#if ESTIMATOR == 0
    derivatives[i] = shape.share;
#endif
#if ESTIMATOR == 3
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
#if ESTIMATOR == 1
    let loss = log(sum) + (largest - logits[first + label]);
    derivatives[i] = shape.share * (1.0 + responses[i] / (2.0 * max(loss, shape.floor)));
#endif
#if ESTIMATOR == 2
    var mean = 0.0;
    for (var k = 0u; k < shape.classes; k++) {
        mean += exp(logits[first + k] - largest) / sum * responses[k * rows + i];
    }
    for (var k = 0u; k < shape.classes; k++) {
        let p = exp(logits[first + k] - largest) / sum;
        derivatives[k * rows + i] = shape.share * (p - f32(k == label) + p * (responses[k * rows + i] - mean));
    }
#endif
#if ESTIMATOR == 4
    largest = logits[first] + responses[i];
    for (var k = 1u; k < shape.classes; k++) { largest = max(largest, logits[first + k] + responses[k * rows + i]); }
    sum = 0.0;
    for (var k = 0u; k < shape.classes; k++) { sum += exp(logits[first + k] + responses[k * rows + i] - largest); }
    for (var k = 0u; k < shape.classes; k++) {
        let q = exp(logits[first + k] + responses[k * rows + i] - largest) / sum;
        derivatives[k * rows + i] = shape.share * (q - f32(k == label));
    }
#endif
}
