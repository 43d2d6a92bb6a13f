//! A training step of f32 networks, a few images at a time: they go through all layers and back while their values stay in
//! the processor's second-level cache, and lie from the first layer to the last as the convolutions read them. The batch
//! comes together only where a norm needs all of it, and for the parameters' gradients.
//!
//! [`super::tape`] is the other way to the same numbers, for any number type, one operation at a time over the whole batch.

mod chunk;
mod elementwise;
mod memory;
mod pool;
mod program;
#[cfg(test)]
mod tests;
mod weights;

use std::ops::Range;
use std::sync::Mutex;

use candle_core::{Result, Tensor, bail};
use rayon::prelude::*;

pub use chunk::Answer;
use chunk::{Chunk, NormBatch, Shared};
use memory::{Layout, Memory};
use program::{Op, Program};
use weights::Weights;

use super::plan::Plan;
use super::real::tensor;
use super::tally;
use crate::network::Tensors;

/// Most parts that the parameters' gradients are summed in, and most numbers that all of them may hold.
const PARTS: usize = 16;
const PART_NUMBERS: usize = 4 << 20;

/// Most examples that lie together, and numbers that they should have at most: a share of a second-level cache of 1 MiB.
const CHUNK: usize = 4;
const CHUNK_NUMBERS: usize = 450_000;

/// What a step found.
pub struct Found {
    /// The examples' losses, added up.
    pub losses: f64,
    /// By parameter.
    pub gradients: Tensors,
    /// Node, momentum, and the batch's mean and variance `[2, channels]` of each norm.
    pub statistics: Vec<(usize, f64, Tensor)>,
}

/// Some of a batch's examples, for which one thread works at a time.
struct Part {
    /// Its chunks, by their place in the batch.
    chunks: Range<usize>,
    /// Its share of the parameters' gradients.
    gradients: Vec<f32>,
    /// Its chunks' numbers, if they must last from one sweep over the batch to the next.
    memories: Vec<Memory>,
}

/// Takes training steps of one plan with batches of one size.
pub struct Fused<'a> {
    plan: &'a Plan,
    program: Program,
    layout: Layout,
    /// As the widest kernel; at least one, for what looks beside a window.
    reach: usize,
    batch: usize,
    parts: Vec<Part>,
    /// Numbers of chunks that nobody works on.
    spare: Mutex<Vec<Memory>>,
}

/// What a chunk found in a sweep.
#[derive(Default)]
struct Sums {
    losses: f64,
    /// Two sums for each channel of a norm.
    channels: Vec<[f64; 2]>,
}

impl<'a> Fused<'a> {
    /// For batches of `batch` examples; none if the plan is of a kind that only the tape computes.
    pub fn new(plan: &'a Plan, batch: usize) -> Option<Self> {
        let program = Program::new(plan)?;
        let reach = program.layers.iter().map(|layer| layer.kernel / 2).max().unwrap_or(0).max(1);
        let numbers = Layout::new(&program, reach, 1, 1).numbers;
        // What lasts from sweep to sweep leaves the caches anyway.
        let fitting = if program.norms.is_empty() { CHUNK_NUMBERS / numbers.max(1) } else { CHUNK };
        let examples = fitting.min(batch / PARTS).clamp(1, CHUNK);
        let chunks = batch.div_ceil(examples);
        let layout = Layout::new(&program, reach, examples, batch - (chunks - 1) * examples);
        let parts = PARTS.min(PART_NUMBERS / program.weights().max(1)).clamp(1, chunks);
        let bounds = |part: usize| part * chunks / parts;
        let parts = (0..parts)
            .map(|part| Part {
                chunks: bounds(part)..bounds(part + 1),
                gradients: Vec::new(),
                memories: Vec::new(),
            })
            .collect();
        Some(Self { plan, program, layout, reach, batch, parts, spare: Mutex::new(Vec::new()) })
    }

    /// Gradients of the parameters for a batch of images `[batch, channels, height, width]`.
    pub fn step(&mut self, parameters: &Tensors, images: &[f32], answer: &Answer<'_>) -> Result<Found> {
        let (height, width) = self.program.values[0].size;
        let expected = self.batch * self.program.values[0].channels * height * width;
        if images.len() != expected {
            bail!("{} numbers of images instead of {expected}", images.len());
        }
        let weights = Weights::new(self.plan, &self.program, &self.layout, self.reach, parameters)?;
        self.count();
        let mut norms: Vec<NormBatch> = self.program.norms.iter().map(|_| NormBatch::default()).collect();
        let (mut statistics, mut gradients) = (Vec::new(), Tensors::new());
        for part in &mut self.parts {
            part.gradients.clear();
            part.gradients.resize(weights.numbers, 0.0);
        }

        // From each norm to the next, then back.
        let at = self.program.norms_at();
        let count = self.program.ops.len();
        let mut begin = 0;
        for (norm, (op, (x, _))) in at.iter().enumerate() {
            let found = self.sweep(&weights, &norms, images, |chunk| {
                if norm == 0 {
                    chunk.lay_out_images();
                }
                chunk.forward(begin..*op);
                Sums { losses: 0.0, channels: chunk.statistics(*x) }
            });
            let batch = self.statistics(norm, *x, &found, parameters, &mut norms)?;
            let of = &self.program.norms[norm];
            statistics.push((of.node, of.momentum, batch));
            begin = *op;
        }
        let mut end = count;
        let mut losses = 0.0;
        for (norm, (op, ends)) in at.iter().enumerate().rev() {
            let found = self.sweep(&weights, &norms, images, |chunk| {
                let mut losses = 0.0;
                if norm + 1 == at.len() {
                    chunk.forward(begin..count);
                    losses = chunk.answer(answer);
                }
                chunk.backward(*op + 1..end);
                Sums { losses, channels: chunk.gradient_sums(norm, *ends) }
            });
            losses += found.iter().map(|found| found.losses).sum::<f64>();
            self.gradient_sums(norm, ends.0, &found, (&mut norms, &mut gradients))?;
            end = *op + 1;
        }
        let found = self.sweep(&weights, &norms, images, |chunk| {
            let mut losses = 0.0;
            if at.is_empty() {
                chunk.lay_out_images();
                chunk.forward(0..count);
                losses = chunk.answer(answer);
            }
            chunk.backward(0..end);
            Sums { losses, channels: Vec::new() }
        });
        losses += found.iter().map(|found| found.losses).sum::<f64>();

        let mut sum = std::mem::take(&mut self.parts[0].gradients);
        for part in &self.parts[1..] {
            sum.iter_mut().zip(&part.gradients).for_each(|(sum, more)| *sum += more);
        }
        gradients.extend(weights.named(self.plan, &self.program, &sum)?);
        Ok(Found { losses, gradients, statistics })
    }

    /// Notes the multiply-accumulates of a step, as the tape does.
    fn count(&self) {
        let products = |op: &Op| match *op {
            Op::Convolve { layer, x, y } => {
                let (x_value, y_value) = (&self.program.values[x], &self.program.values[y]);
                let area = self.program.layers[layer].kernel.pow(2) * y_value.size.0 * y_value.size.1;
                let passes = if x == 0 { 2 } else { 3 };
                passes * self.batch * x_value.channels * y_value.channels * area
            }
            _ => 0,
        };
        let channels = self.program.values[self.program.last].channels;
        let head = 3 * self.batch * channels * self.program.classes;
        tally::add(self.program.ops.iter().map(products).sum::<usize>() + head);
    }

    /// Has `work` done on every chunk; what each found, in order.
    fn sweep(
        &mut self,
        weights: &Weights,
        norms: &[NormBatch],
        images: &[f32],
        work: impl Fn(&mut Chunk<'_>) -> Sums + Sync,
    ) -> Vec<Sums> {
        let Self { program, layout, parts, spare, batch, .. } = self;
        let (layout, spare, batch) = (&*layout, &*spare, *batch);
        let shared = Shared { program, layout, weights, norms, images };
        let lasting = !program.norms.is_empty();
        let of_part = |part: &mut Part| -> Vec<Sums> {
            if lasting && part.memories.is_empty() {
                part.memories = part.chunks.clone().map(|_| Memory::new(layout)).collect();
            }
            let mut taken = (!lasting).then(|| lock(spare).pop().unwrap_or_else(|| Memory::new(layout)));
            let mut found = Vec::with_capacity(part.chunks.len());
            for (place, chunk) in part.chunks.clone().enumerate() {
                let examples = chunk * layout.examples..batch.min((chunk + 1) * layout.examples);
                let memory = taken.as_mut().unwrap_or_else(|| &mut part.memories[place]);
                let gradients = &mut part.gradients;
                found.push(work(&mut Chunk { shared: &shared, examples, memory, gradients }));
            }
            lock(spare).extend(taken);
            found
        };
        let found: Vec<Vec<Sums>> = parts.par_iter_mut().map(of_part).collect();
        found.into_iter().flatten().collect()
    }

    /// Examples of each chunk, in order.
    fn chunk_sizes(&self) -> impl Iterator<Item = usize> {
        let (batch, each) = (self.batch, self.layout.examples);
        (0..batch.div_ceil(each)).map(move |chunk| each.min(batch - chunk * each))
    }

    /// Takes a norm's statistics from those of the chunks (Chan, Golub and LeVeque 1983); its mean and variance.
    fn statistics(
        &self,
        norm: usize,
        x: usize,
        found: &[Sums],
        parameters: &Tensors,
        norms: &mut [NormBatch],
    ) -> Result<Tensor> {
        let (value, of) = (&self.program.values[x], &self.program.norms[norm]);
        let positions = value.size.0 * value.size.1;
        let (mut means, mut variances) = (Vec::new(), Vec::new());
        for channel in 0..value.channels {
            let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
            for (found, examples) in found.iter().zip(self.chunk_sizes()) {
                let [its_mean, its_squares] = found.channels[channel];
                let more = (examples * positions) as f64;
                let (apart, both) = (its_mean - mean, count + more);
                mean += apart * more / both;
                squares += its_squares + apart * apart * count * more / both;
                count = both;
            }
            means.push(mean as f32);
            variances.push((squares / count) as f32);
        }
        let (gamma, beta) = self.norm_parameters(norm, parameters)?;
        let batch = &mut norms[norm];
        batch.deviation = variances.iter().map(|variance| (variance + of.epsilon as f32).sqrt()).collect();
        batch.scale = gamma.iter().zip(&batch.deviation).map(|(gamma, sigma)| gamma / sigma).collect();
        let terms = beta.iter().zip(&means).zip(&batch.scale);
        batch.shift = terms.map(|((beta, mean), scale)| beta - mean * scale).collect();
        batch.mean.clone_from(&means);
        tensor([means, variances].concat(), (2, value.channels))
    }

    /// γ and β.
    fn norm_parameters(&self, norm: usize, parameters: &Tensors) -> Result<(Vec<f32>, Vec<f32>)> {
        let node = self.program.norms[norm].node;
        let numbers = |what| weights::numbers(self.plan, parameters, node, what);
        Ok((numbers("weight")?, numbers("bias")?))
    }

    /// Takes the gradients of a norm's γ and β from the chunks' sums, and what its own backward pass needs.
    fn gradient_sums(
        &self,
        norm: usize,
        x: usize,
        found: &[Sums],
        (norms, gradients): (&mut [NormBatch], &mut Tensors),
    ) -> Result<()> {
        let value = &self.program.values[x];
        let count = (self.batch * value.size.0 * value.size.1) as f64;
        let (mut d_gamma, mut d_beta) = (Vec::new(), Vec::new());
        let batch = &mut norms[norm];
        for channel in 0..value.channels {
            let sums = |which: usize| found.iter().map(|found| found.channels[channel][which]).sum::<f64>();
            let (sum, spread) = (sums(0), sums(1));
            let sigma = f64::from(batch.deviation[channel]);
            d_beta.push(sum as f32);
            d_gamma.push((spread / sigma) as f32);
            batch.by_mean.push((sum / count) as f32);
            batch.by_spread.push((spread / (sigma * sigma) / count) as f32);
        }
        let name = self.plan.name(self.program.norms[norm].node);
        gradients.insert(format!("{name}.weight"), tensor(d_gamma, value.channels)?);
        gradients.insert(format!("{name}.bias"), tensor(d_beta, value.channels)?);
        Ok(())
    }
}

fn lock(spare: &Mutex<Vec<Memory>>) -> std::sync::MutexGuard<'_, Vec<Memory>> {
    spare.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
