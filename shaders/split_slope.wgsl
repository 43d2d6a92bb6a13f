// Gradient of split_change.wgsl at scale 1 with respect to the probes, [n][probe][height][width], one invocation each:
// through the pool (the first largest of a window takes all), the ReLU (nothing at 0) and the norm.
#import seedling::grid

struct Shape {
    total: u32, members: u32, channels: u32, height: u32, width: u32, rows: u32, columns: u32, size: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> u: array<f32>;
@group(0) @binding(2) var<storage, read_write> probes: array<f32>;
@group(0) @binding(3) var<storage, read_write> d_change: array<f32>;
@group(0) @binding(4) var<storage, read_write> channels: array<u32>;
@group(0) @binding(5) var<storage, read_write> affine: array<vec2<f32>>;
@group(0) @binding(6) var<storage, read_write> d_probes: array<f32>;

// The share of the window's gradient that reaches the child u + sign·probe at place (a, b) of the window.
fn reach(at_u: u32, at_p: u32, sign: f32, line: vec2<f32>, a0: u32, b0: u32) -> f32 {
    let place = a0 * shape.width + b0;
    let mine = line.x * (u[at_u + place] + sign * probes[at_p + place]) + line.y;
    if !(mine > 0.0) { return 0.0; }
#if MEAN == 1
    return sign / f32(shape.size * shape.size);
#else
    for (var a = 0u; a < shape.size; a++) {
        for (var b = 0u; b < shape.size; b++) {
            let offset = a * shape.width + b;
            let other = line.x * (u[at_u + offset] + sign * probes[at_p + offset]) + line.y;
            if other > mine || (other == mine && offset < place) { return 0.0; }
        }
    }
    return sign;
#endif
}

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let column = i % shape.width;
    let row = i / shape.width % shape.height;
    let probe = i / shape.width / shape.height % (shape.members * #{PROBES}u);
    let n = i / shape.width / shape.height / (shape.members * #{PROBES}u);
    let member = probe / #{PROBES}u;
    let window_row = row / shape.size;
    let window_column = column / shape.size;
    var value = 0.0;
    if window_row < shape.rows && window_column < shape.columns {
        let channel = channels[member];
        let line = affine[channel];
        let plane = shape.height * shape.width;
        let corner = window_row * shape.size * shape.width + window_column * shape.size;
        let at_u = (n * shape.channels + channel) * plane + corner;
        let at_p = (n * shape.members * #{PROBES}u + probe) * plane + corner;
        let a0 = row % shape.size;
        let b0 = column % shape.size;
        var share = reach(at_u, at_p, 1.0, line, a0, b0);
#if PROBES == 1
        share += reach(at_u, at_p, -1.0, line, a0, b0);
#endif
        let slope = d_change[((n * shape.members + member) * shape.rows + window_row) * shape.columns + window_column];
        value = 0.5 * line.x * share * slope;
    }
    d_probes[i] = value;
}
