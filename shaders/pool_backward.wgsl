// Gradient through the pools of pool_forward.wgsl. The largest number's gradient goes to the first largest, in
// reading order; positions outside every window get 0.
//
// `repeat` gradients may share one forward pass: gradient image n belongs to forward image n % images.
// MEAN 0: max; 1: mean. MASK: 1 keeps only where x is positive (x is the output of a ReLU; with MASK the result is
// the gradient before it). ADD: 1 adds to dx. One invocation: one position of dx.
#import seedling::grid

struct Shape {
    height: u32, width: u32, rows: u32, columns: u32, size: u32, total: u32, elements: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

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
    let plane = i / shape.width / shape.height;
    let window_row = row / shape.size;
    let window_column = column / shape.size;
    var value = 0.0;
    if window_row < shape.rows && window_column < shape.columns {
        let slope = dy[(plane * shape.rows + window_row) * shape.columns + window_column];
        // The same place in the forward pass.
        let at = i % shape.elements;
#if MEAN == 1
        value = slope / f32(shape.size * shape.size);
#if MASK == 1
        if !(x[at] > 0.0) { value = 0.0; }
#endif
#else
        let mine = x[at];
        let a0 = row % shape.size;
        let b0 = column % shape.size;
        let corner = at - a0 * shape.width - b0;
        var first = true;
#if MASK == 1
        first = mine > 0.0;
#endif
        for (var a = 0u; a < shape.size; a++) {
            for (var b = 0u; b < shape.size; b++) {
                let other = x[corner + a * shape.width + b];
                let before = a * shape.size + b < a0 * shape.size + b0;
                if other > mine || (before && other == mine) { first = false; }
            }
        }
        if first { value = slope; }
#endif
    }
#if ADD == 1
    value += dx[i];
#endif
    dx[i] = value;
}
