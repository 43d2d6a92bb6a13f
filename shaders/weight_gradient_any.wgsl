// Gradient of a "same" convolution of any odd width K with respect to its weights and bias, first stage, as
// in weight_gradient_3.wgsl, where an invocation takes a single tap.
#import seedling::grid
#import seedling::partial
#import seedling::strip

struct Shape {
    images: u32, channels: u32, height: u32, width: u32, outputs: u32, quads: u32,
    shares: u32, first: u32, end: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;

const TAPS = #{K}u * #{K}u;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = shape.first + grid::flat(workgroup, groups, local);
    if i >= shape.end { return; }
    let share = i % shape.shares;
    let tap = i / shape.shares % TAPS;
    let channel = i / shape.shares / TAPS % shape.channels;
    let block = i / shape.shares / TAPS / shape.channels;
    let output =
        partial::Output(shape.outputs, shape.height, shape.width, shape.quads, shape.channels * TAPS + 1u);
    let plane = strip::Plane(shape.height, shape.width, shape.quads);
    let strips = shape.images * shape.quads;
    let half = (#{K} - 1) / 2;
    let down = i32(tap / #{K}u) - half;
    let across = i32(tap % #{K}u) - half;
    var b = vec4<f32>(0.0);
    var t = vec4<f32>(0.0);
    for (var s = share; s < strips; s += shape.shares) {
        let n = s / shape.quads;
        let quad = s % shape.quads;
        let line = (n * shape.channels + channel) * shape.height;
        for (var row = 0u; row < shape.height; row++) {
            let g = partial::slopes(n, block, row, quad, output);
            b += vec4<f32>(1.0) * g;
            let source = i32(row) + down;
            if source < 0 || source >= i32(shape.height) { continue; }
            t += strip::four(line + u32(source), i32(quad * 4u) + across, plane) * g;
        }
    }
    partial::put(share, block, channel * TAPS + tap, t, output);
    if channel == 0u && tap == 0u { partial::put(share, block, shape.channels * TAPS, b, output); }
}
