// Batch norm's gradient, second stage: the planes' sums added up in order: dβ = Σ dy, dγ = Σ dy·x̂.
//
// LANES invocations sum a channel, see together.wgsl.
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
    let at = grid::flat(workgroup, groups, local);
    let c = at / #{LANES}u;
    let lane = at % #{LANES}u;
    let images = select(0u, shape.images, c < shape.channels);
    var sums = vec2<f32>(0.0);
    for (var n = lane; n < images; n += #{LANES}u) { sums += planes[n * shape.channels + c]; }
    sums = together::sum(local, sums);
    if lane > 0u || c >= shape.channels { return; }
    beta_slope[c] = sums.x;
    gamma_slope[c] = sums.y;
}
