//! What a family of morphisms defines, and the register of families.

use super::block::Block;
use super::deepen::Deepen;
use super::deepen_pointwise::DeepenPointwise;
use super::kernel::Kernel;
use super::prune::Prune;
use super::prune_mean::PruneMean;
use super::remove_layer::RemoveLayer;
use super::remove_skip::RemoveSkip;
use super::residual::Residual;
use super::site::Sites;
use super::sketch::Sketch;
use super::skip::Skip;
use super::split::Split;
use super::split_symmetric::SplitSymmetric;
use super::widen::Widen;
use super::work::Work;
use super::{At, Candidate, Family, Mark, MorphismError, Phi, Place, Rewrite, Site, SiteValues};
use crate::network::{Architecture, AsType, Network, NetworkError};
use crate::random::Stream;
use candle_core::Tensor;

/// When a family's rewrite takes place among others: additions before removals, so that channel numbers stay
/// valid, and new layers last, so that they see their site as it ends up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RewriteOrder {
    /// New channels.
    Widen,
    /// Channels that become two.
    Split,
    /// Channels that go, the highest first.
    Prune,
    /// Larger kernels.
    Kernel,
    /// New branches beside z.
    Residual,
    /// New skips to z, around its branches too.
    Skip,
    /// New layers right after z, where nothing is negative; branches then stand beside and after them.
    Deepen,
    /// Layers and shortcuts that go; nothing else is changed together with them.
    Remove,
}

/// A family's description for people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct About {
    /// What is done to the place: "Split" (channel 3 of conv2).
    pub verb: &'static str,
    /// Its sign in plots.
    pub mark: Mark,
    /// Its drawing.
    pub sketch: Sketch,
    /// What it does, in a sentence.
    pub sentence: &'static str,
    /// The change as a formula, and where it acts.
    pub formula: &'static str,
    /// The φ for which nothing changes.
    pub neutral: &'static str,
    /// How many there are, and where.
    pub candidates: &'static str,
    /// The publication it comes from.
    pub source: &'static str,
}

/// A family of morphisms.
pub trait Morph: Sync {
    /// What it tells people.
    fn about(&self) -> About;

    /// When its rewrites take place.
    fn order(&self) -> RewriteOrder;

    /// What a candidate costs an engine.
    fn work(&self, place: &Place) -> Work;

    /// Whether the layer loses a channel.
    fn removes_channel(&self) -> bool {
        self.order() == RewriteOrder::Prune
    }

    /// Whether the channel becomes two.
    fn splits_channel(&self) -> bool {
        self.order() == RewriteOrder::Split
    }

    /// Whether the layer gains new channels, one or several at once.
    fn adds_channels(&self) -> bool {
        self.order() == RewriteOrder::Widen
    }

    /// Whether the network loses a layer or a shortcut; it then learns to answer like its parent.
    fn is_distilled(&self) -> bool {
        self.order() == RewriteOrder::Remove
    }

    /// Whether a candidate names a channel.
    fn changes_one_channel(&self) -> bool {
        self.removes_channel() || self.splits_channel()
    }

    /// Whether the site must have a single linear reader.
    fn needs_reader(&self) -> bool {
        self.changes_one_channel() || self.adds_channels()
    }

    /// Where candidates may sit, in order: convolutions, or pairs of them (channels are added by [`super::propose`]).
    fn places(&self, architecture: &Architecture) -> Vec<At> {
        architecture.convolutions().map(|layer| At::Layer(layer.to_owned())).collect()
    }

    /// The site of a candidate at a place, or none.
    fn sites(&self, architecture: &Architecture, at: &At) -> Result<Option<Sites>, NetworkError> {
        Ok(Site::of(architecture, at.layer())?.map(Sites::from))
    }

    /// What to say where there is none.
    fn no_site(&self) -> &'static str {
        "the layer is not a convolution with a ReLU after it"
    }

    /// Whether nothing else may be changed together with it: it takes away what others change.
    fn stands_alone(&self) -> bool {
        self.is_distilled()
    }

    /// This family's own reason to reject a place, if any.
    fn obstacle(&self, _place: &Place) -> Option<String> {
        None
    }

    /// Fewest channels that a layer must have.
    fn least_channels(&self) -> usize {
        1
    }

    /// Whether φ is learned by gradients.
    fn is_learned(&self) -> bool {
        !self.removes_channel() && !self.is_distilled()
    }

    /// Whether φ has the channel's mean over the training part, which engines measure.
    fn folds_mean(&self) -> bool {
        false
    }

    /// Names and shapes of φ; nothing in families that have none.
    fn phi_shapes(&self, _place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        Vec::new()
    }

    /// Standard deviation of the initial values of φ's tensor `name`; 0 for zeros.
    fn initial_deviation(
        &self,
        _place: &Place,
        _network: &Network,
        _name: &str,
    ) -> Result<f64, MorphismError> {
        Ok(0.0)
    }

    /// Whether the scale multiplies φ's tensor `name`.
    fn is_scaled(&self, _name: &str) -> bool {
        true
    }

    /// Adds what is not learned but follows from φ.
    fn derive(&self, _phi: &mut Phi) -> Result<(), MorphismError> {
        Ok(())
    }

    /// Δ for φ as it is, with derived tensors; see [`super::delta`] for where.
    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError>;

    /// Changes the architecture.
    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError>;

    /// Changes parameters and optimiser state for φ as it is, with derived tensors. The architecture is still
    /// as it was before this morphism: [`Morph::edit`] follows.
    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError>;
}

impl std::fmt::Debug for dyn Morph {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Morph({:?})", self.order())
    }
}

/// The definition of `family`.
pub fn morph(family: Family) -> &'static dyn Morph {
    match family {
        Family::Split => &Split,
        Family::SplitSymmetric => &SplitSymmetric,
        Family::Prune => &Prune,
        Family::PruneMean => &PruneMean,
        Family::Widen => &Widen,
        Family::Deepen => &Deepen,
        Family::DeepenPointwise => &DeepenPointwise,
        Family::Residual => &Residual,
        Family::Block => &Block,
        Family::Kernel => &Kernel,
        Family::Skip => &Skip,
        Family::RemoveLayer => &RemoveLayer,
        Family::RemoveSkip => &RemoveSkip,
    }
}

/// φ's standard deviation for "small": a tenth of the layer's weights' root mean square.
pub(super) fn tenth_of_weights(place: &Place, network: &Network) -> Result<f64, MorphismError> {
    Ok(0.1 * root_mean_square(place, network)?)
}

/// Root mean square of the layer's weights.
pub(super) fn root_mean_square(place: &Place, network: &Network) -> Result<f64, MorphismError> {
    let weight = network.tensor(&format!("{}.weight", place.site.layer))?;
    let square = weight.as_type(candle_core::DType::F64)?.sqr()?.mean_all()?.to_scalar::<f64>()?;
    Ok(square.sqrt())
}

/// The stream that φ of `candidate` starts from.
pub(super) fn initial_stream(candidate: &Candidate, seed: u64, round: u64) -> Stream {
    Stream::new(seed, &format!("initial φ of {}", candidate.id()), round)
}
