// Gradient through the pools of pool_forward.wgsl. The largest number's gradient goes to the first largest,
// in reading order; positions outside every window get 0.
//
// Several gradients may share one forward pass of `elements` numbers: gradients beyond repeat it. MEAN 0:
// max; 1: mean. MASK: 1 keeps only where x is positive (x is the output of a ReLU; with MASK the result is
// the gradient before it). ADD: 1 adds to dx. One invocation: one window, also those that the edge cuts off.
#import seedling::grid

struct Shape {
    height: u32, width: u32, rows: u32, columns: u32, size: u32,
    total: u32, elements: u32, down: u32, across: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

fn put(at: u32, value: f32) {
#if ADD == 1
    dx[at] += value;
#else
    dx[at] = value;
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
    let column = i % shape.across;
    let row = i / shape.across % shape.down;
    let plane = i / shape.across / shape.down;
    let top = row * shape.size;
    let left = column * shape.size;
    let corner = (plane * shape.height + top) * shape.width + left;
    let high = min(shape.size, shape.height - top);
    let wide = min(shape.size, shape.width - left);
    let whole = row < shape.rows && column < shape.columns;
    var slope = 0.0;
    if whole { slope = dy[(plane * shape.rows + row) * shape.columns + column]; }
    // The same place in the forward pass.
    let source = corner % shape.elements;
#if MEAN == 1
    slope /= f32(shape.size * shape.size);
    for (var a = 0u; a < high; a++) {
        for (var b = 0u; b < wide; b++) {
            let offset = a * shape.width + b;
#if MASK == 1
            put(corner + offset, select(0.0, slope, x[source + offset] > 0.0));
#else
            put(corner + offset, slope);
#endif
        }
    }
#else
    var largest = x[source];
    var first = 0u;
    for (var a = 0u; a < high; a++) {
        for (var b = 0u; b < wide; b++) {
            let offset = a * shape.width + b;
            let value = x[source + offset];
            if value > largest {
                largest = value;
                first = offset;
            }
        }
    }
#if MASK == 1
    if !(largest > 0.0) { slope = 0.0; }
#endif
    for (var a = 0u; a < high; a++) {
        for (var b = 0u; b < wide; b++) {
            let offset = a * shape.width + b;
            put(corner + offset, select(0.0, slope, offset == first));
        }
    }
#endif
}
