//! One morphism at one place of a network, and its name in files.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Family, morph};
use crate::names;

/// Where a candidate sits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "Columns", try_from = "Columns")]
pub enum At {
    /// At a channel of a convolution.
    Channel {
        /// The convolution.
        layer: String,
        /// The channel.
        channel: usize,
    },
    /// At a whole convolution.
    Layer(String),
    /// Between two convolutions.
    Pair {
        /// The one that is read.
        source: String,
        /// The one that is changed.
        target: String,
    },
}

impl At {
    fn named(name: &str, channel: Option<usize>) -> Result<Self, String> {
        match (name.split_once('>'), channel) {
            (None, None) => Ok(Self::Layer(name.to_owned())),
            (None, Some(channel)) => Ok(Self::Channel { layer: name.to_owned(), channel }),
            (Some((source, target)), None) => {
                Ok(Self::Pair { source: source.to_owned(), target: target.to_owned() })
            }
            (Some(_), Some(channel)) => {
                Err(format!("found channel {channel} of the pair \"{name}\", expected none"))
            }
        }
    }

    /// The convolution that is changed.
    pub fn layer(&self) -> &str {
        match self {
            Self::Channel { layer, .. } | Self::Layer(layer) => layer,
            Self::Pair { target, .. } => target,
        }
    }

    /// The channel, of a candidate at one.
    pub fn channel(&self) -> Option<usize> {
        match self {
            Self::Channel { channel, .. } => Some(*channel),
            Self::Layer(_) | Self::Pair { .. } => None,
        }
    }

    /// The convolution that is read, of a pair.
    pub fn source(&self) -> Option<&str> {
        match self {
            Self::Pair { source, .. } => Some(source),
            Self::Channel { .. } | Self::Layer(_) => None,
        }
    }

    /// The name in files, without the channel: a convolution, or a pair `source>target`.
    pub fn name(&self) -> String {
        match self {
            Self::Channel { layer, .. } | Self::Layer(layer) => layer.clone(),
            Self::Pair { source, target } => format!("{source}>{target}"),
        }
    }
}

impl fmt::Display for At {
    /// `layer:channel`, `layer`, or `source>target`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel { layer, channel } => write!(formatter, "{layer}:{channel}"),
            Self::Layer(layer) => formatter.write_str(layer),
            Self::Pair { source, target } => write!(formatter, "{source}>{target}"),
        }
    }
}

/// A place as files have it: two columns.
#[derive(Serialize, Deserialize)]
struct Columns {
    layer: String,
    channel: Option<usize>,
}

impl From<At> for Columns {
    fn from(at: At) -> Self {
        Self { layer: at.name(), channel: at.channel() }
    }
}

impl TryFrom<Columns> for At {
    type Error = String;

    fn try_from(Columns { layer, channel }: Columns) -> Result<Self, String> {
        Self::named(&layer, channel)
    }
}

/// One morphism at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Candidate {
    /// The family.
    #[serde(with = "names::one")]
    pub family: Family,
    /// Where it sits.
    #[serde(flatten)]
    pub at: At,
    /// Channels that it adds at once, in families that add channels to a layer; 1 in all others.
    #[serde(default = "single", skip_serializing_if = "is_single")]
    pub width: usize,
}

/// The width that files leave out.
pub fn single() -> usize {
    1
}

/// Whether files leave a width out.
pub fn is_single(width: &usize) -> bool {
    *width == single()
}

impl Candidate {
    /// At a place, of one channel.
    pub fn new(family: Family, at: At) -> Self {
        Self { family, at, width: single() }
    }

    /// The same with so many channels at once, in families that add channels to a layer; others stay as they
    /// are.
    pub fn of_width(self, width: usize) -> Self {
        let width = if morph(self.family).adds_channels() { width } else { single() };
        Self { width, ..self }
    }

    /// At the place of this name in files: a convolution, or a pair `source>target`; with a channel where it is at one.
    pub fn named(family: Family, name: &str, channel: Option<usize>) -> Result<Self, String> {
        Ok(Self::new(family, At::named(name, channel)?))
    }

    /// `family:layer:channel`, `family:layer`, or `family:source>target`.
    pub fn id(&self) -> String {
        format!("{}:{}", self.family, self.at)
    }

    /// The convolution that it changes.
    pub fn layer(&self) -> &str {
        self.at.layer()
    }

    /// The channel that it changes, in families that change one.
    pub fn channel(&self) -> Option<usize> {
        self.at.channel()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_saved_as_a_layer_and_a_channel() {
        for (family, at, id, saved) in [
            (
                Family::Split,
                At::Channel { layer: "conv2".into(), channel: 3 },
                "split:conv2:3",
                r#"{"family":"split","layer":"conv2","channel":3}"#,
            ),
            (
                Family::Widen,
                At::Layer("conv2".into()),
                "widen:conv2",
                r#"{"family":"widen","layer":"conv2","channel":null}"#,
            ),
            (
                Family::Skip,
                At::Pair { source: "conv1".into(), target: "conv4".into() },
                "skip:conv1>conv4",
                r#"{"family":"skip","layer":"conv1>conv4","channel":null}"#,
            ),
        ] {
            let candidate = Candidate::new(family, at);
            assert_eq!(candidate.id(), id);
            assert_eq!(serde_json::to_string(&candidate).unwrap(), saved);
            assert_eq!(serde_json::from_str::<Candidate>(saved).unwrap(), candidate);
        }
        let wide = Candidate::named(Family::Widen, "conv2", None).unwrap().of_width(3);
        let saved = r#"{"family":"widen","layer":"conv2","channel":null,"width":3}"#;
        assert_eq!(serde_json::to_string(&wide).unwrap(), saved);
        assert_eq!(serde_json::from_str::<Candidate>(saved).unwrap(), wide);
        let split = Candidate::named(Family::Split, "conv2", Some(3)).unwrap();
        assert_eq!(split.clone().of_width(3), split, "a split adds no channels of its own");
        let strange = r#"{"family":"skip","layer":"conv1>conv4","channel":2}"#;
        let message = serde_json::from_str::<Candidate>(strange).unwrap_err().to_string();
        assert!(message.contains("found channel 2 of the pair \"conv1>conv4\""), "{message}");
    }
}
