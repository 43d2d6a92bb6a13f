//! φ of a layer's splits as every engine holds it: the members' tensors, stacked.

use candle_core::Tensor;

use super::{Cohort, EngineError};
use crate::morphism::{Family, Phi};

/// The names of φ's weights and bias for each probe of a member. A plain split has two probes, φ₁∗x and φ₂∗x; a symmetric
/// one has one, added to one child and taken from the other.
fn names(family: Family) -> &'static [[&'static str; 2]] {
    match family {
        Family::Split => &[["phi1", "phi1_bias"], ["phi2", "phi2_bias"]],
        _ => &[["phi1", "phi1_bias"]],
    }
}

/// φ of all splits of a layer, those of one family.
pub struct SplitPhi {
    /// The family.
    pub family: Family,
    /// `[members·probes, in, k, k]`, the probes of each member together.
    pub weights: Tensor,
    /// `[members·probes]`.
    pub bias: Tensor,
}

impl SplitPhi {
    /// How many probes a member has.
    pub fn probes(family: Family) -> usize {
        names(family).len()
    }

    /// Stacks the members' φ.
    pub fn of(cohort: &Cohort<'_>) -> Result<Self, EngineError> {
        let (mut weights, mut bias) = (Vec::new(), Vec::new());
        for member in 0..cohort.members.len() {
            for [weight_name, bias_name] in names(cohort.family) {
                weights.push(cohort.phi(member, weight_name)?);
                bias.push(cohort.phi(member, bias_name)?);
            }
        }
        let weights = Tensor::stack(&weights, 0)?.contiguous()?;
        Ok(Self { family: cohort.family, weights, bias: Tensor::cat(&bias, 0)? })
    }

    /// φ of one member, by name.
    pub fn member(&self, member: usize) -> candle_core::Result<Phi> {
        let names = names(self.family);
        let mut phi = Phi::new();
        for (index, [weight_name, bias_name]) in names.iter().enumerate() {
            let probe = member * names.len() + index;
            phi.insert((*weight_name).to_owned(), self.weights.get(probe)?.copy()?);
            phi.insert((*bias_name).to_owned(), self.bias.narrow(0, probe, 1)?.copy()?);
        }
        Ok(phi)
    }
}
