//! The parameters φ of a morphism: their shapes, first values, scale, and the Δ that they make.

use candle_core::{Device, Tensor};

use super::morph::initial_stream;
use super::{Candidate, Morphism, MorphismError, Phi, Place, SiteValues, morph};
use crate::network::{Architecture, AsType, Network};

/// Names and shapes of the learned φ of `candidate`; for `prune-mean` the mean, which is measured instead.
pub fn phi_shapes(
    architecture: &Architecture,
    candidate: &Candidate,
) -> Result<Vec<(&'static str, Vec<usize>)>, MorphismError> {
    Ok(morph(candidate.family).phi_shapes(&Place::of(architecture, candidate)?))
}

/// φ to start learning from (f32): small random values, drawn by the seed, the candidate's id and the round.
/// Never zero for a split, which is stationary there; a widened channel starts with outgoing weights 0.
pub fn initial_phi(
    network: &Network,
    candidate: &Candidate,
    seed: u64,
    round: u64,
) -> Result<Phi, MorphismError> {
    let place = Place::of(&network.architecture, candidate)?;
    let morph = morph(candidate.family);
    let mut stream = initial_stream(candidate, seed, round);
    let mut phi = Phi::new();
    for (name, shape) in morph.phi_shapes(&place) {
        let count = shape.iter().product();
        let values = match morph.initial_deviation(&place, network, name)? {
            0.0 => vec![0.0; count],
            deviation => stream.normals(count, deviation),
        };
        phi.insert(name.to_owned(), Tensor::from_vec(values, shape, &Device::Cpu)?);
    }
    Ok(phi)
}

/// [`initial_phi`] at scale 0: the grown network computes what the network did (pruning has no such φ).
pub fn neutral_phi(network: &Network, candidate: &Candidate, seed: u64) -> Result<Phi, MorphismError> {
    let phi = initial_phi(network, candidate, seed, 0)?;
    Morphism { candidate: candidate.clone(), phi, scale: 0.0 }.scaled()
}

/// The reference Δ of a morphism at its scale, from plain Candle operations, so that it has gradients in φ.
/// Any float type; φ takes that of u.
///
/// | family | shape | added to |
/// |---|---|---|
/// | splits, prunes | `[N, 1, h, w]` | z's channel c |
/// | deepen, residual, kernel, skip, removals | `[N, C, h, w]` | z |
/// | kernel without a ReLU after the layer | `[N, C, H, W]` | u |
/// | widen, of one channel or more, read by a convolution | `[N, out, h, w]` | the reader's pre-activation |
/// | widen, read by the head | `[N, classes]` | the logits |
///
/// With a mean folded into the bias of a zero-padded convolution there is also [`super::padding_delta`].
pub fn delta(values: &SiteValues, morphism: &Morphism) -> Result<Tensor, MorphismError> {
    let mut phi = morphism.stored()?;
    for tensor in phi.values_mut() {
        *tensor = tensor.as_type(values.u.dtype())?;
    }
    morph(morphism.candidate.family).delta(values, &morphism.candidate, &phi)
}

impl Morphism {
    /// φ at its scale.
    pub fn scaled(&self) -> Result<Phi, MorphismError> {
        let morph = morph(self.candidate.family);
        let scale = |(name, tensor): (&String, &Tensor)| {
            let tensor = match morph.is_scaled(name) {
                true => tensor.affine(f64::from(self.scale), 0.0)?,
                false => tensor.clone(),
            };
            Ok((name.clone(), tensor))
        };
        self.phi.iter().map(scale).collect()
    }

    /// φ's tensor `name` as learned.
    pub fn part(&self, name: &str) -> Result<&Tensor, MorphismError> {
        part(&self.phi, &self.candidate, name)
    }

    /// What goes into files: φ at its scale with what follows from it (a symmetric split's second child).
    pub fn stored(&self) -> Result<Phi, MorphismError> {
        let mut phi = self.scaled()?;
        morph(self.candidate.family).derive(&mut phi)?;
        Ok(phi)
    }

    /// Whether it changes nothing: a learned family's at scale 0.
    pub fn is_neutral(&self) -> bool {
        self.scale == 0.0 && morph(self.candidate.family).is_learned()
    }

    /// Checks that every parameter is there and has its shape, and that the scale is a number.
    pub fn check(&self, place: &Place) -> Result<(), MorphismError> {
        let fail = |name: &str, found: String, expected: String| {
            let (id, name) = (self.candidate.id(), name.to_owned());
            Err(MorphismError::Phi { id, name, found, expected })
        };
        if !self.scale.is_finite() {
            return fail("scale", self.scale.to_string(), "a finite number".into());
        }
        for (name, shape) in morph(self.candidate.family).phi_shapes(place) {
            match self.phi.get(name) {
                None => return fail(name, "nothing".into(), format!("shape {shape:?}")),
                Some(tensor) if tensor.dims() != shape => {
                    return fail(name, format!("shape {:?}", tensor.dims()), format!("shape {shape:?}"));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// φ's tensor `name`.
pub(super) fn part<'a>(phi: &'a Phi, candidate: &Candidate, name: &str) -> Result<&'a Tensor, MorphismError> {
    phi.get(name).ok_or_else(|| MorphismError::Phi {
        id: candidate.id(),
        name: name.to_owned(),
        found: "nothing".into(),
        expected: "a tensor".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::{Family, propose};
    use crate::network::preset;

    fn tiny() -> Network {
        Network::initialise(preset("tiny", 10).unwrap(), 3).unwrap()
    }

    fn candidate(family: Family, layer: &str) -> Candidate {
        let channel = morph(family).changes_one_channel().then_some(1);
        Candidate::named(family, layer, channel).unwrap()
    }

    fn flat(phi: &Phi, name: &str) -> Vec<f32> {
        phi[name].flatten_all().unwrap().to_vec1().unwrap()
    }

    #[test]
    fn shapes_are_those_of_the_files() {
        let tiny = preset("tiny", 10).unwrap();
        let shapes = |family, layer| phi_shapes(&tiny, &candidate(family, layer)).unwrap();
        let child = vec![8, 3, 3];
        assert_eq!(
            shapes(Family::Split, "conv3"),
            [
                ("phi1", child.clone()),
                ("phi1_bias", vec![1]),
                ("phi2", child.clone()),
                ("phi2_bias", vec![1])
            ]
        );
        assert_eq!(shapes(Family::SplitSymmetric, "conv3"), [("phi1", child), ("phi1_bias", vec![1])]);
        assert_eq!(shapes(Family::Prune, "conv3"), []);
        assert_eq!(shapes(Family::PruneMean, "conv3"), [("mean", vec![1])]);
        assert_eq!(shapes(Family::Widen, "conv1"), [("phi_in", vec![3, 3, 3]), ("omega", vec![8, 3, 3])]);
        assert_eq!(shapes(Family::Widen, "conv5"), [("phi_in", vec![16, 3, 3]), ("omega", vec![10])]);
        let wide = |layer| phi_shapes(&tiny, &candidate(Family::Widen, layer).of_width(4)).unwrap();
        assert_eq!(wide("conv1"), [("phi_in", vec![4, 3, 3, 3]), ("omega", vec![8, 4, 3, 3])]);
        assert_eq!(wide("conv5"), [("phi_in", vec![4, 16, 3, 3]), ("omega", vec![10, 4])]);
        assert_eq!(shapes(Family::Deepen, "conv3"), [("phi", vec![16, 16, 3, 3])]);
        assert_eq!(shapes(Family::DeepenPointwise, "conv3"), [("phi", vec![16, 16, 1, 1])]);
    }

    #[test]
    fn initial_values_follow_seed_candidate_and_round() {
        let network = tiny();
        let split = candidate(Family::Split, "conv3");
        let first = initial_phi(&network, &split, 7, 1).unwrap();
        let again = initial_phi(&network, &split, 7, 1).unwrap();
        assert_eq!(flat(&first, "phi1"), flat(&again, "phi1"));
        assert_ne!(flat(&first, "phi1"), flat(&first, "phi2"));
        assert_ne!(flat(&first, "phi1"), flat(&initial_phi(&network, &split, 7, 2).unwrap(), "phi1"));
        assert_ne!(flat(&first, "phi1"), flat(&initial_phi(&network, &split, 8, 1).unwrap(), "phi1"));
        assert_eq!(flat(&first, "phi1_bias"), [0.0]);
        for candidate in propose(&network.architecture, &Family::ALL).unwrap() {
            let phi = initial_phi(&network, &candidate, 7, 1).unwrap();
            let found: Vec<_> = phi.iter().map(|(name, tensor)| (name.as_str(), tensor.dims())).collect();
            let mut expected = phi_shapes(&network.architecture, &candidate).unwrap();
            expected.sort_unstable();
            let expected: Vec<_> = expected.iter().map(|(name, shape)| (*name, shape.as_slice())).collect();
            assert_eq!(found, expected, "{}", candidate.id());
        }
    }

    /// Equal channels would have equal slopes, and stay equal.
    #[test]
    fn channels_that_come_together_start_apart() {
        let network = tiny();
        let wide = candidate(Family::Widen, "conv3").of_width(3);
        let starts = flat(&initial_phi(&network, &wide, 7, 1).unwrap(), "phi_in");
        let channels: Vec<&[f32]> = starts.chunks(8 * 9).collect();
        assert!(channels[0] != channels[1] && channels[1] != channels[2] && channels[0] != channels[2]);
        let alone = candidate(Family::Widen, "conv3");
        assert_eq!(channels[0], flat(&initial_phi(&network, &alone, 7, 1).unwrap(), "phi_in"));
    }

    #[test]
    fn scale_moves_only_what_is_linear_and_files_hold_both_children() {
        let network = tiny();
        let morphism = |family, scale| {
            let candidate = candidate(family, "conv3");
            let phi = initial_phi(&network, &candidate, 7, 1).unwrap();
            Morphism { candidate, phi, scale }
        };
        let symmetric = morphism(Family::SplitSymmetric, 0.5);
        let stored = symmetric.stored().unwrap();
        let (learned, first) = (flat(&symmetric.phi, "phi1"), flat(&stored, "phi1"));
        assert!(learned.iter().zip(&first).all(|(learned, scaled)| *scaled == learned * 0.5));
        assert!(first.iter().zip(flat(&stored, "phi2")).all(|(first, second)| second == -first));
        assert_eq!(stored.len(), 4);

        let mut widen = morphism(Family::Widen, 0.5);
        widen
            .phi
            .insert("omega".into(), Tensor::ones((16, 3, 3), candle_core::DType::F32, &Device::Cpu).unwrap());
        let scaled = widen.scaled().unwrap();
        assert_eq!(flat(&scaled, "phi_in"), flat(&widen.phi, "phi_in"));
        assert_eq!(flat(&scaled, "omega"), vec![0.5; 144]);

        let mut mean = morphism(Family::PruneMean, 0.5);
        mean.phi.insert("mean".into(), Tensor::new(&[3f32], &Device::Cpu).unwrap());
        assert_eq!(flat(&mean.stored().unwrap(), "mean"), [3.0]);
    }
}
