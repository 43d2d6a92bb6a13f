// One number a row given to every member: rows[row][member] = sums[row], for learning together.
// One invocation: one number.
#import seedling::grid

struct Shape { total: u32, members: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read_write> rows: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    rows[i] = sums[i / shape.members];
}
