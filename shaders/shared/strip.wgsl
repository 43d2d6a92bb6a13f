// Four neighbouring columns of a row of x with one more on either side: what a kernel of width 3 needs for
// four positions.
//
// VECTOR: 1 if the width is a multiple of four.
#define_import_path seedling::strip

// Rows and columns of a plane, and fours of columns.
struct Plane { height: u32, width: u32, quads: u32 }

struct Strip { left: f32, middle: vec4<f32>, right: f32 }

#if VECTOR == 1
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
#else
@group(0) @binding(1) var<storage, read> x: array<f32>;
#endif

// One number of line `line` (rows of x counted through); 0 beside the plane.
fn number(line: u32, column: i32, plane: Plane) -> f32 {
    if column < 0 || column >= i32(plane.width) { return 0.0; }
    let at = u32(column);
#if VECTOR == 1
    return x[line * plane.quads + at / 4u][at % 4u];
#else
    return x[line * plane.width + at];
#endif
}

// Four numbers of line `line`, from a column on that need not be a multiple of four.
fn four(line: u32, column: i32, plane: Plane) -> vec4<f32> {
    return vec4<f32>(
        number(line, column, plane),
        number(line, column + 1, plane),
        number(line, column + 2, plane),
        number(line, column + 3, plane),
    );
}

// Row `row` of the plane that begins at line `first`; 0 outside the plane (row −1 wraps around to a large
// number).
fn load(first: u32, row: u32, quad: u32, plane: Plane) -> Strip {
#if VECTOR == 1
    let inside = row < plane.height;
    let at = (first + min(row, plane.height - 1u)) * plane.quads + quad;
    return Strip(
        select(0.0, x[max(at, 1u) - 1u].w, inside && quad > 0u),
        select(vec4<f32>(0.0), x[at], inside),
        select(0.0, x[at + 1u].x, inside && quad + 1u < plane.quads),
    );
#else
    if row >= plane.height { return Strip(); }
    let c = i32(quad * 4u);
    return Strip(
        number(first + row, c - 1, plane),
        four(first + row, c, plane),
        number(first + row, c + 4, plane),
    );
#endif
}

// What four positions (columns of the result) of four channels (rows) get through one row of a packed kernel.
fn taps(s: Strip, w: mat3x4<f32>) -> mat4x4<f32> {
    let m = s.middle;
    return mat4x4<f32>(
        s.left * w[0] + m.x * w[1] + m.y * w[2],
        m.x * w[0] + m.y * w[1] + m.z * w[2],
        m.y * w[0] + m.z * w[1] + m.w * w[2],
        m.z * w[0] + m.w * w[1] + s.right * w[2],
    );
}
