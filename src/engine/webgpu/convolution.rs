//! The convolution and its gradients, recorded: geometry, packed weights, dispatches, and which tile suits where.

use std::ops::Range;

use serde::Serialize;

use super::adapter::AdapterKind;
use super::arena::ALIGNMENT;
use super::interface::{buffers, words};
use super::ops::{FULL, Finish, flag, flat};
use super::record::{Named, Recording, Span, pick};
use super::{GpuError, shaders};

/// Numbers of partial sums that a weight gradient may take on a real GPU, which wants many invocations.
const SHARE_NUMBERS: usize = 1 << 20;
/// The same on a software adapter, which wants few sums to add up.
const FEW_SHARE_NUMBERS: usize = 1 << 18;
/// A convolution's geometry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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

    /// Floating-point operations, two for each multiply-add; the gradient with respect to the input has as many, and so
    /// has the one with respect to the weights.
    pub fn flops(&self) -> u64 {
        2 * self.work()
    }

    /// Rows at most of the tile that an invocation computes: 4, 2 or 1. A large tile loads less, small ones fill a device.
    pub fn rows(&self, kind: AdapterKind) -> usize {
        let tiles = self.quads() * self.height.div_ceil(4);
        let full = self.images * tiles * self.outputs.div_ceil(4) >= FULL;
        if full || kind == AdapterKind::Software { 4 } else { 1 }
    }

    /// Channels read that an invocation of the weight gradient takes at once: 4, 2 or 1. Several load less; on an H100
    /// one was fastest at every size (docs/performance.md).
    pub fn channels_at_once(&self, kind: AdapterKind) -> usize {
        if kind == AdapterKind::Software { 4 } else { 1 }
    }

    /// Images of one dispatch that holds at most about `most` work: all, or a divisor of `period` images after which
    /// the slices of what is read and written begin where slices may.
    fn cut(&self, period: usize, most: u64) -> usize {
        if self.work() <= most {
            return self.images;
        }
        let aligned = |images: usize| {
            let begins = |channels: usize| {
                (4 * images * channels * self.height * self.width).is_multiple_of(ALIGNMENT as usize)
            };
            period.is_multiple_of(images) && begins(self.channels) && begins(self.outputs)
        };
        let fit = (most / (self.work() / self.images as u64).max(1)).clamp(1, period as u64) as usize;
        (1..=fit).rev().find(|images| aligned(*images)).unwrap_or(self.images)
    }

    /// Pieces of its weight gradient's `units` that hold at most about `most` work each.
    fn pieces(&self, units: usize, most: u64) -> impl Iterator<Item = Range<usize>> {
        let pieces = self.work().div_ceil(most.max(1)).min(units as u64) as usize;
        let size = units.div_ceil(pieces.max(1));
        (0..units).step_by(size.max(1)).map(move |first| first..(first + size).min(units))
    }

    fn positions(&self) -> usize {
        self.images * self.height * self.width
    }

    /// Rows, `most` of them at most, and columns of the tile of an invocation.
    fn tile(&self, kind: AdapterKind, most: usize) -> [usize; 2] {
        let wide = self.kernel == 3
            && kind == AdapterKind::Software
            && self.width.is_multiple_of(8)
            && self.height * self.width >= 64;
        let rows = match self.kernel {
            // Tiles as wide as the image want no neighbours; two rows of them were 1.4 times as fast as four.
            3 if wide && self.width == 8 => 2,
            3 if self.height * self.width >= 64 && self.height >= 8 => 4,
            3 if self.height >= 2 => 2,
            _ => 1,
        };
        [rows.min(most), if wide { 8 } else { 4 }]
    }

    /// Numbers of its packed weights.
    pub fn packed(&self, transpose: bool) -> usize {
        match transpose {
            false => self.outputs.next_multiple_of(4) * self.channels * self.taps(),
            true => self.channels.next_multiple_of(4) * self.outputs * self.taps(),
        }
    }

    /// The convolution that is this one's gradient with respect to its input, for so many images.
    pub fn transposed(&self, images: usize) -> Conv {
        Conv { images, channels: self.outputs, outputs: self.channels, ..*self }
    }
}

impl Recording {
    /// Packs weights `[o, c, k, k]` for [`Self::convolve`], or transposed for [`Self::input_gradient`].
    pub fn pack(
        &mut self,
        conv: Conv,
        transpose: bool,
        weights: &Span,
        packed: &Span,
    ) -> Result<(), GpuError> {
        let Conv { outputs, channels, .. } = conv;
        let total = conv.packed(transpose);
        let words = words! { outputs, channels, taps: conv.taps(), total };
        let defines = [("TRANSPOSE", flag(transpose))];
        self.simple(shaders::PACK, &defines, &words, &buffers! { weights, packed }, total, 2)
    }

    /// y = w∗x + b from packed weights, then ReLU if asked (`x`, `weights`, `bias`, `y`).
    pub fn convolve(&mut self, conv: Conv, relu: bool, buffers: &[Named<'_>]) -> Result<(), GpuError> {
        self.convolve_as(conv.rows(self.kind), conv, relu, buffers)
    }

    /// [`Self::convolve`] in tiles of at most so many rows.
    pub fn convolve_as(
        &mut self,
        rows: usize,
        conv: Conv,
        relu: bool,
        buffers: &[Named<'_>],
    ) -> Result<(), GpuError> {
        let [x, weights, bias, y] = pick(buffers, ["x", "weights", "bias", "y"])?;
        let end = End { bias: Some(bias), relu, gate: None, add: false };
        self.product(rows, conv, &end, [x, weights, y])
    }

    /// dx from dy and transposed packed weights, for `images` gradients (`dy`, `weights`, `dx`).
    pub fn input_gradient(
        &mut self,
        conv: Conv,
        images: usize,
        buffers: &[Named<'_>],
        finish: Finish<'_>,
    ) -> Result<(), GpuError> {
        self.input_gradient_as(conv.transposed(images).rows(self.kind), conv, images, buffers, finish)
    }

    /// [`Self::input_gradient`] in tiles of at most so many rows.
    pub fn input_gradient_as(
        &mut self,
        rows: usize,
        conv: Conv,
        images: usize,
        buffers: &[Named<'_>],
        finish: Finish<'_>,
    ) -> Result<(), GpuError> {
        let [dy, weights, dx] = pick(buffers, ["dy", "weights", "dx"])?;
        let gate = finish.gate.map(|gate| (gate, conv.positions() * conv.channels));
        let end = End { bias: None, relu: false, gate, add: finish.add };
        self.product(rows, conv.transposed(images), &end, [dy, weights, dx])
    }

    /// A convolution with its end, cut by images where it is too much for one dispatch.
    fn product(
        &mut self,
        rows: usize,
        conv: Conv,
        end: &End<'_>,
        [x, weights, y]: [&Span; 3],
    ) -> Result<(), GpuError> {
        let [read, written] =
            [conv.channels, conv.outputs].map(|channels| channels * conv.height * conv.width);
        let period = end.gate.map_or(conv.images, |(_, numbers)| numbers / written);
        let images = conv.cut(period, self.most);
        if images == conv.images {
            return self.whole(rows, conv, end, [x, weights, y]);
        }
        let part = |span: &Span, first: usize, elements: usize| {
            span.part(4 * (first * elements) as u64, 4 * (images * elements) as u64)
        };
        for first in (0..conv.images).step_by(images) {
            let gate = match end.gate {
                Some((gate, _)) => Some(part(gate, first % period, written)?),
                None => None,
            };
            let gate = gate.as_ref().map(|gate| (gate, images * written));
            let spans = [&part(x, first, read)?, weights, &part(y, first, written)?];
            self.whole(rows, Conv { images, ..conv }, &End { gate, ..*end }, spans)?;
        }
        Ok(())
    }

    /// A convolution with its end in one dispatch.
    fn whole(
        &mut self,
        rows: usize,
        conv: Conv,
        end: &End<'_>,
        [x, weights, y]: [&Span; 3],
    ) -> Result<(), GpuError> {
        let mut spans = buffers! { x, weights, y }.to_vec();
        spans.extend(end.bias.map(|bias| ("bias", bias)));
        spans.extend(end.gate.map(|(gate, _)| ("gate", gate)));
        let quads = conv.quads();
        let [rows, columns] = conv.tile(self.kind, rows);
        let tiles = conv.width.div_ceil(columns) * conv.height.div_ceil(rows);
        let vector = conv.width.is_multiple_of(4);
        let gate = if vector { end.gate_numbers().div_ceil(4) } else { end.gate_numbers() };
        // Workgroups of 64 that fill up where one image has too few tiles: first with other channels of the same image,
        // so that the eight lanes of a software adapter's vector read from one place; then with images.
        let output_blocks = conv.outputs.div_ceil(4);
        let wide = tiles.next_power_of_two().min(64);
        let blocks = (8 / wide.min(8)).min(output_blocks.next_power_of_two());
        let deep = 64 / (wide * blocks);
        let mut defines = vec![
            ("VECTOR", flag(vector)),
            ("WIDE", wide as i32),
            ("BLOCKS", blocks as i32),
            ("DEEP", deep as i32),
        ];
        let kernel = match conv.kernel {
            3 => {
                let alone = flag(columns == 8 && conv.width == 8);
                defines.extend([("ROWS", rows as i32), ("COLUMNS", columns as i32), ("ALONE", alone)]);
                shaders::CONVOLVE_3
            }
            _ => {
                defines.push(("K", conv.kernel as i32));
                shaders::CONVOLVE_ANY
            }
        };
        defines.extend(end.defines());
        let Conv { images, channels, height, width, outputs, .. } = conv;
        let words = words! { images, channels, height, width, outputs, quads, gate };
        let grid = [tiles.div_ceil(wide), output_blocks.div_ceil(blocks), conv.images.div_ceil(deep)];
        self.run(kernel, &defines, &words, &spans, grid.map(|n| n as u32), conv.work())
    }

    /// dw and db from x and dy (`x`, `dy`, `dw`, `db`), in two stages through scratch memory; added to what is there
    /// where asked.
    pub fn weight_gradient(&mut self, conv: Conv, buffers: &[Named<'_>], add: bool) -> Result<(), GpuError> {
        self.weight_gradient_as(conv.channels_at_once(self.kind), conv, buffers, add)
    }

    /// [`Self::weight_gradient`] with so many channels at once.
    pub fn weight_gradient_as(
        &mut self,
        channels_at_once: usize,
        conv: Conv,
        buffers: &[Named<'_>],
        add: bool,
    ) -> Result<(), GpuError> {
        let [x, dy, dw, db] = pick(buffers, ["x", "dy", "dw", "db"])?;
        let columns = conv.channels * conv.taps() + 1;
        let total = conv.outputs * columns;
        let (sums, shares) = self.shares(channels_at_once, conv, total, [x, dy])?;
        let words = words! { outputs: conv.outputs, columns, shares, total };
        let defines = [("ADD", flag(add))];
        let buffers = buffers! { shares: sums, dw, db };
        self.sums(shaders::WEIGHT_SUM, &defines, &words, &buffers, [total, shares, 1])?;
        self.release(sums);
        Ok(())
    }

    /// The first stage: shares of `total` numbers each, and how many.
    fn shares(
        &mut self,
        channels_at_once: usize,
        conv: Conv,
        total: usize,
        [x, dy]: [&Span; 2],
    ) -> Result<(Span, usize), GpuError> {
        let software = self.kind == AdapterKind::Software;
        let numbers = if software { FEW_SHARE_NUMBERS } else { SHARE_NUMBERS };
        let strips = conv.images * conv.quads();
        // As many as there is room for, all of the same number of strips but for one strip.
        let shares = strips.div_ceil(strips.div_ceil((numbers / total).clamp(1, strips)));
        let blocks = conv.outputs.div_ceil(4);
        let vector = ("VECTOR", flag(conv.width.is_multiple_of(4)));
        // A kernel of width 3 takes all taps of several channels at once, any other one tap of one.
        let (kernel, together, each_tap) = match conv.kernel {
            3 => (shaders::WEIGHT_GRADIENT_3, channels_at_once, 1),
            _ => (shaders::WEIGHT_GRADIENT_ANY, 1, conv.taps()),
        };
        let defines = match conv.kernel {
            3 => [("CHANNELS", together as i32), vector],
            _ => [("K", conv.kernel as i32), vector],
        };
        let invocations = shares * conv.channels.div_ceil(together) * blocks * each_tap;
        let sums = self.scratch(shares * total, "shares of a weight gradient");
        let Conv { images, channels, height, width, outputs, .. } = conv;
        for piece in conv.pieces(invocations.div_ceil(64), self.most) {
            let (first, end) = (64 * piece.start, (64 * piece.end).min(invocations));
            let quads = conv.quads();
            let words = words! { images, channels, height, width, outputs, quads, shares, first, end };
            let work = conv.work() * (end - first) as u64 / invocations as u64;
            let buffers = buffers! { x, dy, shares: sums };
            self.run(kernel, &defines, &words, &buffers, flat(end - first), work)?;
        }
        Ok((sums, shares))
    }
}

/// What is done to a convolution's sums before they are stored, see finish.wgsl.
#[derive(Clone, Copy)]
struct End<'a> {
    bias: Option<&'a Span>,
    relu: bool,
    /// The output of the ReLU before x, and how many numbers it has.
    gate: Option<(&'a Span, usize)>,
    add: bool,
}

impl End<'_> {
    fn defines(&self) -> [(&'static str, i32); 4] {
        [
            ("BIAS", flag(self.bias.is_some())),
            ("RELU", flag(self.relu)),
            ("MASK", flag(self.gate.is_some())),
            ("ADD", flag(self.add)),
        ]
    }

    /// Numbers of the gate; 1 if there is none.
    fn gate_numbers(&self) -> usize {
        self.gate.map_or(1, |(_, numbers)| numbers)
    }
}

#[cfg(test)]
mod tests;
