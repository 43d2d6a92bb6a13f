// Rung 4, channels share too: four columns of four output channels, 16 sums in registers. Weights come packed
// [o/4][c][a][b] of vec4 over o (pack.wgsl), so one load of six numbers of x serves 48 multiply-adds; 2.7 a
// number loaded, weights counted. The width must be a multiple of four, the outputs too.
struct Shape { images: u32, channels: u32, height: u32, width: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quads = shape.width / 4u;
    let plane = shape.height * quads;
    if id.x >= plane { return; }
    let row = i32(id.x / quads);
    let quad = id.x % quads;
    let block = id.y;
    let n = id.z;
    var sums = mat4x4<f32>();
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
            let w = (block * shape.channels + c) * 9u + u32(a) * 3u;
            let w0 = weights[w];
            let w1 = weights[w + 1u];
            let w2 = weights[w + 2u];
            sums += mat4x4<f32>(
                left * w0 + m.x * w1 + m.y * w2,
                m.x * w0 + m.y * w1 + m.z * w2,
                m.y * w0 + m.z * w1 + m.w * w2,
                m.z * w0 + m.w * w1 + right * w2,
            );
        }
    }
    let t = transpose(sums);
    let to = (n * shape.outputs + block * 4u) * plane + id.x;
    y[to] = t[0];
    y[to + plane] = t[1];
    y[to + 2u * plane] = t[2];
    y[to + 3u * plane] = t[3];
}
