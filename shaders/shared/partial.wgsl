// What the first stages of the weight gradient share: the slopes dy of four output channels at once, and
// where the sums of a share go.
//
// Each share is [o][c·K² + tap], with db in one more column at the end of each o. VECTOR: 1 if the width is a
// multiple of four.
#define_import_path seedling::partial

// Channels, rows and columns of dy, fours of columns, and columns of a share.
struct Output { channels: u32, height: u32, width: u32, quads: u32, columns: u32 }

#if VECTOR == 1
@group(0) @binding(2) var<storage, read> dy: array<vec4<f32>>;
#else
@group(0) @binding(2) var<storage, read> dy: array<f32>;
#endif
@group(0) @binding(3) var<storage, read_write> shares: array<f32>;

fn slope(line: u32, quad: u32, output: Output) -> vec4<f32> {
#if VECTOR == 1
    return dy[line * output.quads + quad];
#else
    var g = vec4<f32>(0.0);
    for (var j = 0u; j < 4u; j++) {
        let column = quad * 4u + j;
        if column < output.width { g[j] = dy[line * output.width + column]; }
    }
    return g;
#endif
}

// dy of four channels (columns) at four positions (rows); channels that do not exist repeat the last one.
fn slopes(n: u32, block: u32, row: u32, quad: u32, output: Output) -> mat4x4<f32> {
    let last = output.channels - 1u;
    let first = n * output.channels;
    let o = block * 4u;
    return mat4x4<f32>(
        slope((first + o) * output.height + row, quad, output),
        slope((first + min(o + 1u, last)) * output.height + row, quad, output),
        slope((first + min(o + 2u, last)) * output.height + row, quad, output),
        slope((first + min(o + 3u, last)) * output.height + row, quad, output),
    );
}

// Writes the four channels' sums of one column of a share.
fn put(share: u32, block: u32, column: u32, sums: vec4<f32>, output: Output) {
    for (var j = 0u; j < 4u; j++) {
        let o = block * 4u + j;
        if o < output.channels { shares[(share * output.channels + o) * output.columns + column] = sums[j]; }
    }
}
