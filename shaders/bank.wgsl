// Cotangents at the logits, sets concatenated, each [images][classes]: what every candidate's estimate needs
// pulled back through the network.
//
// BANK RESIDUAL: p − onehot(y). SAMPLED: the residual, then p − onehot(ŷ), ŷ drawn from p with the schedule's
// uniform number. LOGITS: each logit's unit vector. One invocation: one set of one image.
#import seedling::grid

struct Shape { total: u32, images: u32, classes: u32, start: u32, stride: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> schedule: array<u32>;
@group(0) @binding(3) var<storage, read> clock: array<u32>;
@group(0) @binding(4) var<storage, read_write> bank: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let n = i % shape.images;
    let version = i / shape.images;
    let entry = 4u * (shape.start + clock[0] * shape.stride + n);
    let first = n * shape.classes;
    var largest = logits[first];
    for (var k = 1u; k < shape.classes; k++) { largest = max(largest, logits[first + k]); }
    var sum = 0.0;
    for (var k = 0u; k < shape.classes; k++) { sum += exp(logits[first + k] - largest); }
    var label = schedule[entry + 1u];
#if BANK == SAMPLED
    if version == 1u {
        let uniform_number = bitcast<f32>(schedule[entry + 3u]);
        label = shape.classes - 1u;
        var cumulative = 0.0;
        for (var k = 0u; k < shape.classes; k++) {
            cumulative += exp(logits[first + k] - largest) / sum;
            if uniform_number < cumulative { label = k; break; }
        }
    }
#endif
    for (var k = 0u; k < shape.classes; k++) {
#if BANK == LOGITS
        let value = f32(k == version);
#else
        let value = exp(logits[first + k] - largest) / sum - f32(k == label);
#endif
        bank[i * shape.classes + k] = value;
    }
}
