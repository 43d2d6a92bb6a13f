// Sums over the 64 invocations of a workgroup, for real GPUs: neighbours read neighbouring numbers, and a plane has
// 64 times as many invocations at work. Software adapters pay for the barriers.
#define_import_path seedling::together

var<workgroup> parts: array<vec2<f32>, 64>;

// The sum of all invocations' values, in fixed order; every invocation of the workgroup must come here.
fn sum(local: u32, value: vec2<f32>) -> vec2<f32> {
    // What an earlier sum left may still be read.
    workgroupBarrier();
    parts[local] = value;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half /= 2u) {
        if local < half { parts[local] += parts[local + half]; }
        workgroupBarrier();
    }
    return parts[0];
}
