// Batch norm's gradient in training, first stage: Σ dy and Σ dy·x̂ over one plane, x̂ the normalised x.
//
// LANES invocations sum a plane, see together.wgsl.
#import seedling::grid
#import seedling::together

struct Shape { channels: u32, positions: u32, total: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read> moments: array<vec2<f32>>;
@group(0) @binding(4) var<storage, read_write> planes: array<vec2<f32>>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let at = grid::flat(workgroup, groups, local);
    let i = at / #{LANES}u;
    let lane = at % #{LANES}u;
    let positions = select(0u, shape.positions, i < shape.total);
    let m = moments[i % shape.channels];
    let first = i * shape.positions;
    var sums = vec2<f32>(0.0);
    for (var p = lane; p < positions; p += #{LANES}u) {
        let g = dy[first + p];
        sums += vec2<f32>(g, g * (x[first + p] - m.x) * m.y);
    }
    sums = together::sum(local, sums);
    if lane == 0u && i < shape.total { planes[i] = sums; }
}
