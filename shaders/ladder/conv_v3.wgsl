// Rung 3, a tile through workgroup memory: 64 invocations of a workgroup compute 8 × 32 numbers of one
// channel, four each; for every input channel they first copy the 10 × 34 numbers around them into shared
// memory. What GPU books teach. On a real GPU it saves bandwidth; a software adapter pays for two barriers a
// channel and gains nothing. The width must be a multiple of four, the outputs any number.
struct Shape { images: u32, channels: u32, height: u32, width: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

var<workgroup> tile: array<f32, 340>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let o = group.y;
    let n = group.z;
    let across = (shape.width + 31u) / 32u;
    let top = i32(group.x / across * 8u);
    let left = i32(group.x % across * 32u);
    let row = local / 8u;
    let column = local % 8u * 4u;
    var sums = vec4<f32>(0.0);
    for (var c = 0u; c < shape.channels; c++) {
        for (var i = local; i < 340u; i += 64u) {
            let r = top + i32(i / 34u) - 1;
            let k = left + i32(i % 34u) - 1;
            var value = 0.0;
            if r >= 0 && r < i32(shape.height) && k >= 0 && k < i32(shape.width) {
                value = x[((n * shape.channels + c) * shape.height + u32(r)) * shape.width + u32(k)];
            }
            tile[i] = value;
        }
        workgroupBarrier();
        for (var a = 0u; a < 3u; a++) {
            let at = (row + a) * 34u + column;
            let m = vec4<f32>(tile[at + 1u], tile[at + 2u], tile[at + 3u], tile[at + 4u]);
            let w = (o * shape.channels + c) * 9u + a * 3u;
            sums += weights[w] * vec4<f32>(tile[at], m.xyz) + weights[w + 1u] * m
                + weights[w + 2u] * vec4<f32>(m.yzw, tile[at + 5u]);
        }
        workgroupBarrier();
    }
    let r = u32(top) + row;
    let k = u32(left) + column;
    if r >= shape.height || k >= shape.width { return; }
    let to = ((n * shape.outputs + o) * shape.height + r) * shape.width + k;
    y[to] = sums.x;
    y[to + 1u] = sums.y;
    y[to + 2u] = sums.z;
    y[to + 3u] = sums.w;
}
