//! Where a candidate acts, checked; and all candidates of a network.

use super::site::Sites;
use super::{At, Candidate, Family, MOST_WIDTH, MorphismError, Reader, Site, morph};
use crate::network::{Architecture, Op, Shape};

/// A norm's tensors, and the number that leaves everything in evaluation mode as it is but for its ε.
pub(super) const NEUTRAL_NORM: [(&str, f64); 4] =
    [("weight", 1.0), ("bias", 0.0), ("running_mean", 0.0), ("running_var", 1.0)];

/// A candidate's surroundings. Having one means that the network allows the candidate.
#[derive(Clone, Debug)]
pub struct Place {
    /// The candidate.
    pub candidate: Candidate,
    /// Its site.
    pub site: Site,
    /// Shape of one example at the site.
    pub shape: Shape,
    /// Shape of one example at the layer's own output, before any pool.
    pub image: Shape,
    /// The other node that the family reads, with its shape.
    pub source: Option<(String, Shape)>,
    /// Whether that node is computed before the site.
    pub source_is_earlier: bool,
    /// Channels of x.
    pub inputs: usize,
    /// Channels of the layer.
    pub channels: usize,
    /// The layer's kernel size.
    pub kernel: usize,
    /// Shape of the weights that read one channel of z: `[out, k, k]` for a convolution, `[classes]` for the
    /// head; none without a single linear reader.
    pub outgoing: Option<Vec<usize>>,
}

impl Place {
    /// The place of `candidate`, or why there is none.
    pub fn of(architecture: &Architecture, candidate: &Candidate) -> Result<Self, MorphismError> {
        let refuse = |reason: &str| MorphismError::Place { id: candidate.id(), reason: reason.to_owned() };
        let shapes = architecture.shapes()?;
        let family = morph(candidate.family);
        let sites = family.sites(architecture, &candidate.at)?.ok_or_else(|| refuse(family.no_site()))?;
        let place = Self::at(architecture, &shapes, sites, candidate.clone())?;
        place.check()?;
        Ok(place)
    }

    /// Checks that the place allows its candidate.
    pub fn check(&self) -> Result<(), MorphismError> {
        match self.obstacle() {
            Some(reason) => Err(MorphismError::Place { id: self.candidate.id(), reason }),
            None => Ok(()),
        }
    }

    fn at(
        architecture: &Architecture,
        shapes: &[Shape],
        Sites { site, source }: Sites,
        candidate: Candidate,
    ) -> Result<Self, MorphismError> {
        let z = architecture.index(&site.z)?;
        let (source, source_is_earlier) = match source {
            Some(source) => {
                let index = architecture.index(&source)?;
                (Some((source, shapes[index])), index < z)
            }
            None => (None, false),
        };
        let image = shapes[architecture.index(&site.layer)?];
        let layer = architecture.node(&site.layer)?;
        let (channels, kernel) = match layer.op {
            Op::Conv { out_channels, kernel, .. } => (out_channels, kernel),
            _ => (0, 0),
        };
        let inputs = shapes[architecture.index(&site.input)?].channels;
        let outgoing = match &site.reader {
            Some(reader) => match architecture.node(reader.name())?.op {
                Op::Conv { out_channels, kernel, .. } => Some(vec![out_channels, kernel, kernel]),
                Op::Linear { out_features } => Some(vec![out_features]),
                _ => None,
            },
            None => None,
        };
        let shape = shapes[z];
        let place = Self {
            candidate,
            site,
            shape,
            image,
            source,
            source_is_earlier,
            inputs,
            channels,
            kernel,
            outgoing,
        };
        Ok(place)
    }

    fn obstacle(&self) -> Option<String> {
        let family = morph(self.candidate.family);
        if family.needs_reader() && self.outgoing.is_none() {
            return Some("its output must be read by exactly one layer, a linear one".into());
        }
        if self.channels < family.least_channels() {
            let (found, least) = (self.channels, family.least_channels());
            return Some(format!("found {found} channels, expected at least {least}"));
        }
        let (width, widest) = (self.candidate.width, if family.adds_channels() { MOST_WIDTH } else { 1 });
        if !(1..=widest).contains(&width) {
            return Some(format!("found {width} channels at once, expected 1 to {widest}"));
        }
        match (family.changes_one_channel(), self.candidate.channel()) {
            (true, None) => Some("found no channel, expected one".into()),
            (false, Some(_)) => Some("found a channel, expected none".into()),
            (true, Some(channel)) if channel >= self.channels => {
                Some(format!("found channel {channel}, expected one below {}", self.channels))
            }
            _ => family.obstacle(self),
        }
    }

    /// The obstacle where the source has another shape than the site.
    pub(super) fn unequal_shapes(&self) -> Option<String> {
        let (_, shape) = self.source.as_ref().filter(|(_, shape)| *shape != self.shape)?;
        Some(format!("found {shape:?} and {:?}, expected equal shapes", self.shape))
    }

    /// The layer's parameter `suffix` (`weight`, `bias`).
    pub fn parameter(&self, suffix: &str) -> String {
        format!("{}.{suffix}", self.site.layer)
    }

    /// The reader's parameter `suffix`; where there is none, the layer's own name says so in errors.
    pub fn reader_parameter(&self, suffix: &str) -> String {
        let reader = self.site.reader.as_ref().map_or("", Reader::name);
        format!("{reader}.{suffix}")
    }

    /// The norm's tensors, each with one number a channel, and their neutral values.
    pub fn norm_tensors(&self) -> Vec<(String, f64)> {
        let names =
            |norm: &String| NEUTRAL_NORM.map(|(suffix, neutral)| (format!("{norm}.{suffix}"), neutral));
        self.site.norm.as_ref().map_or(Vec::new(), |norm| names(norm).to_vec())
    }

    /// The candidate's channel; 0 in families that have none.
    pub fn channel(&self) -> usize {
        self.candidate.channel().unwrap_or(0)
    }
}

/// All candidates of `families`: one family after the other, each in the order of layers and channels.
/// A residual stream has several readers, so its channels stay as they are; it can only gain layers.
pub fn propose(architecture: &Architecture, families: &[Family]) -> Result<Vec<Candidate>, MorphismError> {
    let shapes = architecture.shapes()?;
    let mut candidates = Vec::new();
    for &family in families {
        for at in morph(family).places(architecture) {
            let Some(sites) = morph(family).sites(architecture, &at)? else { continue };
            let by_channel = morph(family).changes_one_channel();
            let channel = |channel: usize| At::Channel { layer: at.layer().to_owned(), channel };
            let first = Candidate::new(family, if by_channel { channel(0) } else { at.clone() });
            let place = Place::at(architecture, &shapes, sites, first.clone())?;
            if place.obstacle().is_some() {
                continue;
            }
            let channels = (0..place.channels).map(|number| Candidate::new(family, channel(number)));
            match by_channel {
                true => candidates.extend(channels),
                false => candidates.push(first),
            }
        }
    }
    Ok(candidates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{plain, preset};

    #[test]
    fn a_chain_offers_every_channel_family_by_family() {
        let tiny = preset("tiny", 10).unwrap();
        let candidates = propose(&tiny, &[Family::Widen, Family::Split]).unwrap();
        assert_eq!(candidates.len(), 5 + 64);
        assert_eq!(candidates[4].id(), "widen:conv5");
        assert_eq!(candidates[5].id(), "split:conv1:0");
        assert_eq!(candidates[68].id(), "split:conv5:15");
        for candidate in &candidates {
            Place::of(&tiny, candidate).unwrap();
        }
    }

    #[test]
    fn a_residual_stream_only_gains_layers() {
        let network = preset("residual-seed", 10).unwrap();
        let of = |family| propose(&network, &[family]).unwrap();
        assert_eq!(of(Family::Widen).len(), 6);
        assert_eq!(of(Family::Prune).len(), 6 * 16);
        assert_eq!(of(Family::Deepen)[0].id(), "deepen:conv1");
        assert_eq!(of(Family::Deepen).len(), 7);
        assert_eq!(of(Family::Residual).len(), 7);
        assert_eq!(of(Family::Kernel).len(), 13, "branch ends too");
        assert_eq!(of(Family::RemoveLayer).len(), 6, "the first layers of the branches");
        let shortcuts: Vec<_> = of(Family::RemoveSkip).iter().map(Candidate::id).collect();
        assert_eq!(shortcuts[..2], ["remove-skip:conv3", "remove-skip:conv5"]);
        assert_eq!(shortcuts.len(), 6);
        let skips: Vec<_> = of(Family::Skip).iter().map(Candidate::id).collect();
        assert_eq!(
            skips,
            [
                "skip:conv1>conv2",
                "skip:conv1>conv4",
                "skip:conv2>conv4",
                "skip:conv6>conv8",
                "skip:conv10>conv12"
            ]
        );
    }

    #[test]
    fn a_ring_must_reach_into_the_image() {
        // vgg-seed's last four convolutions see images of 2×2, where a 5×5 kernel's ring reads padding only.
        let vgg = preset("vgg-seed", 10).unwrap();
        let kernels = propose(&vgg, &[Family::Kernel]).unwrap();
        assert_eq!(kernels.last().map(|candidate| candidate.layer()), Some("conv12"));
        let last = Candidate::named(Family::Kernel, "conv13", None).unwrap();
        let message = Place::of(&vgg, &last).unwrap_err().to_string();
        assert!(message.contains("found an image 2 wide, expected one wider than the ring's 2"), "{message}");
    }

    #[test]
    fn a_single_channel_is_never_pruned() {
        let network = plain("1-2", false, 3).unwrap();
        let ids: Vec<_> = propose(&network, &[Family::Prune]).unwrap().iter().map(Candidate::id).collect();
        assert_eq!(ids, ["prune:conv2:0", "prune:conv2:1"]);
    }

    #[test]
    fn bad_places_say_why() {
        let tiny = preset("tiny", 10).unwrap();
        let residual = preset("residual-seed", 10).unwrap();
        let single = plain("1-2", false, 3).unwrap();
        let cases = [
            (&tiny, Family::Split, "conv1", Some(8), "split:conv1:8: found channel 8, expected one below 8"),
            (&tiny, Family::Split, "conv1", None, "split:conv1: found no channel"),
            (&tiny, Family::Deepen, "conv1", Some(0), "deepen:conv1:0: found a channel"),
            (&tiny, Family::Split, "relu1", Some(0), "not a convolution"),
            (&tiny, Family::Split, "conv9", Some(0), "no node \"conv9\""),
            (&residual, Family::Widen, "conv1", None, "exactly one layer"),
            (&residual, Family::Deepen, "conv3", None, "with a ReLU after it"),
            (&single, Family::PruneMean, "conv1", Some(0), "found 1 channels, expected at least 2"),
            (&tiny, Family::Skip, "conv5", None, "skip:conv5: found one layer, expected two"),
            (&tiny, Family::Skip, "conv3>conv5", None, "expected equal shapes"),
            (&tiny, Family::Skip, "conv5>conv4", None, "expected an earlier layer, then a later one"),
            (&tiny, Family::Skip, "conv9>conv4", None, "no node \"conv9\""),
            (&tiny, Family::Kernel, "relu1", None, "kernel:relu1: the layer is not a convolution"),
            (&residual, Family::Skip, "conv1>conv3", None, "with a ReLU after it"),
        ];
        for (network, family, layer, channel, expected) in cases {
            let candidate = Candidate::named(family, layer, channel).unwrap();
            let message = Place::of(network, &candidate).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
        for (family, channel, width, expected) in [
            (Family::Widen, None, 65, "widen:conv1: found 65 channels at once, expected 1 to 64"),
            (Family::Widen, None, 0, "found 0 channels at once"),
            (Family::Split, Some(0), 2, "split:conv1:0: found 2 channels at once, expected 1 to 1"),
        ] {
            let candidate = Candidate { width, ..Candidate::named(family, "conv1", channel).unwrap() };
            let message = Place::of(&tiny, &candidate).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
