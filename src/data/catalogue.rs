//! What a source of images offers before any is chosen: labels, names, its hash; and how the chosen are read.

use sha2::{Digest, Sha256};

use super::{DataError, Images, PIXELS};

/// One of the two groups a data set's files come in.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Group {
    Training,
    Test,
}

/// Where the pixels of a source are.
pub(super) trait Store {
    /// Pixels and indices of the images at the ascending `positions` of `group`.
    fn images(&self, group: Group, positions: &[usize]) -> Result<(Vec<u8>, Vec<u32>), DataError>;
}

/// Images decoded in memory, labels as in the files.
pub(super) struct Memory {
    pub train: Images,
    pub test: Images,
}

impl Store for Memory {
    fn images(&self, group: Group, positions: &[usize]) -> Result<(Vec<u8>, Vec<u32>), DataError> {
        let from = if group == Group::Training { &self.train } else { &self.test };
        let mut pixels = Vec::with_capacity(positions.len() * PIXELS);
        for &at in positions {
            pixels.extend_from_slice(&from.pixels[at * PIXELS..][..PIXELS]);
        }
        Ok((pixels, positions.iter().map(|&at| from.indices[at]).collect()))
    }
}

/// A source's labels and description; positions count the source's images of a group from 0.
pub(super) struct Catalogue {
    pub name: String,
    /// As [`super::Data::source`].
    pub source: &'static str,
    /// For error messages.
    pub place: String,
    /// A name for each class.
    pub class_names: Vec<String>,
    /// Training labels by position.
    pub train: Vec<u8>,
    /// Test labels by position.
    pub test: Vec<u8>,
    /// Whether the source says itself what is held out; if not, all are training images.
    pub has_split: bool,
    pub sha256: String,
    /// What a person should know of the files.
    pub notices: Vec<String>,
    pub store: Box<dyn Store>,
}

impl Catalogue {
    /// The images at the ascending `positions` of `group`; class `classes[i]` gets label i.
    pub fn images(&self, group: Group, positions: &[usize], classes: &[u8]) -> Result<Images, DataError> {
        let source_labels = self.labels(group);
        let labels = positions.iter().filter_map(|&at| classes.iter().position(|&c| c == source_labels[at]));
        let labels = labels.map(|label| label as u8).collect();
        let (pixels, indices) = self.store.images(group, positions)?;
        Ok(Images { pixels, labels, indices })
    }

    /// The source's labels of a group.
    pub fn labels(&self, group: Group) -> &[u8] {
        match group {
            Group::Training => &self.train,
            Group::Test => &self.test,
        }
    }
}

/// The finished hash in lower-case hexadecimal.
pub(super) fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
