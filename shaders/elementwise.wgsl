// One number in, one number out, for everything that needs no neighbours.
//
// OP 0: y = x (copy). 1: y = max(x, 0). 2: y = a + x, a of `elements` numbers, repeated. 3: y += x. 4: y = x where
// a > 0, else 0 (ReLU backward with derivative 0 at 0). 5: as 4, added to y. Here a holds `elements` numbers, and
// gradients beyond repeat it. 6: y = 0 where x, so repeated, is not positive (the same in place). 7: y = factor · x.
// 8: y += factor · x.
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
@group(0) @binding(1) var<storage, read_write> x: array<Number>;
#if OP >= 6
@group(0) @binding(2) var<storage, read_write> y: array<Number>;
#else if OP >= 4
@group(0) @binding(2) var<storage, read_write> a: array<Number>;
@group(0) @binding(3) var<storage, read_write> y: array<Number>;
#else if OP == 2
@group(0) @binding(2) var<storage, read_write> a: array<Number>;
@group(0) @binding(3) var<storage, read_write> y: array<Number>;
#else
@group(0) @binding(2) var<storage, read_write> y: array<Number>;
#endif

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
#if OP == 0
    y[i] = x[i];
#endif
#if OP == 1
    y[i] = max(x[i], Number(0.0));
#endif
#if OP == 2
    y[i] = a[i % shape.elements] + x[i];
#endif
#if OP == 3
    y[i] += x[i];
#endif
#if OP == 4
    y[i] = select(Number(0.0), x[i], a[i % shape.elements] > Number(0.0));
#endif
#if OP == 5
    y[i] += select(Number(0.0), x[i], a[i % shape.elements] > Number(0.0));
#endif
#if OP == 6
    y[i] = select(Number(0.0), y[i], x[i % shape.elements] > Number(0.0));
#endif
#if OP == 7
    y[i] = shape.factor * x[i];
#endif
#if OP == 8
    y[i] += shape.factor * x[i];
#endif
}
