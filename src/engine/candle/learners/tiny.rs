//! `tiny`: Verbockhaven, Rudkiewicz, Chevallier and Charpiat, "Growing Tiny Networks: Spotting Expressivity Bottlenecks
//! and Fixing Them Optimally" (2024, arXiv 2405.19816).
//!
//! V = −∂L/∂u₊ is how the reader's pre-activation wants to move. What its own weights can do of that, the least-squares
//! map W of what it already reads, is taken away: V⊥ = V − W·b. The new channel shall serve the rest:
//!
//! > N = E[x·V⊥ᵀ], S = E[xxᵀ], S^{−½}N = Σ λ_k u_k v_kᵀ, incoming S^{−½}u₁√λ₁, outgoing v₁√λ₁,
//!
//! x what the new channel reads (its activation taken as linear at 0, as in the paper). A line search gives
//! the length: here the backtracking that every learner gets. S is factored as LLᵀ; L^{−1}N has the same
//! singular values and gives the same weights as S^{−½}N. The sum over positions that a kernel couples is
//! left out of S, which is the new channel's own second moment. The score is the gain to first order, λ₁².
//! Several channels at once get u_k and v_k of the largest λ_k, and the score is the sum of their λ_k².

use super::super::families::{Scene, group};
use super::super::observe::{Observation, lowest_target, observe_with};
use super::super::tally;
use super::super::train::piece_examples;
use super::Task;
use super::linear::{add_moment, apply, cholesky, scaled, shares, solve_lower, solve_upper, top_singulars};
use super::moments::Growth;
use crate::engine::EngineError;
use crate::estimate::Bank;
use crate::morphism::{Family, Morphism};

/// The incoming and the outgoing direction of a new channel.
type Directions = (Vec<f64>, Vec<f64>);

/// A layer's sums over the examples.
struct Sums {
    position: usize,
    growth: Growth,
    /// E[bbᵀ] and E[V·bᵀ], b what the reader reads now.
    existing: Vec<f64>,
    wanted: Vec<f64>,
    /// W, `[outputs, existing]`.
    own: Vec<f64>,
    /// E[V⊥·xᵀ] `[outgoing, taps]`, E[xxᵀ], and the sum of x.
    moment: Vec<f64>,
    second: Vec<f64>,
    mean: Vec<f64>,
}

/// Sets φ of every widening; the scores.
pub async fn learn(task: &Task<'_>, morphisms: &mut [Morphism]) -> Result<Vec<Option<f64>>, EngineError> {
    let widened: Vec<Morphism> =
        morphisms.iter().filter(|morphism| morphism.candidate.family == Family::Widen).cloned().collect();
    let mut layers = Vec::new();
    for (position, morphism) in morphisms.iter().enumerate() {
        if morphism.candidate.family == Family::Widen {
            layers.push(Sums::new(position, Growth::of(task, morphism)?, task));
        }
    }
    let until = lowest_target(&group(task.plan, &widened)?);
    let examples = task.examples();
    for pass in [Sums::look_at_own, Sums::look_at_rest] {
        let mut done = 0;
        for indices in examples.chunks(piece_examples(task.plan, 1)) {
            let Task { plan, network, data, .. } = *task;
            let draws = vec![0.0; indices.len()];
            let bank = (Bank::Residual, until);
            let observed = observe_with(plan, &network.tensors, data, &data.train, indices, &draws, bank)?;
            let scene = Scene { plan, parameters: &network.tensors, values: &observed.values };
            for layer in &mut layers {
                for example in 0..indices.len() {
                    pass(layer, &scene, &observed, example)?;
                }
                task.passed(done, examples.len()).await?;
            }
            done += indices.len();
        }
        layers.iter_mut().filter(|layer| layer.own.is_empty()).for_each(Sums::fit_own);
    }
    let mut scores = vec![None; morphisms.len()];
    for layer in &layers {
        let (score, directions) = layer.best(examples.len());
        scores[layer.position] = Some(score);
        layer.growth.put(task, &mut morphisms[layer.position], &layer.mean, &directions)?;
    }
    Ok(scores)
}

impl Sums {
    fn new(position: usize, growth: Growth, task: &Task<'_>) -> Self {
        let known = growth.existing_taps(task.plan);
        let (outputs, outgoing, taps) = (growth.outputs, growth.outgoing(), growth.taps);
        Self {
            position,
            existing: vec![0.0; known * known],
            wanted: vec![0.0; outputs * known],
            own: Vec::new(),
            moment: vec![0.0; outgoing * taps],
            second: vec![0.0; taps * taps],
            mean: vec![0.0; taps],
            growth,
        }
    }

    /// V `[positions, outputs]` and b `[positions, existing]`.
    fn wish(&self, observed: &Observation, example: usize) -> candle_core::Result<(Vec<f64>, Vec<f64>)> {
        let slopes = self.growth.slopes(&observed.cotangents, example)?;
        let positions = slopes.len() / self.growth.outputs;
        let at = |index: usize| slopes[index % self.growth.outputs * positions + index / self.growth.outputs];
        let wish = (0..slopes.len()).map(|index| -at(index)).collect();
        Ok((wish, self.growth.existing(&observed.values, example)?))
    }

    fn look_at_own(
        &mut self,
        _scene: &Scene,
        observed: &Observation,
        example: usize,
    ) -> candle_core::Result<()> {
        let (wish, known) = self.wish(observed, example)?;
        let (outputs, taps) = (self.growth.outputs, self.wanted.len() / self.growth.outputs);
        tally::add(known.len() * (taps + outputs));
        add_moment(&mut self.existing, &known, taps, &known, taps);
        add_moment(&mut self.wanted, &wish, outputs, &known, taps);
        Ok(())
    }

    /// W = E[V·bᵀ]·E[bbᵀ]⁻¹.
    fn fit_own(&mut self) {
        let taps = self.wanted.len() / self.growth.outputs;
        let lower = cholesky(taps, &self.existing);
        let solve = |row: &[f64]| solve_upper(taps, &lower, &solve_lower(taps, &lower, row));
        self.own = self.wanted.chunks_exact(taps).flat_map(solve).collect();
    }

    fn look_at_rest(
        &mut self,
        scene: &Scene,
        observed: &Observation,
        example: usize,
    ) -> candle_core::Result<()> {
        let (wish, known) = self.wish(observed, example)?;
        let (outputs, taps) = (self.growth.outputs, self.wanted.len() / self.growth.outputs);
        let positions = wish.len() / outputs;
        // V⊥ as slopes, `[outputs, positions]`.
        let mut rest = vec![0.0; wish.len()];
        for (position, known) in known.chunks_exact(taps).enumerate() {
            for (output, own) in apply(&self.own, known).into_iter().enumerate() {
                rest[output * positions + position] = wish[position * outputs + output] - own;
            }
        }
        let rest = self.growth.seen_from(scene, &rest);
        let readings = self.growth.readings(&observed.values, example)?;
        tally::add(known.len() * outputs + readings.len() * (self.growth.outgoing() + self.growth.taps));
        add_moment(&mut self.moment, &rest, self.growth.outgoing(), &readings, self.growth.taps);
        add_moment(&mut self.second, &readings, self.growth.taps, &readings, self.growth.taps);
        for row in readings.chunks_exact(self.growth.taps) {
            self.mean.iter_mut().zip(row).for_each(|(mean, x)| *mean += x);
        }
        Ok(())
    }

    /// The sum of λ_k², and each new channel's directions.
    fn best(&self, examples: usize) -> (f64, Vec<Directions>) {
        let taps = self.growth.taps;
        let lower = cholesky(taps, &self.second);
        let white: Vec<f64> =
            self.moment.chunks_exact(taps).flat_map(|row| solve_lower(taps, &lower, row)).collect();
        let found = top_singulars(self.growth.outgoing(), taps, &white, self.growth.width);
        // Sums over examples instead of means: N carries n, S^{−½} carries n^{−½}.
        let score = found.iter().map(|(value, ..)| (value / (examples as f64).sqrt()).powi(2)).sum();
        let directions = found
            .iter()
            .zip(shares(&found))
            .map(|((_, left, right), share)| {
                let incoming = solve_upper(taps, &lower, right);
                (scaled(&incoming, share.sqrt()), scaled(left, share.sqrt()))
            })
            .collect();
        (score, directions)
    }
}
