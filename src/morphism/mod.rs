//! What can be changed in a network: families of morphisms, their candidates, costs and rewrites.

mod apply;
mod block;
mod candidate;
mod catalogue;
mod children;
mod cost;
mod deepen;
mod deepen_pointwise;
mod kernel;
mod literature;
mod mark;
mod memory;
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

use crate::names::named;
use crate::network::{NetworkError, Tensors};

pub use apply::{apply, apply_with};
pub use candidate::{At, Candidate, is_single, single};
pub use catalogue::catalogue;
pub use children::Parting;
pub use cost::{CostDelta, added_cost, rewrite_architecture};
pub use kernel::{ring, ring_mask};
pub use literature::{Form, grow_by, preserving};
pub use mark::{Mark, Shape};
pub use memory::Memory;
pub use morph::{About, Morph, RewriteOrder, morph};
pub use phi::{delta, initial_phi, neutral_phi, phi_shapes};
pub use place::{Place, propose};
pub use prune_mean::padding_delta;
pub use rewrite::Rewrite;
pub use site::{Pool, Reader, Site, Sites};
pub use together::{compatible, conflict};
pub use values::{NormValues, SiteValues};
pub use work::{Spot, Work};

named! {
    /// A family of morphisms.
    pub enum Family, called "family" {
        /// A channel becomes two children.
        Split = "split",
        /// A channel becomes two children with opposite changes.
        SplitSymmetric = "split-symmetric",
        /// A channel is removed.
        Prune = "prune",
        /// A channel is removed and its mean folded into the next bias.
        PruneMean = "prune-mean",
        /// A layer gains a channel.
        Widen = "widen",
        /// A new convolution after a layer.
        Deepen = "deepen",
        /// A new 1×1 convolution after a layer.
        DeepenPointwise = "deepen-pointwise",
        /// A new branch of two convolutions beside a layer's output.
        Residual = "residual",
        /// A new residual block after a layer: two convolutions around a shortcut, and a ReLU.
        Block = "block",
        /// A convolution's kernel grows by a ring.
        Kernel = "kernel",
        /// A share of an earlier layer's output is added to a later one's.
        Skip = "skip",
        /// A layer is removed.
        RemoveLayer = "remove-layer",
        /// A shortcut is removed.
        RemoveSkip = "remove-skip",
    }
}

/// Most channels that a layer gains at once.
pub const MOST_WIDTH: usize = 64;

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
