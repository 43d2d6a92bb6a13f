//! The kernels as operations on planes of numbers: shapes in, dispatches recorded. Where an operation takes more than
//! two spans they come by name.

use super::GpuError;
use super::adapter::AdapterKind;
use super::codes::{Gradient, Operation, Part};
use super::interface::{Word, buffers, words};
use super::record::{GRID_LIMIT, Named, Recording, Span, pick};
use super::shaders::{self, Kernel};
use crate::engine::{OptimizerConfig, Rule};
use crate::network::Shape;

/// Work of one number loaded or stored, in multiply-adds: what elementwise kernels are weighed by.
pub(super) const TRAFFIC: u64 = 8;
/// Words of the control block, see judge.wgsl.
pub const CONTROL: usize = 4;
/// Invocations of a sum of squares.
pub const SQUARE_SHARES: usize = 256;

/// Invocations from which a real GPU is full (docs/performance.md).
pub(super) const FULL: usize = 1 << 14;
/// One invocation for each number of the result.
const ALONE: (&str, i32) = ("LANES", 1);

/// What a kernel does with its result.
#[derive(Clone, Copy, Default)]
pub struct Finish<'a> {
    /// Keep only where this is positive: the output of a ReLU whose input's gradient is wanted.
    pub gate: Option<&'a Span>,
    /// Add to what is there.
    pub add: bool,
}

/// The grid of a one-dimensional job of `total` invocations in workgroups of 64.
pub(super) fn flat(total: usize) -> [u32; 3] {
    let groups = total.div_ceil(64).max(1) as u64;
    let rows = groups.div_ceil(u64::from(GRID_LIMIT));
    [groups.div_ceil(rows) as u32, rows as u32, 1]
}

/// A switch as a compile-time value.
pub(super) fn flag(on: bool) -> i32 {
    i32::from(on)
}

impl Recording {
    /// Records a one-dimensional job of `total` invocations that load and store `loads` numbers each.
    pub(super) fn simple(
        &mut self,
        kernel: Kernel,
        defines: &[(&'static str, i32)],
        words: &[(&'static str, Word)],
        buffers: &[Named<'_>],
        total: usize,
        loads: usize,
    ) -> Result<(), GpuError> {
        let work = total as u64 * loads as u64 * TRAFFIC;
        self.run(kernel, defines, words, buffers, flat(total), work)
    }

    /// Invocations that add up each of `total` sums of so many terms, see together.wgsl: on real GPUs about sixteen terms
    /// each, or four where that leaves them idle.
    fn lanes(&self, total: usize, terms: usize) -> usize {
        let each = |terms_each: usize| (terms / terms_each).next_power_of_two().min(64);
        match self.kind {
            AdapterKind::Software => 1,
            _ if total * each(16) < FULL => each(4),
            _ => each(16),
        }
    }

    /// Records `total` sums of `terms` terms, for each of which `loads` numbers are loaded.
    pub(super) fn sums(
        &mut self,
        kernel: Kernel,
        defines: &[(&'static str, i32)],
        words: &[(&'static str, Word)],
        buffers: &[Named<'_>],
        [total, terms, loads]: [usize; 3],
    ) -> Result<(), GpuError> {
        let lanes = self.lanes(total, terms);
        let work = (total * terms * loads) as u64 * TRAFFIC;
        let defines = [defines, &[("LANES", lanes as i32)]].concat();
        self.run(kernel, &defines, words, buffers, flat(total * lanes), work)
    }

    /// Records `operation` of elementwise.wgsl for `count` numbers; a tensor that repeats has `elements`.
    fn elementwise(
        &mut self,
        operation: Operation,
        [count, elements]: [usize; 2],
        factor: f32,
        buffers: &[Named<'_>],
        loads: usize,
    ) -> Result<(), GpuError> {
        let vector = count.is_multiple_of(4) && elements.is_multiple_of(4);
        let fours = if vector { 4 } else { 1 };
        let words = words! { total: count / fours, elements: elements / fours, factor };
        let defines = [operation.define(), ("VECTOR", flag(vector))];
        let work = (count * loads) as u64 * TRAFFIC;
        self.run(shaders::ELEMENTWISE, &defines, &words, buffers, flat(count / fours), work)
    }

    /// y = x.
    pub fn copy(&mut self, count: usize, x: &Span, y: &Span) -> Result<(), GpuError> {
        self.elementwise(Operation::Copy, [count, 0], 0.0, &buffers! { x, y }, 2)
    }

    /// y = max(x, 0).
    pub fn relu(&mut self, count: usize, x: &Span, y: &Span) -> Result<(), GpuError> {
        self.elementwise(Operation::Relu, [count, 0], 0.0, &buffers! { x, y }, 2)
    }

    /// y = a + x, of two different spans; a repeats every `elements` of `count` numbers (`a`, `x`, `y`).
    pub fn add(&mut self, [elements, count]: [usize; 2], buffers: &[Named<'_>]) -> Result<(), GpuError> {
        self.elementwise(Operation::Sum, [count, elements], 0.0, buffers, 3)
    }

    /// y = factor·x, added to y where asked.
    pub fn scale(
        &mut self,
        count: usize,
        factor: f32,
        [x, y]: [&Span; 2],
        add: bool,
    ) -> Result<(), GpuError> {
        let operation = if add { Operation::ScaleAccumulate } else { Operation::Scale };
        self.elementwise(operation, [count, 0], factor, &buffers! { x, y }, 3)
    }

    /// y += x.
    pub fn accumulate(&mut self, count: usize, x: &Span, y: &Span) -> Result<(), GpuError> {
        self.elementwise(Operation::Accumulate, [count, 0], 0.0, &buffers! { x, y }, 3)
    }

    /// dx = dy where `output` of the ReLU is positive, else 0; added where asked (`dy`, `output`, `dx`). `output` has
    /// `elements` numbers, dy `count`: a multiple.
    pub fn relu_backward(
        &mut self,
        [elements, count]: [usize; 2],
        buffers: &[Named<'_>],
        add: bool,
    ) -> Result<(), GpuError> {
        let [dy, output, dx] = pick(buffers, ["dy", "output", "dx"])?;
        let operation = if add { Operation::MaskAccumulate } else { Operation::Mask };
        let buffers = buffers! { x: dy, a: output, y: dx };
        self.elementwise(operation, [count, elements], 0.0, &buffers, 4)
    }

    /// Max or mean pool of `images` of shape `input`.
    pub fn pool(
        &mut self,
        mean: bool,
        size: usize,
        images: usize,
        input: Shape,
        [x, y]: [&Span; 2],
    ) -> Result<(), GpuError> {
        let Shape { height, width, .. } = input;
        let (rows, columns) = (height / size, width / size);
        let total = images * input.channels * rows * columns;
        let vector = size == 2 && width.is_multiple_of(8);
        let fours = if vector { 4 } else { 1 };
        let words = words! { height, width, rows, columns: columns / fours, size, total: total / fours };
        let defines = [("MEAN", flag(mean)), ("VECTOR", flag(vector))];
        let loads = (size * size + 1) * fours;
        self.simple(shaders::POOL_FORWARD, &defines, &words, &buffers! { x, y }, total / fours, loads)
    }

    /// Gradient of [`Self::pool`] for `gradients` images' worth of dy (`x`, `dy`, `dx`); x is `images` of the forward
    /// pass. A gate can only be x itself.
    pub fn pool_backward(
        &mut self,
        mean: bool,
        size: usize,
        [images, gradients]: [usize; 2],
        input: Shape,
        buffers: &[Named<'_>],
        finish: Finish<'_>,
    ) -> Result<(), GpuError> {
        let Shape { height, width, .. } = input;
        let (rows, columns) = (height / size, width / size);
        let (down, across) = (height.div_ceil(size), width.div_ceil(size));
        let total = gradients * input.channels * down * across;
        let elements = images * input.elements();
        let words = words! { height, width, rows, columns, size, total, elements, down, across };
        let defines =
            [("MEAN", flag(mean)), ("MASK", flag(finish.gate.is_some())), ("ADD", flag(finish.add))];
        let loads = 2 * size * size + 1;
        self.simple(shaders::POOL_BACKWARD, &defines, &words, buffers, total, loads)
    }

    /// Mean over positions.
    pub fn global_pool(&mut self, images: usize, input: Shape, [x, y]: [&Span; 2]) -> Result<(), GpuError> {
        let total = images * input.channels;
        let positions = input.positions();
        let words = words! { positions, total };
        self.simple(shaders::GLOBAL_POOL, &[], &words, &buffers! { x, y }, total, positions)
    }

    /// Gradient of [`Self::global_pool`] (`x`, `dy`, `dx`); counts as in [`Self::pool_backward`].
    pub fn global_pool_backward(
        &mut self,
        [images, gradients]: [usize; 2],
        input: Shape,
        buffers: &[Named<'_>],
        finish: Finish<'_>,
    ) -> Result<(), GpuError> {
        let total = gradients * input.elements();
        let elements = images * input.elements();
        let words = words! { positions: input.positions(), total, elements };
        let defines = [("MASK", flag(finish.gate.is_some())), ("ADD", flag(finish.add))];
        self.simple(shaders::GLOBAL_POOL_BACKWARD, &defines, &words, buffers, total, 3)
    }

    /// The linear layer: y `[images, outputs]` (`x`, `w`, `bias`, `y`).
    pub fn linear(
        &mut self,
        [images, inputs, outputs]: [usize; 3],
        buffers: &[Named<'_>],
    ) -> Result<(), GpuError> {
        let total = images * outputs;
        let words = words! { images, inputs, outputs, total };
        self.simple(shaders::LINEAR, &[Part::Output.define(), ALONE], &words, buffers, total, 2 * inputs)
    }

    /// Its gradient with respect to x (`dy`, `w`, `dx`).
    pub fn linear_input_gradient(
        &mut self,
        [images, inputs, outputs]: [usize; 3],
        buffers: &[Named<'_>],
    ) -> Result<(), GpuError> {
        let total = images * inputs;
        let words = words! { images, inputs, outputs, total };
        self.simple(
            shaders::LINEAR,
            &[Part::InputGradient.define(), ALONE],
            &words,
            buffers,
            total,
            2 * outputs,
        )
    }

    /// Its gradient with respect to weights and bias (`x`, `dy`, `dw`, `db`).
    pub fn linear_weight_gradient(
        &mut self,
        [images, inputs, outputs]: [usize; 3],
        buffers: &[Named<'_>],
    ) -> Result<(), GpuError> {
        let total = (inputs + 1) * outputs;
        let words = words! { images, inputs, outputs, total };
        self.sums(shaders::LINEAR, &[Part::WeightGradient.define()], &words, buffers, [total, images, 2])
    }

    /// Batch norm with the batch's own statistics; moves the running ones (`x`, `gamma`, `beta`, `running_mean`,
    /// `running_variance`, `moments`, `y`). `moments` (two numbers a channel) are kept for [`Self::norm_backward`].
    pub fn norm_train(
        &mut self,
        images: usize,
        input: Shape,
        [epsilon, momentum]: [f64; 2],
        relu: bool,
        buffers: &[Named<'_>],
    ) -> Result<(), GpuError> {
        let names = ["x", "gamma", "beta", "running_mean", "running_variance", "moments", "y"];
        let [x, gamma, beta, running_mean, running_variance, moments, y] = pick(buffers, names)?;
        let (channels, positions) = (input.channels, input.positions());
        let (epsilon, momentum) = (epsilon as f32, momentum as f32);
        let total = images * channels;
        let planes = self.scratch(2 * total, "statistics of planes");
        let words = words! { positions, total };
        let buffers = buffers! { x, planes };
        self.sums(shaders::NORM_STATISTICS, &[], &words, &buffers, [total, positions, 2])?;
        let words = words! { images, channels, positions, epsilon, momentum };
        let buffers = buffers! { planes, moments, running_mean, running_variance };
        self.sums(shaders::NORM_COMBINE, &[], &words, &buffers, [channels, images, 3])?;
        self.release(planes);
        let total = images * input.elements();
        let defines = [("TRAIN", 1), ("RELU", flag(relu))];
        let words = words! { channels, positions, total, epsilon };
        let buffers = buffers! { x, gamma, beta, y, moments };
        self.simple(shaders::NORM_APPLY, &defines, &words, &buffers, total, 6)
    }

    /// Batch norm with the running statistics (`x`, `gamma`, `beta`, `running_mean`, `running_variance`, `y`).
    pub fn norm_evaluate(
        &mut self,
        images: usize,
        input: Shape,
        epsilon: f64,
        relu: bool,
        buffers: &[Named<'_>],
    ) -> Result<(), GpuError> {
        let total = images * input.elements();
        let defines = [("TRAIN", 0), ("RELU", flag(relu))];
        let (channels, positions) = (input.channels, input.positions());
        let words = words! { channels, positions, total, epsilon: epsilon as f32 };
        self.simple(shaders::NORM_APPLY, &defines, &words, buffers, total, 6)
    }

    /// Gradients of [`Self::norm_train`] (`x`, `dy`, `gamma`, `moments`, `gamma_slope`, `beta_slope`, `dx`).
    pub fn norm_backward(
        &mut self,
        images: usize,
        input: Shape,
        buffers: &[Named<'_>],
        add: bool,
    ) -> Result<(), GpuError> {
        let names = ["x", "dy", "gamma", "moments", "gamma_slope", "beta_slope", "dx"];
        let [x, dy, gamma, moments, gamma_slope, beta_slope, dx] = pick(buffers, names)?;
        let (channels, positions) = (input.channels, input.positions());
        let total = images * channels;
        let planes = self.scratch(2 * total, "gradient sums of planes");
        let words = words! { channels, positions, total };
        let buffers = buffers! { x, dy, moments, planes };
        self.sums(shaders::NORM_SLOPES, &[], &words, &buffers, [total, positions, 3])?;
        let words = words! { images, channels };
        let buffers = buffers! { planes, gamma_slope, beta_slope };
        self.sums(shaders::NORM_SLOPES_SUM, &[], &words, &buffers, [channels, images, 2])?;
        self.release(planes);
        let total = images * input.elements();
        let count = (images * positions) as f32;
        let words = words! { channels, positions, total, epsilon: 0.0, count };
        let defines = [("TRAIN", 1), ("ADD", flag(add))];
        let buffers = buffers! { dy, gamma, dx, x, moments, gamma_slope, beta_slope };
        self.simple(shaders::NORM_BACKWARD, &defines, &words, &buffers, total, 8)
    }

    /// Gradient of [`Self::norm_evaluate`] with respect to x (`dy`, `gamma`, `running_variance`, `dx`).
    pub fn norm_evaluate_backward(
        &mut self,
        gradients: usize,
        input: Shape,
        epsilon: f64,
        buffers: &[Named<'_>],
        add: bool,
    ) -> Result<(), GpuError> {
        let total = gradients * input.elements();
        let (channels, positions) = (input.channels, input.positions());
        let words = words! { channels, positions, total, epsilon: epsilon as f32, count: 0.0 };
        let defines = [("TRAIN", 0), ("ADD", flag(add))];
        self.simple(shaders::NORM_BACKWARD, &defines, &words, buffers, total, 5)
    }

    /// Zeroes dy in place where `output` of a ReLU is not positive; counts as in [`Self::relu_backward`].
    pub fn gate(&mut self, [elements, count]: [usize; 2], output: &Span, dy: &Span) -> Result<(), GpuError> {
        let buffers = buffers! { a: output, y: dy };
        self.elementwise(Operation::Gate, [count, elements], 0.0, &buffers, 3)
    }

    /// Losses and hits of `rows` logits (a multiple of `images`: several versions of the same images) with the labels
    /// of the schedule (`logits`, `schedule`, `clock`, `score`); with a gradient also that of the mean loss
    /// (`slopes`), of labels smoothed by `smoothing`; and with a teacher how far they are from the teacher's logits (`taught`).
    pub fn loss(
        &mut self,
        gradient: Gradient,
        [rows, images, classes, start, stride]: [usize; 5],
        smoothing: f64,
        buffers: &[Named<'_>],
    ) -> Result<(), GpuError> {
        let (weight, smoothing) = (1.0 / images as f32, smoothing as f32);
        let words = words! { rows, classes, start, stride, weight, images, smoothing };
        let loads = if gradient == Gradient::Teacher { 12 * classes } else { 6 * classes };
        self.simple(shaders::LOSS, &[gradient.define()], &words, buffers, rows, loads)
    }

    /// Partial sums of squares of `x`, `SQUARE_SHARES` of them.
    pub fn squares(&mut self, total: usize, x: &Span, sums: &Span) -> Result<(), GpuError> {
        let words = words! { total, shares: SQUARE_SHARES };
        let each = total.div_ceil(SQUARE_SHARES);
        self.sums(shaders::SQUARES, &[], &words, &buffers! { x, sums }, [SQUARE_SHARES, each, 1])
    }

    /// The step's loss, clipping factor and verdict (`score`, `sums` of squares, `control`, `losses`).
    pub fn judge(
        &mut self,
        [images, stride]: [usize; 2],
        clip: f64,
        buffers: &[Named<'_>],
    ) -> Result<(), GpuError> {
        let words = words! { images, stride, shares: SQUARE_SHARES, clip: clip as f32 };
        let work = (images + SQUARE_SHARES) as u64 * TRAFFIC;
        let defines = [("LANES", self.lanes(1, images.max(SQUARE_SHARES)) as i32)];
        self.run(shaders::JUDGE, &defines, &words, buffers, [1, 1, 1], work)
    }

    /// One optimiser step over `total` numbers (`weights`, `gradient`, `decays`, `control`, `rates`, `first`; with
    /// AdamW also `second`). Where `inherited` is given too, what is 0 there goes `new_rate` times as far.
    pub fn optimise(
        &mut self,
        total: usize,
        config: &OptimizerConfig,
        [epsilon, new_rate]: [f32; 2],
        buffers: &[Named<'_>],
    ) -> Result<(), GpuError> {
        let words = words! {
            total,
            momentum: config.momentum as f32,
            nesterov: usize::from(config.nesterov),
            beta2: config.beta2 as f32,
            decay: config.weight_decay as f32,
            epsilon,
            new_rate,
        };
        let marked = buffers.iter().any(|(name, _)| *name == "inherited");
        let defines = [("ADAMW", flag(config.rule == Rule::Adamw)), ("MARKED", flag(marked))];
        self.simple(shaders::OPTIMISE, &defines, &words, buffers, total, 8)
    }

    /// Moves `average` towards `x`, `total` numbers, by the step's share (`x`, `control`, `shares`,
    /// `average`).
    pub fn average(&mut self, total: usize, buffers: &[Named<'_>]) -> Result<(), GpuError> {
        self.simple(shaders::AVERAGE, &[], &words! { total }, buffers, total, 3)
    }

    /// Moves the clock on.
    pub fn tick(&mut self, control: &Span) -> Result<(), GpuError> {
        let words = words! { by: 1usize };
        self.run(shaders::TICK, &[], &words, &buffers! { control }, [1, 1, 1], 1)
    }
}

#[cfg(test)]
mod tests;
