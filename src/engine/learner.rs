//! Learners: the ways to find φ, this program's own and those it is compared with.

use crate::morphism::{Family, morph};
use crate::names::named;

named! {
    /// A way to find φ. After every learner the scale is chosen by the estimate on the validation part, and the gain is
    /// estimated and measured on the held-out part.
    #[derive(Default)]
    pub enum Learner, called "learner" {
        /// Adam on the loss that the chosen estimator predicts: the Gauss–Newton morphisms of this program.
        #[default]
        Estimate = "estimate",
        /// A random direction.
        Random = "random",
        /// Splitting steepest descent: the lowest eigenvector of the splitting matrix.
        Steepest = "steepest",
        /// Firefly: Adam on the true loss with all candidates of a layer switched on together.
        Firefly = "firefly",
        /// GradMax: the outgoing weights that make the new channel's gradient the largest.
        Gradmax = "gradmax",
        /// TINY: the channel that best serves what the layer's own weights cannot.
        Tiny = "tiny",
        /// Adam on the true loss of each candidate alone: expensive, and the yardstick of the others.
        Direct = "direct",
    }
}

impl Learner {
    /// The learned families it can make φ for.
    pub fn families(self) -> Vec<Family> {
        let learned = Family::ALL.into_iter().filter(|family| morph(*family).is_learned());
        match self {
            Learner::Estimate | Learner::Random | Learner::Direct => learned.collect(),
            Learner::Steepest => vec![Family::Split, Family::SplitSymmetric],
            Learner::Firefly => vec![Family::Split, Family::SplitSymmetric, Family::Widen],
            Learner::Gradmax | Learner::Tiny => vec![Family::Widen],
        }
    }

    /// Whether candidates of `family` can come from it; where nothing is learned, every learner works.
    pub fn serves(self, family: Family) -> bool {
        !morph(family).is_learned() || self.families().contains(&family)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_prunes_need_no_learner() {
        for learner in Learner::ALL {
            assert_eq!(learner.name().parse(), Ok(learner));
            assert!(learner.serves(Family::Prune) && learner.serves(Family::PruneMean));
            assert!(!learner.families().is_empty());
        }
        assert!("gauss".parse::<Learner>().unwrap_err().contains("firefly"));
        assert!(Learner::Tiny.serves(Family::Widen) && !Learner::Tiny.serves(Family::Split));
        assert!(!Learner::Steepest.serves(Family::Deepen) && Learner::Direct.serves(Family::Deepen));
    }
}
