// What changes of single channels of a site make of the value of their reader, a convolution of width 3 over
// a multiple of four columns, for many members at once: value[member][n] = before[n] + W[:, channel]∗(x −
// mean) + mean·ΣW[:, channel], x being the changes. See reader_change.wgsl, which takes any other reader.
//
// One invocation: two rows of four columns of all channels, from a change loaded once. The grid is those
// tiles, members, images. RELU 1: the ReLU that reads the value is fused in. VECTOR is 1.
#import seedling::strip

struct Shape {
    images: u32, members: u32, first: u32,
    inputs: u32, outputs: u32, height: u32, width: u32, quads: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(2) var<storage, read> before: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> channels: array<u32>;
@group(0) @binding(5) var<storage, read> means: array<f32>;
@group(0) @binding(6) var<storage, read_write> value: array<vec4<f32>>;

// A strip of a change, less its mean inside the image.
fn load(line: u32, row: u32, quad: u32, mean: f32) -> strip::Strip {
    let s = strip::load(line, row, quad, strip::Plane(shape.height, shape.width, shape.quads));
    // Row −1 wraps around to a large number.
    let inside = row < shape.height;
    return strip::Strip(
        s.left - select(0.0, mean, inside && quad > 0u),
        s.middle - select(0.0, mean, inside),
        s.right - select(0.0, mean, inside && quad + 1u < shape.quads),
    );
}

fn taps(s: strip::Strip, w: vec3<f32>) -> vec4<f32> {
    let left = vec4<f32>(s.left, s.middle.xyz);
    return w.x * left + w.y * s.middle + w.z * vec4<f32>(s.middle.yzw, s.right);
}

fn finished(number: vec4<f32>) -> vec4<f32> {
#if RELU == 1
    return max(number, vec4<f32>(0.0));
#else
    return number;
#endif
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quad = id.x % shape.quads;
    let row = id.x / shape.quads * 2u;
    if row >= shape.height { return; }
    let slot = id.y;
    let n = id.z;
    let member = shape.first + slot;
    let mean = means[member];
    let source = (n * shape.members + member) * shape.height;
    let s0 = load(source, row - 1u, quad, mean);
    let s1 = load(source, row, quad, mean);
    let s2 = load(source, row + 1u, quad, mean);
    let s3 = load(source, row + 2u, quad, mean);
    let plane = shape.height * shape.quads;
    let place = row * shape.quads + quad;
    for (var o = 0u; o < shape.outputs; o++) {
        let w = (o * shape.inputs + channels[member]) * 9u;
        let above = vec3<f32>(weights[w], weights[w + 1u], weights[w + 2u]);
        let here = vec3<f32>(weights[w + 3u], weights[w + 4u], weights[w + 5u]);
        let below = vec3<f32>(weights[w + 6u], weights[w + 7u], weights[w + 8u]);
        let all = mean * dot(above + here + below, vec3<f32>(1.0));
        let at = (n * shape.outputs + o) * plane + place;
        let to = ((slot * shape.images + n) * shape.outputs + o) * plane + place;
        value[to] = finished(before[at] + taps(s0, above) + taps(s1, here) + taps(s2, below) + all);
        if row + 1u < shape.height {
            let next = before[at + shape.quads];
            value[to + shape.quads] =
                finished(next + taps(s1, above) + taps(s2, here) + taps(s3, below) + all);
        }
    }
}
