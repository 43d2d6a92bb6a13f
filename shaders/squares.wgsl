// Sum of squares, first stage: one invocation adds up every `shares`-th number.
#import seedling::grid

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
    let share = grid::flat(workgroup, groups, local);
    if share >= shape.shares { return; }
    var sum = 0.0;
    for (var i = share; i < shape.total; i += shape.shares) { sum += x[i] * x[i]; }
    sums[share] = sum;
}
