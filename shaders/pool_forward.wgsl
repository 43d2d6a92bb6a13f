// Pooling over SIZE × SIZE windows whose stride is their size; rows and columns that fill no window are
// dropped.
//
// MEAN 0: the largest number; 1: the mean. One invocation: one window. VECTOR 1: windows of 2 × 2 over a
// multiple of eight columns, four windows an invocation; `total` and `columns` then count fours.
#import seedling::grid

struct Shape { height: u32, width: u32, rows: u32, columns: u32, size: u32, total: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
#if VECTOR == 1
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;

fn larger(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
    return select(a, b, b > a);
}
#else
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
#endif

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let column = i % shape.columns;
    let row = i / shape.columns % shape.rows;
    let plane = i / shape.columns / shape.rows;
#if VECTOR == 1
    let quads = shape.columns * 2u;
    let first = (plane * shape.height + row * 2u) * quads + column * 2u;
    let a = x[first];
    let b = x[first + 1u];
    let c = x[first + quads];
    let d = x[first + quads + 1u];
    // The corners of four windows.
    let p = vec4<f32>(a.xz, b.xz);
    let q = vec4<f32>(a.yw, b.yw);
    let r = vec4<f32>(c.xz, d.xz);
    let s = vec4<f32>(c.yw, d.yw);
#if MEAN == 1
    y[i] = (p + q + r + s) / 4.0;
#else
    y[i] = larger(larger(larger(p, q), r), s);
#endif
#else
    let corner = (plane * shape.height + row * shape.size) * shape.width + column * shape.size;
#if MEAN == 1
    var sum = 0.0;
    for (var a = 0u; a < shape.size; a++) {
        for (var b = 0u; b < shape.size; b++) { sum += x[corner + a * shape.width + b]; }
    }
    y[i] = sum / f32(shape.size * shape.size);
#else
    var largest = x[corner];
    for (var a = 0u; a < shape.size; a++) {
        for (var b = 0u; b < shape.size; b++) {
            let value = x[corner + a * shape.width + b];
            if value > largest { largest = value; }
        }
    }
    y[i] = largest;
#endif
#endif
}
