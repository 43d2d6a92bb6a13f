//! The families as the reference engine computes them: all candidates of one family at one layer together.

mod block;
mod deepen;
mod kernel;
mod prune;
mod remove;
mod residual;
mod skip;
mod split;
mod widen;

use candle_core::{Result, Tensor, bail};

use super::kernels::dense;
use super::ops::{convolve, global_average, sum};
use super::plan::Plan;
use super::real::{Numbers, tensor, with_real};
use super::tally;
use super::tape::{Cotangents, Values};
use crate::engine::{Cohort, EngineError, Place, ReaderNode, cohorts};
use crate::morphism::{Family, Morphism, Phi};
use crate::network::{AsType, Tensors};

/// A network's values on some examples, with what a group needs to know of the network.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The network's steps.
    pub plan: &'a Plan,
    /// Its parameters.
    pub parameters: &'a Tensors,
    /// Its values.
    pub values: &'a Values,
}

impl Scene<'_> {
    /// The parameter `suffix` of a node.
    pub fn parameter(&self, node: usize, suffix: &str) -> Result<&Tensor> {
        let name = format!("{}.{suffix}", self.plan.name(node));
        match self.parameters.get(&name) {
            Some(tensor) => Ok(tensor),
            None => bail!("no parameter \"{name}\""),
        }
    }
}

/// How the changes of a group lie in the node whose cotangents they meet.
pub struct Layout {
    /// The node.
    pub target: usize,
    /// For changes of single channels: each member's channel. For changes of the whole node: none.
    pub channels: Option<Vec<usize>>,
}

impl Layout {
    /// Of a change of the whole node.
    pub fn whole(target: usize) -> Self {
        Self { target, channels: None }
    }
}

/// All candidates of one family at one layer; its members are numbered from 0.
pub trait Group {
    /// The learned tensors, members stacked along the first dimension; empty where nothing is learned.
    fn phi(&self) -> Vec<Tensor>;

    /// Takes new values for [`Self::phi`].
    fn set_phi(&mut self, phi: Vec<Tensor>);

    /// φ of one member, by name.
    fn member_phi(&self, member: usize) -> Result<Phi>;

    /// Where the changes lie.
    fn layout(&self) -> Layout;

    /// The group on these examples, with the convolutions that no scale changes.
    fn probe<'a>(&'a self, scene: &Scene<'a>) -> Result<Box<dyn Probe + 'a>>;

    /// The node whose value a member's rewrite changes directly, and its new value; exact, like the rewrite. Where the
    /// whole node changes, it is that node with the change added.
    fn entry(&self, scene: &Scene, changes: &Tensor, _member: usize) -> Result<(usize, Tensor)> {
        let target = self.layout().target;
        Ok((target, sum(scene.values.at(target)?, changes)?))
    }
}

/// A group on some examples.
pub trait Probe {
    /// The changes of all members at their scales: `[examples, members, positions]`, or `[examples, …]` of the
    /// target's shape where the whole node changes.
    fn changes(&self, scales: &[f32]) -> Result<Tensor>;

    /// Gradients of [`Group::phi`] at scale 1, from the gradient with respect to the changes.
    fn phi_gradients(&self, d_changes: &Tensor) -> Result<Vec<Tensor>>;
}

/// What every family's probe is made of.
struct Probed<'a, G, C = Tensor> {
    group: &'a G,
    scene: Scene<'a>,
    /// The convolutions with φ; () in families that have none.
    convolved: C,
}

/// A group and the positions of its members in the list that it was made from.
pub struct Grouped {
    /// The group.
    pub group: Box<dyn Group>,
    /// For each member its position in the list.
    pub members: Vec<usize>,
}

/// Groups morphisms by family and layer.
pub fn group(plan: &Plan, morphisms: &[Morphism]) -> std::result::Result<Vec<Grouped>, EngineError> {
    let group = |cohort: Cohort| {
        let group: Box<dyn Group> = match cohort.family {
            Family::Split | Family::SplitSymmetric => Box::new(split::SplitGroup::new(&cohort)?),
            Family::Prune | Family::PruneMean => Box::new(prune::PruneGroup::new(&cohort)?),
            Family::Widen => Box::new(widen::WidenGroup::new(&cohort)?),
            Family::Deepen | Family::DeepenPointwise => Box::new(deepen::DeepenGroup::new(&cohort)?),
            Family::Residual => Box::new(residual::ResidualGroup::new(&cohort)?),
            Family::Block => Box::new(block::BlockGroup::new(&cohort)?),
            Family::Kernel => Box::new(kernel::KernelGroup::new(&cohort)?),
            Family::Skip => Box::new(skip::SkipGroup::new(&cohort)?),
            Family::RemoveLayer | Family::RemoveSkip => Box::new(remove::RemoveGroup::new(&cohort)?),
        };
        Ok(Grouped { group, members: cohort.positions })
    };
    cohorts(&plan.architecture, morphisms)?.into_iter().map(group).collect()
}

/// The responses of a group, `[sets, examples, members]`.
pub fn responses(
    scene: &Scene,
    layout: &Layout,
    cotangents: &Cotangents,
    changes: &Tensor,
) -> Result<Tensor> {
    let target = cotangents.at(layout.target)?;
    let examples = scene.values.at(0)?.dim(0)?;
    let sets = target.dim(0)? / examples;
    with_real!(changes, T => {
        let (channels, positions, channel_of) = flattened(target, layout)?;
        let numbers = dense::channel_responses(
            channels, positions, &Numbers::<T>::of(target)?, &Numbers::<T>::of(changes)?, &channel_of,
        );
        tensor(numbers, (sets, examples, channel_of.len()))
    })
}

/// The gradient with respect to the changes, from derivatives `[sets, examples, members]`.
pub fn responses_gradient(layout: &Layout, cotangents: &Cotangents, derivatives: &Tensor) -> Result<Tensor> {
    let target = cotangents.at(layout.target)?;
    let (sets, examples, members) = derivatives.dims3()?;
    with_real!(target, T => {
        let (channels, positions, channel_of) = flattened(target, layout)?;
        let numbers = dense::channel_responses_gradient(
            channels, positions, &Numbers::<T>::of(target)?, &Numbers::<T>::of(derivatives)?, sets, &channel_of,
        );
        match layout.channels {
            Some(_) => tensor(numbers, (examples, members, target.dim(2)?, target.dim(3)?)),
            None => tensor(numbers, (examples, target.dim(1)?, target.dim(2)?, target.dim(3)?)),
        }
    })
}

/// Channels, positions and members' channels; a change of the whole node counts as one channel.
fn flattened(target: &Tensor, layout: &Layout) -> Result<(usize, usize, Vec<usize>)> {
    let (_, channels, height, width) = target.dims4()?;
    Ok(match &layout.channels {
        Some(channel_of) => (channels, height * width, channel_of.clone()),
        None => (1, channels * height * width, vec![0]),
    })
}

/// The neutral norm of new channels, a factor and a summand for each, `[2, channels]`, of the type of `like`;
/// none where the layer has no norm.
fn neutral_norm(place: &Place, channels: usize, like: &Tensor) -> Result<Option<Tensor>> {
    if place.norm.is_none() {
        return Ok(None);
    }
    let rows = [place.new_norm_factor(), 0.0].map(|number| vec![number; channels]);
    Ok(Some(Tensor::from_vec(rows.concat(), (2, channels), like.device())?.as_type(like.dtype())?))
}

/// What a change Δ `[examples, 1, h, w]` of one channel of z makes of its reader's value.
fn reader_value(scene: &Scene, reader: ReaderNode, channel: usize, change: &Tensor) -> Result<Tensor> {
    let weights = scene.parameter(reader.node(), "weight")?.narrow(1, channel, 1)?.contiguous()?;
    let before = scene.values.at(reader.node())?;
    let difference = match reader {
        ReaderNode::Conv { .. } => convolve(change, &weights, None)?,
        ReaderNode::Head(_) => {
            let examples = change.dim(0)?;
            let mean = global_average(change)?.reshape((examples, 1))?;
            tally::add(examples * weights.elem_count());
            mean.broadcast_mul(&weights.reshape((1, ()))?)?.reshape((examples, (), 1, 1))?
        }
    };
    sum(before, &difference)
}
