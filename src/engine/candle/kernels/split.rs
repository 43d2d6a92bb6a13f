//! Splitting channels: Δz of every candidate of a layer at once, and its backward pass.

use rayon::prelude::*;

use super::activate::{Activation, channel_affine};
use super::in_vectors;
use crate::engine::candle::real::Real;

/// A child of a split: which probe φ∗x moves it, and which way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Child {
    /// Index of the probe.
    pub probe: usize,
    /// +1 or −1.
    pub sign: f64,
}

/// One split: the channel and its two children.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// The channel.
    pub channel: usize,
    /// The children.
    pub children: [Child; 2],
    /// How far to go along φ.
    pub scale: f64,
}

/// The tensors around a site, for `examples` examples.
#[derive(Clone, Copy)]
pub struct Around<'a, T> {
    /// What lies between u and z.
    pub activation: Activation,
    /// Channels of u and z.
    pub channels: usize,
    /// Pre-activations `[examples, channels, before]`.
    pub u: &'a [T],
    /// Probes φ∗x `[examples, probes, before]`.
    pub probes: &'a [T],
    /// Scale and shift of the norm, `[2, channels]`.
    pub affine: Option<&'a [T]>,
}

impl<T: Real> Around<'_, T> {
    fn examples(&self) -> usize {
        self.u.len() / (self.channels * self.activation.before())
    }

    /// `child = u + sign·scale·probe` of one example.
    #[inline(always)]
    fn child(&self, example: usize, split: &Split, child: Child, into: &mut [T]) {
        let (before, probes) = (self.activation.before(), self.probes.len() / self.examples());
        let u = &self.u[(example * self.channels + split.channel) * before..][..before];
        let probe = &self.probes[example * probes + child.probe * before..][..before];
        let step = T::from_f64(child.sign * split.scale);
        for ((into, u), probe) in into.iter_mut().zip(u).zip(probe) {
            *into = *u + step * *probe;
        }
    }

    /// `Δz = ½ψ(child₁) + ½ψ(child₂) − z`, `[examples, splits, after]`, from z `[examples, channels, after]`.
    pub fn changes(&self, z: &[T], splits: &[Split]) -> Vec<T> {
        let (before, after) = (self.activation.before(), self.activation.after());
        let half = T::from_f64(0.5);
        let mut changes = vec![T::zero(); self.examples() * splits.len() * after];
        changes.par_chunks_mut(splits.len() * after).enumerate().for_each_init(
            || (vec![T::zero(); before], vec![T::zero(); after]),
            |(child, activated), (example, changes)| {
                in_vectors(
                    #[inline(always)]
                    || {
                        for (split, change) in splits.iter().zip(changes.chunks_mut(after)) {
                            let z = &z[(example * self.channels + split.channel) * after..][..after];
                            change.iter_mut().zip(z).for_each(|(change, z)| *change = -*z);
                            let affine = channel_affine(self.affine, split.channel);
                            for which in split.children {
                                self.child(example, split, which, child);
                                self.activation.plane(child, affine, activated);
                                change.iter_mut().zip(activated.iter()).for_each(|(c, a)| *c += half * *a);
                            }
                        }
                    },
                )
            },
        );
        changes
    }

    /// The gradient with respect to the probes, `[examples, probes, before]`, from the gradient with respect
    /// to the changes.
    pub fn gradient(&self, d_changes: &[T], splits: &[Split]) -> Vec<T> {
        let (before, after) = (self.activation.before(), self.activation.after());
        let probes = self.probes.len() / self.examples();
        let mut d_probes = vec![T::zero(); self.probes.len()];
        d_probes.par_chunks_mut(probes).enumerate().for_each_init(
            || vec![T::zero(); before],
            |child, (example, d_probes)| {
                in_vectors(
                    #[inline(always)]
                    || {
                        let d_changes = &d_changes[example * splits.len() * after..][..splits.len() * after];
                        for (split, dz) in splits.iter().zip(d_changes.chunks(after)) {
                            let affine = channel_affine(self.affine, split.channel);
                            for which in split.children {
                                self.child(example, split, which, child);
                                let factor = affine.0 * T::from_f64(0.5 * which.sign * split.scale);
                                let d_probe = &mut d_probes[which.probe * before..][..before];
                                self.activation.plane_gradient::<T, true>(child, affine, dz, factor, d_probe);
                            }
                        }
                    },
                )
            },
        );
        d_probes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::Pool;
    use crate::random::Stream;

    #[test]
    fn the_gradient_matches_central_differences() {
        let activation = Activation { height: 4, width: 6, relu: true, pool: Pool::Max(2) };
        let mut stream = Stream::new(8, "split test", 0);
        let mut random = |count: usize| (0..count).map(|_| stream.normal()).collect::<Vec<f64>>();
        let (u, probes) = (random(2 * 3 * 24), random(2 * 3 * 24));
        let (z, dz) = (vec![0.0; 2 * 3 * 6], random(2 * 2 * 6));
        let affine = [1.2, -0.7, 0.4, 0.1, 0.2, -0.3];
        let child = |probe, sign| Child { probe, sign };
        let splits = [
            Split { channel: 2, children: [child(0, 1.0), child(1, 1.0)], scale: 0.5 },
            Split { channel: 0, children: [child(2, 1.0), child(2, -1.0)], scale: 1.0 },
        ];
        fn around<'a>(
            activation: Activation,
            u: &'a [f64],
            probes: &'a [f64],
            affine: &'a [f64],
        ) -> Around<'a, f64> {
            Around { activation, channels: 3, u, probes, affine: Some(affine) }
        }
        let value = |probes: &[f64]| {
            around(activation, &u, probes, &affine)
                .changes(&z, &splits)
                .iter()
                .zip(&dz)
                .map(|(a, b)| a * b)
                .sum::<f64>()
        };
        let found = around(activation, &u, &probes, &affine).gradient(&dz, &splits);
        for index in 0..probes.len() {
            let moved = |step: f64| {
                let mut probes = probes.clone();
                probes[index] += step;
                value(&probes)
            };
            let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!((found[index] - difference).abs() < 1e-7, "probe number {index}");
        }
    }
}
