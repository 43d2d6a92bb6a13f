//! The sizes of a convolution.

/// Sizes of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Examples.
    pub examples: usize,
    /// Channels read.
    pub inputs: usize,
    /// Channels written.
    pub outputs: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Rows and columns of the kernel, odd.
    pub kernel: usize,
}

impl Sizes {
    /// Positions of a channel.
    pub fn positions(&self) -> usize {
        self.height * self.width
    }

    /// Multiply-accumulates of one pass, border positions counted like inner ones.
    pub fn products(&self) -> usize {
        self.examples * self.outputs * self.positions() * self.taps()
    }

    /// Numbers of one output's kernel.
    pub fn taps(&self) -> usize {
        self.inputs * self.kernel * self.kernel
    }
}
