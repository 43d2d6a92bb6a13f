//! The convolution and its gradients, recorded: geometry, packed weights, dispatches.

use super::GpuError;
use super::arena::Slice;
use super::commands::Recorder;
use super::ops::{Finish, flag, flat};
use super::shaders;

/// Numbers of partial sums that a weight gradient may take.
const SHARE_NUMBERS: usize = 1 << 20;

/// A convolution's geometry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// Images.
    pub images: usize,
    /// Channels read.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Channels written.
    pub outputs: usize,
    /// Rows and columns of the kernel; odd.
    pub kernel: usize,
}

impl Conv {
    fn quads(&self) -> usize {
        self.width.div_ceil(4)
    }

    fn taps(&self) -> usize {
        self.kernel * self.kernel
    }

    /// Multiply-adds.
    fn work(&self) -> u64 {
        (self.images * self.channels * self.height * self.width * self.outputs * self.taps()) as u64
    }

    /// Numbers of its packed weights.
    pub fn packed(&self, transpose: bool) -> usize {
        match transpose {
            false => self.outputs.next_multiple_of(4) * self.channels * self.taps(),
            true => self.channels.next_multiple_of(4) * self.outputs * self.taps(),
        }
    }

    /// The convolution that is this one's gradient with respect to its input.
    fn transposed(&self, images: usize) -> Conv {
        Conv { images, channels: self.outputs, outputs: self.channels, ..*self }
    }
}

impl Recorder<'_> {
    /// Packs weights `[o, c, k, k]` for [`Self::convolve`], or transposed for [`Self::input_gradient`].
    pub async fn pack(
        &mut self,
        conv: Conv,
        transpose: bool,
        weights: &Slice,
        packed: &Slice,
    ) -> Result<(), GpuError> {
        let total = conv.packed(transpose);
        let words = [conv.outputs as u32, conv.channels as u32, conv.taps() as u32, total as u32];
        let defines = [("TRANSPOSE", flag(transpose))];
        self.simple(shaders::PACK, &defines, &words, &[weights, packed], total, 2).await
    }

    /// y = w∗x + b from packed weights, then ReLU if asked.
    pub async fn convolve(
        &mut self,
        conv: Conv,
        relu: bool,
        [x, packed, bias, y]: [&Slice; 4],
    ) -> Result<(), GpuError> {
        let defines = [("BIAS", 1), ("RELU", flag(relu)), ("MASK", 0), ("ADD", 0)];
        self.direct(conv, 1, &defines, [x, packed, bias, y]).await
    }

    /// dx from dy and transposed packed weights, for `images` gradients.
    pub async fn input_gradient(
        &mut self,
        conv: Conv,
        images: usize,
        [dy, packed, dx]: [&Slice; 3],
        finish: Finish<'_>,
    ) -> Result<(), GpuError> {
        let defines =
            [("BIAS", 0), ("RELU", 0), ("MASK", flag(finish.gate.is_some())), ("ADD", flag(finish.add))];
        let quads = if conv.width.is_multiple_of(4) { 4 } else { 1 };
        let gate = conv.images * conv.channels * conv.height * conv.width / quads;
        // Without a gate the third binding is not read.
        let spare = self.scratch(1, "an unread binding").await?;
        let third = finish.gate.unwrap_or(&spare);
        let result = self.direct(conv.transposed(images), gate, &defines, [dy, packed, third, dx]).await;
        self.release(spare);
        result
    }

    async fn direct(
        &mut self,
        conv: Conv,
        gate: usize,
        epilogue: &[(&'static str, i32)],
        bindings: [&Slice; 4],
    ) -> Result<(), GpuError> {
        let quads = conv.quads();
        let rows = match conv.kernel {
            3 if conv.height >= 8 => 4,
            3 if conv.height >= 2 => 2,
            _ => 1,
        };
        let tiles = quads * conv.height.div_ceil(rows);
        // Workgroups of 64 that fill up with images where one image has too few tiles.
        let wide = tiles.next_power_of_two().min(64);
        let deep = 64 / wide;
        let mut defines = vec![
            ("K", conv.kernel as i32),
            ("ROWS", rows as i32),
            ("VECTOR", flag(conv.width.is_multiple_of(4))),
            ("WIDE", wide as i32),
            ("DEEP", deep as i32),
        ];
        defines.extend_from_slice(epilogue);
        let words = [conv.images, conv.channels, conv.height, conv.width, conv.outputs, quads, gate];
        let words = words.map(|n| n as u32);
        let grid = [tiles.div_ceil(wide), conv.images.div_ceil(deep), conv.outputs.div_ceil(4)];
        self.run(shaders::CONVOLVE, &defines, &words, &bindings, grid.map(|n| n as u32), conv.work()).await
    }

    /// dw and db from x and dy, in two stages through scratch memory; added to what is there where asked.
    pub async fn weight_gradient(
        &mut self,
        conv: Conv,
        [x, dy, dw, db]: [&Slice; 4],
        add: bool,
    ) -> Result<(), GpuError> {
        let columns = conv.channels * conv.taps() + 1;
        let total = conv.outputs * columns;
        let strips = conv.images * conv.quads();
        let most = (SHARE_NUMBERS / total).max(1);
        let span = strips.div_ceil(most.min(strips));
        let shares = strips.div_ceil(span);
        let blocks = conv.outputs.div_ceil(4);
        let each_tap = if conv.kernel == 3 { 1 } else { conv.taps() };
        let invocations = shares * conv.channels * blocks * each_tap;
        let words = [
            conv.images,
            conv.channels,
            conv.height,
            conv.width,
            conv.outputs,
            conv.quads(),
            shares,
            span,
            blocks,
            invocations,
        ]
        .map(|n| n as u32);
        let defines = [
            ("K", conv.kernel as i32),
            ("TAPS", conv.taps() as i32),
            ("VECTOR", flag(conv.width.is_multiple_of(4))),
        ];
        let sums = self.scratch(shares * total, "shares of a weight gradient").await?;
        let grid = flat(invocations);
        self.run(shaders::WEIGHT_GRADIENT, &defines, &words, &[x, dy, &sums], grid, conv.work()).await?;
        let words = [conv.outputs, columns, shares, total].map(|n| n as u32);
        let defines = [("ADD", flag(add))];
        self.simple(shaders::WEIGHT_SUM, &defines, &words, &[&sums, dw, db], total, shares).await?;
        self.release(sums);
        Ok(())
    }
}
