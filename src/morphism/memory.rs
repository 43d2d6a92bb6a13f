//! What becomes of the optimiser's memory when a network is rewritten.
//!
//! A split makes of a channel with incoming weights w and outgoing weights v two with w, w and ½v, ½v (apart
//! from φ). Two things of its memory can be carried over exactly:
//!
//! - *Where it moves.* The parent's next steps move its weights by ẇ and v̇. The children compute together
//!   what the parent would if they move by ẇ, ẇ and ½v̇, ½v̇, for that is where the split takes the moved
//!   parent.
//! - *How large its gradients are.* By the chain rule each child has ½∂L/∂w and, both being read alike,
//!   ∂L/∂v.
//!
//! SGD moves along its momentum b: w keeps b, v gets ½b. Adam moves along m/√v̂, where v̂ is the mean square
//! of the gradients: w gets ½m and ¼v̂, v gets ½m and v̂. Bias and norm of a layer go with its incoming
//! weights. Weight decay moves each weight by a part of it, which all this leaves as it is.

use crate::names::named;
use crate::network::OptimizerState;

named! {
    /// What becomes of the optimiser's memory.
    pub enum Memory, called "memory" {
        /// Weights that stay in place keep theirs, new ones begin at 0: of a split's children the first keeps
        /// the parent's, the second begins anew.
        Inherited = "inherited",
        /// All begin anew.
        Reset = "reset",
        /// As inherited, but a split's children go on together as their parent would have.
        Rescaled = "rescaled",
    }
}

/// The two ends of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// What computes it: weights, bias, norm.
    Incoming,
    /// What reads it.
    Outgoing,
}

impl Memory {
    /// What part of the parent's memory in `slot` each child of a split gets, if both get the same.
    pub(super) fn share(self, slot: &str, end: End) -> Option<f64> {
        match (self, slot, end) {
            (Memory::Rescaled, OptimizerState::MOMENTUM, End::Incoming)
            | (Memory::Rescaled, OptimizerState::MEAN_SQUARE, End::Outgoing) => Some(1.0),
            (Memory::Rescaled, OptimizerState::MOMENTUM, End::Outgoing)
            | (Memory::Rescaled, OptimizerState::MEAN, _) => Some(0.5),
            (Memory::Rescaled, OptimizerState::MEAN_SQUARE, End::Incoming) => Some(0.25),
            _ => None,
        }
    }
}
