//! A model under change: parameters and optimiser memory edited alike, and where each channel came from.

use std::collections::BTreeMap;

use candle_core::{Device, Result, Tensor};

use super::memory::{End, Memory};
use super::{Morph, MorphismError, Place, Site};
use crate::network::{Architecture, AsType, Model, NetworkError, Node, Op, is_trained};

/// Where a channel of a layer comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Origin {
    /// Its number before any change; none if it is new.
    old: Option<usize>,
    /// What part of the old channel's outgoing weights is its own.
    share: f64,
}

/// Where each channel of a layer comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ChannelMap(Vec<Origin>);

impl ChannelMap {
    fn identity(channels: usize) -> Self {
        Self((0..channels).map(|old| Origin { old: Some(old), share: 1.0 }).collect())
    }

    /// So many new channels, the last.
    pub fn append(&mut self, count: usize) {
        self.0.extend(vec![Origin { old: None, share: 0.0 }; count]);
    }

    /// `channel` becomes two of half its weight; the second comes last.
    pub fn split(&mut self, channel: usize) {
        self.0[channel].share *= 0.5;
        self.0.push(self.0[channel]);
    }

    /// `channel` goes.
    pub fn prune(&mut self, channel: usize) {
        self.0.remove(channel);
    }

    /// The slices of `tensor` along `dim` that belong to the channels of now, each times `factor`; zero for
    /// new channels.
    fn gather(&self, tensor: &Tensor, dim: usize, factor: impl Fn(&Origin) -> f64) -> Result<Tensor> {
        let count = self.0.len();
        let sources: Vec<u32> = self.0.iter().map(|origin| origin.old.unwrap_or(0) as u32).collect();
        let sources = Tensor::from_vec(sources, count, &Device::Cpu)?;
        let factors = self.0.iter().map(|origin| origin.old.map_or(0.0, |_| factor(origin))).collect();
        let mut shape = vec![1; tensor.rank()];
        shape[dim] = count;
        let factors = Tensor::from_vec::<_, f64>(factors, shape, &Device::Cpu)?.as_type(tensor.dtype())?;
        tensor.contiguous()?.index_select(&sources, dim)?.broadcast_mul(&factors)
    }
}

/// A model under change. A family edits it by tensor name; every edit of a parameter is made in each of the
/// optimiser's slots as well, with zeros for what is new.
#[derive(Debug)]
pub struct Rewrite {
    model: Model,
    /// Channel maps of changed layers.
    maps: BTreeMap<String, ChannelMap>,
    /// For a layer that reads a site whose channels can change, that site's layer.
    feeders: BTreeMap<String, String>,
    /// What becomes of the optimiser's memory of a channel that is split.
    memory: Memory,
}

impl Rewrite {
    /// Starts from `model`.
    pub(super) fn new(model: Model, memory: Memory) -> std::result::Result<Self, MorphismError> {
        let sites = Site::all(&model.network.architecture)?;
        let feeder = |site: &Site| Some((site.reader.as_ref()?.name().to_owned(), site.layer.clone()));
        let feeders = sites.iter().filter_map(feeder).collect();
        Ok(Self { model, maps: BTreeMap::new(), feeders, memory })
    }

    /// The changed model.
    pub(super) fn finish(self) -> Model {
        self.model
    }

    /// The architecture, to be edited.
    pub(super) fn architecture_mut(&mut self) -> &mut Architecture {
        &mut self.model.network.architecture
    }

    /// Node names not yet in use.
    pub(super) fn fresh_names<const N: usize>(&self, prefix: &str) -> [String; N] {
        self.model.network.architecture.fresh_names(prefix)
    }

    /// The channel map of the place's layer.
    pub(super) fn channels(&mut self, place: &Place) -> &mut ChannelMap {
        let identity = || ChannelMap::identity(place.channels);
        self.maps.entry(place.site.layer.clone()).or_insert_with(identity)
    }

    /// φ that reads the input of `layer`, fitted along `dim` to the input's channels as they are now: halved
    /// for both children of a split channel, as the layer's own weights were.
    pub(super) fn incoming(&self, layer: &str, phi: &Tensor, dim: usize) -> Result<Tensor> {
        match self.feeders.get(layer) {
            Some(feeder) => self.read(feeder, phi, dim),
            None => Ok(phi.detach()),
        }
    }

    /// φ that reads the channels of `layer`, fitted along `dim`.
    pub(super) fn read(&self, layer: &str, phi: &Tensor, dim: usize) -> Result<Tensor> {
        self.gather(layer, phi, dim, |origin| origin.share)
    }

    /// φ that writes the channels of `layer`, fitted along `dim`: the same for both children of a split channel.
    pub(super) fn written(&self, layer: &str, phi: &Tensor, dim: usize) -> Result<Tensor> {
        self.gather(layer, phi, dim, |_| 1.0)
    }

    fn gather(&self, layer: &str, phi: &Tensor, dim: usize, factor: fn(&Origin) -> f64) -> Result<Tensor> {
        match self.maps.get(layer) {
            Some(map) => map.gather(&phi.detach(), dim, factor),
            None => Ok(phi.detach()),
        }
    }

    /// The parameter `name`.
    pub(super) fn tensor(&self, name: &str) -> std::result::Result<&Tensor, NetworkError> {
        self.model.network.tensor(name)
    }

    /// One slice of a parameter, the dimension kept.
    pub(super) fn slice(
        &self,
        name: &str,
        dim: usize,
        index: usize,
    ) -> std::result::Result<Tensor, NetworkError> {
        Ok(self.tensor(name)?.narrow(dim, index, 1)?.contiguous()?)
    }

    /// Overwrites one slice of a parameter; its memory stays.
    pub(super) fn replace(
        &mut self,
        name: &str,
        dim: usize,
        index: usize,
        value: &Tensor,
    ) -> std::result::Result<(), NetworkError> {
        let replaced = replaced(self.tensor(name)?, dim, index, value)?;
        self.model.network.tensors.insert(name.to_owned(), replaced);
        Ok(())
    }

    /// Where the two children of a split go on as their parent would have ([`Memory::Rescaled`]): gives slice
    /// `parent` of a parameter and its last one their shares of the parent's memory, which is still in its
    /// place.
    pub(super) fn share_memory(
        &mut self,
        name: &str,
        dim: usize,
        parent: usize,
        end: End,
    ) -> std::result::Result<(), NetworkError> {
        for (slot, tensors) in &mut self.model.optimizer.slots {
            let (Some(share), Some(memory)) = (self.memory.share(slot, end), tensors.get_mut(name)) else {
                continue;
            };
            let child = memory.narrow(dim, parent, 1)?.affine(share, 0.0)?;
            let first = replaced(memory, dim, parent, &child)?;
            *memory = replaced(&first, dim, first.dim(dim)? - 1, &child)?;
        }
        Ok(())
    }

    /// Adds to a parameter; its memory stays.
    pub(super) fn add(&mut self, name: &str, change: &Tensor) -> std::result::Result<(), NetworkError> {
        let sum = self.tensor(name)?.add(change)?;
        self.model.network.tensors.insert(name.to_owned(), sum);
        Ok(())
    }

    /// Surrounds a parameter's kernels, and their memory, with a ring of zeros.
    pub(super) fn pad(&mut self, name: &str) -> std::result::Result<(), NetworkError> {
        self.each(name, |tensor, _| tensor.pad_with_zeros(2, 1, 1)?.pad_with_zeros(3, 1, 1)?.contiguous())
    }

    /// Appends a slice to a parameter, and zeros to its memory.
    pub(super) fn append(
        &mut self,
        name: &str,
        dim: usize,
        value: &Tensor,
    ) -> std::result::Result<(), NetworkError> {
        let value = value.as_type(self.tensor(name)?.dtype())?;
        self.each(name, |tensor, is_memory| {
            let new = if is_memory { value.zeros_like()?.as_type(tensor.dtype())? } else { value.clone() };
            Tensor::cat(&[tensor, &new], dim)?.contiguous()
        })
    }

    /// Appends a number so many times to a parameter of one dimension, and zeros to its memory.
    pub(super) fn append_constant(
        &mut self,
        name: &str,
        value: f64,
        times: usize,
    ) -> std::result::Result<(), NetworkError> {
        self.append(name, 0, &Tensor::full(value, times, &Device::Cpu)?)
    }

    /// Removes a slice of a parameter and of its memory.
    pub(super) fn remove(
        &mut self,
        name: &str,
        dim: usize,
        index: usize,
    ) -> std::result::Result<(), NetworkError> {
        self.each(name, |tensor, _| {
            let kept: Vec<u32> =
                (0..tensor.dim(dim)?).filter(|&kept| kept != index).map(|i| i as u32).collect();
            let count = kept.len();
            tensor.contiguous()?.index_select(&Tensor::from_vec(kept, count, &Device::Cpu)?, dim)
        })
    }

    /// A new parameter, its memory zeros.
    pub(super) fn insert(&mut self, name: &str, value: &Tensor) -> std::result::Result<(), MorphismError> {
        self.model.network.tensors.insert(name.to_owned(), value.clone());
        if is_trained(name) {
            for slot in self.model.optimizer.slots.values_mut() {
                slot.insert(name.to_owned(), value.zeros_like()?);
            }
        }
        Ok(())
    }

    /// Drops parameters and memory of the nodes that a family's edit takes away.
    pub(super) fn follow(
        &mut self,
        family: &dyn Morph,
        place: &Place,
    ) -> std::result::Result<(), NetworkError> {
        let mut after = self.architecture_mut().clone();
        family.edit(place, &mut after)?;
        let is_kept = |name: &String| {
            let node = name.split_once('.').map_or(name.as_str(), |(node, _)| node);
            after.nodes.iter().any(|other| other.name == node)
        };
        self.model.network.tensors.retain(|name, _| is_kept(name));
        for slot in self.model.optimizer.slots.values_mut() {
            slot.retain(|name, _| is_kept(name));
        }
        Ok(())
    }

    /// Maps a parameter (`false`) and each of its memories (`true`).
    fn each(
        &mut self,
        name: &str,
        change: impl Fn(&Tensor, bool) -> Result<Tensor>,
    ) -> std::result::Result<(), NetworkError> {
        let changed = change(self.tensor(name)?, false)?;
        self.model.network.tensors.insert(name.to_owned(), changed);
        for slot in self.model.optimizer.slots.values_mut() {
            if let Some(memory) = slot.get_mut(name) {
                *memory = change(memory, true)?;
            }
        }
        Ok(())
    }
}

/// `tensor` with one slice along `dim` overwritten.
fn replaced(tensor: &Tensor, dim: usize, index: usize, value: &Tensor) -> Result<Tensor> {
    let mut pieces = Vec::new();
    if index > 0 {
        pieces.push(tensor.narrow(dim, 0, index)?);
    }
    pieces.push(value.clone());
    let rest = tensor.dim(dim)? - index - 1;
    if rest > 0 {
        pieces.push(tensor.narrow(dim, index + 1, rest)?);
    }
    Tensor::cat(&pieces, dim)?.contiguous()
}

/// Changes the number of channels of convolution `layer`.
pub(super) fn change_channels(
    architecture: &mut Architecture,
    layer: &str,
    by: isize,
) -> std::result::Result<(), NetworkError> {
    let index = architecture.index(layer)?;
    if let Op::Conv { out_channels, .. } = &mut architecture.nodes[index].op {
        *out_channels = out_channels.saturating_add_signed(by);
    }
    Ok(())
}

/// Channels of node `name`, as the architecture is now.
pub(super) fn current_channels(
    architecture: &Architecture,
    name: &str,
) -> std::result::Result<usize, NetworkError> {
    Ok(architecture.shapes()?[architecture.index(name)?].channels)
}

/// Has all that read `from` read `to` instead.
pub(super) fn redirect(architecture: &mut Architecture, from: &str, to: &str) {
    for input in architecture.nodes.iter_mut().flat_map(|node| &mut node.inputs) {
        if input == from {
            to.clone_into(input);
        }
    }
}

/// Puts `nodes` right after `z`: all that read z so far read the last of them instead.
pub(super) fn insert_after(
    architecture: &mut Architecture,
    z: &str,
    nodes: Vec<Node>,
) -> std::result::Result<(), NetworkError> {
    let after = architecture.index(z)? + 1;
    if let Some(last) = nodes.last() {
        redirect(architecture, z, &last.name);
    }
    architecture.nodes.splice(after..after, nodes);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_halve_what_reads_copy_what_writes_and_zero_what_is_new() {
        let mut map = ChannelMap::identity(3);
        map.append(1);
        map.split(2);
        map.prune(0);
        let phi = Tensor::new(&[1f32, 2.0, 4.0], &Device::Cpu).unwrap();
        let gather =
            |factor: fn(&Origin) -> f64| map.gather(&phi, 0, factor).unwrap().to_vec1::<f32>().unwrap();
        assert_eq!(gather(|origin| origin.share), [2.0, 2.0, 0.0, 2.0]);
        assert_eq!(gather(|_| 1.0), [2.0, 4.0, 0.0, 4.0]);
    }
}
