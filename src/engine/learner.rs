//! Learners: the ways to find φ, this program's own and those it is compared with.

use std::fmt;
use std::str::FromStr;

use crate::morphism::{Family, morph};

/// A way to find φ. After every learner the scale is chosen by the estimate on the validation part, and the gain is
/// estimated and measured on the held-out part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Learner {
    /// Adam on the loss that the chosen estimator predicts: the Gauss–Newton morphisms of this program.
    #[default]
    Estimate,
    /// A random direction.
    Random,
    /// Splitting steepest descent: the lowest eigenvector of the splitting matrix.
    Steepest,
    /// Firefly: Adam on the true loss with all candidates of a layer switched on together.
    Firefly,
    /// GradMax: the outgoing weights that make the new channel's gradient the largest.
    Gradmax,
    /// TINY: the channel that best serves what the layer's own weights cannot.
    Tiny,
    /// Adam on the true loss of each candidate alone: expensive, and the yardstick of the others.
    Direct,
}

impl Learner {
    /// All of them, in the order of tables.
    pub const ALL: [Learner; 7] = [
        Learner::Estimate,
        Learner::Random,
        Learner::Steepest,
        Learner::Firefly,
        Learner::Gradmax,
        Learner::Tiny,
        Learner::Direct,
    ];

    /// The name in files and options.
    pub fn name(self) -> &'static str {
        match self {
            Learner::Estimate => "estimate",
            Learner::Random => "random",
            Learner::Steepest => "steepest",
            Learner::Firefly => "firefly",
            Learner::Gradmax => "gradmax",
            Learner::Tiny => "tiny",
            Learner::Direct => "direct",
        }
    }

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

impl fmt::Display for Learner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Learner {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Learner::ALL.into_iter().find(|learner| learner.name() == name).ok_or_else(|| {
            let names: Vec<&str> = Learner::ALL.iter().map(|learner| learner.name()).collect();
            format!("unknown learner \"{name}\": expected one of {}", names.join(", "))
        })
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
