//! The means that pruned channels leave behind: each channel's mean at its site over the training part.

use candle_core::{DType, Device, Tensor};

use super::EngineError;
use crate::morphism::{Morphism, Site, morph};
use crate::network::{Architecture, AsType};

/// Sums of the means of single images, by site and channel.
pub struct ChannelMeans {
    sites: Vec<Site>,
    nodes: Vec<usize>,
    sums: Vec<Vec<f64>>,
    images: usize,
}

impl ChannelMeans {
    /// Nothing summed yet; none where no morphism folds a mean.
    pub fn wanted(architecture: &Architecture, morphisms: &[Morphism]) -> Result<Option<Self>, EngineError> {
        if !morphisms.iter().any(folds) {
            return Ok(None);
        }
        let (mut nodes, mut sums) = (Vec::new(), Vec::new());
        let (sites, shapes) = (Site::all(architecture)?, architecture.shapes()?);
        for site in &sites {
            let node = architecture.index(&site.z)?;
            nodes.push(node);
            sums.push(vec![0.0; shapes[node].channels]);
        }
        Ok(Some(Self { sites, nodes, sums, images: 0 }))
    }

    /// The nodes whose channels are summed.
    pub fn nodes(&self) -> &[usize] {
        &self.nodes
    }

    /// Says that the means of `images` more images are added.
    pub fn count(&mut self, images: usize) {
        self.images += images;
    }

    /// Adds means `[…, channels]` at the node in this place among [`Self::nodes`].
    pub fn add(&mut self, place: usize, means: impl IntoIterator<Item = f64>) {
        let sums = &mut self.sums[place];
        let channels = sums.len();
        means.into_iter().enumerate().for_each(|(at, mean)| sums[at % channels] += mean);
    }

    /// Sets the means of the morphisms that fold one.
    pub fn store(&self, morphisms: &mut [Morphism], dtype: DType) -> Result<(), EngineError> {
        for morphism in morphisms.iter_mut().filter(|morphism| folds(morphism)) {
            let candidate = &morphism.candidate;
            let place = self.sites.iter().position(|site| site.layer == candidate.layer());
            let sum =
                place.zip(candidate.channel()).and_then(|(place, channel)| self.sums[place].get(channel));
            if let Some(sum) = sum {
                let mean = Tensor::from_vec(vec![sum / self.images as f64], 1, &Device::Cpu)?;
                morphism.phi.insert("mean".into(), mean.as_type(dtype)?);
            }
        }
        Ok(())
    }
}

fn folds(morphism: &Morphism) -> bool {
    morph(morphism.candidate.family).folds_mean()
}
