// The end of a training step's arithmetic, before the weights move: the batch's mean loss to `losses`, the
// gradient's norm, the factor that clips it, and the verdict whether anything is not finite. A verdict stays:
// every later update is skipped, and the host learns which step it was.
//
// `control`: [0] the clock (step in this list of steps), [1] 1 + the step of the verdict or 0, [2] 1 if the
// loss was the reason, 2 if the gradient, [3] the clipping factor's bits. One workgroup of LANES invocations, see
// together.wgsl.
#import seedling::finite
#import seedling::together

struct Shape { images: u32, stride: u32, shares: u32, clip: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> score: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read> sums: array<f32>;
@group(0) @binding(3) var<storage, read_write> control: array<u32>;
@group(0) @binding(4) var<storage, read_write> losses: array<f32>;

@compute @workgroup_size(#{LANES})
fn main(@builtin(local_invocation_index) lane: u32) {
    let step = control[0];
    // The batch's loss, and the square of the gradient's length.
    var both = vec2<f32>(0.0);
    for (var n = lane; n < shape.images; n += #{LANES}u) { both.x += score[step * shape.stride + n].x; }
    for (var i = lane; i < shape.shares; i += #{LANES}u) { both.y += sums[i]; }
    both = together::sum(lane, both);
    if lane > 0u { return; }
    let loss = both.x / f32(shape.images);
    let square = both.y;
    losses[step] = loss;
    if control[1] == 0u {
        if finite::broken(loss) {
            control[1] = step + 1u;
            control[2] = 1u;
        } else if finite::broken(square) {
            control[1] = step + 1u;
            control[2] = 2u;
        }
    }
    var factor = 1.0;
    if shape.clip > 0.0 && square > shape.clip * shape.clip { factor = shape.clip / sqrt(square); }
    control[3] = bitcast<u32>(factor);
}
