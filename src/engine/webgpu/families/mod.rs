//! The families as this engine computes them: all candidates of one family at one layer together. Each family's file
//! has its twin in the reference engine's folder of the same name; `scene.rs` is what they share, and
//! `responses.rs` what becomes of their changes.

mod block;
mod deepen;
mod kernel;
mod prune;
mod remove;
mod residual;
mod responses;
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
use crate::morphism::{Family, Morphism, Phi, morph};
use crate::network::{Architecture, Tensors};

pub use scene::{GroupScene, PhiBlock, PhiGradient, Scene};

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

    /// The mean that each member folds into the reader's bias; none for a whole node.
    pub fn means(&self) -> &[f32] {
        match self {
            Reach::Channels { means, .. } => means,
            Reach::Whole { .. } => &[],
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

impl Reach {
    /// Of the changes of a cohort whose family changes its own site.
    fn of(cohort: &Cohort<'_>) -> Result<Self, EngineError> {
        let site = cohort.place.z;
        if !morph(cohort.family).changes_one_channel() {
            return Ok(Reach::Whole { node: site });
        }
        let channels = cohort.channels.iter().map(|channel| *channel as u32).collect();
        let means = vec![0.0; cohort.channels.len()];
        Ok(Reach::Channels { site, reader: cohort.reader()?, channels, means })
    }
}

/// A family as this engine computes it. What a method does without being written again suits a family that changes
/// its own site.
pub trait GpuFamily {
    /// What is uploaded of φ, the members' tensors stacked; of a single member, all that it has. Nothing where nothing
    /// is learned.
    fn phi(&self, cohort: &Cohort<'_>) -> Result<Tensors, EngineError> {
        Ok(match morph(cohort.family).is_learned() {
            true => cohort.members[0].phi.clone(),
            false => Tensors::new(),
        })
    }

    /// φ of one member, from what was uploaded.
    fn member_phi(&self, _group: &Group, uploaded: &Tensors, _member: usize) -> Result<Phi, EngineError> {
        Ok(uploaded.clone())
    }

    /// What the changes reach.
    fn reach(&self, cohort: &Cohort<'_>) -> Result<Reach, EngineError> {
        Reach::of(cohort)
    }

    /// Records what does not depend on the scale: the convolutions with φ.
    fn probe<'a>(&self, recording: &mut Recording, at: GroupScene<'a>) -> Probed<'a>;
}

/// A recorded probe.
pub type Probed<'a> = Result<Box<dyn Probe + 'a>, GpuError>;

/// A group's convolutions with φ, recorded.
pub trait Probe {
    /// Records the members' changes at their scales, `[example][member][position]`.
    fn change(&self, recording: &mut Recording, scales: &[f32]) -> Result<Span, GpuError>;

    /// Records the gradients of φ at scale 1. Where nothing is learned there is nothing to do.
    fn phi_gradient(&self, _recording: &mut Recording, _wanted: &PhiGradient<'_>) -> Result<(), GpuError> {
        Ok(())
    }

    /// The memory that may be overwritten once the probe is not needed any more.
    fn spans(self: Box<Self>) -> Vec<Span> {
        Vec::new()
    }
}

impl Recording {
    /// Ends a probe.
    pub fn end(&mut self, probe: Box<dyn Probe + '_>) {
        probe.spans().into_iter().for_each(|span| self.release(span));
    }
}

/// A family's file and its line here are all that it needs on this engine.
fn gpu_family(family: Family) -> &'static dyn GpuFamily {
    match family {
        Family::Split | Family::SplitSymmetric => &split::Split,
        Family::Prune | Family::PruneMean => &prune::Prune,
        Family::Widen => &widen::Widen,
        Family::Deepen | Family::DeepenPointwise => &deepen::Deepen,
        Family::Residual => &residual::Residual,
        Family::Block => &block::Block,
        Family::Kernel => &kernel::Kernel,
        Family::Skip => &skip::Skip,
        Family::RemoveLayer | Family::RemoveSkip => &remove::Remove,
    }
}

/// All candidates of one family at one layer, or a single one that changes a whole node; members are numbered from 0.
pub struct Group {
    /// The family.
    pub family: Family,
    /// The place that the members share.
    pub place: Place,
    /// What the changes reach.
    pub reach: Reach,
    /// For each member its position in the list that the group was made from.
    pub members: Vec<usize>,
    /// What the names of its tensors begin with.
    key: String,
}

/// Groups morphisms; with them their φ, the name of each tensor begun with its group's key.
fn gather(architecture: &Architecture, morphisms: &[Morphism]) -> Result<(Vec<Group>, Tensors), EngineError> {
    let (mut groups, mut tensors) = (Vec::new(), Tensors::new());
    for cohort in cohorts(architecture, morphisms)? {
        let gpu_family = gpu_family(cohort.family);
        let key = format!("{:05}.", groups.len());
        let phi = gpu_family.phi(&cohort)?;
        tensors.extend(phi.into_iter().map(|(name, tensor)| (format!("{key}{name}"), tensor)));
        let reach = gpu_family.reach(&cohort)?;
        let Cohort { family, place, positions: members, .. } = cohort;
        groups.push(Group { family, place, reach, members, key });
    }
    Ok((groups, tensors))
}

/// Groups, and the block of their φ on the device.
pub struct Groups {
    /// The groups.
    pub all: Vec<Group>,
    /// Where each tensor of φ lies in the block.
    pub layout: BlockLayout,
    /// φ.
    pub block: Slice,
}

impl Groups {
    /// Groups morphisms and uploads their φ.
    pub async fn new(context: &Context, graph: &Graph, morphisms: &[Morphism]) -> Result<Self, EngineError> {
        let (all, tensors) = gather(&graph.architecture, morphisms)?;
        let layout = BlockLayout::new(tensors.iter());
        let block = context.upload(&layout.pack(&tensors)?, "φ").await?;
        Ok(Self { all, layout, block })
    }

    /// The numbers of a block that is laid out as φ, from morphisms with something else in φ's place.
    pub fn pack(&self, graph: &Graph, morphisms: &[Morphism]) -> Result<Vec<f32>, EngineError> {
        self.layout.pack(&gather(&graph.architecture, morphisms)?.1)
    }

    /// The block of φ.
    pub fn span(&self) -> Span {
        Span::from(&self.block)
    }

    /// Records a group's probe.
    pub fn probe<'a>(
        &'a self,
        recording: &mut Recording,
        scene: &'a Scene<'a>,
        group: &'a Group,
    ) -> Probed<'a> {
        let phi = self.part(group, self.span());
        gpu_family(group.family).probe(recording, GroupScene { group, scene, phi })
    }

    /// A group's part of `block`, which is laid out as φ: φ itself, or its gradient.
    pub fn part<'a>(&'a self, group: &'a Group, block: Span) -> PhiBlock<'a> {
        PhiBlock { layout: &self.layout, key: &group.key, block }
    }

    /// Writes φ, read from the block as `numbers`, into the morphisms that the groups were made from.
    pub fn store(&self, numbers: &[f32], morphisms: &mut [Morphism]) -> Result<(), EngineError> {
        let tensors = self.layout.unpack(numbers)?;
        for group in &self.all {
            let own = |(name, tensor): (&String, &Tensor)| {
                Some((name.strip_prefix(&group.key)?.to_owned(), tensor.clone()))
            };
            let own: Tensors = tensors.iter().filter_map(own).collect();
            for (member, position) in group.members.iter().enumerate() {
                let phi = gpu_family(group.family).member_phi(group, &own, member)?;
                morphisms[*position].phi.extend(phi);
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
