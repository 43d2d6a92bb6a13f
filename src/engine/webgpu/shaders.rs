//! The kernels' sources.

/// A kernel: its name and its source before preprocessing.
#[derive(Clone, Copy, Debug)]
pub struct Kernel {
    /// The file's name without its ending.
    pub name: &'static str,
    /// The file's text.
    pub source: &'static str,
}

/// Shared pieces: name, source.
pub const SHARED: [(&str, &str); 6] = [
    ("grid", include_str!("../../../shaders/shared/grid.wgsl")),
    ("finite", include_str!("../../../shaders/shared/finite.wgsl")),
    ("finish", include_str!("../../../shaders/shared/finish.wgsl")),
    ("partial", include_str!("../../../shaders/shared/partial.wgsl")),
    ("strip", include_str!("../../../shaders/shared/strip.wgsl")),
    ("together", include_str!("../../../shaders/shared/together.wgsl")),
];

macro_rules! kernels {
    ($($constant:ident $name:literal)*) => {
        $(
            #[doc = concat!("`shaders/", $name, ".wgsl`.")]
            pub const $constant: Kernel = Kernel {
                name: $name,
                source: include_str!(concat!("../../../shaders/", $name, ".wgsl")),
            };
        )*
        /// Every kernel.
        pub const KERNELS: &[Kernel] = &[$($constant),*];
    };
}

kernels! {
    AVERAGE "average"
    BANK "bank"
    CONVOLVE_3 "convolve_3"
    CONVOLVE_ANY "convolve_any"
    DEEPEN_CHANGE "deepen_change"
    DIFFERENTIATE "differentiate"
    ELEMENTWISE "elementwise"
    GATHER "gather"
    GLOBAL_POOL "global_pool"
    GLOBAL_POOL_BACKWARD "global_pool_backward"
    JUDGE "judge"
    LINEAR "linear"
    LOSS "loss"
    MEMBER_SPREAD "member_spread"
    MEMBER_SUM "member_sum"
    NORM_AFFINE "norm_affine"
    NORM_APPLY "norm_apply"
    NORM_BACKWARD "norm_backward"
    NORM_COMBINE "norm_combine"
    NORM_SLOPES "norm_slopes"
    NORM_SLOPES_SUM "norm_slopes_sum"
    NORM_STATISTICS "norm_statistics"
    OPTIMISE "optimise"
    PACK "pack"
    POOL_BACKWARD "pool_backward"
    POOL_FORWARD "pool_forward"
    PRUNE_CHANGE "prune_change"
    READER_CHANGE "reader_change"
    READER_CHANGE_3 "reader_change_3"
    RESPOND "respond"
    RESPOND_SLOPE "respond_slope"
    SPLIT_CHANGE "split_change"
    SPLIT_SLOPE "split_slope"
    SQUARES "squares"
    TICK "tick"
    WEIGHT_GRADIENT_3 "weight_gradient_3"
    WEIGHT_GRADIENT_ANY "weight_gradient_any"
    WEIGHT_SUM "weight_sum"
}

macro_rules! rung {
    ($name:literal) => {
        Kernel { name: $name, source: include_str!(concat!("../../../shaders/ladder/", $name, ".wgsl")) }
    };
}

/// The convolution's earlier versions, in the order they were made; [`CONVOLVE_3`] came after.
pub const LADDER: [Kernel; 5] =
    [rung!("conv_v1"), rung!("conv_v2"), rung!("conv_v3"), rung!("conv_v4"), rung!("conv_v5")];

/// What the ladder is measured against.
pub const MATMUL: Kernel = rung!("matmul");

#[cfg(test)]
pub(super) mod tests;
