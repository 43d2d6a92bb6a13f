// Positions in a grid of workgroups.
#define_import_path seedling::grid

// The flat index of an invocation of a one-dimensional job: workgroups of 64, spread over x and y so that no
// dimension passes 65,535.
fn flat(workgroup: vec3<u32>, groups: vec3<u32>, local: u32) -> u32 {
    return (workgroup.y * groups.x + workgroup.x) * 64u + local;
}
