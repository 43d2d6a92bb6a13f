//! Where morphisms act, by the numbers of nodes, and which of them are computed together: the same in every engine.

use std::collections::BTreeMap;

use candle_core::Tensor;

use super::EngineError;
use crate::morphism::{self, Candidate, Family, Morphism, Pool, Reader, morph};
use crate::network::{Architecture, NetworkError, Op};

/// The only layer that reads a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderNode {
    /// A convolution.
    Conv {
        /// Its node.
        node: usize,
        /// Rows and columns of its kernel.
        kernel: usize,
    },
    /// The linear layer at this node, through the global average pool.
    Head(usize),
}

impl ReaderNode {
    /// The node.
    pub fn node(self) -> usize {
        match self {
            ReaderNode::Conv { node, .. } | ReaderNode::Head(node) => node,
        }
    }

    /// Rows and columns of its kernel; 1 for the linear layer.
    pub fn kernel(self) -> usize {
        match self {
            ReaderNode::Conv { kernel, .. } => kernel,
            ReaderNode::Head(_) => 1,
        }
    }
}

/// A site by the numbers of its nodes.
#[derive(Clone, Debug)]
pub struct Place {
    /// What the convolution reads.
    pub x: usize,
    /// The convolution.
    pub u: usize,
    /// Rows and columns of its kernel.
    pub kernel: usize,
    /// The norm after the convolution and its ε, if there is one.
    pub norm: Option<(usize, f64)>,
    /// The pool before the site.
    pub pool: Pool,
    /// The site.
    pub z: usize,
    /// The other node that the family reads.
    pub source: Option<usize>,
    /// The only reader of the site.
    pub reader: Option<ReaderNode>,
}

impl Place {
    /// The place of a candidate, or why the network does not allow it.
    pub fn of(architecture: &Architecture, candidate: &Candidate) -> Result<Self, EngineError> {
        Ok(Self::numbered(architecture, &morphism::Place::of(architecture, candidate)?)?)
    }

    /// What a neutral norm (weight 1, bias 0, mean 0, variance 1) multiplies new channels by in evaluation
    /// mode; 1 where the layer has no norm.
    pub fn new_norm_factor(&self) -> f64 {
        self.norm.map_or(1.0, |(_, epsilon)| 1.0 / (1.0 + epsilon).sqrt())
    }

    /// A place by the numbers of its nodes.
    fn numbered(architecture: &Architecture, place: &morphism::Place) -> Result<Self, NetworkError> {
        let node = |name: &str| architecture.index(name);
        let site = &place.site;
        let norm = match &site.norm {
            Some(name) => match architecture.node(name)?.op {
                Op::Norm { epsilon, .. } => Some((node(name)?, epsilon)),
                _ => None,
            },
            None => None,
        };
        let reader = match &site.reader {
            Some(Reader::Conv(name)) => {
                let kernel = match architecture.node(name)?.op {
                    Op::Conv { kernel, .. } => kernel,
                    _ => 1,
                };
                Some(ReaderNode::Conv { node: node(name)?, kernel })
            }
            Some(Reader::Head { name, .. }) => Some(ReaderNode::Head(node(name)?)),
            None => None,
        };
        Ok(Self {
            x: node(&site.input)?,
            u: node(&site.layer)?,
            kernel: place.kernel,
            norm,
            pool: site.pool,
            z: node(&site.z)?,
            source: place.source.as_ref().map(|(source, _)| node(source)).transpose()?,
            reader,
        })
    }
}

/// Morphisms of one family at one layer. Those that change single channels are computed all together; of those that
/// change a whole node, each is a cohort of its own.
pub struct Cohort<'a> {
    /// The family.
    pub family: Family,
    /// The place that the members share.
    pub place: Place,
    /// For each member its position in the list that the cohorts were made from.
    pub positions: Vec<usize>,
    /// The members, whose φ are complete and have their shapes.
    pub members: Vec<&'a Morphism>,
    /// For changes of single channels: each member's channel. Empty for changes of a whole node.
    pub channels: Vec<usize>,
}

/// Groups morphisms by family and layer (a layer's number decides the order), and checks their places, their channels
/// and the shapes of their φ.
pub fn cohorts<'a>(
    architecture: &Architecture,
    morphisms: &'a [Morphism],
) -> Result<Vec<Cohort<'a>>, EngineError> {
    let mut by_layer: BTreeMap<(Family, usize), Vec<usize>> = BTreeMap::new();
    for (position, morphism) in morphisms.iter().enumerate() {
        let layer = architecture.index(morphism.candidate.layer())?;
        by_layer.entry((morphism.candidate.family, layer)).or_default().push(position);
    }
    let mut cohorts = Vec::new();
    for ((family, _), positions) in by_layer {
        let size = if morph(family).changes_one_channel() { positions.len() } else { 1 };
        for positions in positions.chunks(size) {
            cohorts.push(Cohort::new(architecture, morphisms, family, positions)?);
        }
    }
    Ok(cohorts)
}

impl<'a> Cohort<'a> {
    fn new(
        architecture: &Architecture,
        morphisms: &'a [Morphism],
        family: Family,
        positions: &[usize],
    ) -> Result<Self, EngineError> {
        let members: Vec<&Morphism> = positions.iter().map(|position| &morphisms[*position]).collect();
        let mut channels = Vec::new();
        let mut place = morphism::Place::of(architecture, &members[0].candidate)?;
        for member in &members {
            // Members differ in their channels alone.
            place.candidate = member.candidate.clone();
            place.check()?;
            member.check(&place)?;
            channels.extend(member.candidate.channel());
        }
        let place = Place::numbered(architecture, &place)?;
        Ok(Self { family, place, positions: positions.to_vec(), members, channels })
    }

    /// φ's tensor `name` of a member.
    pub fn phi(&self, member: usize, name: &str) -> Result<Tensor, EngineError> {
        Ok(self.members[member].part(name)?.clone())
    }

    /// The only reader of the site.
    pub fn reader(&self) -> Result<ReaderNode, EngineError> {
        self.place
            .reader
            .ok_or_else(|| self.lacks("a site that not exactly one linear layer reads", "one reader"))
    }

    /// The other node that the family reads.
    pub fn source(&self) -> Result<usize, EngineError> {
        self.place.source.ok_or_else(|| self.lacks("no source", "a node to read"))
    }

    fn lacks(&self, found: &str, expected: &str) -> EngineError {
        let what =
            self.members.first().map_or_else(|| self.family.to_string(), |member| member.candidate.id());
        EngineError::Request { what, found: found.into(), expected: expected.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::{initial_phi, propose};
    use crate::network::{Network, preset};

    fn all(network: &Network) -> Vec<Morphism> {
        let candidates = propose(&network.architecture, &Family::ALL).unwrap();
        let phi = |candidate: &Candidate| initial_phi(network, candidate, 1, 1).unwrap();
        candidates
            .into_iter()
            .map(|candidate| Morphism { phi: phi(&candidate), candidate, scale: 1.0 })
            .collect()
    }

    #[test]
    fn every_morphism_is_in_one_cohort_with_its_place() {
        for name in ["tiny", "residual-seed"] {
            let network = Network::initialise(preset(name, 10).unwrap(), 3).unwrap();
            let (architecture, morphisms) = (&network.architecture, all(&network));
            let mut seen = Vec::new();
            for cohort in cohorts(architecture, &morphisms).unwrap() {
                let by_channel = morph(cohort.family).changes_one_channel();
                assert_eq!(cohort.channels.len(), if by_channel { cohort.members.len() } else { 0 });
                assert!(by_channel || cohort.members.len() == 1);
                for (position, member) in cohort.positions.iter().zip(&cohort.members) {
                    assert_eq!(morphisms[*position].candidate, member.candidate);
                    assert_eq!(member.candidate.family, cohort.family);
                    let place = Place::of(architecture, &member.candidate).unwrap();
                    assert_eq!(format!("{place:?}"), format!("{:?}", cohort.place));
                    assert_eq!(architecture.nodes[place.u].name, member.candidate.layer());
                    seen.push(*position);
                }
            }
            seen.sort_unstable();
            assert_eq!(seen, (0..morphisms.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn bad_channels_and_parameters_are_named() {
        let network = Network::initialise(preset("tiny", 10).unwrap(), 3).unwrap();
        let mut splits = all(&network);
        splits.retain(|morphism| morphism.candidate.id().starts_with("split:conv3"));
        let fault = |change: &dyn Fn(&mut Morphism)| {
            let mut morphisms = splits.clone();
            change(&mut morphisms[5]);
            cohorts(&network.architecture, &morphisms).err().unwrap().to_string()
        };
        let at = |channel| Candidate::named(Family::Split, "conv3", channel).unwrap();
        let message = fault(&|morphism| morphism.candidate = at(Some(16)));
        assert_eq!(message, "split:conv3:16: found channel 16, expected one below 16");
        let message = fault(&|morphism| morphism.candidate = at(None));
        assert_eq!(message, "split:conv3: found no channel, expected one");
        let message = fault(&|morphism| drop(morphism.phi.remove("phi2_bias")));
        assert!(message.contains("split:conv3:5: parameter \"phi2_bias\": found nothing"), "{message}");
    }
}
