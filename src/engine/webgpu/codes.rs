//! The values of compile-time constants that have names, said once for Rust and WGSL: Rust writes
//! `Operation::Relu.define()`, a kernel `#if OP == RELU`.

/// Enums of such values. A value's number is its place in the list.
macro_rules! codes {
    ($(
        $(#[$about:meta])*
        $name:ident = $define:literal { $($(#[$doc:meta])* $variant:ident = $code:literal,)* }
    )*) => {
        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum $name { $($(#[$doc])* $variant,)* }

            impl $name {
                /// The constant of the kernel with this value.
                pub fn define(self) -> (&'static str, i32) {
                    ($define, self as i32)
                }
            }
        )*

        /// The constants whose values have names, and these names in order.
        pub const CODES: &[(&str, &[&str])] = &[$(($define, &[$($code),*])),*];
    };
}

codes! {
    /// What elementwise.wgsl does.
    Operation = "OP" {
        /// y = x.
        Copy = "COPY",
        /// y = max(x, 0).
        Relu = "RELU",
        /// y = a + x.
        Sum = "SUM",
        /// y += x.
        Accumulate = "ACCUMULATE",
        /// y = x where a is positive, else 0.
        Mask = "MASK",
        /// y += x where a is positive.
        MaskAccumulate = "MASK_ACCUMULATE",
        /// y = 0 where a is not positive.
        Gate = "GATE",
        /// y = factor · x.
        Scale = "SCALE",
        /// y += factor · x.
        ScaleAccumulate = "SCALE_ACCUMULATE",
    }
    /// What linear.wgsl computes.
    Part = "PART" {
        /// The layer's output.
        Output = "OUTPUT",
        /// The gradient with respect to its input.
        InputGradient = "INPUT_GRADIENT",
        /// The gradients with respect to its weights and bias.
        WeightGradient = "WEIGHT_GRADIENT",
    }
    /// What loss.wgsl computes besides the loss, and from what.
    Gradient = "GRADIENT" {
        /// Nothing.
        None = "NONE",
        /// The gradient, from labels.
        Labels = "LABELS",
        /// The gradient, from a teacher's logits.
        Teacher = "TEACHER",
    }
    /// The cotangents that bank.wgsl makes.
    Cotangents = "BANK" {
        /// The residual.
        Residual = "RESIDUAL",
        /// The residual and that of a sampled label.
        Sampled = "SAMPLED",
        /// Each logit's unit vector.
        Logits = "LOGITS",
    }
    /// The estimator whose derivatives differentiate.wgsl computes.
    Derivative = "ESTIMATOR" {
        /// First order.
        FirstOrder = "FIRST_ORDER",
        /// Rank 1.
        Rank1 = "RANK_1",
        /// Gauss–Newton.
        GaussNewton = "GAUSS_NEWTON",
        /// A sampled label's gradient.
        Sampled = "SAMPLED",
        /// The linearised network.
        Linearised = "LINEARISED",
    }
}
