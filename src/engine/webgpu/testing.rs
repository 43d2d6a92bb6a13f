//! What the tests of this folder share.

use std::sync::OnceLock;

use super::{AdapterChoice, Context, Gpu};

/// The device of this test process: any adapter, software ones too. Without one these tests fail.
pub(crate) fn gpu() -> &'static Gpu {
    static GPU: OnceLock<Gpu> = OnceLock::new();
    GPU.get_or_init(|| pollster::block_on(Gpu::open(&AdapterChoice::Any)).expect("a graphics adapter"))
}

/// A context of its own on the shared device.
pub(crate) fn context() -> Context {
    Context::new(gpu().clone()).expect("the shared shader pieces compose")
}
