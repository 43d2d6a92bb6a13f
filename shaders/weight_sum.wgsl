// Second stage of the weight gradient: the shares of weight_gradient_3.wgsl added up in order, into dw and
// db. ADD: 1 adds to what they hold. LANES invocations sum a number, see together.wgsl.
#import seedling::grid
#import seedling::together

struct Shape { outputs: u32, columns: u32, shares: u32, total: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> shares: array<f32>;
@group(0) @binding(2) var<storage, read_write> dw: array<f32>;
@group(0) @binding(3) var<storage, read_write> db: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let at = grid::flat(workgroup, groups, local);
    let i = at / #{LANES}u;
    let lane = at % #{LANES}u;
    let count = select(0u, shape.shares, i < shape.total);
    var sum = 0.0;
    for (var share = lane; share < count; share += #{LANES}u) {
        sum += shares[share * shape.total + i];
    }
    sum = together::sum(local, vec2<f32>(sum, 0.0)).x;
    if lane > 0u || i >= shape.total { return; }
    let o = i / shape.columns;
    let column = i % shape.columns;
    let weight = o * (shape.columns - 1u) + column;
#if ADD == 1
    if column + 1u == shape.columns { db[o] += sum; } else { dw[weight] += sum; }
#else
    if column + 1u == shape.columns { db[o] = sum; } else { dw[weight] = sum; }
#endif
}
