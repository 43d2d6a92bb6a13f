//! What can be changed in a network: families of morphisms, their candidates, costs and rewrites.

mod apply;
mod candidate;
mod catalogue;
mod cost;
mod deepen;
mod kernel;
mod literature;
mod mark;
mod morph;
mod phi;
mod place;
mod prune;
mod prune_mean;
mod remove_layer;
mod remove_skip;
mod residual;
mod rewrite;
mod site;
pub mod sketch;
mod skip;
mod split;
mod split_symmetric;
mod together;
mod values;
mod widen;
mod work;

use std::fmt;
use std::str::FromStr;

use crate::network::{NetworkError, Tensors};

pub use apply::apply;
pub use candidate::{At, Candidate};
pub use catalogue::catalogue;
pub use cost::{CostDelta, added_cost, rewrite_architecture};
pub use kernel::{ring, ring_mask};
pub use literature::{Form, grow_by};
pub use mark::{Mark, Shape};
pub use morph::{About, Morph, RewriteOrder, morph};
pub use phi::{delta, initial_phi, neutral_phi, phi_shapes};
pub use place::{Place, propose};
pub use prune_mean::padding_delta;
pub use rewrite::Rewrite;
pub use site::{Pool, Reader, Site, Sites};
pub use together::{compatible, conflict};
pub use values::{NormValues, SiteValues};
pub use work::{Spot, Work};

/// A family of morphisms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// A channel becomes two children.
    Split,
    /// A channel becomes two children with opposite changes.
    SplitSymmetric,
    /// A channel is removed.
    Prune,
    /// A channel is removed and its mean folded into the next bias.
    PruneMean,
    /// A layer gains a channel.
    Widen,
    /// A new convolution after a layer.
    Deepen,
    /// A new branch of two convolutions beside a layer's output.
    Residual,
    /// A convolution's kernel grows by a ring.
    Kernel,
    /// A share of an earlier layer's output is added to a later one's.
    Skip,
    /// A layer is removed.
    RemoveLayer,
    /// A shortcut is removed.
    RemoveSkip,
}

impl Family {
    /// Every family, in the order of the files and tables.
    pub const ALL: [Family; 11] = [
        Family::Split,
        Family::SplitSymmetric,
        Family::Prune,
        Family::PruneMean,
        Family::Widen,
        Family::Deepen,
        Family::Residual,
        Family::Kernel,
        Family::Skip,
        Family::RemoveLayer,
        Family::RemoveSkip,
    ];

    /// The name in files and options.
    pub fn name(self) -> &'static str {
        match self {
            Family::Split => "split",
            Family::SplitSymmetric => "split-symmetric",
            Family::Prune => "prune",
            Family::PruneMean => "prune-mean",
            Family::Widen => "widen",
            Family::Deepen => "deepen",
            Family::Residual => "residual",
            Family::Kernel => "kernel",
            Family::Skip => "skip",
            Family::RemoveLayer => "remove-layer",
            Family::RemoveSkip => "remove-skip",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Family {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Family::ALL.into_iter().find(|family| family.name() == name).ok_or_else(|| {
            let names: Vec<&str> = Family::ALL.iter().map(|family| family.name()).collect();
            format!("unknown family \"{name}\": expected one of {}", names.join(", "))
        })
    }
}

/// The parameters φ of a morphism, by their names in the files (`phi1`, `phi1_bias`, …).
pub type Phi = Tensors;

/// A candidate with its learned parameters.
#[derive(Clone, Debug)]
pub struct Morphism {
    /// What is changed.
    pub candidate: Candidate,
    /// φ as learned, at scale 1.
    pub phi: Phi,
    /// How far along the learned direction to go, in 0…1; 0 means "not worth it".
    pub scale: f32,
}

/// Why a morphism cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum MorphismError {
    /// The place does not allow this family.
    #[error("{id}: {reason}")]
    Place { id: String, reason: String },
    /// A parameter φ that is absent or has the wrong shape.
    #[error("{id}: parameter \"{name}\": found {found}, expected {expected}")]
    Phi { id: String, name: String, found: String, expected: String },
    /// The network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The library of tensors.
    #[error("tensor operation: {0}")]
    Tensor(#[from] candle_core::Error),
}
