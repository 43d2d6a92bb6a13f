//! Children that differ: what a split does beyond its φ so that training does not find two channels that stay the same.
//!
//! Two children with equal incoming and equal outgoing weights have equal gradients and never part; with a small φ they
//! part slowly, and a channel is wasted. Two remedies, both without changing what the children compute together while
//! they are equal:
//!
//! - *spread*: their incoming weights are moved apart, along φ₁ − φ₂, until each is `spread` standard deviations of the
//!   layer's weights away from their mean. This changes the function, the more the longer.
//! - *tilt*: what reads them weighs one by ½W + e and the other by ½W − e, where the numbers of e have `tilt` standard
//!   deviations of the reader's weights. While the children are equal e cancels, so the function stays exactly;
//!   their gradients differ from the first step on.

use candle_core::{DType, Device, Tensor};

use super::morph::{morph, root_mean_square};
use super::{Morphism, MorphismError, Phi, Place};
use crate::network::{AsType, Network};
use crate::random::Stream;

/// φ's tensor of a split that holds e, shaped like the reader's weights of one channel. Not learned, not scaled.
pub(super) const TILT: &str = "tilt";

/// How far the children of a split are parted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parting {
    /// Distance of each child's incoming weights from their mean, root mean square, in standard deviations of the layer's
    /// weights; 0 leaves φ as it is, and a φ that is longer already stays.
    pub spread: f64,
    /// Standard deviation of e, in standard deviations of the reader's weights; 0 for equal halves.
    pub tilt: f64,
}

impl Parting {
    /// The morphism as it is made in `network`: a split with its children parted, anything else as it is. The stream
    /// of e is named by the seed, the candidate and the round.
    pub fn part(
        &self,
        network: &Network,
        morphism: &Morphism,
        seed: u64,
        round: u64,
    ) -> Result<Morphism, MorphismError> {
        if !morph(morphism.candidate.family).splits_channel() || (self.spread == 0.0 && self.tilt == 0.0) {
            return Ok(morphism.clone());
        }
        let place = Place::of(&network.architecture, &morphism.candidate)?;
        let mut phi = morphism.scaled()?;
        if self.spread > 0.0 {
            lengthen(&mut phi, self.spread * root_mean_square(&place, network)?)?;
        }
        if self.tilt > 0.0 {
            let reader = network.tensor(&place.reader_parameter("weight"))?;
            let shape = place.outgoing.clone().unwrap_or_default();
            let purpose = format!("tilt of {}", morphism.candidate.id());
            let deviation = self.tilt * mean_square(reader)?.sqrt();
            let e = Stream::new(seed, &purpose, round).normals(shape.iter().product(), deviation);
            phi.insert(TILT.to_owned(), Tensor::from_vec(e, shape, &Device::Cpu)?);
        }
        Ok(Morphism { phi, scale: 1.0, ..morphism.clone() })
    }
}

/// Moves φ₁ and φ₂ apart around their mean, until each is `distance` (root mean square) away from it. A symmetric
/// split's only φ is its own distance.
fn lengthen(phi: &mut Phi, distance: f64) -> Result<(), MorphismError> {
    let Some(first) = phi.get("phi1").cloned() else { return Ok(()) };
    let second = phi.get("phi2").cloned();
    let (mean, half) = match &second {
        Some(second) => (first.add(second)?.affine(0.5, 0.0)?, first.sub(second)?.affine(0.5, 0.0)?),
        None => (first.zeros_like()?, first.clone()),
    };
    let length = mean_square(&half)?.sqrt();
    if length == 0.0 || length >= distance {
        return Ok(());
    }
    let half = half.affine(distance / length, 0.0)?;
    phi.insert("phi1".into(), mean.add(&half)?);
    if second.is_some() {
        phi.insert("phi2".into(), mean.sub(&half)?);
    }
    Ok(())
}

fn mean_square(tensor: &Tensor) -> Result<f64, MorphismError> {
    Ok(tensor.as_type(DType::F64)?.sqr()?.mean_all()?.to_scalar::<f64>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::{Candidate, Family, apply, initial_phi, propose};
    use crate::network::{Model, preset};

    fn model() -> Model {
        Model::new(Network::initialise(preset("8-8-M-16", 10).unwrap(), 5).unwrap())
    }

    fn split(model: &Model, family: Family, layer: &str, scale: f32) -> Morphism {
        let candidate = Candidate::named(family, layer, Some(1)).unwrap();
        let phi = initial_phi(&model.network, &candidate, 3, 1).unwrap();
        Morphism { candidate, phi, scale }
    }

    fn channel(model: &Model, name: &str, dim: usize, index: usize) -> Tensor {
        model.network.tensor(name).unwrap().narrow(dim, index, 1).unwrap().contiguous().unwrap()
    }

    fn root(tensor: &Tensor) -> f64 {
        mean_square(tensor).unwrap().sqrt()
    }

    #[test]
    fn tilted_readers_sum_to_the_parents_and_differ_by_the_asked_deviation() {
        let model = model();
        let parting = Parting { spread: 0.0, tilt: 0.8 };
        for (layer, reader, others) in [("conv1", "conv2.weight", 8), ("conv3", "head.weight", 16)] {
            for family in [Family::Split, Family::SplitSymmetric] {
                let made = parting.part(&model.network, &split(&model, family, layer, 0.3), 3, 1).unwrap();
                let grown = apply(&model, &[made]).unwrap();
                let parent = channel(&model, reader, 1, 1);
                let (first, second) = (channel(&grown, reader, 1, 1), channel(&grown, reader, 1, others));
                let sum = first.add(&second).unwrap().sub(&parent).unwrap();
                assert!(root(&sum) < 1e-7, "{layer}: the children together weigh as much as the parent");
                let half = first.sub(&second).unwrap().affine(0.5, 0.0).unwrap();
                let wanted = 0.8 * root(model.network.tensor(reader).unwrap());
                let found = root(&half);
                assert!((found / wanted - 1.0).abs() < 0.4, "{layer}: e is {found}, asked for {wanted}");
            }
        }
    }

    #[test]
    fn spread_children_lie_around_the_same_mean_at_the_asked_distance() {
        let model = model();
        let parting = Parting { spread: 0.5, tilt: 0.0 };
        for family in [Family::Split, Family::SplitSymmetric] {
            let learned = split(&model, family, "conv2", 0.3);
            let made = parting.part(&model.network, &learned, 3, 1).unwrap();
            let (before, after) = (learned.stored().unwrap(), made.stored().unwrap());
            let mean = |phi: &Phi| phi["phi1"].add(&phi["phi2"]).unwrap();
            assert!(root(&mean(&before).sub(&mean(&after)).unwrap()) < 1e-7);
            let half = after["phi1"].sub(&after["phi2"]).unwrap().affine(0.5, 0.0).unwrap();
            let wanted = 0.5 * root(model.network.tensor("conv2.weight").unwrap());
            assert!((root(&half) / wanted - 1.0).abs() < 1e-5);
            // A second time nothing moves: they are far enough apart.
            let again = parting.part(&model.network, &made, 3, 1).unwrap().stored().unwrap();
            assert!(root(&again["phi1"].sub(&after["phi1"]).unwrap()) < 1e-6);
        }
    }

    #[test]
    fn parting_by_nothing_and_of_what_is_no_split_changes_nothing() {
        let model = model();
        let same = |parting: Parting, morphism: &Morphism| {
            let made = parting.part(&model.network, morphism, 3, 1).unwrap();
            let pairs = made.phi.iter().zip(&morphism.phi);
            made.scale == morphism.scale
                && made.phi.len() == morphism.phi.len()
                && pairs.into_iter().all(|((_, a), (_, b))| root(&a.sub(b).unwrap()) == 0.0)
        };
        let none = Parting { spread: 0.0, tilt: 0.0 };
        assert!(same(none, &split(&model, Family::Split, "conv1", 0.3)));
        let far = Parting { spread: 1.0, tilt: 1.0 };
        let candidates = propose(&model.network.architecture, &[Family::Widen, Family::Deepen]).unwrap();
        for candidate in candidates {
            let phi = initial_phi(&model.network, &candidate, 3, 1).unwrap();
            assert!(same(far, &Morphism { candidate, phi, scale: 0.3 }));
        }
    }
}
