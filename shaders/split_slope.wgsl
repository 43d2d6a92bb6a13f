// Gradient of split_change.wgsl at scale 1 with respect to the probes, [n][probe][height][width], one
// invocation each: through the pool (the first largest of a window takes all), the ReLU (nothing at 0) and
// the norm.
//
// VECTOR: 1 if nothing is pooled and the positions are a multiple of four: one invocation, four positions.
// Otherwise one invocation: one window, also those that the edge cuts off and that give nothing. The grid is
// windows, probes, images.
struct Shape {
    members: u32, channels: u32, height: u32, width: u32, rows: u32, columns: u32, size: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;
#if VECTOR == 1
alias Number = vec4<f32>;
#else
alias Number = f32;
#endif
@group(0) @binding(1) var<storage, read> u: array<Number>;
@group(0) @binding(2) var<storage, read> probes: array<Number>;
@group(0) @binding(3) var<storage, read> d_change: array<Number>;
@group(0) @binding(4) var<storage, read> channels: array<u32>;
@group(0) @binding(5) var<storage, read> affine: array<vec2<f32>>;
@group(0) @binding(6) var<storage, read_write> d_probes: array<Number>;

#if VECTOR == 0
fn child(at_u: u32, at_p: u32, sign: f32, line: vec2<f32>) -> f32 {
    return line.x * (u[at_u] + sign * probes[at_p]) + line.y;
}

// The place of the largest positive number of the child u + sign·probe in a window; beyond all places if none
// is.
fn winner(at_u: u32, at_p: u32, sign: f32, line: vec2<f32>) -> u32 {
    var first = 0xffffffffu;
    var largest = 0.0;
    for (var a = 0u; a < shape.size; a++) {
        for (var b = 0u; b < shape.size; b++) {
            let place = a * shape.width + b;
            let value = child(at_u + place, at_p + place, sign, line);
            if value > largest {
                largest = value;
                first = place;
            }
        }
    }
    return first;
}
#endif

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let probe = id.y;
    let n = id.z;
    let member = probe / #{PROBES}u;
    let channel = channels[member];
    let line = affine[channel];
#if VECTOR == 1
    let plane = shape.height * shape.width / 4u;
    if id.x >= plane { return; }
    let here = u[(n * shape.channels + channel) * plane + id.x];
    let to = (n * shape.members * #{PROBES}u + probe) * plane + id.x;
    let moved = probes[to];
    let zero = Number(0.0);
    var share = select(zero, Number(1.0), line.x * (here + moved) + line.y > zero);
#if PROBES == 1
    share -= select(zero, Number(1.0), line.x * (here - moved) + line.y > zero);
#endif
    d_probes[to] = 0.5 * line.x * share * d_change[(n * shape.members + member) * plane + id.x];
#else
    let across = (shape.width + shape.size - 1u) / shape.size;
    let down = (shape.height + shape.size - 1u) / shape.size;
    if id.x >= down * across { return; }
    let row = id.x / across;
    let column = id.x % across;
    let plane = shape.height * shape.width;
    let corner = row * shape.size * shape.width + column * shape.size;
    let at_u = (n * shape.channels + channel) * plane + corner;
    let at_p = (n * shape.members * #{PROBES}u + probe) * plane + corner;
    let whole = row < shape.rows && column < shape.columns;
    var slope = 0.0;
    var one = 0xffffffffu;
    var two = 0xffffffffu;
    if whole {
        let at = ((n * shape.members + member) * shape.rows + row) * shape.columns + column;
        slope = 0.5 * line.x * d_change[at];
#if MEAN == 0
        one = winner(at_u, at_p, 1.0, line);
#if PROBES == 1
        two = winner(at_u, at_p, -1.0, line);
#endif
#endif
    }
    for (var a = 0u; a < min(shape.size, shape.height - row * shape.size); a++) {
        for (var b = 0u; b < min(shape.size, shape.width - column * shape.size); b++) {
            let place = a * shape.width + b;
#if MEAN == 1
            var share = f32(child(at_u + place, at_p + place, 1.0, line) > 0.0);
#if PROBES == 1
            share -= f32(child(at_u + place, at_p + place, -1.0, line) > 0.0);
#endif
            share /= f32(shape.size * shape.size);
#else
            let share = f32(place == one) - f32(place == two);
#endif
            d_probes[at_p + place] = share * slope;
        }
    }
#endif
}
