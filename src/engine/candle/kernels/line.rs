//! Images laid out for the direct convolution: a block of examples is one long line a channel. Rows follow each other with
//! as many zeros between them as the kernel reaches, examples likewise with rows of zeros. One position's neighbours are
//! then at fixed distances along the line, whatever the image's size.

use std::mem::MaybeUninit;

use super::sizes::Sizes;

/// Vectors of positions in a tile. A browser's compiler has 16 registers of four numbers, and no multiply-add that
/// does with one less: with three vectors, sums go through memory.
pub const VECTORS: usize = if cfg!(target_arch = "wasm32") { 2 } else { 3 };

/// Lines are padded to a multiple of this: [`VECTORS`] vectors of the widest kind.
const ROUND: usize = VECTORS * 16;

/// Numbers of the widest vector: lines begin at multiples of it, because a load over two cache lines costs two.
const ALIGNED: usize = 16;

/// How a block of examples is laid out along a line.
#[derive(Clone, Copy)]
pub struct Line {
    /// The convolution.
    pub sizes: Sizes,
    /// From one row to the next.
    pub pitch: usize,
    /// From one example to the next.
    pub stride: usize,
    /// Zeros before the first number (as many, at least, follow the last): whole vectors, so that the first
    /// number of every line is aligned.
    pub lead: usize,
    /// Positions computed, rounded up.
    pub room: usize,
}

/// A block laid out, one line a channel.
#[derive(Default)]
pub struct Lines {
    numbers: Vec<f32>,
    /// Where the first line begins.
    start: usize,
    examples: usize,
}

impl Lines {
    /// All lines, concatenated.
    pub fn as_slice(&self) -> &[f32] {
        &self.numbers[self.start..]
    }
}

impl Line {
    /// For a block of `examples`.
    pub fn new(sizes: &Sizes, examples: usize) -> Self {
        Self::reaching(sizes, sizes.kernel / 2, examples)
    }

    /// The same with zeros for kernels that reach further than this convolution's, so that all find their neighbours.
    pub fn reaching(sizes: &Sizes, reach: usize, examples: usize) -> Self {
        let pitch = sizes.width + reach;
        let stride = (sizes.height + reach) * pitch;
        let room = (examples * stride).next_multiple_of(ROUND);
        let lead = (reach * pitch + reach).next_multiple_of(ALIGNED);
        Self { sizes: *sizes, pitch, stride, lead, room }
    }

    /// Length of one channel's line.
    pub fn length(&self) -> usize {
        self.room + 2 * self.lead
    }

    /// Where the neighbour of row `ky` and column `kx` of the kernel lies, from a position's own index in the line
    /// without its lead.
    pub fn tap(&self, ky: usize, kx: usize) -> usize {
        let reach = self.sizes.kernel / 2;
        self.lead - (reach * self.pitch + reach) + ky * self.pitch + kx
    }

    /// Where each tap's neighbour lies, from a position's own index in the line without its lead.
    pub fn taps(&self) -> Vec<usize> {
        let kernel = self.sizes.kernel;
        (0..kernel * kernel).map(|tap| self.tap(tap / kernel, tap % kernel)).collect()
    }

    /// Lays `[examples][channels][positions]` out as one line a channel. `lines` must be new or of an earlier
    /// block of the same convolution: if that had as many examples, its rows lie where these do, and what is
    /// between them is zero already.
    pub fn lay_out(&self, x: &[f32], channels: usize, lines: &mut Lines) {
        let Sizes { height, width, .. } = self.sizes;
        let examples = x.len() / (channels * height * width);
        if lines.examples != examples {
            lines.examples = examples;
            lines.numbers.clear();
            lines.numbers.resize(channels * self.length() + ALIGNED, 0.0);
            lines.start = lines.numbers.as_ptr().align_offset(ALIGNED * size_of::<f32>()).min(ALIGNED);
        }
        let lines = &mut lines.numbers[lines.start..];
        for (example, x) in x.chunks(channels * height * width).enumerate() {
            let start = self.lead + example * self.stride;
            for (line, plane) in lines.chunks_exact_mut(self.length()).zip(x.chunks(height * width)) {
                let line = &mut line[start..];
                match width {
                    32 => rows_in::<32>(plane, line, self.pitch),
                    16 => rows_in::<16>(plane, line, self.pitch),
                    8 => rows_in::<8>(plane, line, self.pitch),
                    _ => line.chunks_mut(self.pitch).zip(plane.chunks(width)).for_each(|(to, from)| {
                        to[..width].copy_from_slice(from);
                    }),
                }
            }
        }
    }

    /// Takes the examples out of lines of `room` numbers.
    pub fn take_out(&self, lines: &[f32], channels: usize, y: &mut [MaybeUninit<f32>]) {
        let Sizes { height, width, .. } = self.sizes;
        for (example, y) in y.chunks_mut(channels * height * width).enumerate() {
            for (line, plane) in lines.chunks(self.room).zip(y.chunks_mut(height * width)) {
                let line = &line[example * self.stride..];
                match width {
                    32 => rows_out::<32>(line, plane, self.pitch),
                    16 => rows_out::<16>(line, plane, self.pitch),
                    8 => rows_out::<8>(line, plane, self.pitch),
                    _ => plane.chunks_mut(width).zip(line.chunks(self.pitch)).for_each(|(to, from)| {
                        to.write_copy_of_slice(&from[..width]);
                    }),
                }
            }
        }
    }
}

/// Copies rows of a width known in advance, which needs no call for each.
fn rows_in<const WIDTH: usize>(plane: &[f32], line: &mut [f32], pitch: usize) {
    for (to, from) in line.chunks_mut(pitch).zip(plane.as_chunks::<WIDTH>().0) {
        to[..WIDTH].copy_from_slice(from);
    }
}

/// Copies rows out of a line, the inverse of [`rows_in`].
fn rows_out<const WIDTH: usize>(line: &[f32], plane: &mut [MaybeUninit<f32>], pitch: usize) {
    for (to, from) in plane.as_chunks_mut::<WIDTH>().0.iter_mut().zip(line.chunks(pitch)) {
        to.write_copy_of_slice(&from[..WIDTH]);
    }
}
