// Weights [o][c][a][b] into the order in which convolve_3.wgsl reads them: [o/4][c][a][b] of vec4 over o,
// zero where there is no channel.
//
// TRANSPOSE 1 swaps the roles of o and c and turns the kernel around: convolving dL/dy with that gives dL/dx,
// since dx[c,i] = Σ_o Σ_a w[o,c,a] dy[o, i + h − a].
#import seedling::grid

struct Shape { outputs: u32, channels: u32, taps: u32, total: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read_write> packed: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let lane = i % 4u;
    let tap = (i / 4u) % shape.taps;
    let rest = i / (4u * shape.taps);
#if TRANSPOSE == 1
    let source_channel = rest % shape.outputs;
    let to = rest / shape.outputs * 4u + lane;
    let exists = to < shape.channels;
    let source = (source_channel * shape.channels + to) * shape.taps + shape.taps - 1u - tap;
#else
    let source_channel = rest % shape.channels;
    let to = rest / shape.channels * 4u + lane;
    let exists = to < shape.outputs;
    let source = (to * shape.channels + source_channel) * shape.taps + tap;
#endif
    var value = 0.0;
    if exists { value = weights[source]; }
    packed[i] = value;
}
