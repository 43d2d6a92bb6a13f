//! Candidates grouped by family and layer: what a group's kernels need to know, and φ in one block.

use std::collections::BTreeMap;

use candle_core::{Device, Tensor};

use super::arena::Slice;
use super::commands::Context;
use super::graph::Graph;
use super::parameters::Layout;
use super::record::Span;
use crate::engine::EngineError;
use crate::morphism::{
    self, Candidate, Family, Morphism, MorphismError, Phi, Pool, Reader, morph, ring, ring_mask,
};
use crate::network::{Op, Tensors};

/// What a group's members do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Splits with this many probes a member: two, or one for symmetric splits.
    Split(usize),
    /// Prunes.
    Prune,
    /// One widening; the factor is that of a new channel's neutral norm, which acts like a factor on ω because
    /// ReLU and pools pass positive factors on.
    Widen(f32),
    /// One deepening.
    Deepen,
    /// One residual branch.
    Residual,
    /// One ring around a kernel.
    Kernel,
    /// One skip.
    Skip,
    /// A layer that goes: its site takes its input's value.
    RemoveLayer,
    /// A shortcut that goes: its sum loses it.
    RemoveSkip,
}

/// A site by node numbers.
#[derive(Clone, Debug)]
pub struct Place {
    /// What the convolution reads.
    pub x: usize,
    /// The convolution.
    pub u: usize,
    /// The width of its kernel.
    pub kernel: usize,
    /// The norm behind it, with its ε.
    pub norm: Option<(usize, f64)>,
    /// Whether the pool is a mean, and its size; no pool is a max pool of size 1.
    pub pool: (bool, usize),
    /// The site.
    pub z: usize,
    /// The other node that the family reads.
    pub source: Option<usize>,
    /// The node of the one reader, and its kernel's width: 0 for the linear layer.
    pub reader: Option<(usize, usize)>,
}

/// All candidates of one family at one layer, or a single one of a whole node.
pub struct Group {
    /// What the members do.
    pub rule: Rule,
    /// Where.
    pub place: Place,
    /// Each member's position in the list that the groups were made from.
    pub members: Vec<usize>,
    /// Each member's channel; 0 where the whole node changes.
    pub channels: Slice,
    /// Each member's folded mean, or 0.
    pub means: Slice,
    /// Of a ring: 1 where a kernel's weights are its own, 0 inside.
    pub mask: Option<Slice>,
    key: String,
}

/// Groups, and the block of their φ.
pub struct Groups {
    /// The groups.
    pub all: Vec<Group>,
    /// Where each tensor of φ lies in the block.
    pub layout: Layout,
    /// φ.
    pub block: Slice,
}

impl Group {
    /// The node at which the members' changes meet cotangents.
    pub fn target(&self) -> usize {
        match (self.rule, self.place.reader) {
            (Rule::Widen(_), Some((reader, _))) => reader,
            _ => self.place.z,
        }
    }

    /// Whether members change single channels.
    pub fn by_channel(&self) -> bool {
        matches!(self.rule, Rule::Split(_) | Rule::Prune)
    }

    /// The part of a block laid out as φ that holds the group's tensor `name`.
    pub fn span(&self, layout: &Layout, block: &Span, name: &str) -> Result<Span, super::GpuError> {
        layout.span(block, &format!("{}.{name}", self.key))
    }
}

fn request(what: String, found: &str, expected: &str) -> EngineError {
    EngineError::Request { what, found: found.into(), expected: expected.into() }
}

impl Place {
    fn of(graph: &Graph, candidate: &Candidate) -> Result<Self, EngineError> {
        let architecture = &graph.architecture;
        let morphism::Place { site, source, .. } = morphism::Place::of(architecture, candidate)?;
        let kernel = |name: &str| {
            Ok::<usize, EngineError>(match architecture.node(name)?.op {
                Op::Conv { kernel, .. } => kernel,
                _ => 0,
            })
        };
        let norm = match &site.norm {
            Some(name) => match architecture.node(name)?.op {
                Op::Norm { epsilon, .. } => Some((architecture.index(name)?, epsilon)),
                _ => None,
            },
            None => None,
        };
        let reader = match &site.reader {
            Some(Reader::Conv(name)) => Some((architecture.index(name)?, kernel(name)?)),
            Some(Reader::Head { name, .. }) => Some((architecture.index(name)?, 0)),
            None => None,
        };
        Ok(Self {
            x: architecture.index(&site.input)?,
            u: architecture.index(&site.layer)?,
            kernel: kernel(&site.layer)?,
            norm,
            pool: match site.pool {
                Pool::None => (false, 1),
                Pool::Max(size) => (false, size),
                Pool::Average(size) => (true, size),
            },
            z: architecture.index(&site.z)?,
            source: source.map(|(source, _)| architecture.index(&source)).transpose()?,
            reader,
        })
    }
}

/// The sites of a network's morphisms.
pub fn sites(graph: &Graph, morphisms: &[Morphism]) -> Result<Vec<usize>, EngineError> {
    let mut sites = Vec::new();
    for morphism in morphisms {
        let site = Place::of(graph, &morphism.candidate)?.z;
        if !sites.contains(&site) {
            sites.push(site);
        }
    }
    Ok(sites)
}

/// A tensor of φ, with the shape it must have.
fn phi_tensor(morphism: &Morphism, name: &str, shape: &[usize]) -> Result<Tensor, EngineError> {
    let wrong = |found: String| MorphismError::Phi {
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

impl Groups {
    /// The block of φ.
    pub fn span(&self) -> Span {
        Span::from(&self.block)
    }

    /// Groups morphisms and uploads their φ.
    pub async fn new(context: &Context, graph: &Graph, morphisms: &[Morphism]) -> Result<Self, EngineError> {
        let mut by_place: BTreeMap<(Family, usize), Vec<usize>> = BTreeMap::new();
        for (position, morphism) in morphisms.iter().enumerate() {
            let layer = graph.architecture.index(morphism.candidate.target())?;
            by_place.entry((morphism.candidate.family, layer)).or_default().push(position);
        }
        let mut all = Vec::new();
        let mut tensors = Tensors::new();
        for ((family, _), positions) in by_place {
            // Only one change of a whole node fits a group; channels can be many.
            let per_group = if morph(family).changes_one_channel() { positions.len() } else { 1 };
            for members in positions.chunks(per_group) {
                let chosen: Vec<&Morphism> = members.iter().map(|position| &morphisms[*position]).collect();
                let place = Place::of(graph, &chosen[0].candidate)?;
                let key = format!("{:05}", all.len());
                for (name, tensor) in stacked(graph, &place, family, &chosen)? {
                    tensors.insert(format!("{key}.{name}"), tensor);
                }
                all.push(make(context, graph, &place, family, &chosen, members, key).await?);
            }
        }
        let layout = Layout::new(tensors.iter());
        let block = context.upload(&layout.pack(&tensors)?, "φ").await?;
        Ok(Self { all, layout, block })
    }

    /// Writes φ, read from the block as `numbers`, into the morphisms that the groups were made from.
    pub fn store(&self, numbers: &[f32], morphisms: &mut [Morphism]) -> Result<(), EngineError> {
        let tensors = self.layout.unpack(numbers)?;
        for group in &self.all {
            let stack = |name: &str| {
                let key = format!("{}.{name}", group.key);
                tensors.get(&key).cloned().ok_or_else(|| request(key, "nothing", "a tensor"))
            };
            for (member, position) in group.members.iter().enumerate() {
                let phi: &mut Phi = &mut morphisms[*position].phi;
                match group.rule {
                    Rule::Split(probes) => {
                        let (weights, bias) = (stack("weight")?, stack("bias")?);
                        for probe in 0..probes {
                            let at = member * probes + probe;
                            phi.insert(format!("phi{}", probe + 1), weights.get(at)?.copy()?);
                            phi.insert(format!("phi{}_bias", probe + 1), bias.narrow(0, at, 1)?.copy()?);
                        }
                    }
                    Rule::Prune | Rule::RemoveLayer | Rule::RemoveSkip => {}
                    Rule::Widen(_) => {
                        phi.insert("phi_in".into(), stack("weight")?.squeeze(0)?);
                        let shape = phi.get("omega").map(|omega| omega.dims().to_vec()).unwrap_or_default();
                        phi.insert("omega".into(), stack("outgoing")?.reshape(shape)?);
                    }
                    Rule::Deepen => drop(phi.insert("phi".into(), stack("weight")?)),
                    Rule::Residual => {
                        phi.insert("A".into(), stack("weight")?);
                        phi.insert("B".into(), stack("outgoing")?);
                    }
                    Rule::Kernel => drop(phi.insert("phi_ring".into(), stack("weight")?)),
                    Rule::Skip => drop(phi.insert("a".into(), stack("weight")?)),
                }
            }
        }
        Ok(())
    }
}

/// φ of a group's members, stacked for the kernels.
fn stacked(
    graph: &Graph,
    place: &Place,
    family: Family,
    members: &[&Morphism],
) -> Result<Vec<(&'static str, Tensor)>, EngineError> {
    let inputs = graph.shapes[place.x].channels;
    let size = place.kernel;
    let probes: &[&str] = match family {
        Family::Split => &["phi1", "phi2"],
        Family::SplitSymmetric => &["phi1"],
        Family::Prune | Family::PruneMean | Family::RemoveLayer | Family::RemoveSkip => {
            return Ok(Vec::new());
        }
        Family::Widen => {
            let (reader, kernel) = reader(place, members[0])?;
            let outputs = graph.shapes[reader].channels;
            let shape = if kernel == 0 { vec![outputs] } else { vec![outputs, kernel, kernel] };
            let incoming = phi_tensor(members[0], "phi_in", &[inputs, size, size])?.unsqueeze(0)?;
            return Ok(vec![("weight", incoming), ("outgoing", phi_tensor(members[0], "omega", &shape)?)]);
        }
        Family::Deepen => {
            let channels = graph.shapes[place.z].channels;
            return Ok(vec![("weight", phi_tensor(members[0], "phi", &[channels, channels, 3, 3])?)]);
        }
        Family::Residual => {
            let channels = graph.shapes[place.z].channels;
            let tensor = |name| phi_tensor(members[0], name, &[channels, channels, 3, 3]);
            return Ok(vec![("weight", tensor("A")?), ("outgoing", tensor("B")?)]);
        }
        Family::Kernel => {
            let outputs = graph.shapes[place.u].channels;
            let phi = phi_tensor(members[0], "phi_ring", &[outputs, inputs, size + 2, size + 2])?;
            return Ok(vec![("weight", ring(&phi)?)]);
        }
        Family::Skip => return Ok(vec![("weight", phi_tensor(members[0], "a", &[1])?)]),
    };
    let (mut weights, mut bias) = (Vec::new(), Vec::new());
    for member in members {
        for name in probes {
            weights.push(phi_tensor(member, name, &[inputs, size, size])?);
            bias.push(phi_tensor(member, &format!("{name}_bias"), &[1])?);
        }
    }
    Ok(vec![("weight", Tensor::stack(&weights, 0)?), ("bias", Tensor::cat(&bias, 0)?)])
}

fn reader(place: &Place, morphism: &Morphism) -> Result<(usize, usize), EngineError> {
    place.reader.ok_or_else(|| {
        request(morphism.candidate.id(), "a site that not exactly one linear layer reads", "one reader")
    })
}

async fn make(
    context: &Context,
    graph: &Graph,
    place: &Place,
    family: Family,
    chosen: &[&Morphism],
    members: &[usize],
    key: String,
) -> Result<Group, EngineError> {
    let count = graph.shapes[place.u].channels;
    let (mut channels, mut means) = (Vec::new(), Vec::new());
    for morphism in chosen {
        let by_channel = morph(family).changes_one_channel();
        match morphism.candidate.channel {
            Some(channel) if by_channel && channel < count => channels.push(channel as u32),
            _ if !by_channel => channels.push(0),
            found => {
                let (found, expected) = (format!("channel {found:?}"), format!("a channel below {count}"));
                return Err(request(morphism.candidate.id(), &found, &expected));
            }
        }
        if morph(family).needs_reader() {
            reader(place, morphism)?;
        }
        means.push(match family {
            Family::PruneMean => phi_tensor(morphism, "mean", &[1])?.to_vec1::<f32>()?[0],
            _ => 0.0,
        });
    }
    let rule = match family {
        Family::Split => Rule::Split(2),
        Family::SplitSymmetric => Rule::Split(1),
        Family::Prune | Family::PruneMean => Rule::Prune,
        Family::Widen => {
            // Weight 1, bias 0, mean 0, variance 1.
            Rule::Widen(place.norm.map_or(1.0, |(_, epsilon)| (1.0 / (1.0 + epsilon).sqrt()) as f32))
        }
        Family::Deepen => Rule::Deepen,
        Family::Residual => Rule::Residual,
        Family::Kernel => Rule::Kernel,
        Family::Skip => Rule::Skip,
        Family::RemoveLayer => Rule::RemoveLayer,
        Family::RemoveSkip => Rule::RemoveSkip,
    };
    let mask = match family {
        Family::Kernel => Some(context.upload(&ring_mask(place.kernel + 2), "ring").await?),
        _ => None,
    };
    Ok(Group {
        rule,
        place: place.clone(),
        members: members.to_vec(),
        channels: context.upload(&channels, "channels").await?,
        means: context.upload(&means, "means").await?,
        mask,
        key,
    })
}

/// A single number as a tensor.
pub fn number(value: f64) -> Result<Tensor, EngineError> {
    Ok(Tensor::from_vec(vec![value as f32], 1, &Device::Cpu)?)
}
