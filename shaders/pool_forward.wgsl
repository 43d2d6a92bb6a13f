// Pooling over SIZE × SIZE windows whose stride is their size; rows and columns that fill no window are dropped.
//
// MEAN 0: the largest number; 1: the mean. One invocation: one window.
#import seedling::grid

struct Shape { height: u32, width: u32, rows: u32, columns: u32, size: u32, total: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

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
}
