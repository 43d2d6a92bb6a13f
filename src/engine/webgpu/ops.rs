//! The kernels as operations on planes of numbers: shapes in, dispatches recorded.

use super::GpuError;
use super::record::{GRID_LIMIT, Recording, Span};
use super::shaders::{self, Kernel};
use crate::engine::{OptimizerConfig, Rule};
use crate::network::Shape;

/// Work of one number loaded or stored, in multiply-adds: what elementwise kernels are weighed by.
pub(super) const TRAFFIC: u64 = 8;
/// Invocations of a sum of squares.
pub const SQUARE_SHARES: usize = 256;

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
        words: &[u32],
        bindings: &[&Span],
        total: usize,
        loads: usize,
    ) -> Result<(), GpuError> {
        let work = total as u64 * loads as u64 * TRAFFIC;
        self.run(kernel, defines, words, bindings, flat(total), work)
    }

    /// Records `operation` of elementwise.wgsl for `count` numbers; a tensor that repeats has `elements`.
    fn elementwise(
        &mut self,
        operation: i32,
        [count, elements]: [usize; 2],
        factor: f32,
        bindings: &[&Span],
        loads: usize,
    ) -> Result<(), GpuError> {
        let vector = count.is_multiple_of(4) && elements.is_multiple_of(4);
        let fours = if vector { 4 } else { 1 };
        let words = [(count / fours) as u32, (elements / fours) as u32, factor.to_bits()];
        let defines = [("OP", operation), ("VECTOR", flag(vector))];
        let work = (count * loads) as u64 * TRAFFIC;
        self.run(shaders::ELEMENTWISE, &defines, &words, bindings, flat(count / fours), work)
    }

    /// y = x.
    pub fn copy(&mut self, count: usize, x: &Span, y: &Span) -> Result<(), GpuError> {
        self.elementwise(0, [count, 0], 0.0, &[x, y], 2)
    }

    /// y = max(x, 0).
    pub fn relu(&mut self, count: usize, x: &Span, y: &Span) -> Result<(), GpuError> {
        self.elementwise(1, [count, 0], 0.0, &[x, y], 2)
    }

    /// y = a + b, of two different slices.
    pub fn add(&mut self, count: usize, a: &Span, b: &Span, y: &Span) -> Result<(), GpuError> {
        self.add_repeated([count, count], a, b, y)
    }

    /// y = a + b, a repeating every `elements` of `count` numbers.
    pub fn add_repeated(
        &mut self,
        [elements, count]: [usize; 2],
        a: &Span,
        b: &Span,
        y: &Span,
    ) -> Result<(), GpuError> {
        self.elementwise(2, [count, elements], 0.0, &[b, a, y], 3)
    }

    /// y = factor·x, added to y where asked.
    pub fn scale(
        &mut self,
        count: usize,
        factor: f32,
        [x, y]: [&Span; 2],
        add: bool,
    ) -> Result<(), GpuError> {
        self.elementwise(if add { 8 } else { 7 }, [count, 0], factor, &[x, y], 3)
    }

    /// y += x.
    pub fn accumulate(&mut self, count: usize, x: &Span, y: &Span) -> Result<(), GpuError> {
        self.elementwise(3, [count, 0], 0.0, &[x, y], 3)
    }

    /// dx = dy where `output` of the ReLU is positive, else 0; added where asked. `output` has `elements`
    /// numbers, dy `count`: a multiple.
    pub fn relu_backward(
        &mut self,
        [elements, count]: [usize; 2],
        [dy, output, dx]: [&Span; 3],
        add: bool,
    ) -> Result<(), GpuError> {
        let operation = if add { 5 } else { 4 };
        self.elementwise(operation, [count, elements], 0.0, &[dy, output, dx], 4)
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
        let (rows, columns) = (input.height / size, input.width / size);
        let total = images * input.channels * rows * columns;
        let vector = size == 2 && input.width.is_multiple_of(8);
        let fours = if vector { 4 } else { 1 };
        let words = [input.height, input.width, rows, columns / fours, size, total / fours].map(|n| n as u32);
        let defines = [("MEAN", flag(mean)), ("VECTOR", flag(vector))];
        let loads = (size * size + 1) * fours;
        self.simple(shaders::POOL_FORWARD, &defines, &words, &[x, y], total / fours, loads)
    }

    /// Gradient of [`Self::pool`] for `gradients` images' worth of dy; x is `images` of the forward pass. A gate
    /// can only be x itself.
    pub fn pool_backward(
        &mut self,
        mean: bool,
        size: usize,
        [images, gradients]: [usize; 2],
        input: Shape,
        [x, dy, dx]: [&Span; 3],
        finish: Finish<'_>,
    ) -> Result<(), GpuError> {
        let (rows, columns) = (input.height / size, input.width / size);
        let (down, across) = (input.height.div_ceil(size), input.width.div_ceil(size));
        let total = gradients * input.channels * down * across;
        let elements = images * input.elements();
        let words = [input.height, input.width, rows, columns, size, total, elements, down, across];
        let defines =
            [("MEAN", flag(mean)), ("MASK", flag(finish.gate.is_some())), ("ADD", flag(finish.add))];
        let loads = 2 * size * size + 1;
        let words = words.map(|n| n as u32);
        self.simple(shaders::POOL_BACKWARD, &defines, &words, &[x, dy, dx], total, loads)
    }

    /// Mean over positions.
    pub fn global_pool(&mut self, images: usize, input: Shape, [x, y]: [&Span; 2]) -> Result<(), GpuError> {
        let total = images * input.channels;
        let words = [input.positions() as u32, total as u32];
        self.simple(shaders::GLOBAL_POOL, &[], &words, &[x, y], total, input.positions())
    }

    /// Gradient of [`Self::global_pool`]; counts as in [`Self::pool_backward`].
    pub fn global_pool_backward(
        &mut self,
        [images, gradients]: [usize; 2],
        input: Shape,
        [x, dy, dx]: [&Span; 3],
        finish: Finish<'_>,
    ) -> Result<(), GpuError> {
        let total = gradients * input.elements();
        let words = [input.positions(), total, images * input.elements()].map(|n| n as u32);
        let defines = [("MASK", flag(finish.gate.is_some())), ("ADD", flag(finish.add))];
        self.simple(shaders::GLOBAL_POOL_BACKWARD, &defines, &words, &[x, dy, dx], total, 3)
    }

    /// The linear layer: y `[images, outputs]`.
    pub fn linear(
        &mut self,
        [images, inputs, outputs]: [usize; 3],
        [x, w, b, y]: [&Span; 4],
    ) -> Result<(), GpuError> {
        let total = images * outputs;
        let words = [images, inputs, outputs, total].map(|n| n as u32);
        self.simple(shaders::LINEAR, &[("PART", 0)], &words, &[x, w, b, y], total, 2 * inputs)
    }

    /// Its gradient with respect to x.
    pub fn linear_input_gradient(
        &mut self,
        [images, inputs, outputs]: [usize; 3],
        [dy, w, dx]: [&Span; 3],
    ) -> Result<(), GpuError> {
        let total = images * inputs;
        let words = [images, inputs, outputs, total].map(|n| n as u32);
        self.simple(shaders::LINEAR, &[("PART", 1)], &words, &[dy, w, dx], total, 2 * outputs)
    }

    /// Its gradient with respect to weights and bias.
    pub fn linear_weight_gradient(
        &mut self,
        [images, inputs, outputs]: [usize; 3],
        [x, dy, dw, db]: [&Span; 4],
    ) -> Result<(), GpuError> {
        let total = (inputs + 1) * outputs;
        let words = [images, inputs, outputs, total].map(|n| n as u32);
        self.simple(shaders::LINEAR, &[("PART", 2)], &words, &[x, dy, db, dw], total, 2 * images)
    }

    /// Batch norm with the batch's own statistics; moves the running ones. `moments` (two numbers a channel)
    /// are kept for [`Self::norm_backward`].
    pub fn norm_train(
        &mut self,
        images: usize,
        input: Shape,
        [epsilon, momentum]: [f64; 2],
        relu: bool,
        [x, gamma, beta, running_mean, running_variance, moments, y]: [&Span; 7],
    ) -> Result<(), GpuError> {
        let planes_count = images * input.channels;
        let planes = self.scratch(2 * planes_count, "statistics of planes");
        let (channels, positions) = (input.channels as u32, input.positions() as u32);
        let (epsilon, momentum) = ((epsilon as f32).to_bits(), (momentum as f32).to_bits());
        let words = [positions, planes_count as u32];
        self.simple(
            shaders::NORM_STATISTICS,
            &[],
            &words,
            &[x, &planes],
            planes_count,
            2 * input.positions(),
        )?;
        let words = [images as u32, channels, positions, epsilon, momentum];
        let bindings = [&planes, moments, running_mean, running_variance];
        self.simple(shaders::NORM_COMBINE, &[], &words, &bindings, input.channels, 3 * images)?;
        self.release(planes);
        let total = images * input.elements();
        let defines = [("TRAIN", 1), ("RELU", flag(relu))];
        let words = [channels, positions, total as u32, epsilon];
        self.simple(shaders::NORM_APPLY, &defines, &words, &[x, gamma, beta, y, moments], total, 6)
    }

    /// Batch norm with the running statistics.
    pub fn norm_evaluate(
        &mut self,
        images: usize,
        input: Shape,
        epsilon: f64,
        relu: bool,
        [x, gamma, beta, running_mean, running_variance, y]: [&Span; 6],
    ) -> Result<(), GpuError> {
        let total = images * input.elements();
        let defines = [("TRAIN", 0), ("RELU", flag(relu))];
        let words =
            [input.channels as u32, input.positions() as u32, total as u32, (epsilon as f32).to_bits()];
        let bindings = [x, gamma, beta, y, running_mean, running_variance];
        self.simple(shaders::NORM_APPLY, &defines, &words, &bindings, total, 6)
    }

    /// Gradients of [`Self::norm_train`].
    pub fn norm_backward(
        &mut self,
        images: usize,
        input: Shape,
        [x, dy, gamma, moments, gamma_slope, beta_slope, dx]: [&Span; 7],
        add: bool,
    ) -> Result<(), GpuError> {
        let planes_count = images * input.channels;
        let planes = self.scratch(2 * planes_count, "gradient sums of planes");
        let (channels, positions) = (input.channels as u32, input.positions() as u32);
        let words = [channels, positions, planes_count as u32];
        let bindings = [x, dy, moments, &planes];
        self.simple(shaders::NORM_SLOPES, &[], &words, &bindings, planes_count, 3 * input.positions())?;
        let words = [images as u32, channels];
        let bindings = [&planes, gamma_slope, beta_slope];
        self.simple(shaders::NORM_SLOPES_SUM, &[], &words, &bindings, input.channels, 2 * images)?;
        self.release(planes);
        let total = images * input.elements();
        let count = (images * input.positions()) as f32;
        let words = [channels, positions, total as u32, 0, count.to_bits()];
        let defines = [("TRAIN", 1), ("ADD", flag(add))];
        let bindings = [dy, gamma, dx, x, moments, gamma_slope, beta_slope];
        self.simple(shaders::NORM_BACKWARD, &defines, &words, &bindings, total, 8)
    }

    /// Gradient of [`Self::norm_evaluate`] with respect to x.
    pub fn norm_evaluate_backward(
        &mut self,
        gradients: usize,
        input: Shape,
        epsilon: f64,
        [dy, gamma, running_variance, dx]: [&Span; 4],
        add: bool,
    ) -> Result<(), GpuError> {
        let total = gradients * input.elements();
        let words =
            [input.channels as u32, input.positions() as u32, total as u32, (epsilon as f32).to_bits()];
        let defines = [("TRAIN", 0), ("ADD", flag(add))];
        let bindings = [dy, gamma, dx, running_variance];
        self.simple(shaders::NORM_BACKWARD, &defines, &words, &bindings, total, 5)
    }

    /// Zeroes dy in place where `output` of a ReLU is not positive; counts as in [`Self::relu_backward`].
    pub fn gate(&mut self, [elements, count]: [usize; 2], output: &Span, dy: &Span) -> Result<(), GpuError> {
        self.elementwise(6, [count, elements], 0.0, &[output, dy], 3)
    }

    /// Losses and hits of `rows` logits (a multiple of `images`: several versions of the same images) with the
    /// labels of the schedule (logits, schedule, control, score), and the mean loss's gradient where `slopes`
    /// is given.
    pub fn loss(
        &mut self,
        [rows, images, classes, start, stride]: [usize; 5],
        bindings: [&Span; 4],
        slopes: Option<&Span>,
    ) -> Result<(), GpuError> {
        let weight = (1.0 / images as f32).to_bits();
        let words = [rows as u32, classes as u32, start as u32, stride as u32, weight, images as u32];
        let mut all = bindings.to_vec();
        all.extend(slopes);
        let defines = [("GRADIENT", flag(slopes.is_some()))];
        self.simple(shaders::LOSS, &defines, &words, &all, rows, 6 * classes)
    }

    /// How far the logits of `images` are from a teacher's, with the mean's gradient (logits, schedule, control, score,
    /// slopes, the teacher's logits).
    pub fn imitation(
        &mut self,
        [images, classes, stride]: [usize; 3],
        bindings: [&Span; 6],
    ) -> Result<(), GpuError> {
        let weight = (1.0 / images as f32).to_bits();
        let words = [images as u32, classes as u32, 0, stride as u32, weight, images as u32];
        let defines = [("GRADIENT", 2)];
        self.simple(shaders::LOSS, &defines, &words, &bindings, images, 12 * classes)
    }

    /// Partial sums of squares of `x`, [`SQUARE_SHARES`] of them.
    pub fn squares(&mut self, total: usize, x: &Span, sums: &Span) -> Result<(), GpuError> {
        let words = [total as u32, SQUARE_SHARES as u32];
        let each = total.div_ceil(SQUARE_SHARES);
        self.simple(shaders::SQUARES, &[], &words, &[x, sums], SQUARE_SHARES, each)
    }

    /// The step's loss, clipping factor and verdict (score, sums of squares, control, losses).
    pub fn judge(
        &mut self,
        [images, stride]: [usize; 2],
        clip: f64,
        bindings: [&Span; 4],
    ) -> Result<(), GpuError> {
        let words = [images as u32, stride as u32, SQUARE_SHARES as u32, (clip as f32).to_bits()];
        let work = (images + SQUARE_SHARES) as u64 * TRAFFIC;
        self.run(shaders::JUDGE, &[], &words, &bindings, [1, 1, 1], work)
    }

    /// One optimiser step over `total` numbers (weights, gradient, decays, control, rates, slots).
    pub fn optimise(
        &mut self,
        total: usize,
        config: &OptimizerConfig,
        epsilon: f32,
        bindings: &[&Span],
    ) -> Result<(), GpuError> {
        let real = |x: f64| (x as f32).to_bits();
        let words = [
            total as u32,
            real(config.momentum),
            u32::from(config.nesterov),
            real(config.beta2),
            real(config.weight_decay),
            epsilon.to_bits(),
        ];
        let defines = [("ADAMW", flag(config.rule == Rule::Adamw))];
        self.simple(shaders::OPTIMISE, &defines, &words, bindings, total, 8)
    }

    /// Moves the clock on.
    pub fn tick(&mut self, control: &Span) -> Result<(), GpuError> {
        self.run(shaders::TICK, &[], &[1], &[control], [1, 1, 1], 1)
    }
}
