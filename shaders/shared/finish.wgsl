// The end of a convolution: what is done to its sums before they are stored.
//
// BIAS: 1 adds b. RELU: 1 ends with max(·, 0). MASK: 1 keeps only where the tensor `gate` is positive (the
// output of the ReLU before x; several gradients may share it). ADD: 1 adds to what y holds. VECTOR: 1 if the
// width is a multiple of four. No use needs both a bias and a gate.
#define_import_path seedling::finish

// Channels, rows and columns of y, fours of columns, and how many numbers the gate has (fours, if VECTOR).
struct Output { channels: u32, height: u32, width: u32, quads: u32, gate: u32 }

#if VECTOR == 1
@group(0) @binding(4) var<storage, read_write> y: array<vec4<f32>>;
#else
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
#endif
#if MASK == 1
#if VECTOR == 1
@group(0) @binding(3) var<storage, read> gate: array<vec4<f32>>;
#else
@group(0) @binding(3) var<storage, read> gate: array<f32>;
#endif
#endif
#if BIAS == 1
@group(0) @binding(3) var<storage, read> bias: array<f32>;
#endif

// Four positions of one channel to line `line` (rows of y counted through).
fn put(line: u32, quad: u32, sums: vec4<f32>, channel: u32, output: Output) {
    if channel >= output.channels { return; }
    var value = sums;
#if BIAS == 1
    value += bias[channel];
#endif
#if RELU == 1
    value = max(value, vec4<f32>(0.0));
#endif
#if VECTOR == 1
    let at = line * output.quads + quad;
#if MASK == 1
    value = select(vec4<f32>(0.0), value, gate[at % output.gate] > vec4<f32>(0.0));
#endif
#if ADD == 1
    value += y[at];
#endif
    y[at] = value;
#else
    for (var j = 0u; j < 4u; j++) {
        let column = quad * 4u + j;
        if column >= output.width { return; }
        let at = line * output.width + column;
        var single = value[j];
#if MASK == 1
        single = select(0.0, single, gate[at % output.gate] > 0.0);
#endif
#if ADD == 1
        single += y[at];
#endif
        y[at] = single;
    }
#endif
}

// Sums of four positions (columns of `tile`) of the four channels of a block (rows).
fn store(n: u32, block: u32, row: u32, quad: u32, tile: mat4x4<f32>, output: Output) {
    if row >= output.height { return; }
    let line = (n * output.channels + block * 4u) * output.height + row;
    let t = transpose(tile);
    put(line, quad, t[0], block * 4u, output);
    put(line + output.height, quad, t[1], block * 4u + 1u, output);
    put(line + 2u * output.height, quad, t[2], block * 4u + 2u, output);
    put(line + 3u * output.height, quad, t[3], block * 4u + 3u, output);
}
