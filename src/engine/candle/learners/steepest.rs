//! `steepest`: splitting steepest descent, Wu, Wang and Liu, "Splitting Steepest Descent for Growing Neural
//! Architectures" (2019, arXiv 1910.02366).
//!
//! A neuron σ(θᵀx) split into ½σ((θ + δ)ᵀx) + ½σ((θ − δ)ᵀx) changes the loss by ½δᵀSδ to second order, with the
//! splitting matrix
//!
//! > S = E[∂L/∂σ · σ″(θᵀx) · xxᵀ],
//!
//! so δ goes along the eigenvector of its lowest eigenvalue, the splitting index. A convolution's neuron stands at every
//! position: x is the patch there (with a one for the bias), σ is ReLU ∘ norm, ∂L/∂σ comes back through the pool, and
//! the sum over positions is taken. σ″ of the ReLU is that of softplus log(1 + e^{βu})/β with β = 3, as in the paper; a
//! maximum pool takes the position with the largest pre-activation.
//!
//! S is made exactly, from every example once. The score is −λ.

use candle_core::Result;
use rayon::prelude::*;

use super::super::families::{Grouped, Scene, group};
use super::super::observe::{lowest_target, observe_with};
use super::super::ops::{activated, activated_gradient};
use super::super::tally;
use super::super::train::piece_examples;
use super::linear::{add_moment, apply, lowest};
use super::moments::Planes;
use super::{Task, numbers};
use crate::engine::{EngineError, Place, stretched, weight_size};
use crate::estimate::Bank;
use crate::morphism::{Family, Morphism, Pool, morph};

/// Softplus's sharpness.
pub const BETA: f64 = 3.0;

/// The splitting matrices of a layer.
struct Matrices {
    place: Place,
    /// Channels with a candidate.
    channels: Vec<usize>,
    /// Weights and bias of a channel.
    size: usize,
    /// For each channel, `[size, size]`.
    sums: Vec<Vec<f64>>,
}

/// Sets φ of every split to its steepest direction; the scores.
pub async fn learn(
    task: &Task<'_>,
    morphisms: &mut [Morphism],
) -> std::result::Result<Vec<Option<f64>>, EngineError> {
    let groups = group(task.plan, morphisms)?;
    let learned = |grouped: &Grouped| morph(morphisms[grouped.members[0]].candidate.family).is_learned();
    let groups: Vec<Grouped> = groups.into_iter().filter(learned).collect();
    let mut layers = Vec::new();
    for grouped in &groups {
        layers.push(Matrices::new(task, morphisms, grouped)?);
    }
    let Task { plan, network, data, .. } = *task;
    let (bank, until) = (Bank::Residual, lowest_target(&groups));
    let examples = task.examples();
    let mut done = 0;
    for indices in examples.chunks(piece_examples(plan, 1)) {
        let draws = vec![0.0; indices.len()];
        let observed =
            observe_with(plan, &network.tensors, data, &data.train, indices, &draws, (bank, until))?;
        let scene = Scene { plan, parameters: &network.tensors, values: &observed.values };
        for layer in &mut layers {
            layer.add(&scene, observed.cotangents.at(layer.place.z)?)?;
            task.passed(done, examples.len()).await?;
        }
        done += indices.len();
    }
    let mut scores = vec![None; morphisms.len()];
    for (grouped, layer) in groups.iter().zip(&layers) {
        let size = weight_size(network, plan.name(layer.place.u))?;
        for (position, sum) in grouped.members.iter().zip(&layer.sums) {
            let (value, vector) = lowest(layer.size, |vector| apply(sum, vector));
            scores[*position] = Some(-value / examples.len() as f64);
            let direction = stretched(&vector, size);
            let (weights, bias) = direction.split_at(layer.size - 1);
            let morphism = &mut morphisms[*position];
            task.put(&mut morphism.phi, "phi1", weights.to_vec())?;
            task.put(&mut morphism.phi, "phi1_bias", bias.to_vec())?;
            if morphism.candidate.family == Family::Split {
                let opposite: Vec<f64> = direction.iter().map(|number| -number).collect();
                let (weights, bias) = opposite.split_at(layer.size - 1);
                task.put(&mut morphism.phi, "phi2", weights.to_vec())?;
                task.put(&mut morphism.phi, "phi2_bias", bias.to_vec())?;
            }
        }
    }
    Ok(scores)
}

impl Matrices {
    fn new(
        task: &Task<'_>,
        morphisms: &[Morphism],
        grouped: &Grouped,
    ) -> std::result::Result<Self, EngineError> {
        let place = Place::of(&task.plan.architecture, &morphisms[grouped.members[0]].candidate)?;
        let channels = grouped.group.layout().channels.unwrap_or_default();
        let size = task.plan.shapes[place.x].channels * place.kernel * place.kernel + 1;
        let sums = vec![vec![0.0; size * size]; channels.len()];
        Ok(Self { place, channels, size, sums })
    }

    /// Adds a piece's examples, each with its own slopes `dz` at the site.
    fn add(&mut self, scene: &Scene, dz: &candle_core::Tensor) -> Result<()> {
        let u = scene.values.at(self.place.u)?;
        let affine = scene.values.affine_after(scene.plan, self.place.u);
        // The pool alone: its slopes at the pre-activations that the ReLU sees.
        let normed = match affine {
            Some(_) => activated(u, affine, false, Pool::None)?,
            None => u.clone(),
        };
        let d_sigma = activated_gradient(&normed, None, false, self.place.pool, dz, true)?;
        let factors = match affine {
            Some(affine) => numbers(&affine.get(0)?)?,
            None => vec![1.0; u.dim(1)?],
        };
        let x = scene.values.at(self.place.x)?;
        let planes = Planes::of(x)?;
        let positions = planes.height * planes.width;
        for example in 0..x.dim(0)? {
            let patches = planes.patches(&numbers(&x.get(example)?)?, self.place.kernel, true);
            let (normed, d_sigma) = (numbers(&normed.get(example)?)?, numbers(&d_sigma.get(example)?)?);
            tally::add(self.channels.len() * positions * self.size * self.size);
            let (size, channels) = (self.size, &self.channels);
            self.sums.par_iter_mut().zip(channels).for_each(|(sum, &channel)| {
                let mut weighted = patches.clone();
                for (position, row) in weighted.chunks_exact_mut(size).enumerate() {
                    let at = channel * positions + position;
                    let weight = d_sigma[at] * bend(normed[at]) * factors[channel].powi(2);
                    row.iter_mut().for_each(|number| *number *= weight);
                }
                add_moment(sum, &patches, size, &weighted, size);
            });
        }
        Ok(())
    }
}

/// Softplus's second derivative: β·s(βu)·(1 − s(βu)).
pub fn bend(u: f64) -> f64 {
    let s = 1.0 / (1.0 + (-BETA * u).exp());
    BETA * s * (1.0 - s)
}
