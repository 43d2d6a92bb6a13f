//! What each step costs in floating-point operations.
//!
//! F is the forward pass of one example ([`crate::network::Cost`]: convolutions and the linear layer, two
//! operations a multiply-accumulate, nothing else). A backward sweep that only carries cotangents back to the
//! sites costs F too; one that also makes weight gradients costs 2F.

use crate::estimate::{Bank, Estimator};
use crate::morphism::{Family, Morphism, MorphismError, Place, Reader, Site, morph};
use crate::network::{Architecture, NetworkError, Op};

/// A network with the morphisms considered for it.
pub struct Ledger<'a> {
    architecture: &'a Architecture,
    forward: u64,
    classes: usize,
}

impl<'a> Ledger<'a> {
    /// For networks of this architecture.
    pub fn new(architecture: &'a Architecture) -> Result<Self, NetworkError> {
        Ok(Self { architecture, forward: architecture.cost()?.flops, classes: architecture.classes()? })
    }

    /// Training: forward, input gradients and weight gradients, 3F an example.
    pub fn train(&self, examples: u64) -> u64 {
        3 * self.forward * examples
    }

    /// Scoring: F an example.
    pub fn evaluate(&self, examples: u64) -> u64 {
        self.forward * examples
    }

    /// Learning φ: an example costs F, F for each cotangent of the estimator's bank, and twice the
    /// convolutions with φ (forward, and the gradient of φ).
    pub fn learn(
        &self,
        morphisms: &[Morphism],
        estimator: Estimator,
        examples: u64,
    ) -> Result<u64, MorphismError> {
        let sweeps = 1 + estimator.bank().size(self.classes) as u64;
        Ok(examples * (sweeps * self.forward + 2 * self.phi_of_all(morphisms)?))
    }

    /// Estimating: an example costs F, F for each cotangent, and the convolutions with φ once, however many
    /// scales are tried (they are linear in φ).
    pub fn estimate(
        &self,
        morphisms: &[Morphism],
        estimators: &[Estimator],
        examples: u64,
    ) -> Result<u64, MorphismError> {
        let sweeps = 1 + Bank::serving(estimators).size(self.classes) as u64;
        Ok(examples * (sweeps * self.forward + self.phi_of_all(morphisms)?))
    }

    /// The table for joint choice: one cotangent, like an estimate by rank-1.
    pub fn joint(&self, morphisms: &[Morphism], examples: u64) -> Result<u64, MorphismError> {
        self.estimate(morphisms, &[Estimator::Rank1], examples)
    }

    /// Measuring: an example costs F once, and for each morphism of a scale above 0 its convolutions with φ and
    /// what lies downstream of its site. A change of one channel needs one input channel of the reader.
    pub fn measure(&self, morphisms: &[Morphism], examples: u64) -> Result<u64, MorphismError> {
        let mut each = self.forward;
        for morphism in morphisms.iter().filter(|morphism| morphism.scale > 0.0) {
            each += self.phi(morphism)? + self.suffix(morphism)?;
        }
        Ok(examples * each)
    }

    fn phi_of_all(&self, morphisms: &[Morphism]) -> Result<u64, MorphismError> {
        morphisms.iter().map(|morphism| self.phi(morphism)).sum()
    }

    /// The convolutions with a morphism's φ: every kernel weight once at each position of the layer; of those
    /// that read the site, at each of the site's.
    fn phi(&self, morphism: &Morphism) -> Result<u64, MorphismError> {
        let shapes = self.architecture.shapes()?;
        let site = self.site(morphism)?;
        let read = match morphism.candidate.family {
            Family::Deepen | Family::Residual => site.z,
            _ => site.layer,
        };
        let positions = shapes[self.architecture.index(&read)?].positions();
        let weights: usize =
            morphism.phi.values().filter(|tensor| tensor.rank() >= 3).map(|tensor| tensor.elem_count()).sum();
        Ok(2 * weights as u64 * positions as u64)
    }

    fn site(&self, morphism: &Morphism) -> Result<Site, MorphismError> {
        Ok(Place::of(self.architecture, &morphism.candidate)?.site)
    }

    /// Forward cost of what depends on a morphism's site.
    fn suffix(&self, morphism: &Morphism) -> Result<u64, MorphismError> {
        let site = self.site(morphism)?;
        let start = site.z.as_str();
        let one_channel = match &site.reader {
            Some(Reader::Conv(name) | Reader::Head { name, .. })
                if morph(morphism.candidate.family).needs_reader() =>
            {
                Some(name.as_str())
            }
            _ => None,
        };
        let shapes = self.architecture.shapes()?;
        let mut changed = vec![start];
        let mut flops = 0;
        for (node, shape) in self.architecture.nodes.iter().zip(&shapes) {
            if !node.inputs.iter().any(|input| changed.contains(&input.as_str())) {
                continue;
            }
            changed.push(&node.name);
            let taps = match node.op {
                Op::Conv { kernel, .. } => kernel * kernel,
                Op::Linear { .. } => 1,
                _ => continue,
            };
            let channels = match one_channel {
                Some(reader) if reader == node.name => 1,
                _ => shapes[self.architecture.index(&node.inputs[0])?].channels,
            };
            flops += 2 * shape.elements() as u64 * channels as u64 * taps as u64;
        }
        Ok(flops)
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{DType, Device, Tensor};

    use super::*;
    use crate::morphism::Candidate;
    use crate::network::{Tensors, preset};

    fn split(layer: &str, channels_in: usize) -> Morphism {
        let zeros = |shape: &[usize]| Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap();
        let mut phi = Tensors::new();
        for name in ["phi1", "phi2"] {
            phi.insert(name.into(), zeros(&[channels_in, 3, 3]));
            phi.insert(format!("{name}_bias"), zeros(&[1]));
        }
        let candidate = Candidate { family: Family::Split, layer: layer.into(), channel: Some(0) };
        Morphism { candidate, phi, scale: 1.0 }
    }

    #[test]
    fn hand_counts_of_small() {
        // 16-M-32-M-32: conv2 reads 16×16 positions, conv3 8×8.
        let architecture = preset("small", 10).unwrap();
        let ledger = Ledger::new(&architecture).unwrap();
        let forward = architecture.cost().unwrap().flops;
        assert_eq!((ledger.train(5), ledger.evaluate(5)), (15 * forward, 5 * forward));
        let morphisms = [split("conv2", 16)];
        let phi = 2 * (2 * 16 * 9) * 256;
        assert_eq!(ledger.learn(&morphisms, Estimator::Sampled, 7).unwrap(), 7 * (3 * forward + 2 * phi));
        let all = ledger.estimate(&morphisms, &Estimator::ALL, 7).unwrap();
        assert_eq!(all, 7 * (11 * forward + phi));
        // Downstream: one input channel of conv3, then the head.
        let suffix = 2 * (64 * 32 * 9) + 2 * (10 * 32);
        assert_eq!(ledger.measure(&morphisms, 7).unwrap(), 7 * (forward + phi + suffix));
        let off = [Morphism { scale: 0.0, ..split("conv2", 16) }];
        assert_eq!(ledger.measure(&off, 7).unwrap(), 7 * forward);
    }
}
