//! The families as the reference engine computes them: all candidates of one family at one layer together.

mod deepen;
mod kernel;
mod prune;
mod remove;
mod residual;
mod skip;
mod split;
mod widen;

use std::collections::BTreeMap;

use candle_core::{Result, Tensor, bail};

use super::kernels::dense;
use super::ops::{convolve, global_average, sum};
use super::plan::Plan;
use super::real::{Numbers, tensor, with_real};
use super::tally;
use super::tape::{Cotangents, Values};
use crate::engine::EngineError;
use crate::morphism::{self, Candidate, Family, Morphism, Phi, Pool, Reader, morph};
use crate::network::Tensors;

/// What reads a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderNode {
    /// The convolution at this node.
    Conv(usize),
    /// The linear layer at this node, through the global average pool.
    Head(usize),
}

impl ReaderNode {
    /// The node.
    pub fn node(self) -> usize {
        match self {
            ReaderNode::Conv(node) | ReaderNode::Head(node) => node,
        }
    }
}

/// A site by node numbers.
#[derive(Clone, Debug)]
pub struct Place {
    /// What the convolution reads.
    pub x: usize,
    /// The convolution.
    pub u: usize,
    /// Rows and columns of its kernel.
    pub kernel: usize,
    /// The other node that the family reads.
    pub source: Option<usize>,
    /// The site.
    pub z: usize,
    /// The pool before the site.
    pub pool: Pool,
    /// ε of the norm behind the convolution, if there is one.
    pub norm_epsilon: Option<f64>,
    /// The only reader of the site.
    pub reader: Option<ReaderNode>,
}

impl Place {
    /// The other node that a morphism's family reads.
    fn source(&self, morphism: &Morphism) -> std::result::Result<usize, EngineError> {
        self.source.ok_or_else(|| EngineError::Request {
            what: morphism.candidate.id(),
            found: "no source".into(),
            expected: "a node to read".into(),
        })
    }

    /// The place of a candidate.
    pub fn of(plan: &Plan, candidate: &Candidate) -> std::result::Result<Self, EngineError> {
        let morphism::Place { site, source, kernel, .. } =
            morphism::Place::of(&plan.architecture, candidate)?;
        let node = |name: &str| plan.index(name);
        let norm_epsilon = match &site.norm {
            Some(norm) => match plan.architecture.node(norm)?.op {
                crate::network::Op::Norm { epsilon, .. } => Some(epsilon),
                _ => None,
            },
            None => None,
        };
        let reader = match &site.reader {
            Some(Reader::Conv(name)) => Some(ReaderNode::Conv(node(name)?)),
            Some(Reader::Head { name, .. }) => Some(ReaderNode::Head(node(name)?)),
            None => None,
        };
        Ok(Self {
            x: node(&site.input)?,
            u: node(&site.layer)?,
            kernel,
            source: source.map(|(source, _)| node(&source)).transpose()?,
            z: node(&site.z)?,
            pool: site.pool,
            norm_epsilon,
            reader,
        })
    }
}

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

    /// What does not depend on the scale: the convolutions with φ.
    fn probe(&self, scene: &Scene) -> Result<Option<Tensor>>;

    /// The changes of all members at their scales: `[examples, members, positions]`, or `[examples, …]` of the
    /// target's shape where the whole node changes.
    fn changes(&self, scene: &Scene, probe: Option<&Tensor>, scales: &[f32]) -> Result<Tensor>;

    /// Gradients of [`Self::phi`] at scale 1, from the gradient with respect to the changes.
    fn phi_gradients(&self, scene: &Scene, probe: Option<&Tensor>, d_changes: &Tensor)
    -> Result<Vec<Tensor>>;

    /// The node whose value a member's rewrite changes directly, and its new value; exact, like the rewrite. Where the
    /// whole node changes, it is that node with the change added.
    fn entry(&self, scene: &Scene, changes: &Tensor, _member: usize) -> Result<(usize, Tensor)> {
        let target = self.layout().target;
        Ok((target, sum(scene.values.at(target)?, changes)?))
    }
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
    let mut by_place: BTreeMap<(Family, usize), Vec<usize>> = BTreeMap::new();
    for (position, morphism) in morphisms.iter().enumerate() {
        let layer = plan.index(morphism.candidate.target())?;
        by_place.entry((morphism.candidate.family, layer)).or_default().push(position);
    }
    let mut groups = Vec::new();
    for ((family, _), positions) in by_place {
        // Only one change of a whole node fits a group; channels can be many.
        let per_group = if morph(family).changes_one_channel() { positions.len() } else { 1 };
        for members in positions.chunks(per_group) {
            let chosen: Vec<&Morphism> = members.iter().map(|position| &morphisms[*position]).collect();
            let place = Place::of(plan, &chosen[0].candidate)?;
            let group: Box<dyn Group> = match family {
                Family::Split | Family::SplitSymmetric => {
                    Box::new(split::SplitGroup::new(&place, plan, &chosen, family)?)
                }
                Family::Prune | Family::PruneMean => Box::new(prune::PruneGroup::new(&place, plan, &chosen)?),
                Family::Widen => Box::new(widen::WidenGroup::new(&place, plan, chosen[0])?),
                Family::Deepen => Box::new(deepen::DeepenGroup::new(&place, plan, chosen[0])?),
                Family::Residual => Box::new(residual::ResidualGroup::new(&place, plan, chosen[0])?),
                Family::Kernel => Box::new(kernel::KernelGroup::new(&place, plan, chosen[0])?),
                Family::Skip => Box::new(skip::SkipGroup::new(&place, chosen[0])?),
                Family::RemoveLayer | Family::RemoveSkip => {
                    Box::new(remove::RemoveGroup::new(&place, chosen[0])?)
                }
            };
            groups.push(Grouped { group, members: members.to_vec() });
        }
    }
    Ok(groups)
}

/// A tensor of φ, with the shape it must have.
fn phi_tensor(morphism: &Morphism, name: &str, shape: &[usize]) -> std::result::Result<Tensor, EngineError> {
    let wrong = |found: String| crate::morphism::MorphismError::Phi {
        id: morphism.candidate.id(),
        name: name.to_owned(),
        found,
        expected: format!("shape {shape:?}"),
    };
    match morphism.phi.get(name) {
        Some(tensor) if tensor.dims() == shape => Ok(tensor.clone()),
        Some(tensor) => Err(wrong(format!("{:?}", tensor.dims())).into()),
        None => Err(wrong("nothing".into()).into()),
    }
}

/// The channel of a member of a family of channels.
fn channel(plan: &Plan, place: &Place, morphism: &Morphism) -> std::result::Result<usize, EngineError> {
    let channels = plan.shapes[place.u].channels;
    match morphism.candidate.channel {
        Some(channel) if channel < channels => Ok(channel),
        found => Err(EngineError::Request {
            what: morphism.candidate.id(),
            found: format!("channel {found:?}"),
            expected: format!("a channel below {channels}"),
        }),
    }
}

fn reader(place: &Place, morphism: &Morphism) -> std::result::Result<ReaderNode, EngineError> {
    place.reader.ok_or_else(|| EngineError::Request {
        what: morphism.candidate.id(),
        found: "a site that not exactly one linear layer reads".into(),
        expected: "one reader".into(),
    })
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

/// What a change Δ `[examples, 1, h, w]` of one channel of z makes of its reader's value.
fn reader_value(scene: &Scene, reader: ReaderNode, channel: usize, change: &Tensor) -> Result<Tensor> {
    let weights = scene.parameter(reader.node(), "weight")?.narrow(1, channel, 1)?.contiguous()?;
    let before = scene.values.at(reader.node())?;
    let difference = match reader {
        ReaderNode::Conv(_) => convolve(change, &weights, None)?,
        ReaderNode::Head(_) => {
            let examples = change.dim(0)?;
            let mean = global_average(change)?.reshape((examples, 1))?;
            tally::add(examples * weights.elem_count());
            mean.broadcast_mul(&weights.reshape((1, ()))?)?.reshape((examples, (), 1, 1))?
        }
    };
    sum(before, &difference)
}
