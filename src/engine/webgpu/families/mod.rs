//! The families as this engine computes them: all candidates of one family at one layer together. Each file has its
//! twin in the reference engine's folder of the same name.

mod deepen;
mod kernel;
mod prune;
mod remove;
mod residual;
mod scene;
mod skip;
mod split;
#[cfg(test)]
mod tests;
mod widen;

use candle_core::Tensor;

use super::GpuError;
use super::arena::Slice;
use super::commands::Context;
use super::graph::Graph;
use super::parameters::BlockLayout;
use super::record::{Recording, Span};
use crate::engine::{Cohort, EngineError, Place, ReaderNode, cohorts};
use crate::morphism::{Family, Morphism, Phi};
use crate::network::Tensors;

pub use scene::{PhiBlock, Scene};

/// What a group's changes reach.
#[derive(Clone, Debug)]
pub enum Reach {
    /// Single channels of a site.
    Channels {
        /// The site.
        site: usize,
        /// The one layer that reads it.
        reader: ReaderNode,
        /// Each member's channel.
        channels: Vec<u32>,
        /// The mean that each member folds into the reader's bias, or 0.
        means: Vec<f32>,
    },
    /// A whole node.
    Whole {
        /// The node.
        node: usize,
    },
}

impl Reach {
    /// The node at which the changes meet cotangents.
    pub fn target(&self) -> usize {
        match self {
            Reach::Channels { site, .. } => *site,
            Reach::Whole { node } => *node,
        }
    }

    /// Each member's channel of the target; a whole node counts as its channel 0.
    pub fn channels(&self) -> &[u32] {
        match self {
            Reach::Channels { channels, .. } => channels,
            Reach::Whole { .. } => &[0],
        }
    }

    /// How many channels the target counts as, and numbers of one member's change in one example.
    pub fn sizes(&self, graph: &Graph) -> [usize; 2] {
        let shape = graph.shapes[self.target()];
        match self {
            Reach::Channels { .. } => [shape.channels, shape.positions()],
            Reach::Whole { .. } => [1, shape.elements()],
        }
    }
}

/// φ of a whole group by the names of [`Group::phi`].
pub type Stacked<'a> = dyn Fn(&str) -> Result<Tensor, EngineError> + 'a;

/// All candidates of one family at one layer, or a single one that changes a whole node; members are numbered from 0.
pub trait Group {
    /// φ, the members' tensors stacked, by name; empty where nothing is learned.
    fn phi(&self) -> Vec<(&'static str, Tensor)> {
        Vec::new()
    }

    /// φ of one member, by the names of its family, from the group's.
    fn member_phi(&self, _stacked: &Stacked<'_>, _member: usize) -> Result<Phi, EngineError> {
        Ok(Phi::new())
    }

    /// What the changes reach.
    fn reach(&self) -> Reach;

    /// Records what does not depend on the scale: the convolutions with φ.
    fn probe<'a>(
        &'a self,
        recording: &mut Recording,
        scene: &'a Scene<'a>,
        phi: &PhiBlock<'a>,
    ) -> Result<Box<dyn Probe + 'a>, GpuError>;
}

/// A group's convolutions with φ, recorded.
pub trait Probe {
    /// Records the members' changes at their scales, `[example][member][position]`.
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError>;

    /// Records the gradients of φ at scale 1 from that with respect to the changes, into `gradient`; added to what is
    /// there where asked. Where nothing is learned there is nothing to do.
    fn phi_gradient(
        &self,
        _recording: &mut Recording,
        _d_change: &Span,
        _gradient: &PhiBlock<'_>,
        _add: bool,
    ) -> Result<(), GpuError> {
        Ok(())
    }

    /// The memory that may be overwritten once the probe is not needed any more.
    fn spans(self: Box<Self>) -> Vec<Span>;
}

impl Recording {
    /// Ends a probe.
    pub fn end(&mut self, probe: Box<dyn Probe + '_>) {
        probe.spans().into_iter().for_each(|span| self.release(span));
    }
}

/// The group of a cohort. A family's file and its line here are all that it needs on this engine.
fn group(graph: &Graph, cohort: &Cohort<'_>) -> Result<Box<dyn Group>, EngineError> {
    Ok(match cohort.family {
        Family::Split | Family::SplitSymmetric => Box::new(split::SplitGroup::new(cohort)?),
        Family::Prune | Family::PruneMean => Box::new(prune::PruneGroup::new(cohort)?),
        Family::Widen => Box::new(widen::WidenGroup::new(cohort)?),
        Family::Deepen | Family::DeepenPointwise => Box::new(deepen::DeepenGroup::new(cohort)?),
        Family::Residual => Box::new(residual::ResidualGroup::new(cohort)?),
        Family::Kernel => Box::new(kernel::KernelGroup::new(cohort, graph)?),
        Family::Skip => Box::new(skip::SkipGroup::new(cohort)?),
        Family::RemoveLayer | Family::RemoveSkip => Box::new(remove::RemoveGroup::new(cohort)?),
    })
}

/// A group and the positions of its members in the list that it was made from.
pub struct Grouped {
    /// The group.
    pub group: Box<dyn Group>,
    /// What its changes reach.
    pub reach: Reach,
    /// For each member its position in the list.
    pub members: Vec<usize>,
    key: String,
}

/// Groups, and the block of their φ on the device.
pub struct Groups {
    /// The groups.
    pub all: Vec<Grouped>,
    /// Where each tensor of φ lies in the block.
    pub layout: BlockLayout,
    /// φ.
    pub block: Slice,
}

impl Groups {
    /// Groups morphisms and uploads their φ.
    pub async fn new(context: &Context, graph: &Graph, morphisms: &[Morphism]) -> Result<Self, EngineError> {
        let mut all = Vec::new();
        let mut tensors = Tensors::new();
        for cohort in cohorts(&graph.architecture, morphisms)? {
            let group = self::group(graph, &cohort)?;
            let key = format!("{:05}", all.len());
            tensors.extend(group.phi().into_iter().map(|(name, tensor)| (format!("{key}.{name}"), tensor)));
            all.push(Grouped { reach: group.reach(), group, members: cohort.positions, key });
        }
        let layout = BlockLayout::new(tensors.iter());
        let block = context.upload(&layout.pack(&tensors)?, "φ").await?;
        Ok(Self { all, layout, block })
    }

    /// The block of φ.
    pub fn span(&self) -> Span {
        Span::from(&self.block)
    }

    /// A group's part of `block`, which is laid out as φ: φ itself, or its gradient.
    pub fn part<'a>(&'a self, grouped: &'a Grouped, block: Span) -> PhiBlock<'a> {
        PhiBlock { layout: &self.layout, key: &grouped.key, block }
    }

    /// A group's φ.
    pub fn phi<'a>(&'a self, grouped: &'a Grouped) -> PhiBlock<'a> {
        self.part(grouped, self.span())
    }

    /// Writes φ, read from the block as `numbers`, into the morphisms that the groups were made from.
    pub fn store(&self, numbers: &[f32], morphisms: &mut [Morphism]) -> Result<(), EngineError> {
        let tensors = self.layout.unpack(numbers)?;
        for Grouped { group, members, key, .. } in &self.all {
            let stacked = |name: &str| {
                let name = format!("{key}.{name}");
                tensors.get(&name).cloned().ok_or_else(|| EngineError::Request {
                    what: name,
                    found: "nothing".into(),
                    expected: "a tensor".into(),
                })
            };
            for (member, position) in members.iter().enumerate() {
                morphisms[*position].phi.extend(group.member_phi(&stacked, member)?);
            }
        }
        Ok(())
    }
}

/// The sites of a network's morphisms.
pub fn sites(graph: &Graph, morphisms: &[Morphism]) -> Result<Vec<usize>, EngineError> {
    let mut sites = Vec::new();
    for morphism in morphisms {
        let site = Place::of(&graph.architecture, &morphism.candidate)?.z;
        if !sites.contains(&site) {
            sites.push(site);
        }
    }
    Ok(sites)
}
