// "Same" convolution, stride 1, of any odd width K, as in convolve_3.wgsl, tap by tap: y[n,o,i,j] = b[o] + Σ
// w[o,c,a,b] x[n,c,i+a−h,j+b−h], h = (K−1)/2.
//
// One invocation computes four columns of four output channels. WIDE, BLOCKS, DEEP: runs of four columns,
// blocks of output channels and images of a workgroup. VECTOR: see strip.wgsl; BIAS, RELU, MASK, ADD: see
// finish.wgsl.
#import seedling::finish
#import seedling::strip

struct Shape { images: u32, channels: u32, height: u32, width: u32, outputs: u32, quads: u32, gate: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(2) var<storage, read> weights: array<vec4<f32>>;

@compute @workgroup_size(#{WIDE}, #{BLOCKS}, #{DEEP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let n = id.z;
    let row = id.x / shape.quads;
    let quad = id.x % shape.quads;
    let block = id.y;
    if n >= shape.images || row >= shape.height || block * 4u >= shape.outputs { return; }
    let plane = strip::Plane(shape.height, shape.width, shape.quads);
    let half = (#{K} - 1) / 2;
    var sums = mat4x4<f32>();
    for (var c = 0u; c < shape.channels; c++) {
        for (var a = 0; a < #{K}; a++) {
            let source = i32(row) + a - half;
            if source < 0 || source >= i32(shape.height) { continue; }
            let line = (n * shape.channels + c) * shape.height + u32(source);
            for (var b = 0; b < #{K}; b++) {
                let w = weights[((block * shape.channels + c) * #{K}u + u32(a)) * #{K}u + u32(b)];
                let m = strip::four(line, i32(quad * 4u) + b - half, plane);
                sums += mat4x4<f32>(m.x * w, m.y * w, m.z * w, m.w * w);
            }
        }
    }
    let output = finish::Output(shape.outputs, shape.height, shape.width, shape.quads, shape.gate);
    finish::store(n, block, row, quad, sums, output);
}
