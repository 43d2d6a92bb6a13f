//! The kernels as operations on planes of numbers: shapes in, dispatches recorded.

use super::GpuError;
use super::arena::Slice;
use super::commands::{GRID_LIMIT, Recorder};
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
    pub gate: Option<&'a Slice>,
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

impl Recorder<'_> {
    /// Records a one-dimensional job of `total` invocations that load and store `loads` numbers each.
    pub(super) async fn simple(
        &mut self,
        kernel: Kernel,
        defines: &[(&'static str, i32)],
        words: &[u32],
        bindings: &[&Slice],
        total: usize,
        loads: usize,
    ) -> Result<(), GpuError> {
        let work = total as u64 * loads as u64 * TRAFFIC;
        self.run(kernel, defines, words, bindings, flat(total), work).await
    }

    /// Records `operation` of elementwise.wgsl for `count` numbers; a tensor that repeats has `elements`.
    async fn elementwise(
        &mut self,
        operation: i32,
        [count, elements]: [usize; 2],
        factor: f32,
        bindings: &[&Slice],
        loads: usize,
    ) -> Result<(), GpuError> {
        let vector = count.is_multiple_of(4) && elements.is_multiple_of(4);
        let fours = if vector { 4 } else { 1 };
        let words = [(count / fours) as u32, (elements / fours) as u32, factor.to_bits()];
        let defines = [("OP", operation), ("VECTOR", flag(vector))];
        let work = (count * loads) as u64 * TRAFFIC;
        self.run(shaders::ELEMENTWISE, &defines, &words, bindings, flat(count / fours), work).await
    }

    /// y = x.
    pub async fn copy(&mut self, count: usize, x: &Slice, y: &Slice) -> Result<(), GpuError> {
        self.elementwise(0, [count, 0], 0.0, &[x, y], 2).await
    }

    /// y = max(x, 0).
    pub async fn relu(&mut self, count: usize, x: &Slice, y: &Slice) -> Result<(), GpuError> {
        self.elementwise(1, [count, 0], 0.0, &[x, y], 2).await
    }

    /// y = a + b, of two different slices.
    pub async fn add(&mut self, count: usize, a: &Slice, b: &Slice, y: &Slice) -> Result<(), GpuError> {
        self.add_repeated([count, count], a, b, y).await
    }

    /// y = a + b, a repeating every `elements` of `count` numbers.
    pub async fn add_repeated(
        &mut self,
        [elements, count]: [usize; 2],
        a: &Slice,
        b: &Slice,
        y: &Slice,
    ) -> Result<(), GpuError> {
        self.elementwise(2, [count, elements], 0.0, &[b, a, y], 3).await
    }

    /// y = factor·x, added to y where asked.
    pub async fn scale(
        &mut self,
        count: usize,
        factor: f32,
        [x, y]: [&Slice; 2],
        add: bool,
    ) -> Result<(), GpuError> {
        self.elementwise(if add { 8 } else { 7 }, [count, 0], factor, &[x, y], 3).await
    }

    /// y += x.
    pub async fn accumulate(&mut self, count: usize, x: &Slice, y: &Slice) -> Result<(), GpuError> {
        self.elementwise(3, [count, 0], 0.0, &[x, y], 3).await
    }

    /// dx = dy where `output` of the ReLU is positive, else 0; added where asked. `output` has `elements`
    /// numbers, dy `count`: a multiple.
    pub async fn relu_backward(
        &mut self,
        [elements, count]: [usize; 2],
        [dy, output, dx]: [&Slice; 3],
        add: bool,
    ) -> Result<(), GpuError> {
        let operation = if add { 5 } else { 4 };
        self.elementwise(operation, [count, elements], 0.0, &[dy, output, dx], 4).await
    }

    /// Max or mean pool of `images` of shape `input`.
    pub async fn pool(
        &mut self,
        mean: bool,
        size: usize,
        images: usize,
        input: Shape,
        [x, y]: [&Slice; 2],
    ) -> Result<(), GpuError> {
        let (rows, columns) = (input.height / size, input.width / size);
        let total = images * input.channels * rows * columns;
        let vector = size == 2 && input.width.is_multiple_of(8);
        let fours = if vector { 4 } else { 1 };
        let words = [input.height, input.width, rows, columns / fours, size, total / fours].map(|n| n as u32);
        let defines = [("MEAN", flag(mean)), ("VECTOR", flag(vector))];
        let loads = (size * size + 1) * fours;
        self.simple(shaders::POOL_FORWARD, &defines, &words, &[x, y], total / fours, loads).await
    }

    /// Gradient of [`Self::pool`] for `gradients` images' worth of dy; x is `images` of the forward pass. A gate
    /// can only be x itself.
    pub async fn pool_backward(
        &mut self,
        mean: bool,
        size: usize,
        [images, gradients]: [usize; 2],
        input: Shape,
        [x, dy, dx]: [&Slice; 3],
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
        self.simple(shaders::POOL_BACKWARD, &defines, &words, &[x, dy, dx], total, loads).await
    }

    /// Mean over positions.
    pub async fn global_pool(
        &mut self,
        images: usize,
        input: Shape,
        [x, y]: [&Slice; 2],
    ) -> Result<(), GpuError> {
        let total = images * input.channels;
        let words = [input.positions() as u32, total as u32];
        self.simple(shaders::GLOBAL_POOL, &[], &words, &[x, y], total, input.positions()).await
    }

    /// Gradient of [`Self::global_pool`]; counts as in [`Self::pool_backward`].
    pub async fn global_pool_backward(
        &mut self,
        [images, gradients]: [usize; 2],
        input: Shape,
        [x, dy, dx]: [&Slice; 3],
        finish: Finish<'_>,
    ) -> Result<(), GpuError> {
        let total = gradients * input.elements();
        let words = [input.positions(), total, images * input.elements()].map(|n| n as u32);
        let defines = [("MASK", flag(finish.gate.is_some())), ("ADD", flag(finish.add))];
        self.simple(shaders::GLOBAL_POOL_BACKWARD, &defines, &words, &[x, dy, dx], total, 3).await
    }

    /// The linear layer: y `[images, outputs]`.
    pub async fn linear(
        &mut self,
        [images, inputs, outputs]: [usize; 3],
        [x, w, b, y]: [&Slice; 4],
    ) -> Result<(), GpuError> {
        let total = images * outputs;
        let words = [images, inputs, outputs, total].map(|n| n as u32);
        self.simple(shaders::LINEAR, &[("PART", 0)], &words, &[x, w, b, y], total, 2 * inputs).await
    }

    /// Its gradient with respect to x.
    pub async fn linear_input_gradient(
        &mut self,
        [images, inputs, outputs]: [usize; 3],
        [dy, w, dx]: [&Slice; 3],
    ) -> Result<(), GpuError> {
        let total = images * inputs;
        let words = [images, inputs, outputs, total].map(|n| n as u32);
        self.simple(shaders::LINEAR, &[("PART", 1)], &words, &[dy, w, dx], total, 2 * outputs).await
    }

    /// Its gradient with respect to weights and bias.
    pub async fn linear_weight_gradient(
        &mut self,
        [images, inputs, outputs]: [usize; 3],
        [x, dy, dw, db]: [&Slice; 4],
    ) -> Result<(), GpuError> {
        let total = (inputs + 1) * outputs;
        let words = [images, inputs, outputs, total].map(|n| n as u32);
        self.simple(shaders::LINEAR, &[("PART", 2)], &words, &[x, dy, db, dw], total, 2 * images).await
    }

    /// Batch norm with the batch's own statistics; moves the running ones. `moments` (two numbers a channel)
    /// are kept for [`Self::norm_backward`].
    pub async fn norm_train(
        &mut self,
        images: usize,
        input: Shape,
        [epsilon, momentum]: [f64; 2],
        relu: bool,
        [x, gamma, beta, running_mean, running_variance, moments, y]: [&Slice; 7],
    ) -> Result<(), GpuError> {
        let planes_count = images * input.channels;
        let planes = self.scratch(2 * planes_count, "statistics of planes").await?;
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
        )
        .await?;
        let words = [images as u32, channels, positions, epsilon, momentum];
        let bindings = [&planes, moments, running_mean, running_variance];
        self.simple(shaders::NORM_COMBINE, &[], &words, &bindings, input.channels, 3 * images).await?;
        self.release(planes);
        let total = images * input.elements();
        let defines = [("TRAIN", 1), ("RELU", flag(relu))];
        let words = [channels, positions, total as u32, epsilon];
        self.simple(shaders::NORM_APPLY, &defines, &words, &[x, gamma, beta, y, moments], total, 6).await
    }

    /// Batch norm with the running statistics.
    pub async fn norm_evaluate(
        &mut self,
        images: usize,
        input: Shape,
        epsilon: f64,
        relu: bool,
        [x, gamma, beta, running_mean, running_variance, y]: [&Slice; 6],
    ) -> Result<(), GpuError> {
        let total = images * input.elements();
        let defines = [("TRAIN", 0), ("RELU", flag(relu))];
        let words =
            [input.channels as u32, input.positions() as u32, total as u32, (epsilon as f32).to_bits()];
        let bindings = [x, gamma, beta, y, running_mean, running_variance];
        self.simple(shaders::NORM_APPLY, &defines, &words, &bindings, total, 6).await
    }

    /// Gradients of [`Self::norm_train`].
    pub async fn norm_backward(
        &mut self,
        images: usize,
        input: Shape,
        [x, dy, gamma, moments, gamma_slope, beta_slope, dx]: [&Slice; 7],
        add: bool,
    ) -> Result<(), GpuError> {
        let planes_count = images * input.channels;
        let planes = self.scratch(2 * planes_count, "gradient sums of planes").await?;
        let (channels, positions) = (input.channels as u32, input.positions() as u32);
        let words = [channels, positions, planes_count as u32];
        let bindings = [x, dy, moments, &planes];
        self.simple(shaders::NORM_SLOPES, &[], &words, &bindings, planes_count, 3 * input.positions())
            .await?;
        let words = [images as u32, channels];
        let bindings = [&planes, gamma_slope, beta_slope];
        self.simple(shaders::NORM_SLOPES_SUM, &[], &words, &bindings, input.channels, 2 * images).await?;
        self.release(planes);
        let total = images * input.elements();
        let count = (images * input.positions()) as f32;
        let words = [channels, positions, total as u32, 0, count.to_bits()];
        let defines = [("TRAIN", 1), ("ADD", flag(add))];
        let bindings = [dy, gamma, dx, x, moments, gamma_slope, beta_slope];
        self.simple(shaders::NORM_BACKWARD, &defines, &words, &bindings, total, 8).await
    }

    /// Gradient of [`Self::norm_evaluate`] with respect to x.
    pub async fn norm_evaluate_backward(
        &mut self,
        gradients: usize,
        input: Shape,
        epsilon: f64,
        [dy, gamma, running_variance, dx]: [&Slice; 4],
        add: bool,
    ) -> Result<(), GpuError> {
        let total = gradients * input.elements();
        let words =
            [input.channels as u32, input.positions() as u32, total as u32, (epsilon as f32).to_bits()];
        let defines = [("TRAIN", 0), ("ADD", flag(add))];
        let bindings = [dy, gamma, dx, running_variance];
        self.simple(shaders::NORM_BACKWARD, &defines, &words, &bindings, total, 5).await
    }

    /// Zeroes dy in place where `output` of a ReLU is not positive; counts as in [`Self::relu_backward`].
    pub async fn gate(
        &mut self,
        [elements, count]: [usize; 2],
        output: &Slice,
        dy: &Slice,
    ) -> Result<(), GpuError> {
        self.elementwise(6, [count, elements], 0.0, &[output, dy], 3).await
    }

    /// Losses and hits of `rows` logits (a multiple of `images`: several versions of the same images) with the
    /// labels of the schedule (logits, schedule, control, score), and the mean loss's gradient where `slopes`
    /// is given.
    pub async fn loss(
        &mut self,
        [rows, images, classes, start, stride]: [usize; 5],
        bindings: [&Slice; 4],
        slopes: Option<&Slice>,
    ) -> Result<(), GpuError> {
        let weight = (1.0 / images as f32).to_bits();
        let words = [rows as u32, classes as u32, start as u32, stride as u32, weight, images as u32];
        let mut all = bindings.to_vec();
        all.extend(slopes);
        let defines = [("GRADIENT", flag(slopes.is_some()))];
        self.simple(shaders::LOSS, &defines, &words, &all, rows, 6 * classes).await
    }

    /// How far the logits of `images` are from a teacher's, with the mean's gradient (logits, schedule, control, score,
    /// slopes, the teacher's logits).
    pub async fn imitation(
        &mut self,
        [images, classes, stride]: [usize; 3],
        bindings: [&Slice; 6],
    ) -> Result<(), GpuError> {
        let weight = (1.0 / images as f32).to_bits();
        let words = [images as u32, classes as u32, 0, stride as u32, weight, images as u32];
        let defines = [("GRADIENT", 2)];
        self.simple(shaders::LOSS, &defines, &words, &bindings, images, 12 * classes).await
    }

    /// Partial sums of squares of `x`, [`SQUARE_SHARES`] of them.
    pub async fn squares(&mut self, total: usize, x: &Slice, sums: &Slice) -> Result<(), GpuError> {
        let words = [total as u32, SQUARE_SHARES as u32];
        let each = total.div_ceil(SQUARE_SHARES);
        self.simple(shaders::SQUARES, &[], &words, &[x, sums], SQUARE_SHARES, each).await
    }

    /// The step's loss, clipping factor and verdict (score, sums of squares, control, losses).
    pub async fn judge(
        &mut self,
        [images, stride]: [usize; 2],
        clip: f64,
        bindings: [&Slice; 4],
    ) -> Result<(), GpuError> {
        let words = [images as u32, stride as u32, SQUARE_SHARES as u32, (clip as f32).to_bits()];
        let work = (images + SQUARE_SHARES) as u64 * TRAFFIC;
        self.run(shaders::JUDGE, &[], &words, &bindings, [1, 1, 1], work).await
    }

    /// One optimiser step over `total` numbers (weights, gradient, decays, control, rates, slots).
    pub async fn optimise(
        &mut self,
        total: usize,
        config: &OptimizerConfig,
        epsilon: f32,
        bindings: &[&Slice],
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
        self.simple(shaders::OPTIMISE, &defines, &words, bindings, total, 8).await
    }

    /// Moves the clock on.
    pub async fn tick(&mut self, control: &Slice) -> Result<(), GpuError> {
        self.run(shaders::TICK, &[], &[1], &[control], [1, 1, 1], 1).await
    }
}
