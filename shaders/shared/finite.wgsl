// Finding NaN and infinity. Comparing x with itself is optimised away by some compilers, and max(NaN, 0)
// is 0 on most devices, so look at the bits: an exponent of all ones is NaN or infinity.
#define_import_path seedling::finite

fn broken(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u;
}
