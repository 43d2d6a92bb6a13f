// Batch norm's gradient, second stage: the planes' sums added up in order: dβ = Σ dy, dγ = Σ dy·x̂.
//
// TOGETHER: 0 one invocation sums a channel, 1 a workgroup.
#import seedling::grid
#import seedling::together

struct Shape { images: u32, channels: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> planes: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read_write> gamma_slope: array<f32>;
@group(0) @binding(3) var<storage, read_write> beta_slope: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
#if TOGETHER == 1
    let c = workgroup.y * groups.x + workgroup.x;
    let begin = local;
    let step = 64u;
#else
    let c = grid::flat(workgroup, groups, local);
    let begin = 0u;
    let step = 1u;
#endif
    if c >= shape.channels { return; }
    var sums = vec2<f32>(0.0);
    for (var n = begin; n < shape.images; n += step) { sums += planes[n * shape.channels + c]; }
#if TOGETHER == 1
    sums = together::sum(local, sums);
    if local > 0u { return; }
#endif
    beta_slope[c] = sums.x;
    gamma_slope[c] = sums.y;
}
