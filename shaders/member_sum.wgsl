// Sums over the members, in their order: sums[row] = Σ rows[row][member], for learning together.
// One invocation: one row.
//
// ADD: 1 adds to what the sums hold.
#import seedling::grid

struct Shape { total: u32, members: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> rows: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    var sum = 0.0;
    for (var member = 0u; member < shape.members; member++) { sum += rows[i * shape.members + member]; }
#if ADD == 1
    sums[i] += sum;
#else
    sums[i] = sum;
#endif
}
