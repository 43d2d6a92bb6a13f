//! Where a few examples' values and gradients lie: images laid out in lines, all of one size alike, so that operations
//! hand them on without copying.

use super::program::Program;
use crate::engine::candle::kernels::line::Line;
use crate::engine::candle::kernels::sizes::Sizes;

/// Numbers of a cache line: where lines begin.
const ALIGNED: usize = 16;

/// How images of one size lie.
pub struct Grid {
    /// Rows and columns.
    pub size: (usize, usize),
    /// The line; its channels and kernel mean nothing.
    pub line: Line,
    /// One where a position of an image lies, else zero, when all examples are there.
    all: Vec<f32>,
    /// The same when only some are.
    some: Vec<f32>,
}

impl Grid {
    fn new(size: (usize, usize), reach: usize, examples: usize, rest: usize) -> Self {
        let (height, width) = size;
        let sizes = Sizes { examples, inputs: 1, outputs: 1, height, width, kernel: 1 };
        let line = Line::reaching(&sizes, reach, examples);
        let keep = |examples: usize| {
            let mut keep = vec![0.0; line.room];
            for row in
                (0..examples * height).map(|row| row / height * line.stride + row % height * line.pitch)
            {
                keep[row..row + width].fill(1.0);
            }
            keep
        };
        Self { size, line, all: keep(examples), some: keep(rest) }
    }

    /// One where a position of the first `examples` lies.
    pub fn keep(&self, examples: usize) -> &[f32] {
        if examples == self.line.sizes.examples { &self.all } else { &self.some }
    }
}

/// Where a value and its gradient lie.
pub struct Slot {
    /// Its grid.
    pub grid: usize,
    /// Where the value begins.
    pub value: usize,
    /// Where the gradient begins: at the value, which it replaces, if only one operation reads that.
    pub gradient: usize,
    /// Numbers of each.
    pub numbers: usize,
}

impl Slot {
    /// Whether the gradient replaces the value.
    pub fn in_place(&self) -> bool {
        self.value == self.gradient
    }

    /// The value's numbers.
    pub fn values(&self) -> std::ops::Range<usize> {
        self.value..self.value + self.numbers
    }

    /// The gradient's numbers.
    pub fn gradients(&self) -> std::ops::Range<usize> {
        self.gradient..self.gradient + self.numbers
    }
}

/// Where everything lies.
pub struct Layout {
    /// Examples that lie together.
    pub examples: usize,
    /// By size.
    pub grids: Vec<Grid>,
    /// By value.
    pub slots: Vec<Slot>,
    /// Numbers in all.
    pub numbers: usize,
}

impl Layout {
    /// Of `examples` at a time, of which the last time only `rest` are there. `reach`: as the widest kernel.
    pub fn new(program: &Program, reach: usize, examples: usize, rest: usize) -> Self {
        let mut layout = Self { examples, grids: Vec::new(), slots: Vec::new(), numbers: 0 };
        for value in &program.values {
            let known = layout.grids.iter().position(|grid| grid.size == value.size);
            let grid = known.unwrap_or_else(|| {
                layout.grids.push(Grid::new(value.size, reach, examples, rest));
                layout.grids.len() - 1
            });
            let numbers = value.channels * layout.grids[grid].line.length();
            let mut place = || {
                layout.numbers += numbers;
                layout.numbers - numbers
            };
            let at = place();
            let gradient = if value.readers == 1 { at } else { place() };
            layout.slots.push(Slot { grid, value: at, gradient, numbers });
        }
        layout
    }
}

/// The numbers of a few examples. Whatever is written, what lies between rows and what belongs to no example is zero.
pub struct Memory {
    numbers: Vec<f32>,
    start: usize,
}

impl Memory {
    /// Zeros.
    pub fn new(layout: &Layout) -> Self {
        let numbers = vec![0.0; layout.numbers + ALIGNED];
        let start = numbers.as_ptr().align_offset(ALIGNED * size_of::<f32>()).min(ALIGNED);
        Self { numbers, start }
    }

    /// All numbers.
    pub fn numbers(&mut self) -> &mut [f32] {
        &mut self.numbers[self.start..]
    }
}
