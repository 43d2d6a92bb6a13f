// The end of a training step's arithmetic, before the weights move: the batch's mean loss to `losses`, the
// gradient's norm, the factor that clips it, and the verdict whether anything is not finite. A verdict stays:
// every later update is skipped, and the host learns which step it was.
//
// `control`: [0] the clock (step in this list of steps), [1] 1 + the step of the verdict or 0, [2] 1 if the
// loss was the reason, 2 if the gradient, [3] the clipping factor's bits.
#import seedling::finite

struct Shape { images: u32, stride: u32, shares: u32, clip: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> score: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read> sums: array<f32>;
@group(0) @binding(3) var<storage, read_write> control: array<u32>;
@group(0) @binding(4) var<storage, read_write> losses: array<f32>;

@compute @workgroup_size(1)
fn main() {
    let step = control[0];
    var loss = 0.0;
    for (var n = 0u; n < shape.images; n++) { loss += score[step * shape.stride + n].x; }
    loss /= f32(shape.images);
    var square = 0.0;
    for (var i = 0u; i < shape.shares; i++) { square += sums[i]; }
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
