// A batch from the resident data: bytes of the scheduled images, moved and mirrored, then (v/255 − mean)/std.
// What a crop leaves uncovered is 0, the mean colour.
//
// The images lie in two ranges, so that each stays under the baseline 128 MiB a binding. The schedule holds,
// for each step, `stride` examples of four words: the image, its label, its transform, and a uniform number
// for its sampled label. Of the transform, bit 0 mirrors columns, bits 8–15 and 16–23 are the rows and
// columns (plus 128) by which the window lies off the image. `clock` says which step this is.
//
// One invocation: four neighbouring columns.
#import seedling::grid

struct Shape {
    split: u32, stride: u32, height: u32, width: u32, channels: u32, quads: u32, total: u32, start: u32,
    mean: vec4<f32>, scale: vec4<f32>,
}
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> low: array<u32>;
@group(0) @binding(2) var<storage, read> high: array<u32>;
@group(0) @binding(3) var<storage, read> schedule: array<u32>;
@group(0) @binding(4) var<storage, read> clock: array<u32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

fn byte(image: u32, at: u32) -> f32 {
    let pixels = shape.channels * shape.height * shape.width;
    var word: u32;
    var lane: u32;
    if image < shape.split {
        let i = image * pixels + at;
        word = low[i / 4u];
        lane = i % 4u;
    } else {
        let i = (image - shape.split) * pixels + at;
        word = high[i / 4u];
        lane = i % 4u;
    }
    return f32((word >> (8u * lane)) & 255u);
}

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = grid::flat(workgroup, groups, local);
    if i >= shape.total { return; }
    let quad = i % shape.quads;
    let line = i / shape.quads;
    let row = line % shape.height;
    let channel = line / shape.height % shape.channels;
    let n = line / shape.height / shape.channels;
    let entry = 4u * (shape.start + clock[0] * shape.stride + n);
    let image = schedule[entry];
    let transform = schedule[entry + 2u];
    let source_row = i32(row) + i32((transform >> 8u) & 255u) - 128;
    let mean = shape.mean[channel];
    let scale = shape.scale[channel];
    for (var j = 0u; j < 4u; j++) {
        let column = quad * 4u + j;
        if column >= shape.width { return; }
        var source = i32(column);
        if (transform & 1u) == 1u { source = i32(shape.width) - 1 - source; }
        source += i32((transform >> 16u) & 255u) - 128;
        var value = 0.0;
        if source_row >= 0 && source_row < i32(shape.height) && source >= 0 && source < i32(shape.width) {
            let at = (channel * shape.height + u32(source_row)) * shape.width + u32(source);
            value = (byte(image, at) / 255.0 - mean) * scale;
        }
        y[line * shape.width + column] = value;
    }
}
