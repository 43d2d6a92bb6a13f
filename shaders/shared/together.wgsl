// Sums over LANES neighbouring invocations of a workgroup of 64 (or of LANES): on real GPUs a long sum by one
// invocation leaves most of the device idle, and neighbours would read far apart. Software adapters, which pay for
// barriers, have LANES 1.
#define_import_path seedling::together

#if LANES >= 2
var<workgroup> parts: array<vec2<f32>, 64>;
#endif

// The sum of the values of all lanes that belong together, in fixed order; every invocation must come here.
fn sum(local: u32, value: vec2<f32>) -> vec2<f32> {
#if LANES >= 2
    // What an earlier sum left may still be read.
    workgroupBarrier();
    parts[local] = value;
    workgroupBarrier();
    let lane = local % #{LANES}u;
    for (var half = #{LANES}u / 2u; half > 0u; half /= 2u) {
        if lane < half { parts[local] += parts[local + half]; }
        workgroupBarrier();
    }
    return parts[local - lane];
#else
    return value;
#endif
}
