// Sum of squares, first stage: LANES invocations (see together.wgsl) add up every `shares`-th number.
#import seedling::grid
#import seedling::together

struct Shape { total: u32, shares: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let at = grid::flat(workgroup, groups, local);
    let share = at / #{LANES}u;
    let lane = at % #{LANES}u;
    let total = select(0u, shape.total, share < shape.shares);
    var sum = 0.0;
    for (var i = share + lane * shape.shares; i < total; i += #{LANES}u * shape.shares) { sum += x[i] * x[i]; }
    sum = together::sum(local, vec2<f32>(sum, 0.0)).x;
    if lane == 0u && share < shape.shares { sums[share] = sum; }
}
