// The end of a step: the clock moves on.
struct Shape { by: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> control: array<u32>;

@compute @workgroup_size(1)
fn main() {
    control[0] += shape.by;
}
