//! The operations on a few examples, forward and backward.

use std::ops::Range;

use super::elementwise::{self, NormGradient};
use super::memory::{Layout, Memory, Slot};
use super::pool::Pooling;
use super::program::{Op, Program};
use super::weights::Weights;
use crate::engine::candle::kernels::multiply::{Convolve, Finish, Gate, WeightGradient};
use crate::engine::candle::kernels::vectorised;

/// What is known of a norm's batch, by channel.
#[derive(Default)]
pub struct NormBatch {
    /// γ/σ.
    pub scale: Vec<f32>,
    /// β − mean·γ/σ.
    pub shift: Vec<f32>,
    /// The batch's means.
    pub mean: Vec<f32>,
    /// σ = √(variance + ε).
    pub deviation: Vec<f32>,
    /// Of the gradient with respect to what the norm writes: its mean.
    pub by_mean: Vec<f32>,
    /// The same for its product with the distance from the mean, over the variance.
    pub by_spread: Vec<f32>,
}

/// The answers wanted: gets an example's position in the batch and its logits, returns its loss and replaces the logits by
/// the gradient with respect to them.
pub type Answer<'a> = dyn Fn(usize, &mut [f64]) -> f64 + Sync + 'a;

/// What all chunks of a batch share.
pub struct Shared<'a> {
    /// What is computed.
    pub program: &'a Program,
    /// Where it lies.
    pub layout: &'a Layout,
    /// What with.
    pub weights: &'a Weights,
    /// What is known of the norms so far.
    pub norms: &'a [NormBatch],
    /// `[examples][channels][positions]`.
    pub images: &'a [f32],
}

/// A few examples at work.
pub struct Chunk<'a> {
    /// What all share.
    pub shared: &'a Shared<'a>,
    /// The examples' positions in the batch.
    pub examples: Range<usize>,
    /// Their values and gradients.
    pub memory: &'a mut Memory,
    /// The parameters' gradients, which are added to.
    pub gradients: &'a mut [f32],
}

impl Chunk<'_> {
    fn present(&self) -> usize {
        self.examples.len()
    }

    fn slot(&self, value: usize) -> &Slot {
        &self.shared.layout.slots[value]
    }

    /// Lays the images out.
    pub fn lay_out_images(&mut self) {
        let Shared { layout, images, program, .. } = *self.shared;
        let (slot, grid) = (&layout.slots[0], &layout.grids[layout.slots[0].grid]);
        let (channels, (height, width)) = (program.values[0].channels, grid.size);
        let numbers = &mut self.memory.numbers()[slot.values()];
        for (channel, line) in numbers.chunks_exact_mut(grid.line.length()).enumerate() {
            for place in 0..layout.examples {
                let example = self.examples.start + place;
                let start = grid.line.lead + place * grid.line.stride;
                for (row, to) in line[start..].chunks_mut(grid.line.pitch).enumerate().take(height) {
                    match place < self.examples.len() {
                        true => {
                            let from = ((example * channels + channel) * height + row) * width;
                            to[..width].copy_from_slice(&images[from..from + width]);
                        }
                        false => to[..width].fill(0.0),
                    }
                }
            }
        }
    }

    /// Computes what `ops` write, from the first on.
    pub fn forward(&mut self, ops: Range<usize>) {
        for op in &self.shared.program.ops[ops] {
            self.compute(op);
        }
    }

    fn compute(&mut self, op: &Op) {
        let Shared { program, layout, weights, norms, .. } = *self.shared;
        let examples = self.present();
        let slot = |value: usize| &layout.slots[value];
        let keep = |value: usize| layout.grids[slot(value).grid].keep(examples);
        let numbers = self.memory.numbers();
        match *op {
            Op::Convolve { layer, x, y } => {
                let [x, to] = disjoint(numbers, [slot(x).values(), slot(y).values()]);
                let layer = &weights.layers[layer];
                let finish = Finish { relu: program.values[y].relu, gate: Gate::Line(keep(y)), add: false };
                let (line, taps, packed, bias) = (&layer.line, &layer.taps, &layer.packed, &layer.bias);
                let y_lies = (line.length(), line.lead);
                vectorised(Convolve { line, x, taps, packed, bias, finish, y: to, y_lies });
            }
            Op::Norm { norm, x, y } => {
                let grid = &layout.grids[slot(y).grid].line;
                let (keep, relu, norm) = (keep(y), program.values[y].relu, &norms[norm]);
                let [x, to] = disjoint(numbers, [slot(x).values(), slot(y).values()]);
                let (room, length) = (grid.lead..grid.lead + grid.room, grid.length());
                let lines = x.chunks_exact(length).zip(to.chunks_exact_mut(length));
                for (channel, (x, y)) in lines.enumerate() {
                    let map = (norm.scale[channel], norm.shift[channel]);
                    elementwise::affine(&x[room.clone()], keep, map, relu, &mut y[room.clone()]);
                }
            }
            Op::Relu { x, y } => {
                let [x, y] = disjoint(numbers, [slot(x).values(), slot(y).values()]);
                elementwise::relu(x, y);
            }
            Op::Pool { pool, x, y } => {
                let (from, to) = (&layout.grids[slot(x).grid], &layout.grids[slot(y).grid]);
                let pooling = Pooling { pool, from, to, examples };
                let [x, y] = disjoint(numbers, [slot(x).values(), slot(y).values()]);
                let mut room = Vec::new();
                for (x, y) in x.chunks_exact(from.line.length()).zip(y.chunks_exact_mut(to.line.length())) {
                    pooling.forward(x, y, &mut room);
                }
            }
            Op::Add { a, b, y } => {
                let relu = program.values[y].relu;
                if a == b {
                    let [x, y] = disjoint(numbers, [slot(a).values(), slot(y).values()]);
                    elementwise::add(x, x, relu, y);
                } else {
                    let [a, b, y] = disjoint(numbers, [slot(a).values(), slot(b).values(), slot(y).values()]);
                    elementwise::add(a, b, relu, y);
                }
            }
        }
    }

    /// Of what a norm reads, for each channel: mean, and sum of the squares of the distances from it.
    pub fn statistics(&mut self, x: usize) -> Vec<[f64; 2]> {
        let (slot, examples) = (&self.shared.layout.slots[x], self.present());
        let grid = &self.shared.layout.grids[slot.grid];
        let (keep, room) = (grid.keep(examples), grid.line.lead..grid.line.lead + grid.line.room);
        let count = (examples * grid.size.0 * grid.size.1) as f32;
        let lines = self.memory.numbers()[slot.values()].chunks_exact(grid.line.length());
        let of_line = |line: &[f32]| {
            let line = &line[room.clone()];
            let mean = elementwise::sum(line) / count;
            [f64::from(mean), f64::from(elementwise::squares(line, keep, mean))]
        };
        lines.map(of_line).collect()
    }

    /// The head's logits, `[examples][classes]`, from the global averages.
    fn logits(&self, features: &[f32]) -> Vec<f64> {
        let Shared { program, weights, .. } = *self.shared;
        let mut logits = Vec::with_capacity(self.present() * program.classes);
        for features in features.chunks_exact(program.values[program.last].channels) {
            let rows = weights.linear.chunks_exact(features.len()).zip(&weights.linear_bias);
            logits.extend(rows.map(|(row, bias)| {
                let products = row.iter().zip(features).map(|(weight, feature)| weight * feature);
                f64::from(products.sum::<f32>() + bias)
            }));
        }
        logits
    }

    /// The global averages, `[examples][channels]`.
    fn features(&mut self) -> Vec<f32> {
        let Shared { program, layout, .. } = *self.shared;
        let (slot, examples) = (&layout.slots[program.last], self.present());
        let grid = &layout.grids[slot.grid];
        let share = 1.0 / (grid.size.0 * grid.size.1) as f32;
        let lines = &self.memory.numbers()[slot.values()];
        let mut features = Vec::with_capacity(examples * program.values[program.last].channels);
        for example in 0..examples {
            let start = grid.line.lead + example * grid.line.stride;
            let lines = lines.chunks_exact(grid.line.length());
            features
                .extend(lines.map(|line| elementwise::sum(&line[start..start + grid.line.stride]) * share));
        }
        features
    }

    /// From the head's logits to the gradient of what it reads; returns the examples' losses, added up.
    pub fn answer(&mut self, answer: &Answer<'_>) -> f64 {
        let Shared { program, layout, weights, .. } = *self.shared;
        let features = self.features();
        let mut logits = self.logits(&features);
        let channels = program.values[program.last].channels;
        let relu = program.values[program.last].relu;
        let (slot, grid) = (&layout.slots[program.last], &layout.grids[layout.slots[program.last].grid]);
        let (line, share) = (&grid.line, 1.0 / (grid.size.0 * grid.size.1) as f32);
        let keep = grid.keep(self.present());
        let numbers = self.memory.numbers();
        if !slot.in_place() {
            numbers[slot.gradients()].fill(0.0);
        }
        let mut losses = 0.0;
        for (place, (example, logits)) in
            self.examples.clone().zip(logits.chunks_exact_mut(program.classes)).enumerate()
        {
            losses += answer(example, logits);
            let features = &features[place * channels..][..channels];
            let (rows, bias) = self.gradients[weights.linear_at..].split_at_mut(program.classes * channels);
            let mut pulled = vec![0.0; channels];
            for (output, gradient) in logits.iter().map(|gradient| *gradient as f32).enumerate() {
                bias[output] += gradient;
                let row = output * channels..(output + 1) * channels;
                for (sum, feature) in rows[row.clone()].iter_mut().zip(features) {
                    *sum += gradient * feature;
                }
                for (pulled, weight) in pulled.iter_mut().zip(&weights.linear[row]) {
                    *pulled += gradient * weight;
                }
            }
            for (channel, pulled) in pulled.into_iter().enumerate() {
                let start = place * line.stride;
                let at = channel * line.length() + line.lead + start;
                for index in 0..line.stride.min(line.room - start) {
                    let open = match relu {
                        true => numbers[slot.value + at + index] > 0.0,
                        false => keep[start + index] > 0.0,
                    };
                    numbers[slot.gradient + at + index] = if open { pulled * share } else { 0.0 };
                }
            }
        }
        losses
    }

    /// Pulls gradients back through `ops`, from the last on.
    pub fn backward(&mut self, ops: Range<usize>) {
        let program = self.shared.program;
        for (index, op) in program.ops[ops.clone()].iter().enumerate().rev() {
            self.pull(op, self.shared.weights.first[ops.start + index]);
        }
    }

    /// `first`: whether the gradient of each value that it reads is not begun yet.
    fn pull(&mut self, op: &Op, first: [bool; 2]) {
        let Shared { program, layout, .. } = *self.shared;
        let examples = self.present();
        let slot = |value: usize| &layout.slots[value];
        match *op {
            Op::Convolve { layer, x, y } => self.pull_convolution(layer, (x, y), first[0]),
            Op::Norm { norm, x, y } => self.pull_norm(norm, (x, y), first[0]),
            Op::Relu { x, y } => self.hand_on(x, y, first[0]),
            Op::Pool { pool, x, y } => {
                let (from, to) = (&layout.grids[slot(x).grid], &layout.grids[slot(y).grid]);
                let pooling = Pooling { pool, from, to, examples };
                let relu = program.values[x].relu;
                let numbers = self.memory.numbers();
                let (x, y) = (slot(x), slot(y));
                let mut copy = Vec::new();
                for channel in 0..x.numbers / from.line.length() {
                    let (at, length) = (channel * from.line.length(), from.line.length());
                    let values = x.value + at..x.value + at + length;
                    let dz = y.gradient + channel * to.line.length();
                    let dz = dz..dz + to.line.length();
                    if x.in_place() {
                        let [u, dz] = disjoint(numbers, [values, dz]);
                        pooling.gradient(relu, u, dz);
                        continue;
                    }
                    copy.clear();
                    copy.extend_from_slice(&numbers[values]);
                    pooling.gradient(relu, &mut copy, &numbers[dz]);
                    let to = &mut numbers[x.gradient + at..][..length];
                    match first[0] {
                        true => to.copy_from_slice(&copy),
                        false => to.iter_mut().zip(&copy).for_each(|(to, more)| *to += more),
                    }
                }
            }
            Op::Add { a, b, y } => {
                self.hand_on(a, y, first[0]);
                self.hand_on(b, y, first[1]);
            }
        }
    }

    /// Gives a value the gradient of another of the same shape.
    fn hand_on(&mut self, to: usize, from: usize, first: bool) {
        let layout = self.shared.layout;
        let (relu, to, from) = (self.shared.program.values[to].relu, &layout.slots[to], &layout.slots[from]);
        let numbers = self.memory.numbers();
        if to.in_place() {
            let [value, given] = disjoint(numbers, [to.values(), from.gradients()]);
            elementwise::replace(given, relu, value);
        } else {
            let [value, given, gradient] = disjoint(numbers, [to.values(), from.gradients(), to.gradients()]);
            elementwise::give(given, relu, value, first, gradient);
        }
    }

    fn pull_norm(&mut self, norm: usize, (x, y): (usize, usize), first: bool) {
        let Shared { program, layout, norms, .. } = *self.shared;
        let relu = program.values[x].relu;
        let (x, y) = (&layout.slots[x], &layout.slots[y]);
        let grid = &layout.grids[x.grid];
        let (line, keep) = (&grid.line, grid.keep(self.present()));
        let (room, length) = (line.lead..line.lead + line.room, line.length());
        let of_channel = |channel: usize| {
            let norm: &NormBatch = &norms[norm];
            let (scale, mean) = (norm.scale[channel], norm.mean[channel]);
            let (by_mean, by_spread) = (norm.by_mean[channel], norm.by_spread[channel]);
            NormGradient { scale, mean, by_mean, by_spread }
        };
        let numbers = self.memory.numbers();
        if x.in_place() && !relu {
            let [u, dy] = disjoint(numbers, [x.values(), y.gradients()]);
            let lines = u.chunks_exact_mut(length).zip(dy.chunks_exact(length));
            for (channel, (u, dy)) in lines.enumerate() {
                let (u, dy) = (&mut u[room.clone()], &dy[room.clone()]);
                elementwise::norm_gradient_in_place(u, keep, of_channel(channel), dy);
            }
            return;
        }
        let mut given = vec![0.0; length];
        for (channel, at) in (0..x.numbers).step_by(length).enumerate() {
            let u = &numbers[x.value + at..][..length];
            let dy = &numbers[y.gradient + at..][..length];
            let (u, dy, du) = (&u[room.clone()], &dy[room.clone()], &mut given[room.clone()]);
            elementwise::norm_gradient(u, keep, of_channel(channel), dy, du);
            let value = x.value + at..x.value + at + length;
            if x.in_place() {
                elementwise::replace(&given, relu, &mut numbers[value]);
            } else {
                let gradient = x.gradient + at..x.gradient + at + length;
                let [value, gradient] = disjoint(numbers, [value, gradient]);
                elementwise::give(&given, relu, value, first, gradient);
            }
        }
    }

    fn pull_convolution(&mut self, layer: usize, (x, y): (usize, usize), first: bool) {
        let Shared { program, layout, weights, .. } = *self.shared;
        let keep = layout.grids[layout.slots[x].grid].keep(self.present());
        let relu = program.values[x].relu;
        let (x, y) = (&layout.slots[x], &layout.slots[y]);
        let layer = &weights.layers[layer];
        let numbers = self.memory.numbers();
        let sum = &mut self.gradients[layer.gradient_at..];
        let (sum, rest) = sum.split_at_mut(layer.line.sizes.outputs * layer.line.sizes.taps());
        let dy = &numbers[y.gradients()];
        vectorised(WeightGradient { line: &layer.line, x: &numbers[x.values()], dy, sum });
        for (sum, line) in rest.iter_mut().zip(dy.chunks_exact(layer.line.length())) {
            *sum += elementwise::sum(line);
        }
        let Some(back) = &layer.back else { return };
        let (line, taps, packed, bias) = (&back.line, &back.taps, &back.packed, &back.bias);
        let y_lies = (line.length(), line.lead);
        if x.in_place() {
            let gate = if relu { Gate::Replaced } else { Gate::Line(keep) };
            let [dy, dx] = disjoint(numbers, [y.gradients(), x.gradients()]);
            let finish = Finish { relu: false, gate, add: false };
            vectorised(Convolve { line, x: dy, taps, packed, bias, finish, y: dx, y_lies });
        } else {
            let [dy, dx, value] = disjoint(numbers, [y.gradients(), x.gradients(), x.values()]);
            let gate = if relu { Gate::Lines(value) } else { Gate::Line(keep) };
            let finish = Finish { relu: false, gate, add: !first };
            vectorised(Convolve { line, x: dy, taps, packed, bias, finish, y: dx, y_lies });
        }
    }

    /// Of the gradient with respect to what a norm writes, for each channel: its sum, and the sum of its products with the
    /// distances of what the norm reads from their mean.
    pub fn gradient_sums(&mut self, norm: usize, (x, y): (usize, usize)) -> Vec<[f64; 2]> {
        let (x, y) = (self.slot(x), self.slot(y));
        let line = &self.shared.layout.grids[x.grid].line;
        let (means, room, length) =
            (&self.shared.norms[norm].mean, line.lead..line.lead + line.room, line.length());
        let (values, gradients) = (x.values(), y.gradients());
        let numbers = self.memory.numbers();
        let lines = numbers[values].chunks_exact(length).zip(numbers[gradients].chunks_exact(length));
        let of_channel = |((u, dy), mean): ((&[f32], &[f32]), &f32)| {
            let (u, dy) = (&u[room.clone()], &dy[room.clone()]);
            [f64::from(elementwise::sum(dy)), f64::from(elementwise::spread(u, dy, *mean))]
        };
        lines.zip(means).map(of_channel).collect()
    }
}

/// Parts of a memory that do not overlap.
fn disjoint<const N: usize>(numbers: &mut [f32], ranges: [Range<usize>; N]) -> [&mut [f32]; N] {
    numbers.get_disjoint_mut(ranges).expect("each value has its own place")
}
