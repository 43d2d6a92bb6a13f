// Rung 2, neighbours share: one invocation, four neighbouring columns. A weight loaded once serves four sums,
// and the six numbers of a row serve three taps: 4 multiply-adds a load. The width must be a multiple of
// four.
struct Shape { images: u32, channels: u32, height: u32, width: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quads = shape.width / 4u;
    let plane = shape.height * quads;
    if id.x >= plane { return; }
    let row = i32(id.x / quads);
    let quad = id.x % quads;
    let o = id.y;
    let n = id.z;
    var sums = vec4<f32>(0.0);
    for (var c = 0u; c < shape.channels; c++) {
        for (var a = 0; a < 3; a++) {
            let r = row + a - 1;
            if r < 0 || r >= i32(shape.height) { continue; }
            let at = (n * shape.channels + c) * plane + u32(r) * quads + quad;
            let m = x[at];
            var left = 0.0;
            if quad > 0u { left = x[at - 1u].w; }
            var right = 0.0;
            if quad + 1u < quads { right = x[at + 1u].x; }
            let w = (o * shape.channels + c) * 9u + u32(a) * 3u;
            sums += weights[w] * vec4<f32>(left, m.xyz) + weights[w + 1u] * m
                + weights[w + 2u] * vec4<f32>(m.yzw, right);
        }
    }
    y[(n * shape.outputs + o) * plane + id.x] = sums;
}
