// Softmax cross-entropy of each example, in nats: L = log Σ exp(o) − o_y, shifted by the largest logit.
//
// GRADIENT NONE: the loss alone. LABELS: also dL/do · weight = (p − onehot(y)) · weight, the mean's gradient
// when weight is 1/batch; with smoothing ε the label's place is taken by q = (1 − ε)·onehot(y) + ε/classes,
// in L too. TEACHER: a teacher's logits take the place of the labels: q is their softmax, L =
// KL(q ‖ p) = Σ q (log q − log p), and the gradient (p − q) · weight; with as many rows as images. `score`
// gets two numbers an example: L, and 1 if no logit is larger than the label's.
#import seedling::grid

struct Shape { rows: u32, classes: u32, start: u32, stride: u32, weight: f32, images: u32, smoothing: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> schedule: array<u32>;
@group(0) @binding(3) var<storage, read> clock: array<u32>;
@group(0) @binding(4) var<storage, read_write> score: array<vec2<f32>>;
#if GRADIENT != NONE
@group(0) @binding(5) var<storage, read_write> slopes: array<f32>;
#endif
#if GRADIENT == TEACHER
@group(0) @binding(6) var<storage, read> taught: array<f32>;
#endif

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let n = grid::flat(workgroup, groups, local);
    if n >= shape.rows { return; }
    let example = shape.start + clock[0] * shape.stride + n;
    // Several versions of the same images have the same labels.
    let label = schedule[4u * (example - n + n % shape.images) + 1u];
    let first = n * shape.classes;
    var largest = logits[first];
    for (var k = 1u; k < shape.classes; k++) {
        largest = max(largest, logits[first + k]);
    }
    var sum = 0.0;
    for (var k = 0u; k < shape.classes; k++) { sum += exp(logits[first + k] - largest); }
    let own = logits[first + label];
#if GRADIENT == TEACHER
    var top = taught[first];
    for (var k = 1u; k < shape.classes; k++) {
        top = max(top, taught[first + k]);
    }
    var mass = 0.0;
    for (var k = 0u; k < shape.classes; k++) { mass += exp(taught[first + k] - top); }
    var divergence = 0.0;
    for (var k = 0u; k < shape.classes; k++) {
        let log_q = taught[first + k] - top - log(mass);
        let log_p = logits[first + k] - largest - log(sum);
        divergence += exp(log_q) * (log_q - log_p);
        slopes[first + k] = (exp(log_p) - exp(log_q)) * shape.weight;
    }
    score[example] = vec2<f32>(divergence, f32(own >= largest));
#else
    var wanted = own;
#if GRADIENT == LABELS
    let others = shape.smoothing / f32(shape.classes);
    var mean = 0.0;
    for (var k = 0u; k < shape.classes; k++) {
        let p = exp(logits[first + k] - largest) / sum;
        let q = f32(k == label) * (1.0 - shape.smoothing) + others;
        slopes[first + k] = (p - q) * shape.weight;
        mean += logits[first + k] * others;
    }
    wanted = own * (1.0 - shape.smoothing) + mean;
#endif
    score[example] = vec2<f32>(log(sum) + (largest - wanted), f32(own >= largest));
#endif
}
