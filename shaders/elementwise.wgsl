// One number in, one number out, for everything that needs no neighbours.
//
// OP COPY: y = x. RELU: y = max(x, 0). SUM: y = a + x. ACCUMULATE: y += x. MASK: y = x where a > 0, else 0 (a
// ReLU's backward pass, with derivative 0 at 0). MASK_ACCUMULATE: the same, added to y. GATE: y = 0 in place
// where a is not positive. SCALE: y = factor · x. SCALE_ACCUMULATE: y += factor · x. The tensor a has
// `elements` numbers, which repeat.
//
// VECTOR 1: four numbers an invocation; `total` and `elements` then count fours.
#import seedling::grid

#if VECTOR == 1
alias Number = vec4<f32>;
#else
alias Number = f32;
#endif
struct Shape { total: u32, elements: u32, factor: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
#if OP != GATE
@group(0) @binding(1) var<storage, read> x: array<Number>;
#endif
#if OP == SUM
@group(0) @binding(2) var<storage, read> a: array<Number>;
#else if OP == MASK
@group(0) @binding(2) var<storage, read> a: array<Number>;
#else if OP == MASK_ACCUMULATE
@group(0) @binding(2) var<storage, read> a: array<Number>;
#else if OP == GATE
@group(0) @binding(2) var<storage, read> a: array<Number>;
#endif
@group(0) @binding(3) var<storage, read_write> y: array<Number>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
#if OP == COPY
    y[i] = x[i];
#else if OP == RELU
    y[i] = max(x[i], Number(0.0));
#else if OP == SUM
    y[i] = a[i % shape.elements] + x[i];
#else if OP == ACCUMULATE
    y[i] += x[i];
#else if OP == MASK
    y[i] = select(Number(0.0), x[i], a[i % shape.elements] > Number(0.0));
#else if OP == MASK_ACCUMULATE
    y[i] += select(Number(0.0), x[i], a[i % shape.elements] > Number(0.0));
#else if OP == GATE
    y[i] = select(Number(0.0), y[i], a[i % shape.elements] > Number(0.0));
#else if OP == SCALE
    y[i] = shape.factor * x[i];
#else if OP == SCALE_ACCUMULATE
    y[i] += shape.factor * x[i];
#endif
}
