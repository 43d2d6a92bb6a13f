// Rung 1, the definition: one invocation, one number of y. Every multiply-add loads a number of x and a
// weight, both from memory: half a multiply-add a load.
struct Shape { images: u32, channels: u32, height: u32, width: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let plane = shape.height * shape.width;
    if id.x >= plane { return; }
    let row = i32(id.x / shape.width);
    let column = i32(id.x % shape.width);
    let o = id.y;
    let n = id.z;
    var sum = 0.0;
    for (var c = 0u; c < shape.channels; c++) {
        for (var a = 0; a < 3; a++) {
            for (var b = 0; b < 3; b++) {
                let r = row + a - 1;
                let k = column + b - 1;
                if r < 0 || r >= i32(shape.height) || k < 0 || k >= i32(shape.width) { continue; }
                sum += x[(n * shape.channels + c) * plane + u32(r) * shape.width + u32(k)]
                    * weights[(o * shape.channels + c) * 9u + u32(a * 3 + b)];
            }
        }
    }
    y[(n * shape.outputs + o) * plane + id.x] = sum;
}
